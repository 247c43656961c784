/**
 * A timer and a socket in a process that does nothing else: what Deno itself makes of them.
 *
 * @module
 */

import { Pings } from "./pings.ts";

const WARM_UP_MS = 1500;
const RUN_MS = 3000;

const start = performance.now();
const pings = new Pings(() => performance.now() - start > WARM_UP_MS);
await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS + RUN_MS));
console.log(JSON.stringify(await pings.end()));

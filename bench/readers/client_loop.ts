/**
 * Reader: LiveClient over NativeBot with a timer and a socket beside it: how late they are served.
 *
 *     client_loop.ts CHANNEL IDLE_STRATEGY batches|events
 *
 * @module
 */

import { IDLE_STRATEGIES, LiveClient, NativeBot } from "@hftlive/hftlive";
import { follow } from "./follow.ts";
import { Pings } from "./pings.ts";
import { instruments, Report } from "./report.ts";

const [connector, name, kind] = Deno.args;
const idle = IDLE_STRATEGIES.find((strategy) => strategy === name);
if (idle === undefined) throw new Error(`no idle strategy ${name}`);
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
await using client = await LiveClient.start(bot, { idle });
const report = new Report();
const pings = new Pings(() => report.counts);
await follow(client, kind, report);
console.log(JSON.stringify({ ...report.toJSON(), ...await pings.end() }));

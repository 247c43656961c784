/**
 * The command line of hftlive. `cli.ts --help` explains it.
 *
 * @module
 */

import { main } from "./lib/cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, { exit: Deno.exit }));

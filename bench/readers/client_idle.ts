/**
 * Reader: LiveClient over NativeBot on an instrument where almost nothing happens: what waiting costs, and
 * how long an event waits for its reader.
 *
 *     client_idle.ts CHANNEL IDLE_STRATEGY
 *
 * @module
 */

import { IDLE_STRATEGIES, LiveClient, NativeBot } from "@hftlive/hftlive";
import { instruments, Report } from "./report.ts";

const [connector, name] = Deno.args;
const idle = IDLE_STRATEGIES.find((strategy) => strategy === name);
if (idle === undefined) throw new Error(`no idle strategy ${name}`);
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
await using client = await LiveClient.start(bot, { idle });
const report = new Report();
for await (const batch of client.batches()) {
  if (report.add(batch, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

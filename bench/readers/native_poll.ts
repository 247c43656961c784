/**
 * Reader: NativeBot, synchronous `poll` in a loop.
 *
 * @module
 */

import { EventBatch, NativeBot } from "@hftlive/hftlive";
import { instruments, Report } from "./report.ts";

using bot = new NativeBot({ instruments: instruments(Deno.args[0]!, Number(Deno.args[1])) });
const batch = new EventBatch(4096);
const report = new Report();
while (true) {
  if (bot.poll(batch) > 0 && report.add(batch, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

/**
 * Reader: LiveClient over NativeBot, `for await` over batches, event loop alive.
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import { instruments, Report } from "./report.ts";

const bot = new NativeBot({ instruments: instruments(Deno.args[0]!, Number(Deno.args[1])) });
await using client = await LiveClient.start(bot, { idle: "busySpin", batchCapacity: 4096 });
const report = new Report();
for await (const batch of client.batches()) {
  if (report.add(batch, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

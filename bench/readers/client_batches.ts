/**
 * Reader: LiveClient over NativeBot, `for await` over batches, event loop alive.
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import { INSTRUMENT, Report } from "./report.ts";

const bot = new NativeBot({ instruments: [{ connector: Deno.args[0]!, ...INSTRUMENT }] });
await using client = await LiveClient.start(bot, { idle: "busySpin", batchCapacity: 4096 });
const report = new Report();
for await (const batch of client.batches()) {
  if (report.add(batch, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

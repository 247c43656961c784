/**
 * Reader: LiveClient over NativeBot, `for await` over event objects, event loop alive.
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import { INSTRUMENT, Report } from "./report.ts";

const bot = new NativeBot({ instruments: [{ connector: Deno.args[0]!, ...INSTRUMENT }] });
await using client = await LiveClient.start(bot, { idle: "busySpin" });
const report = new Report();
for await (const event of client.events()) {
  if (event.type !== "trade" && event.type !== "depth") continue;
  const { exchTimestamp, localTimestamp } = event;
  if (report.event(exchTimestamp, localTimestamp, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

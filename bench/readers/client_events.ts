/**
 * Reader: LiveClient over NativeBot, `for await` over event objects, event loop alive.
 *
 * @module
 */

import { LiveClient, NativeBot } from "@hftlive/hftlive";
import { instruments, Report } from "./report.ts";

const bot = new NativeBot({ instruments: instruments(Deno.args[0]!, Number(Deno.args[1])) });
await using client = await LiveClient.start(bot, { idle: "busySpin" });
const report = new Report();
for await (const event of client.events()) {
  if (event.type !== "trade" && event.type !== "depth") continue;
  const { exchTimestamp, localTimestamp } = event;
  if (report.event(exchTimestamp, localTimestamp, bot.currentTimestamp())) break;
}
console.log(JSON.stringify(report));

/**
 * Reader: NativeBot, `waitNextFeed` for each event, as a strategy in upstream's style does.
 *
 * @module
 */

import { NativeBot } from "@hftlive/hftlive";
import { instruments, Report } from "./report.ts";

const PATIENCE_NS = 20_000_000_000;

using bot = new NativeBot({ instruments: instruments(Deno.args[0]!, Number(Deno.args[1])) });
const report = new Report();
const seen = bot.instruments.map(() => 0n);
run: while (true) {
  if (bot.waitNextFeed(false, PATIENCE_NS) !== "marketFeed") {
    throw new Error("the publisher went silent");
  }
  // The bot does not say whose event it was.
  for (let asset = 0; asset < seen.length; asset++) {
    const latency = bot.feedLatency(asset);
    if (latency === undefined || latency.exchTimestamp === seen[asset]) continue;
    const { exchTimestamp, localTimestamp } = latency;
    seen[asset] = exchTimestamp;
    if (report.event(exchTimestamp, localTimestamp, bot.currentTimestamp())) break run;
  }
}
console.log(JSON.stringify(report));

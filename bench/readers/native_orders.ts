/**
 * Trader: NativeBot, orders one after the other, each awaited.
 *
 * @module
 */

import { NativeBot } from "@hftlive/hftlive";
import { instruments, Latency } from "./report.ts";

/** Time for the bot to be registered before its first order. */
const SETTLE_NS = 500_000_000;
const PATIENCE_NS = 20_000_000_000;
/** Between two orders. */
const PAUSE_MS = 0.2;
const PRICE = 1_000;
const QTY = 1;

const [connector, count] = Deno.args;
using bot = new NativeBot({ instruments: instruments(connector!, 1) });
bot.elapse(SETTLE_NS);
const roundTrip = new Latency();
const sleeper = new Int32Array(new SharedArrayBuffer(4));
for (let i = 0; i < Number(count); i++) {
  const start = performance.now();
  // The connector takes the id as the time of the submit.
  const id = bot.currentTimestamp();
  bot.submitBuyOrder(0, id, PRICE, QTY, "GTC", "limit");
  if (bot.waitOrderResponse(0, id, PATIENCE_NS) === "endOfData") {
    throw new Error("the connector went away");
  }
  roundTrip.record((performance.now() - start) * 1_000_000);
  Atomics.wait(sleeper, 0, 0, PAUSE_MS);
}
console.log(JSON.stringify({ received: roundTrip.count, latencyNs: roundTrip.quantiles() }));

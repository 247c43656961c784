/**
 * Trader: NativeBot, orders one after the other, each awaited.
 *
 *     native_orders.ts CHANNEL ORDERS WARM_UP
 *
 * @module
 */

import { NativeBot } from "@hftlive/hftlive";
import { Latency } from "./latency.ts";
import { instruments } from "./report.ts";

/** Time for the bot to be registered before its first order. */
const SETTLE_NS = 500_000_000;
const PATIENCE_NS = 20_000_000_000;
/** Between two orders, in which the bot looks after its events as any bot does. */
const PAUSE_NS = 200_000;
const PRICE = 1_000;
const QTY = 1;

const [connector, count, warmUp] = Deno.args;
using bot = new NativeBot({ instruments: instruments(connector!, 1) });
bot.elapse(SETTLE_NS);
const roundTrip = new Latency();
for (let i = -Number(warmUp); i < Number(count); i++) {
  if (i === 0) roundTrip.reset();
  const start = performance.now();
  // The connector takes the id as the time of the submit.
  const id = bot.currentTimestamp();
  bot.submitBuyOrder(0, id, PRICE, QTY, "GTC", "limit");
  if (bot.waitOrderResponse(0, id, PATIENCE_NS) === "endOfData") {
    throw new Error("the connector went away");
  }
  roundTrip.record((performance.now() - start) * 1_000_000);
  bot.elapse(PAUSE_NS);
}
console.log(JSON.stringify({ received: roundTrip.count, latencyNs: roundTrip.quantiles() }));

/**
 * A strategy to copy and change, with its test in my_strategy_test.ts. It buys one lot a little
 * below the slow average of the price and sells one a little above it, with one order at a time, so
 * that its risk limit is exact; and it outlives a connector that goes away.
 *
 *     deno run -P=trade cli.ts trade --strategy examples/my_strategy.ts --stub --duration 60
 *     deno test examples/my_strategy_test.ts
 *
 * @module
 */

import { defineStrategy, HftliveError, type Strategy } from "@hftlive/hftlive";

const NS_PER_MS = 1e6;

/** What can be set with `--set NAME=VALUE`, or in a test. */
export interface MyParams {
  /** Time between two looks at the market, ms. */
  readonly intervalMs: number;
  /** Share of each look in the average. */
  readonly weight: number;
  /** How far from the average the price has to be, in ticks. */
  readonly edgeTicks: number;
  /** How long an order rests before it is cancelled, ms. */
  readonly restMs: number;
  /** Largest position either way, in lots. */
  readonly maxLots: number;
}

const strategy: Strategy<MyParams> = defineStrategy({
  name: "my_strategy",
  params: { intervalMs: 10, weight: 0.01, edgeTicks: 3, restMs: 20, maxLots: 5 },

  setup({ bot, client, instruments, params, every, sleep, log }) {
    const { intervalMs, weight, edgeTicks, restMs, maxLots } = params;
    const { tickSize, lotSize } = instruments[0]!;
    let average = NaN;

    // Not called again before it is done: there is never a second order.
    every(intervalMs * NS_PER_MS, async () => {
      const { bestBid, bestAsk } = bot.depth(0);
      const mid = (bestBid + bestAsk) / 2;
      // NaN while a side of the book is empty; and a book without a connector is an old one.
      if (Number.isNaN(mid) || !bot.connection(0).registered) return;
      average = Number.isNaN(average) ? mid : average + weight * (mid - average);
      const off = (mid - average) / tickSize;
      const lots = Math.round(bot.position(0) / lotSize);
      if (off < -edgeTicks && lots < maxLots) await trade("buy", bestBid);
      else if (off > edgeTicks && lots > -maxLots) await trade("sell", bestAsk);
    });

    async function trade(side: "buy" | "sell", price: number): Promise<void> {
      try {
        await client.submitOrder({ side, price, qty: lotSize, timeInForce: "GTX" });
        await sleep(restMs * NS_PER_MS);
        await client.cancelAll();
        bot.clearInactiveOrders();
      } catch (error) {
        // Unknown is not refused: the order may be filled. The position tells, once it is back.
        if (!(error instanceof HftliveError)) throw error;
        log(error.message);
      }
    }
  },
});

export default strategy;

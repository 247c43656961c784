/**
 * Bots and strategies for tests of runs.
 *
 * @module
 */

import {
  defineStrategy,
  type RunReport,
  type Strategy,
  StubBot,
  type StubBotOptions,
} from "@hftlive/hftlive";

/** A stub on the virtual clock, whose market does not end. */
export function virtualStub(options: StubBotOptions = {}): StubBot {
  return new StubBot({ seed: 7, maxFeeds: Infinity, ...options });
}

/** How a run is described without what depends on the machine. */
export function reproducible(report: RunReport): Omit<RunReport, "wallS"> {
  const { wallS: _, ...rest } = report;
  return rest;
}

/** Parameters of {@linkcode quoter}. */
export interface QuoterParams {
  /** Distance from the best price, in ticks. */
  readonly distance: number;
}

/** Keeps one buy order far below the market, and one at the best price, which is filled again and again. */
export const quoter: Strategy<QuoterParams> = defineStrategy<QuoterParams, unknown>({
  name: "quoter",
  params: { distance: 100 },
  setup({ bot, params, nextOrderId, every }) {
    const far = nextOrderId();
    const price = bot.depth(0).bestBid - params.distance * 0.1;
    bot.submitBuyOrder(0, far, price, 0.001, "GTC", "limit");
    every(20e6, () => {
      const { bestBid, bestAsk } = bot.depth(0);
      bot.submitBuyOrder(0, nextOrderId(), bestBid, 0.003, "GTX", "limit");
      bot.submitSellOrder(0, nextOrderId(), bestAsk, 0.003, "GTX", "limit");
    });
  },
});

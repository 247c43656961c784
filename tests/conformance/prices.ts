/** Prices that suit the market of the moment, on the tick grid. */

import type { LiveBot } from "@hftlive/hftlive";

/** A bid far below the market, which no test waits long enough to see filled. */
export function farBid(bot: LiveBot): number {
  const { bestBidTick, tickSize } = bot.depth(0);
  return Math.floor(Number(bestBidTick) * 0.8) * tickSize;
}

/** A bid far above the market, which crosses it however it moves meanwhile. */
export function crossingBid(bot: LiveBot): number {
  const { bestAskTick, tickSize } = bot.depth(0);
  return Math.ceil(Number(bestAskTick) * 1.05) * tickSize;
}

/** The smallest quantity. */
export function oneLot(bot: LiveBot): number {
  return bot.depth(0).lotSize;
}

/**
 * The top of a book.
 *
 * @module
 */

import { type MarketDepth, NO_ASK_TICK, NO_BID_TICK } from "../../bot/market_depth.ts";
import type { BookPart, Level } from "./messages.ts";

/** Levels of each side. */
export const LADDER_ROWS = 12;

/** Ticks from the best price within which levels are looked up, before the whole book is copied. */
const NEAR_TICKS = 1_000n;

/** The best levels of both sides. */
export function topOfBook(depth: MarketDepth): BookPart {
  const { bestBidTick, bestAskTick } = depth;
  const bids = bestBidTick === NO_BID_TICK ? [] : nearest(bestBidTick, depth, "bid");
  const asks = bestAskTick === NO_ASK_TICK ? [] : nearest(bestAskTick, depth, "ask");
  if (bids.length === LADDER_ROWS && asks.length === LADDER_ROWS) return { bids, asks };
  // A thin book: there is not much of it to copy, or its levels are far apart.
  const whole = depth.snapshot();
  const top = (levels: readonly { price: number; qty: number }[]): Level[] =>
    levels.slice(0, LADDER_ROWS).map(({ price, qty }) => [price, qty]);
  return { bids: top(whole.bids), asks: top(whole.asks) };
}

function nearest(best: bigint, depth: MarketDepth, side: "bid" | "ask"): Level[] {
  const levels: Level[] = [];
  const step = side === "bid" ? -1n : 1n;
  for (let away = 0n; away < NEAR_TICKS && levels.length < LADDER_ROWS; away++) {
    const tick = best + away * step;
    const qty = side === "bid" ? depth.bidQtyAtTick(tick) : depth.askQtyAtTick(tick);
    if (qty > 0) levels.push([Number(tick) * depth.tickSize, qty]);
  }
  return levels;
}

/**
 * A whole book as an object.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import type { DepthLevel } from "../bot/market_depth.ts";

/** A copy of an instrument's whole book. */
export interface BookSnapshot {
  /** Asset number. */
  readonly asset: number;
  /** Symbol as the connector spells it. */
  readonly symbol: string;
  /** Bid levels, best first. */
  readonly bids: readonly DepthLevel[];
  /** Ask levels, best first. */
  readonly asks: readonly DepthLevel[];
  /** When it was taken, by the bot's clock, ns since the Unix epoch. */
  readonly timestamp: bigint;
}

/**
 * Copies an instrument's book as it is now.
 *
 * @param bot The bot.
 * @param asset Asset number.
 * @returns The copy.
 * @throws {BotError} "instrumentNotFound", "closed".
 */
export function takeSnapshot(bot: LiveBot, asset: number): BookSnapshot {
  const { bids, asks } = bot.depth(asset).snapshot();
  const symbol = bot.instruments[asset]?.symbol ?? "";
  return { asset, symbol, bids, asks, timestamp: bot.currentTimestamp() };
}

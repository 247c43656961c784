/**
 * What a bot has left out of its recordings.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import { ReplayBot } from "./replay_bot.ts";

/**
 * Damaged pieces of recordings that a bot has skipped so far.
 *
 * @param bot Any bot, still open.
 * @returns Their number; 0 for one that replays nothing.
 */
export function skippedPieces(bot: LiveBot): number {
  if (!(bot instanceof ReplayBot)) return 0;
  return bot.instruments.reduce((sum, _, asset) => sum + bot.replayStatus(asset).skipped, 0);
}

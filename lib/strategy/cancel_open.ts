/**
 * Cancels what a run has left open.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import type { LiveClient } from "../client/live_client.ts";
import { isActive } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { OrderLedger } from "./ledger/order_ledger.ts";

const NS_PER_MS = 1e6;

/** What to cancel, and how long to wait. */
export interface CancelOpenOptions {
  /** The orders of the run, by asset number. */
  readonly ledgers: readonly OrderLedger[];
  /** How long to wait for answers, ms, by the bot's clock and by the wall clock. */
  readonly timeoutMs: number;
}

/**
 * Cancels the orders of a run that are still open, those on their way once they are answered, and
 * waits for the answers. What is open after that shows in the ledgers.
 *
 * @param client The client, still running.
 * @param options What to cancel.
 */
export async function cancelOpen(client: LiveClient, options: CancelOpenOptions): Promise<void> {
  const { ledgers, timeoutMs } = options;
  const { bot } = client;
  const deadline = bot.currentTimestamp() + BigInt(Math.round(timeoutMs * NS_PER_MS));
  const signal = AbortSignal.timeout(timeoutMs);
  const anyOpen = (): boolean => ledgers.some(({ openIds }) => openIds.length > 0);
  const cancelAll = (): void => {
    for (const [asset, { openIds }] of ledgers.entries()) {
      for (const orderId of openIds) cancelIfPossible(bot, asset, orderId);
    }
  };
  cancelAll();
  if (!anyOpen()) return;
  try {
    for await (const _batch of client.batches({ signal })) {
      if (!anyOpen() || bot.currentTimestamp() > deadline) return;
      cancelAll();
    }
  } catch (error) {
    if (error !== signal.reason) throw error;
  }
}

/** Sends a cancel request for an order that rests and for which nothing is asked. */
function cancelIfPossible(bot: LiveBot, asset: number, orderId: bigint): void {
  const order = bot.order(asset, orderId);
  if (order === undefined || !isActive(order.status) || order.request !== "none") return;
  try {
    bot.cancel(asset, orderId);
  } catch (error) {
    // A connector that is gone takes no request: the order stays, and shows as open.
    if (!(error instanceof BotError)) throw error;
  }
}

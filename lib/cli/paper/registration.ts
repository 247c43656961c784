/**
 * Waits for what the connector does when a bot registers a symbol.
 *
 * @module
 */

import { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import type { ExchangeHost } from "./exchange_host.ts";

/** The request that cancels all orders of a symbol, of each exchange. */
const CANCEL_ALL = /^DELETE .*openOrders$/i;

/** Longest wait for it, ms: without its account's stream the connector cancels nothing. */
const MAX_WAIT_MS = 3_000;

/** Time for its answer to be taken in by the connector, ms. */
const ANSWER_MS = 200;

const STEP_MS = 10;

/**
 * Waits until the connector has cancelled what was open of each symbol, as it does at the first
 * registration. When the answer to that comes, it takes every order that it knows for cancelled: one
 * that was sent meanwhile would rest at the exchange without anybody knowing.
 *
 * @param host The exchange that is asked.
 * @param bot The bot that has registered; it is polled, so that its channel does not overflow.
 * @param signal Ends the wait.
 * @returns Whether all was cancelled; not if the time has passed or the signal was aborted.
 */
export async function cancelAllDone(
  host: ExchangeHost,
  bot: LiveBot,
  signal: AbortSignal,
): Promise<boolean> {
  const batch = new EventBatch();
  const startMs = performance.now();
  let sinceMs: number | undefined;
  while (!signal.aborted && performance.now() - startMs < MAX_WAIT_MS) {
    while (bot.poll(batch) > 0);
    if (sinceMs === undefined) {
      if (await cancelsOf(host) >= bot.numAssets) sinceMs = performance.now();
    } else if (performance.now() - sinceMs >= ANSWER_MS) return true;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return false;
}

async function cancelsOf(host: ExchangeHost): Promise<number> {
  const { byEndpoint } = (await host.report()).requests;
  return Object.entries(byEndpoint)
    .reduce((sum, [endpoint, count]) => sum + (CANCEL_ALL.test(endpoint) ? count : 0), 0);
}

/**
 * The own orders of an instrument, and their executions.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { isActive, isFinal } from "../../model/codes.ts";
import type { OrderUpdateEvent } from "../../model/events.ts";
import { OrderProgress } from "../../model/execution.ts";
import type { OrderFields } from "../../model/order.ts";
import type { FillRow, OrderRow } from "./messages.ts";

/** Open orders that a page is shown. */
const MAX_SHOWN = 50;

/** Most orders without an end whose executions are told apart. */
const MAX_UNENDED = 10_000;

const NS_PER_MS = 1_000_000n;

/** Keeps the orders that can trade, so that the bot need not copy all it remembers. */
export class OwnOrders {
  /** Rises with each change. */
  changes = 0;
  readonly #open = new Map<bigint, OrderFields>();
  /** Of orders whose end was not told, the oldest first. */
  readonly #progress = new Map<bigint, OrderProgress>();

  /**
   * @param bot The bot, whose open orders are the first.
   * @param asset The instrument.
   */
  constructor(bot: LiveBot, asset: number) {
    for (const [orderId, order] of bot.orders(asset)) {
      if (!isActive(order.status)) continue;
      this.#open.set(orderId, order);
      this.#progress.set(orderId, OrderProgress.of(order));
    }
  }

  /** How many orders can trade. */
  get count(): number {
    return this.#open.size;
  }

  /** Those that can trade, newest first. */
  get newest(): OrderRow[] {
    return [...this.#open.values()].reverse().slice(0, MAX_SHOWN).map(rowOf);
  }

  /** Highest price that is bid, and lowest that is asked; null for none. */
  get quotes(): { readonly bid: number | null; readonly ask: number | null } {
    let [bid, ask] = [-Infinity, Infinity];
    for (const { side, price, orderType } of this.#open.values()) {
      if (orderType === "market") continue;
      if (side === "buy") bid = Math.max(bid, price);
      else ask = Math.min(ask, price);
    }
    return { bid: orNull(bid), ask: orNull(ask) };
  }

  /**
   * Takes in what the exchange says about an order.
   *
   * @returns What was executed that was not known; undefined for nothing.
   */
  update(update: OrderUpdateEvent): FillRow | undefined {
    const { orderId, status, side, exchTimestamp, localTimestamp } = update;
    this.changes++;
    if (isActive(status)) this.#open.set(orderId, update);
    else this.#open.delete(orderId);
    const progress = this.#progress.get(orderId) ?? new OrderProgress();
    if (isFinal(status)) this.#progress.delete(orderId);
    else this.#remember(orderId, progress);
    const execution = progress.update(update);
    if (execution === undefined) return undefined;
    const timeMs = Number((exchTimestamp || localTimestamp) / NS_PER_MS);
    const { price, qty, maker } = execution;
    return [timeMs, side, price, qty, maker, String(orderId)];
  }

  #remember(orderId: bigint, progress: OrderProgress): void {
    this.#progress.set(orderId, progress);
    if (this.#progress.size <= MAX_UNENDED) return;
    const [oldest] = this.#progress.keys();
    if (oldest !== undefined) this.#progress.delete(oldest);
  }
}

function orNull(price: number): number | null {
  return Number.isFinite(price) ? price : null;
}

function rowOf(order: OrderFields): OrderRow {
  const { orderId, side, price, qty, leavesQty, timeInForce, status, request } = order;
  return { id: String(orderId), side, price, qty, leavesQty, timeInForce, status, request };
}

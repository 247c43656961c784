/**
 * The own orders of an instrument, and their executions.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { isActive } from "../../model/codes.ts";
import type { OrderUpdateEvent } from "../../model/events.ts";
import type { OrderFields } from "../../model/order.ts";
import type { FillRow, OrderRow, OrdersPart } from "./messages.ts";

/** Open orders that a page is shown. */
const MAX_SHOWN = 50;

/** Share of an order's quantity below which a difference is no execution. */
const NOTHING = 1e-9;

const NS_PER_MS = 1_000_000n;

/** Keeps the orders that can trade, so that the bot need not copy all it remembers. */
export class OwnOrders {
  /** Rises with each change. */
  changes = 0;
  readonly #open = new Map<bigint, OrderFields>();

  /**
   * @param bot The bot, whose open orders are the first.
   * @param asset The instrument.
   */
  constructor(bot: LiveBot, asset: number) {
    for (const [orderId, order] of bot.orders(asset)) {
      if (isActive(order.status)) this.#open.set(orderId, order);
    }
  }

  /** How many orders can trade. */
  get count(): number {
    return this.#open.size;
  }

  /** Those that can trade, newest first. */
  get part(): OrdersPart {
    const newest = [...this.#open.values()].reverse().slice(0, MAX_SHOWN);
    return { open: newest.map(rowOf), count: this.#open.size };
  }

  /**
   * Takes in what the exchange says about an order.
   *
   * @returns What was executed that was not known; undefined for nothing.
   */
  update(update: OrderUpdateEvent): FillRow | undefined {
    const { orderId, status, side, price, qty, leavesQty, execPrice, maker } = update;
    const before = this.#open.get(orderId);
    this.changes++;
    if (isActive(status)) this.#open.set(orderId, update);
    else this.#open.delete(orderId);
    if (status !== "filled" && status !== "partiallyFilled") return undefined;
    const executed = (before?.leavesQty ?? qty) - leavesQty;
    if (executed <= qty * NOTHING) return undefined;
    const timeMs = Number((update.exchTimestamp || update.localTimestamp) / NS_PER_MS);
    return [timeMs, side, execPrice > 0 ? execPrice : price, executed, maker, String(orderId)];
  }
}

function rowOf(order: OrderFields): OrderRow {
  const { orderId, side, price, qty, leavesQty, timeInForce, status, request } = order;
  return { id: String(orderId), side, price, qty, leavesQty, timeInForce, status, request };
}

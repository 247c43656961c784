/**
 * The orders of a run, from their first request to their end.
 *
 * @module
 */

import { Histogram } from "../../client/histogram.ts";
import { isActive, isFinal } from "../../model/codes.ts";
import type { OrderUpdateEvent } from "../../model/events.ts";
import type { OrderLatency } from "../../bot/live_bot.ts";
import type { SentRequest } from "../observed_bot.ts";
import type { OrderFigures } from "../report/figures.ts";
import type { Execution } from "./account.ts";

/** What is known of an order that has not ended. */
interface OpenOrder {
  /** The request that the exchange has not yet answered. */
  request: (SentRequest & { readonly isCancel: boolean }) | undefined;
  /** Quantity executed so far, in base units. */
  executed: number;
  /** Whether the exchange has taken it. */
  active: boolean;
}

/** Counts the orders of one instrument, and finds their executions. */
export class OrderLedger {
  /** Time from a request to its answer, ns. */
  readonly latencyNs: Histogram = new Histogram();
  readonly #open = new Map<bigint, OpenOrder>();
  #submitted = 0;
  #filled = 0;
  #canceled = 0;
  #expired = 0;
  #rejected = 0;
  #unknown = 0;

  /** Ids of the orders that have not ended. */
  get openIds(): readonly bigint[] {
    return [...this.#open.keys()];
  }

  /** How many orders were sent. */
  get submittedCount(): number {
    return this.#submitted;
  }

  /** How many orders there were, by how they ended. */
  get figures(): OrderFigures {
    const open = [...this.#open.values()].filter(({ active }) => active).length;
    return {
      submitted: this.#submitted,
      filled: this.#filled,
      canceled: this.#canceled,
      expired: this.#expired,
      rejected: this.#rejected,
      open,
      unknown: this.#unknown + this.#open.size - open,
    };
  }

  /** An order was sent. */
  submitted(request: SentRequest): void {
    this.#submitted++;
    const { orderId } = request;
    this.#open.set(orderId, {
      request: { ...request, isCancel: false },
      executed: 0,
      active: false,
    });
  }

  /** A cancel request was sent. */
  cancelSent(request: SentRequest): void {
    const order = this.#open.get(request.orderId);
    if (order !== undefined) order.request = { ...request, isCancel: true };
  }

  /**
   * Takes in what the exchange says about an order.
   *
   * @param update What it says. Orders of others, and what follows an end, are left out.
   * @param latency The bot's last order latency, which is used if it is that of this request.
   * @returns What was executed that was not known yet.
   */
  update(update: OrderUpdateEvent, latency: OrderLatency | undefined): Execution | undefined {
    const order = this.#open.get(update.orderId);
    if (order === undefined) return undefined;
    const { request } = order;
    // Of an order whose cancel is on its way, an execution can still come and answer nothing.
    if (request && (request.isCancel ? update.status === "canceled" : update.request === "none")) {
      this.#answered(request, update, latency);
      order.request = undefined;
    }
    order.active = isActive(update.status) && update.request !== "new";
    const execution = this.#execution(order, update);
    this.#count(update);
    return execution;
  }

  #answered(
    { from, to }: SentRequest,
    update: OrderUpdateEvent,
    latency: OrderLatency | undefined,
  ): void {
    const isOfRequest = latency !== undefined && latency.requestTimestamp >= from &&
      latency.requestTimestamp <= to;
    // An update only tells when its poll ended, which on a virtual clock is up to a step late.
    this.latencyNs.record(
      isOfRequest ? latency.roundTripNs : Number(update.localTimestamp - from),
    );
  }

  /** A repeated update brings nothing new, since quantities are compared and not added. */
  #execution(order: OpenOrder, update: OrderUpdateEvent): Execution | undefined {
    const { side, qty, leavesQty, execPrice, price, maker } = update;
    if (!tellsExecuted(update)) return undefined;
    const executed = qty - leavesQty - order.executed;
    if (executed <= qty * 1e-9) return undefined;
    order.executed += executed;
    return {
      isBuy: side === "buy",
      price: execPrice > 0 ? execPrice : price,
      qty: executed,
      maker,
    };
  }

  #count({ orderId, status, request }: OrderUpdateEvent): void {
    const lost = status === "none" && request === "none";
    if (!isFinal(status) && !lost) return;
    this.#open.delete(orderId);
    if (status === "filled") this.#filled++;
    else if (status === "canceled") this.#canceled++;
    else if (status === "expired") this.#expired++;
    else if (status === "rejected") this.#rejected++;
    else this.#unknown++;
  }
}

/** Whether an update's open quantity tells how much was executed. */
function tellsExecuted({ status, leavesQty }: OrderUpdateEvent): boolean {
  if (status === "filled" || status === "partiallyFilled") return true;
  // An end may be the first to tell of a part; where none is left, the engine has cleared it.
  return (status === "canceled" || status === "expired") && leavesQty > 0;
}

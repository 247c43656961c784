/**
 * The orders of a run, from their first request to their end.
 *
 * @module
 */

import type { OrderLatency } from "../../bot/live_bot.ts";
import { Histogram } from "../../client/histogram.ts";
import { isActive, isFinal, type OrderStatus } from "../../model/codes.ts";
import type { OrderUpdateEvent } from "../../model/events.ts";
import { canRest, type Execution, OrderProgress } from "../../model/execution.ts";
import type { SentRequest } from "../observed_bot.ts";
import type { OrderFigures } from "../report/figures.ts";

/** Lost orders that are remembered; older ones are only counted. */
const MAX_LOST = 1000;

/** What is known of an order. */
interface KnownOrder {
  /** The request that the exchange has not yet answered. */
  request: (SentRequest & { readonly isCancel: boolean }) | undefined;
  /** How far it has come. */
  readonly progress: OrderProgress;
  /** Whether the exchange has taken it. */
  active: boolean;
  /** The last update. */
  last: OrderUpdateEvent | undefined;
}

/** Counts the orders of one instrument, and finds their executions. */
export class OrderLedger {
  /** Time from a request to its answer, ns. */
  readonly latencyNs: Histogram = new Histogram();
  readonly #open = new Map<bigint, KnownOrder>();
  /** Orders whose end nobody told, oldest first. */
  readonly #lost = new Map<bigint, KnownOrder>();
  #submitted = 0;
  #lostCount = 0;
  readonly #ends = new Map<OrderStatus, number>();

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
    const ended = (status: OrderStatus): number => this.#ends.get(status) ?? 0;
    return {
      submitted: this.#submitted,
      filled: ended("filled"),
      canceled: ended("canceled"),
      expired: ended("expired"),
      rejected: ended("rejected"),
      lost: this.#lostCount,
      open,
      unknown: this.#open.size - open,
    };
  }

  /** An order was sent. */
  submitted(request: SentRequest): void {
    this.#submitted++;
    this.#open.set(request.orderId, {
      request: { ...request, isCancel: false },
      progress: new OrderProgress(),
      active: false,
      last: undefined,
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
    const { orderId } = update;
    const order = this.#open.get(orderId) ?? this.#lost.get(orderId);
    if (order === undefined) return undefined;
    const { request } = order;
    // Of an order whose cancel is on its way, an execution can still come and answer nothing.
    if (request && (request.isCancel ? update.status === "canceled" : update.request === "none")) {
      this.#answered(request, update, latency);
      order.request = undefined;
    }
    const execution = order.progress.update(update);
    order.active = isActive(update.status) && update.request !== "new";
    order.last = update;
    this.#settle(order, update);
    return execution;
  }

  /**
   * Takes a lost order for executed at its limit price, because the position says that one was.
   *
   * @param isBuy Whether the position has risen.
   * @param qty By how much, in base units.
   * @returns The execution; undefined if no lost order of that side is small enough.
   */
  takeLost(isBuy: boolean, qty: number): Execution | undefined {
    for (const [orderId, { last, progress }] of this.#lost) {
      if (last === undefined || (last.side === "buy") !== isBuy || !(last.price > 0)) continue;
      const rest = last.qty - progress.executed;
      if (rest > qty * (1 + 1e-9)) continue;
      this.#lost.delete(orderId);
      return { isBuy, price: last.price, qty: rest, maker: canRest(last), inferred: true };
    }
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

  /** Counts an order that has ended. */
  #settle(order: KnownOrder, { orderId, status, request }: OrderUpdateEvent): void {
    if (isFinal(status)) {
      this.#open.delete(orderId);
      if (this.#lost.delete(orderId)) this.#lostCount--;
      this.#ends.set(status, (this.#ends.get(status) ?? 0) + 1);
    } else if (status === "none" && request === "none" && this.#open.delete(orderId)) {
      this.#lostCount++;
      this.#lost.set(orderId, order);
      const [oldest] = this.#lost.keys();
      if (this.#lost.size > MAX_LOST && oldest !== undefined) this.#lost.delete(oldest);
    }
  }
}

/**
 * Own orders that rest in the book.
 *
 * @module
 */

import type { OrderType, TimeInForce } from "../model/codes.ts";
import type { QueuePlace } from "./queue_model.ts";
import type { MatchOrder, MatchRequest } from "./types.ts";

/** An order in the engine. */
export class EngineOrder<T> implements MatchOrder<T>, QueuePlace {
  readonly tag: T;
  readonly isBuy: boolean;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly tick: number;
  readonly lots: number;
  leavesLots: number;
  aheadLots = 0;
  tradedLots = 0;
  /** Its number among the orders that came to rest. */
  arrival = 0;

  constructor(request: MatchRequest<T>) {
    this.tag = request.tag;
    this.isBuy = request.isBuy;
    this.orderType = request.orderType;
    this.timeInForce = request.timeInForce;
    this.tick = request.tick;
    this.lots = request.lots;
    this.leavesLots = request.lots;
  }
}

/** The resting orders of one side: those with the best price first, of one price the oldest first. */
export class RestingOrders<T> {
  readonly #orders: EngineOrder<T>[] = [];
  /** Ranks grow away from the market on both sides: rank = sign * tick. */
  readonly #sign: number;

  /** @param isBuy Whether they buy. */
  constructor(isBuy: boolean) {
    this.#sign = isBuy ? -1 : 1;
  }

  /** How many there are. */
  get length(): number {
    return this.#orders.length;
  }

  /** The order at a place. */
  at(index: number): EngineOrder<T> {
    return this.#orders[index]!;
  }

  /** Place of the first order at a tick, or where it would be. */
  find(tick: number): number {
    const rank = this.#sign * tick;
    let low = 0;
    let high = this.#orders.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sign * this.#orders[middle]!.tick < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds an order behind the others of its price; what is ahead of them is ahead of it too. */
  add(order: EngineOrder<T>): void {
    let index = this.find(order.tick);
    for (; index < this.#orders.length; index++) {
      const other = this.#orders[index]!;
      if (other.tick !== order.tick) break;
      order.aheadLots = Math.max(order.aheadLots, other.aheadLots);
    }
    this.#orders.splice(index, 0, order);
  }

  /** Takes an order out; false if it is not there. */
  remove(order: MatchOrder<T>): boolean {
    for (let index = this.find(order.tick); index < this.#orders.length; index++) {
      const found: MatchOrder<T> = this.#orders[index]!;
      if (found.tick !== order.tick) break;
      if (found !== order) continue;
      this.#orders.splice(index, 1);
      return true;
    }
    return false;
  }

  /** Takes out the first `count` orders. */
  removeFirst(count: number): void {
    if (count > 0) this.#orders.splice(0, count);
  }

  /** The orders, in their order. */
  [Symbol.iterator](): Iterator<EngineOrder<T>> {
    return this.#orders.values();
  }
}

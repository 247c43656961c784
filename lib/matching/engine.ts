/**
 * Matching against a displayed book.
 *
 * @module
 */

import { TickBook } from "../bot/tick_book.ts";
import type { Side } from "../model/codes.ts";
import { makeQueueModel, type QueueModel, type QueueModelOptions } from "./queue_model.ts";
import { EngineOrder, RestingOrders } from "./resting_orders.ts";
import type { MatchingEngine, MatchListener, MatchOrder, MatchRequest } from "./types.ts";

/** Options of {@linkcode BookMatchingEngine}. */
export interface BookMatchingEngineOptions {
  /** How orders move forward in the queue of their price. */
  readonly queueModel: QueueModelOptions;
  /**
   * Base units in a lot; only the queue model "logProb" looks at it.
   * @default {1}
   */
  readonly lotSize?: number | undefined;
}

/**
 * Matches own orders of one instrument in whole ticks and lots.
 *
 * An arriving order takes the displayed levels that its limit reaches, best first, one
 * execution a level, at their prices. What a limit order cannot take rests at its limit.
 *
 * A resting order is executed at its own price by
 *
 * - trades at its price, with what they have left after the quantity ahead of it;
 * - trades beyond its price, with all of their quantity: they would have met it first;
 * - opposite quantity that newly appears at its price or better, with as much of it.
 *
 * Upstream executes an order to its end in the last two cases, whatever their quantity. Here no lot
 * of a trade, and no newly displayed lot, executes more than one lot of the resting
 * orders together: those with the better price come first, then the older ones.
 *
 * The market takes no notice of any of it. What an arriving order took is still displayed,
 * and another may take it again. Own orders never trade with each other.
 */
export class BookMatchingEngine<T> implements MatchingEngine<T> {
  /** The displayed book, in ticks and lots. */
  readonly book: TickBook = new TickBook();

  readonly #queue: QueueModel;
  readonly #listener: MatchListener<T>;
  readonly #buys = new RestingOrders<T>(true);
  readonly #sells = new RestingOrders<T>(false);
  #arrivals = 0;

  /**
   * @param options The queue model, checked.
   * @param listener Is told what happens to orders.
   */
  constructor(options: BookMatchingEngineOptions, listener: MatchListener<T>) {
    this.#queue = makeQueueModel(options.queueModel, options.lotSize ?? 1);
    this.#listener = listener;
  }

  depth(isBid: boolean, tick: number, lots: number, time: number): void {
    const { book } = this;
    if (this.#buys.length + this.#sells.length === 0) {
      if (isBid) book.setBid(tick, lots);
      else book.setAsk(tick, lots);
      return;
    }
    // A level that the other side has passed is not displayed any more.
    const before = isBid
      ? (tick <= book.bidTick ? book.bidAt(tick) : 0)
      : (tick >= book.askTick ? book.askAt(tick) : 0);
    if (isBid) book.setBid(tick, lots);
    else book.setAsk(tick, lots);
    this.#move(isBid ? this.#buys : this.#sells, tick, before, lots);
    if (lots > before) this.#through(isBid ? this.#sells : this.#buys, tick, lots - before, time);
  }

  clear(side: Side, upTo?: number): void {
    this.book.clear(side, upTo);
  }

  trade(isBuy: boolean, tick: number, lots: number, time: number): void {
    const orders = isBuy ? this.#sells : this.#buys;
    if (orders.length === 0) return;
    const through = orders.find(tick);
    let left = lots;
    let filled = 0;
    for (let index = 0; index < orders.length; index++) {
      const order = orders.at(index);
      if (index < through) {
        order.aheadLots = 0;
        order.tradedLots = 0;
      } else if (order.tick !== tick) break;
      const execLots = Math.min(order.leavesLots, Math.floor(left - order.aheadLots));
      if (index >= through) {
        order.aheadLots = Math.max(0, order.aheadLots - left);
        order.tradedLots += lots;
      }
      if (execLots <= 0) continue;
      left -= execLots;
      this.#execute(order, execLots, order.tick, time);
      if (order.leavesLots === 0) filled++;
    }
    orders.removeFirst(filled);
  }

  submit(request: MatchRequest<T>, time: number): MatchOrder<T> {
    const order = new EngineOrder(request);
    const { timeInForce } = order;
    const isMarket = order.orderType === "market";
    const limit = isMarket ? (order.isBuy ? Infinity : -Infinity) : order.tick;
    if (timeInForce === "GTX" && this.#available(order, limit) > 0) {
      this.#listener.expired(order, "wouldTake", time);
      return order;
    }
    if (timeInForce === "FOK" && this.#available(order, limit) < order.lots) {
      this.#listener.expired(order, "notFilledAtOnce", time);
      return order;
    }
    this.#take(order, limit, time);
    if (order.leavesLots === 0) return order;
    if (isMarket || timeInForce === "IOC") this.#listener.expired(order, "nothingLeft", time);
    else this.#rest(order, time);
    return order;
  }

  cancel(order: MatchOrder<T>): boolean {
    return (order.isBuy ? this.#buys : this.#sells).remove(order);
  }

  resting(): Iterable<MatchOrder<T>> {
    return [...this.#buys, ...this.#sells].sort((a, b) => a.arrival - b.arrival);
  }

  /** Displayed lots that an order could take, up to those it wants. */
  #available(order: EngineOrder<T>, limit: number): number {
    let lots = 0;
    for (
      let tick = this.#best(order);
      lots < order.lots && reaches(order, limit, tick);
      tick = this.#next(order, tick)
    ) lots += this.#displayed(order, tick);
    return lots;
  }

  /** Executes an arriving order against the displayed book. */
  #take(order: EngineOrder<T>, limit: number, time: number): void {
    for (
      let tick = this.#best(order);
      order.leavesLots > 0 && reaches(order, limit, tick);
      tick = this.#next(order, tick)
    ) {
      const lots = Math.min(order.leavesLots, this.#displayed(order, tick));
      order.leavesLots -= lots;
      this.#listener.executed(order, { time, lots, tick, maker: false });
    }
  }

  #rest(order: EngineOrder<T>, time: number): void {
    const { book } = this;
    const { isBuy, tick } = order;
    // A passed level is no queue to stand in.
    const lots = isBuy
      ? (tick <= book.bidTick ? book.bidAt(tick) : 0)
      : (tick >= book.askTick ? book.askAt(tick) : 0);
    order.aheadLots = this.#queue.ahead(lots);
    order.arrival = ++this.#arrivals;
    (isBuy ? this.#buys : this.#sells).add(order);
    this.#listener.resting(order, time);
  }

  /** Moves the orders at a price forward after its displayed quantity has changed. */
  #move(orders: RestingOrders<T>, tick: number, before: number, lots: number): void {
    let ahead = 0;
    for (let index = orders.find(tick); index < orders.length; index++) {
      const order = orders.at(index);
      if (order.tick !== tick) break;
      // What is ahead of an older order is ahead of this one too.
      ahead = Math.max(ahead, this.#queue.moved(order, before, lots));
      order.aheadLots = ahead;
      order.tradedLots = 0;
    }
  }

  /** Executes orders that opposite quantity at a price has met. */
  #through(orders: RestingOrders<T>, tick: number, lots: number, time: number): void {
    let left = lots;
    let filled = 0;
    for (let index = 0; index < orders.length; index++) {
      const order = orders.at(index);
      if (order.isBuy ? order.tick < tick : order.tick > tick) break;
      // Nobody else can be left at a price that the other side has reached.
      order.aheadLots = 0;
      order.tradedLots = 0;
      const execLots = Math.min(order.leavesLots, left);
      if (execLots === 0) continue;
      left -= execLots;
      this.#execute(order, execLots, order.tick, time);
      if (order.leavesLots === 0) filled++;
    }
    orders.removeFirst(filled);
  }

  #execute(order: EngineOrder<T>, lots: number, tick: number, time: number): void {
    order.leavesLots -= lots;
    this.#listener.executed(order, { time, lots, tick, maker: true });
  }

  #best({ isBuy }: EngineOrder<T>): number {
    return isBuy ? this.book.askTick : this.book.bidTick;
  }

  #next({ isBuy }: EngineOrder<T>, tick: number): number {
    return isBuy ? this.book.askAbove(tick) : this.book.bidBelow(tick);
  }

  #displayed({ isBuy }: EngineOrder<T>, tick: number): number {
    return isBuy ? this.book.askAt(tick) : this.book.bidAt(tick);
  }
}

/** Whether a displayed price is within an arriving order's limit; a side without levels is not. */
function reaches({ isBuy }: { readonly isBuy: boolean }, limit: number, tick: number): boolean {
  return Number.isFinite(tick) && (isBuy ? tick <= limit : tick >= limit);
}

/**
 * The bot's orders at the exchange of one instrument.
 *
 * @module
 */

import type { EventQueue } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import type { OrderReport } from "../bot/order_store.ts";
import { EventKind } from "../bot/record.ts";
import { BookMatchingEngine } from "../matching/engine.ts";
import type { QueueModelOptions } from "../matching/queue_model.ts";
import type { MatchExecution, MatchListener, MatchOrder } from "../matching/types.ts";
import type { OrderStatus } from "../model/codes.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";
import { NsTime } from "../model/time.ts";

/** An order as the exchange has it. */
interface ExchangeOrder {
  readonly order: Order;
  match: MatchOrder<ExchangeOrder> | undefined;
  status: OrderStatus;
  /** When it last changed. */
  time: number;
}

/** What happened to an order. */
interface Change {
  readonly time: number;
  readonly status: OrderStatus;
  readonly requestTimestamp?: bigint;
  readonly execution?: MatchExecution;
}

/** What the exchange's side of an instrument's orders needs. */
export interface ReplayOrdersOptions {
  /** Asset number. */
  readonly asset: number;
  /** What is traded. */
  readonly instrument: Instrument;
  /** How orders queue. */
  readonly queueModel: QueueModelOptions;
  /** The moment of time 0. */
  readonly epoch: NsTime;
  /** Takes the answers. */
  readonly responses: EventQueue;
  /** When an answer given at a time is received. */
  readonly responseLocal: (time: number) => number;
  /** How far the exchange's clock is ahead, ns. */
  readonly skewNs: () => number;
}

/** Keeps orders, has them matched, and reports what becomes of them. */
export class ReplayOrders implements MatchListener<ExchangeOrder> {
  /** Matches them against the recorded book. */
  readonly engine: BookMatchingEngine<ExchangeOrder>;

  readonly #options: ReplayOrdersOptions;
  readonly #prices: Grid;
  readonly #lots: Grid;
  /** Resting orders by their ids. */
  readonly #resting = new Map<bigint, ExchangeOrder>();
  #positionLots = 0;
  #hasTraded = false;
  #hasNewPosition = false;

  /** @param options What it needs. */
  constructor(options: ReplayOrdersOptions) {
    const { instrument, queueModel } = options;
    this.#options = options;
    this.#prices = new Grid(instrument.tickSize);
    this.#lots = new Grid(instrument.lotSize);
    this.engine = new BookMatchingEngine({ queueModel, lotSize: instrument.lotSize }, this);
  }

  /** Signed quantity held, in base units; undefined before the first execution. */
  get position(): number | undefined {
    return this.#hasTraded ? this.#lots.value(this.#positionLots) : undefined;
  }

  /** An order arrives. */
  submit(order: Order, time: number): void {
    const { orderType, timeInForce } = order;
    const entry: ExchangeOrder = { order, match: undefined, status: "new", time };
    this.engine.submit({
      tag: entry,
      isBuy: order.side === "buy",
      orderType,
      timeInForce,
      tick: Number(order.priceTick),
      lots: this.#lots.steps(order.qty),
    }, time);
    this.reportPosition(time);
  }

  /** A cancel request arrives. */
  cancel(order: Order, time: number): void {
    const entry = this.#resting.get(order.orderId);
    if (entry?.match === undefined) {
      this.#refuse(`Cannot cancel order: orderId = ${order.orderId} is no longer open`, time);
      return;
    }
    this.engine.cancel(entry.match);
    this.#resting.delete(order.orderId);
    this.#report(entry, { time, status: "canceled", requestTimestamp: order.localTimestamp });
  }

  /** An order never arrives, since the exchange is overloaded. */
  reject(order: Order, time: number): void {
    const entry: ExchangeOrder = { order, match: undefined, status: "rejected", time };
    this.#report(entry, { time, status: "rejected" });
  }

  /** A cancel request never arrives, since the exchange is overloaded. */
  rejectCancel(order: Order, time: number): void {
    const entry = this.#resting.get(order.orderId);
    this.#refuse(`Cannot cancel order: orderId = ${order.orderId}, exchange is overloaded`, time);
    // The order stays as it is, and the request is answered.
    if (entry === undefined) return;
    const { status } = entry;
    this.#report(entry, { time, status, requestTimestamp: order.localTimestamp });
  }

  /** Tells the position if there were executions since it was last told. */
  reportPosition(time: number): void {
    if (!this.#hasNewPosition) return;
    this.#hasNewPosition = false;
    const { asset, responses, responseLocal } = this.#options;
    const position = this.#lots.value(this.#positionLots);
    responses.push(
      EventKind.Position,
      asset,
      this.#exch(time),
      responseLocal(time),
      0,
      position,
    );
  }

  /** Open orders, as an answer to a registration has them. */
  openOrders(): OrderReport[] {
    return Array.from(this.engine.resting(), ({ tag }) => this.#reportOf(tag, tag));
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (const entry of this.#resting.values()) entry.time -= byNs;
  }

  resting(match: MatchOrder<ExchangeOrder>, time: number): void {
    const { tag } = match;
    this.#resting.set(tag.order.orderId, tag);
    // After executions it is known to be open already.
    if (match.leavesLots === match.lots) this.#report(tag, { time, status: "new" }, match);
  }

  executed(match: MatchOrder<ExchangeOrder>, execution: MatchExecution): void {
    const { tag, isBuy, leavesLots } = match;
    this.#positionLots += isBuy ? execution.lots : -execution.lots;
    this.#hasTraded = true;
    this.#hasNewPosition = true;
    if (leavesLots === 0) this.#resting.delete(tag.order.orderId);
    const status = leavesLots === 0 ? "filled" : "partiallyFilled";
    this.#report(tag, { time: execution.time, status, execution }, match);
  }

  expired(match: MatchOrder<ExchangeOrder>, _reason: unknown, time: number): void {
    this.#report(match.tag, { time, status: "expired" }, match);
  }

  #refuse(message: string, time: number): void {
    const { asset, responses, responseLocal } = this.#options;
    const report = { kind: "orderError", code: 0n, message } as const;
    responses.pushReport(EventKind.Error, asset, this.#exch(time), responseLocal(time), report);
  }

  #report(
    entry: ExchangeOrder,
    change: Change,
    match: MatchOrder<ExchangeOrder> | undefined = entry.match,
  ): void {
    entry.status = change.status;
    entry.time = change.time;
    entry.match = match;
    const { asset, responses, responseLocal } = this.#options;
    const { time } = change;
    const report = this.#reportOf(entry, change);
    responses.pushReport(EventKind.Order, asset, this.#exch(time), responseLocal(time), report);
  }

  #reportOf(entry: ExchangeOrder, change: Change): OrderReport {
    const { order, match } = entry;
    const { execution } = change;
    return {
      asset: this.#options.asset,
      orderId: order.orderId,
      side: order.side,
      price: order.price,
      priceTick: order.priceTick,
      qty: order.qty,
      leavesQty: match === undefined ? order.qty : this.#lots.value(match.leavesLots),
      execQty: this.#lots.value(execution?.lots ?? 0),
      execPrice: execution === undefined ? 0 : this.#prices.value(execution.tick),
      maker: execution?.maker ?? false,
      timeInForce: order.timeInForce,
      orderType: order.orderType,
      status: change.status,
      request: "none",
      exchTimestamp: new NsTime().copy(this.#options.epoch).add(this.#exch(change.time)).toBigInt(),
      requestTimestamp: change.requestTimestamp ?? order.localTimestamp,
    };
  }

  /** A time by the exchange's own clock. */
  #exch(time: number): number {
    return time + this.#options.skewNs();
  }
}

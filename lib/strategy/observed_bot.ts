/**
 * A bot that tells what it is asked and what it delivers.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type {
  ConnectionStatus,
  FeedLatency,
  LiveBot,
  OrderLatency,
  StateValues,
} from "../bot/live_bot.ts";
import type { MarketDepth } from "../bot/market_depth.ts";
import type { ElapseResult, OrderType, TimeInForce } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { TradeEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";

/** A request that was sent. */
export interface SentRequest {
  /** Asset number. */
  readonly asset: number;
  /** Id of the order. */
  readonly orderId: bigint;
  /** When the call began, ns since the Unix epoch. */
  readonly from: bigint;
  /** When the call ended, ns since the Unix epoch: it was sent in between. */
  readonly to: bigint;
}

/** Is told what happens on a bot. */
export interface BotObserver {
  /** An order was sent. */
  submitted(request: SentRequest): void;
  /** A cancel request was sent. */
  cancelSent(request: SentRequest): void;
  /** The bot refused to send a request. */
  refused(): void;
  /** A poll ended: with as many records in the batch, or -1 at the end of the data. */
  polled(batch: EventBatch, length: number): void;
}

/** A {@linkcode LiveBot} that is another one, and tells an observer what happens on it. */
export class ObservedBot implements LiveBot {
  readonly instruments: readonly Instrument[];
  readonly numAssets: number;
  readonly watchEvents?: NonNullable<LiveBot["watchEvents"]>;
  readonly #bot: LiveBot;
  readonly #observer: BotObserver;
  #halted: string | undefined;

  /**
   * @param bot The bot that does it all.
   * @param observer Is told.
   */
  constructor(bot: LiveBot, observer: BotObserver) {
    this.#bot = bot;
    this.#observer = observer;
    this.instruments = bot.instruments;
    this.numAssets = bot.numAssets;
    if (bot.watchEvents) this.watchEvents = bot.watchEvents.bind(bot);
  }

  /** Refuses new orders from now on; cancels still pass. */
  halt(why: string): void {
    this.#halted = why;
  }

  currentTimestamp(): bigint {
    return this.#bot.currentTimestamp();
  }

  depth(asset: number): MarketDepth {
    return this.#bot.depth(asset);
  }

  lastTrades(asset: number): readonly TradeEvent[] {
    return this.#bot.lastTrades(asset);
  }

  clearLastTrades(asset?: number): void {
    this.#bot.clearLastTrades(asset);
  }

  position(asset: number): number {
    return this.#bot.position(asset);
  }

  stateValues(asset: number): StateValues {
    return this.#bot.stateValues(asset);
  }

  orders(asset: number): ReadonlyMap<bigint, Order> {
    return this.#bot.orders(asset);
  }

  order(asset: number, orderId: bigint): Order | undefined {
    return this.#bot.order(asset, orderId);
  }

  clearInactiveOrders(asset?: number): void {
    this.#bot.clearInactiveOrders(asset);
  }

  submitBuyOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait = false,
  ): ElapseResult {
    return this.#submit(
      asset,
      orderId,
      () => this.#bot.submitBuyOrder(asset, orderId, price, qty, timeInForce, orderType, wait),
    );
  }

  submitSellOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait = false,
  ): ElapseResult {
    return this.#submit(
      asset,
      orderId,
      () => this.#bot.submitSellOrder(asset, orderId, price, qty, timeInForce, orderType, wait),
    );
  }

  cancel(asset: number, orderId: bigint, wait = false): ElapseResult {
    const from = this.#bot.currentTimestamp();
    const result = this.#send(() => this.#bot.cancel(asset, orderId, wait));
    this.#observer.cancelSent({ asset, orderId, from, to: this.#bot.currentTimestamp() });
    return result;
  }

  waitOrderResponse(asset: number, orderId: bigint, timeoutNs: number): ElapseResult {
    return this.#bot.waitOrderResponse(asset, orderId, timeoutNs);
  }

  waitNextFeed(includeOrderResponse: boolean, timeoutNs: number): ElapseResult {
    return this.#bot.waitNextFeed(includeOrderResponse, timeoutNs);
  }

  elapse(durationNs: number): ElapseResult {
    return this.#bot.elapse(durationNs);
  }

  feedLatency(asset: number): FeedLatency | undefined {
    return this.#bot.feedLatency(asset);
  }

  orderLatency(asset: number): OrderLatency | undefined {
    return this.#bot.orderLatency(asset);
  }

  poll(batch: EventBatch): number {
    const length = this.#bot.poll(batch);
    this.#observer.polled(batch, length);
    return length;
  }

  connection(asset: number): ConnectionStatus {
    return this.#bot.connection(asset);
  }

  register(asset?: number): void {
    this.#bot.register(asset);
  }

  close(): void {
    this.#bot.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #submit(asset: number, orderId: bigint, submit: () => ElapseResult): ElapseResult {
    if (this.#halted !== undefined) {
      throw new BotError("closed", `Cannot submit order: ${this.#halted}`);
    }
    const from = this.#bot.currentTimestamp();
    const result = this.#send(submit);
    this.#observer.submitted({ asset, orderId, from, to: this.#bot.currentTimestamp() });
    return result;
  }

  #send(request: () => ElapseResult): ElapseResult {
    try {
      return request();
    } catch (error) {
      this.#observer.refused();
      throw error;
    }
  }
}

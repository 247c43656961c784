/**
 * The contract that every bot keeps: native, stub, replay.
 *
 * @module
 */

import type { ElapseResult, OrderType, TimeInForce } from "../model/codes.ts";
import type { TradeEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";
import type { EventBatch } from "./batch.ts";
import type { MarketDepth } from "./market_depth.ts";

/** Times of the last market event of an instrument. */
export interface FeedLatency {
  /** When the exchange made it, ns since the Unix epoch. */
  readonly exchTimestamp: bigint;
  /** When it was received here, ns since the Unix epoch. */
  readonly localTimestamp: bigint;
  /** The second less the first, ns. */
  readonly latencyNs: number;
}

/** Times of the last order response of an instrument. */
export interface OrderLatency {
  /** When the request was sent, ns since the Unix epoch. */
  readonly requestTimestamp: bigint;
  /** When the exchange handled it, ns since the Unix epoch. */
  readonly exchTimestamp: bigint;
  /** When the response came, ns since the Unix epoch. */
  readonly responseTimestamp: bigint;
  /** Round trip: the third less the first, ns. */
  readonly roundTripNs: number;
}

/** Values of the trading state. A live engine only knows the position; the rest is simulation's. */
export interface StateValues {
  /** Signed quantity held, in base units. */
  readonly position: number;
  /** Cash, in quote currency. */
  readonly balance: number;
  /** Fees paid, in quote currency. */
  readonly fee: number;
  /** Number of own executions. */
  readonly numTrades: number;
  /** Quantity executed, in base units. */
  readonly tradingVolume: number;
  /** Value executed, in quote currency. */
  readonly tradingValue: number;
}

/** What is proven about an instrument's way to its exchange. Counts are since the bot was made. */
export interface ConnectionStatus {
  /** Whether a living process publishes on the connector's channel. */
  readonly attached: boolean;
  /** Whether that process answered this bot's registration of the instrument. */
  readonly registered: boolean;
  /** When the last market event came, ns since the Unix epoch; undefined before the first. */
  readonly lastFeedTimestamp: bigint | undefined;
  /** How often the channel may have overflowed. */
  readonly overflows: number;
  /** Events that the bot itself dropped because nobody polled them. */
  readonly dropped: number;
  /** Messages refused because they could not be decoded or held impossible values. */
  readonly malformed: number;
}

/** How a {@linkcode LiveBot.watchEvents} looks for events. */
export interface EventWatchOptions {
  /** Longest time between two looks, ms, from 0.001: how long an event may wait unnoticed. */
  readonly lookEveryMs: number;
  /** Longest wait, ms. */
  readonly timeoutMs: number;
}

/** A wait for events that leaves the thread free. */
export interface EventWatch {
  /** Settles when the watch ends: true if a poll may bring something. Never rejects. */
  readonly ended: Promise<boolean>;
  /** Ends it soon; more calls do nothing. */
  end(): void;
}

/**
 * A trading bot: upstream's `Bot` trait in camelCase, plus {@linkcode LiveBot.poll}.
 *
 * It is synchronous and belongs to one thread. Every method that takes an asset
 * number throws a `BotError` with reason "instrumentNotFound" for one that does not
 * exist, and every method but `close` throws one with reason "closed" after `close`.
 */
export interface LiveBot extends Disposable {
  /** The instruments; an instrument's index is its asset number. */
  readonly instruments: readonly Instrument[];
  /** How many instruments there are. */
  readonly numAssets: number;
  /** The bot's clock: wall time when live, the data's time in a simulation. Ns since the Unix epoch. */
  currentTimestamp(): bigint;

  /** A live view of an instrument's book. */
  depth(asset: number): MarketDepth;
  /** Trades since they were last cleared, oldest first, up to the capacity given per instrument. */
  lastTrades(asset: number): readonly TradeEvent[];
  /** Forgets the trades of one instrument, or of all. */
  clearLastTrades(asset?: number): void;
  /** Signed quantity held, in base units. */
  position(asset: number): number;
  /** Position and, in a simulation, balance, fees and volumes. */
  stateValues(asset: number): StateValues;
  /** A copy of the orders that the bot remembers, by order id. */
  orders(asset: number): ReadonlyMap<bigint, Order>;
  /** One order by its id, or undefined if the bot does not remember it. */
  order(asset: number, orderId: bigint): Order | undefined;
  /** Forgets orders that can no longer trade, of one instrument or of all. */
  clearInactiveOrders(asset?: number): void;

  /**
   * Sends a buy order.
   *
   * @param asset Asset number.
   * @param orderId Unique id, 0 to 2^64-1.
   * @param price Limit price on the tick grid, in quote currency; ignored for a market order.
   * @param qty Quantity on the lot grid, in base units.
   * @param timeInForce How long it stays.
   * @param orderType Limit or market.
   * @param wait Whether to wait, blocking the thread for up to 60 s, for the exchange's answer.
   * @returns "ok", or what ended the wait.
   * @throws {BotError} "orderIdExists", "invalidOrderRequest" (naming field and value), "custom".
   */
  submitBuyOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait?: boolean,
  ): ElapseResult;
  /** Sends a sell order; see {@linkcode submitBuyOrder}. */
  submitSellOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait?: boolean,
  ): ElapseResult;
  /**
   * Asks the exchange to cancel an order.
   *
   * @param asset Asset number.
   * @param orderId Id of a remembered order.
   * @param wait Whether to wait, blocking the thread for up to 60 s, for the answer.
   * @returns "ok", or what ended the wait.
   * @throws {BotError} "orderNotFound"; "invalidOrderStatus" if it cannot be cancelled now.
   */
  cancel(asset: number, orderId: bigint, wait?: boolean): ElapseResult;

  /** Handles events until a response for this order comes or `timeoutNs` has passed. */
  waitOrderResponse(asset: number, orderId: bigint, timeoutNs: number): ElapseResult;
  /** Handles events until a market event (or, if asked, an order response) comes or `timeoutNs` has passed. */
  waitNextFeed(includeOrderResponse: boolean, timeoutNs: number): ElapseResult;
  /** Handles events for `durationNs`. */
  elapse(durationNs: number): ElapseResult;

  /** Times of the last market event, or undefined before the first. */
  feedLatency(asset: number): FeedLatency | undefined;
  /** Times of the last order response, or undefined before the first. */
  orderLatency(asset: number): OrderLatency | undefined;

  /**
   * Handles every event that is waiting and delivers all since the last poll, also
   * those that a wait handled, up to the batch's capacity. Never blocks.
   *
   * @param batch Is overwritten.
   * @returns The number of records, 0 when nothing happened; -1 when the data has ended.
   */
  poll(batch: EventBatch): number;
  /**
   * Waits for events without blocking the thread and without polling: for one who has nothing to
   * do meanwhile, so that an idle program costs next to nothing. Only bots have it for which that
   * is cheaper than polling from a timer.
   *
   * A watch ends when something waits or a connector came or went, when the time has passed, and
   * soon after the next call that handles events, a further watch, or `close`. Poll now and then all
   * the same: a connector that died without a word shows in polls only.
   *
   * @param options How often to look, and for how long.
   * @returns The watch.
   * @throws {InvalidInputError} If a time cannot be used.
   */
  watchEvents?(options: EventWatchOptions): EventWatch;
  /** What is proven about an instrument's connection now. */
  connection(asset: number): ConnectionStatus;
  /**
   * Asks the connector again for one instrument's orders, position and book, or for all. An order
   * of this bot's that the connector does not know any more gets status "none", now or after one
   * more answer.
   */
  register(asset?: number): void;

  /** Releases everything; more calls do nothing. The same as `Symbol.dispose`. */
  close(): void;
}

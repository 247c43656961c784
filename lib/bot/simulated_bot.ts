/**
 * A bot whose exchange lives in this process.
 *
 * @module
 */

import type { ElapseResult, OrderType, Side, TimeInForce } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { TradeEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";
import { AssetState, type FeeRates } from "./asset_state.ts";
import type { EventBatch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import { type EventQueue, QUEUED } from "./event_queue.ts";
import { EventWriter } from "./event_writer.ts";
import { hasPayload, Intake } from "./intake.ts";
import { Journal } from "./journal.ts";
import type {
  ConnectionStatus,
  FeedLatency,
  LiveBot,
  OrderLatency,
  StateValues,
} from "./live_bot.ts";
import type { MarketDepth } from "./market_depth.ts";
import { checkOrderRequest } from "./order_request.ts";
import { REBASE_AFTER_NS } from "./time_base.ts";
import type { Venue } from "./venue.ts";
import {
  answer,
  checkDuration,
  FEED,
  FEED_OR_RESPONSE,
  NOTHING,
  type WaitFor,
} from "./wait_for.ts";

/** How long a call with `wait` waits for an answer, as upstream. */
const RESPONSE_TIMEOUT_NS = 60_000_000_000;
// Own constants, for the compiler: see event_queue.ts.
const { doubles: DOUBLES, local: LOCAL, words: WORDS, ev: EV } = QUEUED;

/** What a {@linkcode SimulatedBot} is made of. */
export interface SimulatedBotOptions {
  /** What is traded. */
  readonly instruments: readonly Instrument[];
  /** Trades kept for `lastTrades`, by asset. */
  readonly lastTradesCapacities: readonly number[];
  /** Market events kept for the next poll while a wait handles them. */
  readonly journalCapacity: number;
  /** Fees of own executions. */
  readonly fees: FeeRates;
}

/** A {@linkcode LiveBot} on a {@linkcode Venue} and a {@linkcode Clock}. */
export class SimulatedBot implements LiveBot {
  readonly instruments: readonly Instrument[];

  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #assets: readonly AssetState[];
  readonly #journal: Journal;
  readonly #intake: Intake;
  readonly #writer: EventWriter;
  #closed = false;
  /** Up to when the call at hand takes in events. */
  #until = 0;

  /**
   * @param venue Where it trades.
   * @param clock Its time; the venue counts its times from the same base.
   * @param options What it trades, and its limits.
   */
  constructor(venue: Venue, clock: Clock, options: SimulatedBotOptions) {
    const { instruments, lastTradesCapacities, journalCapacity, fees } = options;
    this.instruments = instruments;
    this.#venue = venue;
    this.#clock = clock;
    this.#assets = instruments.map((instrument, asset) =>
      new AssetState(instrument, lastTradesCapacities[asset] ?? 0, fees)
    );
    this.#journal = new Journal(journalCapacity, instruments.length);
    this.#intake = new Intake(this.#assets, clock.base);
    this.#writer = new EventWriter(clock.base);
  }

  get numAssets(): number {
    return this.instruments.length;
  }

  currentTimestamp(): bigint {
    this.#checkOpen();
    return this.#timestamp();
  }

  depth(asset: number): MarketDepth {
    return this.#asset(asset).book;
  }

  lastTrades(asset: number): readonly TradeEvent[] {
    return this.#asset(asset).trades.events(asset, this.#clock.base);
  }

  clearLastTrades(asset?: number): void {
    for (const state of this.#oneOrAll(asset)) state.trades.clear();
  }

  position(asset: number): number {
    return this.#asset(asset).position;
  }

  stateValues(asset: number): StateValues {
    return this.#asset(asset).stateValues();
  }

  orders(asset: number): ReadonlyMap<bigint, Order> {
    return this.#asset(asset).orders.copy();
  }

  order(asset: number, orderId: bigint): Order | undefined {
    return this.#asset(asset).orders.get(orderId);
  }

  clearInactiveOrders(asset?: number): void {
    for (const state of this.#oneOrAll(asset)) state.orders.clearInactive();
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
    return this.#submit("buy", asset, orderId, price, qty, timeInForce, orderType, wait);
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
    return this.#submit("sell", asset, orderId, price, qty, timeInForce, orderType, wait);
  }

  cancel(asset: number, orderId: bigint, wait = false): ElapseResult {
    const state = this.#asset(asset);
    state.checkReachable();
    this.#rebase();
    const now = this.#clock.now();
    const order = state.orders.cancel(orderId, this.#clock.base.toBigInt(now));
    this.#venue.cancel(asset, order, now);
    return wait ? this.waitOrderResponse(asset, orderId, RESPONSE_TIMEOUT_NS) : "ok";
  }

  waitOrderResponse(asset: number, orderId: bigint, timeoutNs: number): ElapseResult {
    this.#asset(asset);
    checkDuration("timeoutNs", timeoutNs);
    return this.#wait(timeoutNs, { feed: false, anyResponse: false, order: { asset, orderId } });
  }

  waitNextFeed(includeOrderResponse: boolean, timeoutNs: number): ElapseResult {
    this.#checkOpen();
    checkDuration("timeoutNs", timeoutNs);
    return this.#wait(timeoutNs, includeOrderResponse ? FEED_OR_RESPONSE : FEED);
  }

  elapse(durationNs: number): ElapseResult {
    this.#checkOpen();
    checkDuration("durationNs", durationNs);
    return this.#wait(durationNs, NOTHING);
  }

  feedLatency(asset: number): FeedLatency | undefined {
    return this.#asset(asset).feedLatency(this.#clock.base);
  }

  orderLatency(asset: number): OrderLatency | undefined {
    return this.#asset(asset).orderLatency();
  }

  poll(batch: EventBatch): number {
    this.#checkOpen();
    this.#rebase();
    const clock = this.#clock;
    const writer = this.#writer;
    writer.begin(batch);
    if (!this.#journal.isEmpty) this.#journal.drain(writer, clock.now());
    this.#until = writer.free > 0 ? clock.pollTarget(writer.length > 0) : clock.now();
    let next = this.#next();
    while (next !== undefined && writer.free > 0) {
      this.#deliver(next);
      next = this.#next();
    }
    const more = next !== undefined || !this.#journal.isEmpty;
    if (!more && !this.#ended) clock.advanceTo(this.#until);
    const length = writer.end(clock.now(), more);
    return length === 0 && this.#ended ? -1 : length;
  }

  connection(asset: number): ConnectionStatus {
    return this.#asset(asset).connection(this.#clock.base);
  }

  register(asset?: number): void {
    this.#checkOpen();
    this.#rebase();
    const now = this.#clock.now();
    if (asset !== undefined) {
      this.#asset(asset);
      this.#venue.register(asset, now);
    } else {
      for (let each = 0; each < this.numAssets; each++) this.#venue.register(each, now);
    }
  }

  close(): void {
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Whether nothing can happen any more. */
  get #ended(): boolean {
    const { nextTime, feeds, responses } = this.#venue;
    return nextTime === Infinity && feeds.length === 0 && responses.length === 0;
  }

  #timestamp(): bigint {
    return this.#clock.base.toBigInt(this.#clock.now());
  }

  #submit(
    side: Side,
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait: boolean,
  ): ElapseResult {
    const state = this.#asset(asset);
    const request = { orderId, price, qty, timeInForce, orderType };
    checkOrderRequest(this.instruments[asset]!, request);
    state.checkReachable();
    this.#rebase();
    const now = this.#clock.now();
    const order = state.orders.submit(side, request, this.#clock.base.toBigInt(now));
    this.#venue.submit(asset, order, now);
    return wait ? this.waitOrderResponse(asset, orderId, RESPONSE_TIMEOUT_NS) : "ok";
  }

  /** Takes in events until one that is waited for, or until the time has passed. */
  #wait(durationNs: number, waitFor: WaitFor): ElapseResult {
    this.#rebase();
    const clock = this.#clock;
    const deadline = clock.now() + durationNs;
    this.#until = deadline;
    let result: ElapseResult | undefined;
    for (;;) {
      const next = this.#next();
      if (next === undefined) {
        if (this.#ended) return "endOfData";
        clock.advanceTo(deadline);
        return "ok";
      }
      clock.advanceTo(next.frontLocal);
      this.#intake.take(next, next.head);
      result ??= answer(next, waitFor);
      const loser = this.#journal.record(next);
      if (loser >= 0) this.#assets[loser]!.dropped++;
      next.shift();
      if (result !== undefined && !this.#intake.inBatch) return result;
    }
  }

  /** The queue whose front is the next event up to `#until`, or undefined if there is none. */
  #next(): EventQueue | undefined {
    const venue = this.#venue;
    const until = this.#until;
    const { feeds, responses } = venue;
    for (;;) {
      const next = feeds.frontLocal <= responses.frontLocal ? feeds : responses;
      const local = next.frontLocal;
      const time = venue.nextTime;
      // What happens at the exchange by then may still come first.
      if (time > local) return local <= until ? next : undefined;
      if (time > until) return undefined;
      this.#clock.advanceTo(time);
      venue.runNext();
    }
  }

  /**
   * Takes in and writes the front of a queue, and what follows in it before anything else
   * happens. A poll spends its time here: all events are taken in, then all are written.
   */
  #deliver(queue: EventQueue): void {
    const writer = this.#writer;
    const intake = this.#intake;
    if (queue.payload !== undefined) {
      this.#clock.advanceTo(queue.frontLocal);
      intake.take(queue, queue.head);
      writer.writeFront(queue);
      queue.shift();
      return;
    }
    const { feeds, responses, nextTime } = this.#venue;
    const { doubles, words, mask } = queue;
    const limit = queue === feeds ? Math.min(this.#until, responses.frontLocal) : queue.frontLocal;
    const most = Math.min(queue.length, writer.free);
    let local = queue.frontLocal;
    let last = local;
    let place = queue.head;
    let count = 0;
    do {
      intake.take(queue, place);
      last = local;
      place = (place + 1) & mask;
      count++;
      local = doubles[place * DOUBLES + LOCAL]!;
    } while (
      count < most && local <= limit && local < nextTime &&
      !hasPayload(words[place * WORDS + EV]! & 0xff)
    );
    writer.writeFirst(queue, count);
    queue.drop(count);
    this.#clock.advanceTo(last);
  }

  #checkOpen(): void {
    if (this.#closed) throw new BotError("closed", "Cannot use bot: it is closed");
  }

  #asset(asset: number): AssetState {
    this.#checkOpen();
    const state = Number.isInteger(asset) ? this.#assets[asset] : undefined;
    if (state === undefined) {
      throw new BotError(
        "instrumentNotFound",
        `Cannot find instrument: asset = ${String(asset)}, expected 0 to ${this.numAssets - 1}`,
      );
    }
    return state;
  }

  #oneOrAll(asset: number | undefined): readonly AssetState[] {
    this.#checkOpen();
    return asset === undefined ? this.#assets : [this.#asset(asset)];
  }

  /** Keeps times small enough to be exact, however long the simulation runs. */
  #rebase(): void {
    const now = this.#clock.now();
    if (now < REBASE_AFTER_NS) return;
    this.#clock.rebase(now);
    this.#venue.rebase(now);
    this.#journal.rebase(now);
    for (const state of this.#assets) state.rebase(now);
  }
}

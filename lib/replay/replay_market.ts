/**
 * The recorded market of one instrument, and the bot's orders in it.
 *
 * @module
 */

import type { EventQueue } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import { BUY_FLAG, EventKind, EXCH_FLAG, LOCAL_FLAG, SELL_FLAG } from "../bot/record.ts";
import { type ConnectionState, connectionStateCode } from "../model/codes.ts";
import type { Order } from "../model/order.ts";
import type { NsTime } from "../model/time.ts";
import { makeOrderLatency, type OrderLatencyModel } from "./latency.ts";
import type { RecordCursor } from "./record_cursor.ts";
import { ReplayOrders } from "./replay_orders.ts";
import type { ReplayAsset, ReplaySettings } from "./settings.ts";

const VALID = EXCH_FLAG + LOCAL_FLAG;
const BID_SNAPSHOT = VALID + BUY_FLAG + EventKind.Snapshot;
const ASK_SNAPSHOT = VALID + SELL_FLAG + EventKind.Snapshot;
const CLEAR = VALID + EventKind.DepthClear;
/** Times further on are not exact: the base has to move up before they are reached. */
export const HORIZON_NS: number = 2 ** 52;

/** A request on its way to the exchange. */
interface Request {
  arrival: number;
  readonly kind: "submit" | "cancel" | "reject" | "rejectCancel" | "register";
  readonly order?: Order;
}

/** What the market of an instrument is made of. */
export interface ReplayMarketOptions {
  /** Asset number. */
  readonly asset: number;
  /** The instrument's settings. */
  readonly assetSettings: ReplayAsset;
  /** Checked options. */
  readonly settings: ReplaySettings;
  /** Its recorded events. */
  readonly cursor: RecordCursor;
  /** The moment of time 0. */
  readonly epoch: NsTime;
  /** Takes its events. */
  readonly feeds: EventQueue;
  /** Takes its answers about orders. */
  readonly responses: EventQueue;
}

/** Replays the recorded events of one instrument. */
export class ReplayMarket {
  /** Its events, in the order of local time. */
  readonly feeds: EventQueue;
  /** Its answers about orders, in the order of local time. */
  readonly responses: EventQueue;
  /** When something happens next; Infinity when nothing will. */
  nextTime = 0;
  /** Whether market events are kept from the bot. */
  muted = false;

  readonly #asset: number;
  readonly #epoch: NsTime;
  readonly #cursor: RecordCursor;
  readonly #orders: ReplayOrders;
  readonly #latency: OrderLatencyModel;
  readonly #prices: Grid;
  readonly #lots: Grid;
  readonly #tickSize: number;
  readonly #lotSize: number;
  readonly #requests: Request[] = [];
  #horizon = HORIZON_NS;
  #isRegistered = false;
  #feedLatencyNs = 0;
  #feedLocal = 0;
  #responseLocal = 0;

  /** @param options What it is made of. */
  constructor(options: ReplayMarketOptions) {
    const { asset, assetSettings: { instrument }, settings, cursor, epoch } = options;
    this.feeds = options.feeds;
    this.responses = options.responses;
    this.#asset = asset;
    this.#epoch = epoch;
    this.#cursor = cursor;
    this.#tickSize = instrument.tickSize;
    this.#lotSize = instrument.lotSize;
    this.#prices = new Grid(instrument.tickSize);
    this.#lots = new Grid(instrument.lotSize);
    this.#latency = makeOrderLatency(settings.orderLatency, () => this.#feedLatencyNs);
    this.#orders = new ReplayOrders({
      asset,
      instrument,
      queueModel: settings.queueModel,
      epoch,
      responses: this.responses,
      responseLocal: (time) => this.#answerAt(time),
      skewNs: () => cursor.skewNs,
    });
  }

  /** Why its recordings could not be read on. */
  get failure(): Error | undefined {
    return this.#cursor.failure;
  }

  /** Builds the book of the records without a time, such as a snapshot before the first event. */
  skipTimeless(): void {
    const cursor = this.#cursor;
    while (!cursor.ended && cursor.ownTime === undefined) {
      this.#toBook(cursor.ev, cursor.price, cursor.qty, 0);
      cursor.skip();
    }
  }

  /** Begins: builds the book of the records before time 0, and tells it the bot. */
  begin(): void {
    const cursor = this.#cursor;
    while (!cursor.ended && (cursor.isLocal ? cursor.local : cursor.time) < 0) {
      if (cursor.isExch) this.#toBook(cursor.ev, cursor.price, cursor.qty, 0);
      cursor.advance();
    }
    if (!cursor.ended) this.#feedLatencyNs = this.#latencyOf(cursor.local, cursor.exch);
    this.#connection(0, "attached");
    this.#answerRegistration(0);
    this.#schedule();
  }

  /**
   * Takes in that the moment of time 0 has moved.
   *
   * @param end When the data ends, counted from it.
   * @param byNs How much lower all times become.
   */
  place(end: number, byNs: number): void {
    this.feeds.rebase(byNs);
    this.responses.rebase(byNs);
    this.#cursor.place(this.#epoch, end, byNs);
    this.#latency.place(this.#epoch);
    this.#orders.rebase(byNs);
    for (const request of this.#requests) request.arrival -= byNs;
    this.#feedLocal -= byNs;
    this.#responseLocal -= byNs;
    this.#horizon = HORIZON_NS;
    this.#schedule();
  }

  /** Does what happens next. */
  run(): void {
    const { nextTime } = this;
    if (this.#cursor.time <= nextTime) this.#step();
    else if (nextTime === this.#horizon) this.#horizon = Infinity;
    else this.#handle(this.#requests.shift()!);
    this.#schedule();
  }

  /** Sends an order on its way. */
  submit(order: Order, now: number): void {
    this.#sendOrder(order, now, "submit", "reject");
  }

  /** Sends a cancel request on its way. */
  cancel(order: Order, now: number): void {
    this.#sendOrder(order, now, "cancel", "rejectCancel");
  }

  /** Asks for orders, position and book. */
  register(now: number): void {
    this.#send({ arrival: now, kind: "register" });
  }

  #sendOrder(
    order: Order,
    now: number,
    kind: "submit" | "cancel",
    rejection: "reject" | "rejectCancel",
  ): void {
    const entryNs = this.#latency.entryNs(now);
    if (entryNs >= 0) this.#send({ arrival: now + entryNs, kind, order });
    else this.#send({ arrival: now - entryNs, kind: rejection, order });
  }

  #send(request: Request): void {
    const last = this.#requests.at(-1);
    if (last !== undefined) request.arrival = Math.max(request.arrival, last.arrival);
    this.#requests.push(request);
    this.#schedule();
  }

  #schedule(): void {
    const request = this.#requests[0];
    const { time: next } = this.#cursor;
    const time = next > this.#horizon && next < Infinity ? this.#horizon : next;
    this.nextTime = request !== undefined && request.arrival < time ? request.arrival : time;
  }

  /** Replays one message: the records that share their times. */
  #step(): void {
    const cursor = this.#cursor;
    const { time, local, exch } = cursor;
    let isInBatch = false;
    let isReceived = false;
    let isSame: boolean;
    do {
      const { ev, price, qty, isExch, isLocal } = cursor;
      cursor.advance();
      isSame = cursor.time === time && cursor.local === local && cursor.exch === exch;
      if (isExch) this.#toBook(ev, price, qty, time);
      isReceived ||= isLocal;
      if (!isLocal || this.muted) continue;
      // Levels of one message belong together, as a connector sends them.
      const isJoined = isSame && isLevel(ev) && isLevel(cursor.ev) && cursor.isLocal;
      if (isJoined && !isInBatch) this.#mark(EventKind.BatchStart, time, local, 0);
      this.feeds.push(ev, this.#asset, exch, local, price, qty);
      if (isInBatch && !isJoined) this.#mark(EventKind.BatchEnd, time, local, 0);
      isInBatch = isJoined;
    } while (isSame);
    if (isReceived) {
      this.#feedLocal = Math.max(this.#feedLocal, local);
      this.#feedLatencyNs = this.#latencyOf(local, exch);
    }
    this.#orders.reportPosition(time);
  }

  /** Lets a record change the exchange's book, and match orders. */
  #toBook(ev: number, price: number, qty: number, time: number): void {
    const { engine } = this.#orders;
    const isBuy = (ev & BUY_FLAG) !== 0;
    switch (ev & 0xff) {
      case EventKind.Depth:
      case EventKind.Snapshot:
        engine.depth(
          isBuy,
          Math.round(price / this.#tickSize),
          Math.round(qty / this.#lotSize),
          time,
        );
        break;
      case EventKind.Trade:
        if (!isBuy && (ev & SELL_FLAG) === 0) break;
        engine.trade(
          isBuy,
          Math.round(price / this.#tickSize),
          Math.round(qty / this.#lotSize),
          time,
        );
        break;
      case EventKind.DepthClear:
        engine.clear(
          isBuy ? "buy" : (ev & SELL_FLAG) !== 0 ? "sell" : "none",
          price > 0 && price < Infinity ? Math.round(price / this.#tickSize) : undefined,
        );
        break;
    }
  }

  #handle({ kind, order, arrival }: Request): void {
    switch (kind) {
      case "submit":
        return this.#orders.submit(order!, arrival);
      case "cancel":
        return this.#orders.cancel(order!, arrival);
      case "reject":
        return this.#orders.reject(order!, arrival);
      case "rejectCancel":
        return this.#orders.rejectCancel(order!, arrival);
      case "register":
        return this.#answerRegistration(arrival);
    }
  }

  /** Open orders, known position and whole book between two marks, as a real connector answers. */
  #answerRegistration(time: number): void {
    const { feeds } = this;
    const asset = this.#asset;
    const exch = time + this.#cursor.skewNs;
    // After the events that are on their way, since the book has them in it.
    const local = this.#feedLocal = Math.max(this.#feedLocal, time);
    this.#mark(EventKind.BatchStart, time, local, 1);
    for (const report of this.#orders.openOrders()) {
      feeds.pushReport(EventKind.Order, asset, exch, local, report);
    }
    const { position } = this.#orders;
    if (position !== undefined) feeds.push(EventKind.Position, asset, exch, local, 0, position);
    if (this.#isRegistered) feeds.push(CLEAR, asset, exch, local, 0, 0);
    const { book } = this.#orders.engine;
    for (const tick of book.bidTicks()) {
      const qty = this.#lots.value(book.bidAt(tick));
      feeds.push(BID_SNAPSHOT, asset, exch, local, this.#prices.value(tick), qty);
    }
    for (const tick of book.askTicks()) {
      const qty = this.#lots.value(book.askAt(tick));
      feeds.push(ASK_SNAPSHOT, asset, exch, local, this.#prices.value(tick), qty);
    }
    this.#mark(EventKind.BatchEnd, time, local, 1);
    if (!this.#isRegistered) this.#connection(local, "registered");
    this.#isRegistered = true;
  }

  /** How long an event took, ns. */
  #latencyOf(local: number, exch: number): number {
    return Math.max(0, local - exch + this.#cursor.skewNs);
  }

  #mark(kind: number, time: number, local: number, detail: number): void {
    this.feeds.pushMark(kind, this.#asset, time, local, detail);
  }

  #connection(local: number, state: ConnectionState): void {
    this.#mark(EventKind.Connection, local, local, connectionStateCode(state));
  }

  /** When an answer given at a time is received: no earlier than those before it. */
  #answerAt(time: number): number {
    this.#responseLocal = Math.max(this.#responseLocal, time + this.#latency.responseNs(time));
    return this.#responseLocal;
  }
}

function isLevel(ev: number): boolean {
  const kind = ev & 0xff;
  return kind === EventKind.Depth || kind === EventKind.Snapshot;
}

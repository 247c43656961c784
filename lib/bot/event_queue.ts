/**
 * Events on their way, without an object for each.
 *
 * @module
 */

import type { ErrorKind } from "../model/codes.ts";
import type { OrderReport } from "./order_store.ts";

/** What an error event says. */
export interface ErrorReport {
  /** What kind of trouble. */
  readonly kind: ErrorKind;
  /** The connector's own number. */
  readonly code: bigint;
  /** In words. */
  readonly message: string;
}

/** What an event carries beside its numbers. */
export type EventPayload = OrderReport | ErrorReport | undefined;

/** Where the numbers of an event are in a queue's memory, counted from those of its place. */
export const QUEUED = {
  /** Doubles of a place. */
  doubles: 8,
  /** Exchange time, among the doubles. */
  exch: 0,
  /** Local time, among the doubles. */
  local: 1,
  /** Price, among the doubles; the quantity follows it. */
  price: 2,
  /** Quantity, among the doubles. */
  qty: 3,
  /** 32-bit words of a place. */
  words: 16,
  /** Kind and flags, among the words. */
  ev: 12,
  /** As in a record: asset number and, from bit 16 on, the detail; among the words. */
  assetAndDetail: 13,
} as const;

// The compiler takes a module's own constants for numbers, but looks up what is imported or exported
// each time. So the hot path's modules have constants of their own.
const DOUBLES = QUEUED.doubles;
const EXCH = QUEUED.exch;
const LOCAL = QUEUED.local;
const PRICE = QUEUED.price;
const QTY = QUEUED.qty;
const SEQUENCE = 4;
const WORDS = QUEUED.words;
const EV = QUEUED.ev;
const ASSET_AND_DETAIL = QUEUED.assetAndDetail;

/**
 * A first-in, first-out queue of events in one typed array, which grows when it is full. The
 * accessors read the event at its front.
 *
 * The hot path reads and writes its memory in place, so that nothing is allocated for an event. A
 * double is, where it is an argument or the result of a call that is not compiled into its caller,
 * or is kept in a field that began as undefined.
 */
export class EventQueue {
  /** Local time of the event at the front; Infinity when the queue is empty. */
  frontLocal: number = Infinity;

  #doubles = new Float64Array(64 * DOUBLES);
  #words = new Int32Array(this.#doubles.buffer);
  #payloads: EventPayload[] = new Array(64).fill(undefined);
  #mask = 63;
  #head = 0;
  #length = 0;
  // Times of the events that are added.
  #exch = 0;
  #local = 0;

  /** Events in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Place of the event at the front. The next one is at the next place, modulo `mask + 1`. */
  get head(): number {
    return this.#head;
  }

  /** Places less one. */
  get mask(): number {
    return this.#mask;
  }

  /** The doubles of all places. Another array once the queue has grown. */
  get doubles(): Float64Array<ArrayBuffer> {
    return this.#doubles;
  }

  /** The same memory as words. */
  get words(): Int32Array<ArrayBuffer> {
    return this.#words;
  }

  /** Kind and flags, as in upstream's `ev`. */
  get ev(): number {
    return this.#words[this.#head * WORDS + EV]! >>> 0;
  }

  /** Asset number. */
  get asset(): number {
    return this.#words[this.#head * WORDS + ASSET_AND_DETAIL]! & 0xffff;
  }

  /** Exchange time. */
  get exch(): number {
    return this.#doubles[this.#head * DOUBLES + EXCH]!;
  }

  /** Price, in quote currency. */
  get price(): number {
    return this.#doubles[this.#head * DOUBLES + PRICE]!;
  }

  /** Quantity, in base units. */
  get qty(): number {
    return this.#doubles[this.#head * DOUBLES + QTY]!;
  }

  /** Connection state code, or 1 in the mark of a registration's answer. */
  get detail(): number {
    return this.#words[this.#head * WORDS + ASSET_AND_DETAIL]! >>> 16;
  }

  /** Order among the events of several queues. */
  get sequence(): number {
    return this.#doubles[this.#head * DOUBLES + SEQUENCE]!;
  }

  /** What it carries beside its numbers. */
  get payload(): EventPayload {
    return this.#payloads[this.#head];
  }

  /** Adds a market event or a position. Times are numbers counted from the `TimeBase`. */
  push(ev: number, asset: number, exch: number, local: number, price: number, qty: number): void {
    this.setTimes(exch, local);
    const at = this.add(ev, asset);
    this.#doubles[at + PRICE] = price;
    this.#doubles[at + QTY] = qty;
  }

  /** Adds a batch mark or a change of the connection. */
  pushMark(kind: number, asset: number, exch: number, local: number, detail: number): void {
    this.push(kind, asset | (detail << 16), exch, local, 0, 0);
  }

  /** Adds an order report or an error. */
  pushReport(
    kind: number,
    asset: number,
    exch: number,
    local: number,
    payload: EventPayload,
  ): void {
    this.push(kind, asset, exch, local, 0, 0);
    this.#payloads[(this.#head + this.#length - 1) & this.#mask] = payload;
  }

  /** Adds a copy of the event at the front of another queue. */
  pushFrontOf(other: EventQueue, sequence: number): void {
    const words = other.#head * WORDS;
    const from = other.#head * DOUBLES;
    this.setTimes(other.exch, other.frontLocal);
    const at = this.add(other.#words[words + EV]!, other.#words[words + ASSET_AND_DETAIL]!);
    this.#doubles[at + PRICE] = other.#doubles[from + PRICE]!;
    this.#doubles[at + QTY] = other.#doubles[from + QTY]!;
    this.#doubles[at + SEQUENCE] = sequence;
    const { payload } = other;
    if (payload !== undefined) this.#payloads[at / DOUBLES] = payload;
  }

  /** Sets the times of the events that {@linkcode add} adds. */
  setTimes(exch: number, local: number): void {
    this.#exch = exch;
    this.#local = local;
  }

  /**
   * Adds an event without a price and a quantity, which are to be written next, even where they are 0.
   *
   * @param ev Kind and flags.
   * @param assetAndDetail Asset number and, from bit 16 on, the detail.
   * @returns Where its doubles are.
   */
  add(ev: number, assetAndDetail: number): number {
    if (this.#length > this.#mask) this.#grow();
    const place = (this.#head + this.#length) & this.#mask;
    const doubles = this.#doubles;
    const words = this.#words;
    const at = place * DOUBLES;
    doubles[at + EXCH] = this.#exch;
    doubles[at + LOCAL] = this.#local;
    words[place * WORDS + EV] = ev;
    words[place * WORDS + ASSET_AND_DETAIL] = assetAndDetail;
    if (++this.#length === 1) this.frontLocal = this.#local;
    return at;
  }

  /** Drops the event at the front. */
  shift(): void {
    if (this.#length === 0) return;
    if (this.#payloads[this.#head] !== undefined) this.#payloads[this.#head] = undefined;
    this.drop(1);
  }

  /** Drops the first `count` events, which the queue must have; none may carry a payload. */
  drop(count: number): void {
    this.#head = (this.#head + count) & this.#mask;
    this.#length -= count;
    this.frontLocal = this.#length === 0 ? Infinity : this.#doubles[this.#head * DOUBLES + LOCAL]!;
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (let i = 0; i < this.#length; i++) {
      const at = ((this.#head + i) & this.#mask) * DOUBLES;
      this.#doubles[at + EXCH]! -= byNs;
      this.#doubles[at + LOCAL]! -= byNs;
    }
    this.frontLocal -= byNs;
  }

  #grow(): void {
    const size = this.#mask + 1;
    const doubles = new Float64Array(size * 2 * DOUBLES);
    doubles.set(this.#doubles.subarray(this.#head * DOUBLES));
    doubles.set(this.#doubles.subarray(0, this.#head * DOUBLES), (size - this.#head) * DOUBLES);
    this.#payloads = [
      ...this.#payloads.slice(this.#head),
      ...this.#payloads.slice(0, this.#head),
      ...new Array(size).fill(undefined),
    ];
    this.#doubles = doubles;
    this.#words = new Int32Array(doubles.buffer);
    this.#head = 0;
    this.#mask = size * 2 - 1;
  }
}

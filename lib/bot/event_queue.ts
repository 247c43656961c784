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

/** Doubles of an event. */
const STRIDE = 8;
const EXCH = 0;
const LOCAL = 1;
const PRICE = 2;
const QTY = 3;
const SEQUENCE = 4;
// The last two doubles hold whole numbers instead, at these places among 32-bit ones.
const WORDS = 2 * STRIDE;
const EV = 12;
const ASSET = 13;
const DETAIL = 14;

/**
 * A first-in, first-out queue of events in one typed array, which grows when it is
 * full. The accessors read the event at its front.
 */
export class EventQueue {
  /** Local time of the event at the front; Infinity when the queue is empty. */
  frontLocal: number;

  #data = new Float64Array(64 * STRIDE);
  #words = new Uint32Array(this.#data.buffer);
  #payloads: EventPayload[] = new Array(64).fill(undefined);
  #mask = 63;
  #head = 0;
  #length = 0;

  /** An empty queue. */
  constructor() {
    this.frontLocal = Infinity;
  }

  /** Events in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Kind and flags, as in upstream's `ev`. */
  get ev(): number {
    return this.#words[this.#head * WORDS + EV]!;
  }

  /** Asset number. */
  get asset(): number {
    return this.#words[this.#head * WORDS + ASSET]!;
  }

  /** Exchange time. */
  get exch(): number {
    return this.#data[this.#head * STRIDE + EXCH]!;
  }

  /** Price, in quote currency. */
  get price(): number {
    return this.#data[this.#head * STRIDE + PRICE]!;
  }

  /** Quantity, in base units. */
  get qty(): number {
    return this.#data[this.#head * STRIDE + QTY]!;
  }

  /** Connection state code, or 1 in the mark of a registration's answer. */
  get detail(): number {
    return this.#words[this.#head * WORDS + DETAIL]!;
  }

  /** Order among the events of several queues. */
  get sequence(): number {
    return this.#data[this.#head * STRIDE + SEQUENCE]!;
  }

  /** What it carries beside its numbers. */
  get payload(): EventPayload {
    return this.#payloads[this.#head];
  }

  /** Adds a market event or a position. Times are numbers counted from the `TimeBase`. */
  push(ev: number, asset: number, exch: number, local: number, price: number, qty: number): void {
    this.#append(ev, asset, exch, local, price, qty, 0);
  }

  /** Adds a batch mark or a change of the connection. */
  pushMark(kind: number, asset: number, exch: number, local: number, detail: number): void {
    this.#append(kind, asset, exch, local, 0, 0, detail);
  }

  /** Adds an order report or an error. */
  pushReport(
    kind: number,
    asset: number,
    exch: number,
    local: number,
    payload: EventPayload,
  ): void {
    const index = this.#append(kind, asset, exch, local, 0, 0, 0);
    this.#payloads[index] = payload;
  }

  /** Adds a copy of the event at the front of another queue. */
  pushFrontOf(other: EventQueue, sequence: number): void {
    const { ev, asset, exch, frontLocal, price, qty, detail, payload } = other;
    const index = this.#append(ev, asset, exch, frontLocal, price, qty, detail);
    this.#data[index * STRIDE + SEQUENCE] = sequence;
    if (payload !== undefined) this.#payloads[index] = payload;
  }

  /** Drops the event at the front. */
  shift(): void {
    if (this.#length === 0) return;
    if (this.#payloads[this.#head] !== undefined) this.#payloads[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.frontLocal = --this.#length === 0 ? Infinity : this.#data[this.#head * STRIDE + LOCAL]!;
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (let i = 0; i < this.#length; i++) {
      const at = ((this.#head + i) & this.#mask) * STRIDE;
      this.#data[at + EXCH]! -= byNs;
      this.#data[at + LOCAL]! -= byNs;
    }
    this.frontLocal -= byNs;
  }

  /** Adds an event and returns its place. */
  #append(
    ev: number,
    asset: number,
    exch: number,
    local: number,
    price: number,
    qty: number,
    detail: number,
  ): number {
    if (this.#length > this.#mask) this.#grow();
    const index = (this.#head + this.#length) & this.#mask;
    const data = this.#data;
    const at = index * STRIDE;
    data[at + EXCH] = exch;
    data[at + LOCAL] = local;
    data[at + PRICE] = price;
    data[at + QTY] = qty;
    const words = this.#words;
    words[index * WORDS + EV] = ev;
    words[index * WORDS + ASSET] = asset;
    words[index * WORDS + DETAIL] = detail;
    if (++this.#length === 1) this.frontLocal = local;
    return index;
  }

  #grow(): void {
    const size = this.#mask + 1;
    const data = new Float64Array(size * 2 * STRIDE);
    data.set(this.#data.subarray(this.#head * STRIDE));
    data.set(this.#data.subarray(0, this.#head * STRIDE), (size - this.#head) * STRIDE);
    this.#payloads = [
      ...this.#payloads.slice(this.#head),
      ...this.#payloads.slice(0, this.#head),
      ...new Array(size).fill(undefined),
    ];
    this.#data = data;
    this.#words = new Uint32Array(data.buffer);
    this.#head = 0;
    this.#mask = size * 2 - 1;
  }
}

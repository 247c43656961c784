/**
 * How a bot written in TypeScript fills a batch.
 *
 * @module
 */

import {
  type ConnectionState,
  connectionStateCode,
  type ErrorKind,
  errorKindCode,
  orderStatusCode,
  orderTypeCode,
  type OverflowCause,
  overflowCauseCode,
  timeInForceCode,
} from "../model/codes.ts";
import type { OrderUpdateEvent } from "../model/events.ts";
import type { NsTime } from "../model/time.ts";
import type { EventBatch } from "./batch.ts";
import {
  BUY_FLAG,
  EventKind,
  HEADER,
  HEADER_FLAGS,
  NO_ASSET,
  RECORD,
  RECORD_SIZE,
  SELL_FLAG,
} from "./record.ts";

const F64 = RECORD_SIZE / 8;
const U32 = RECORD_SIZE / 4;

/**
 * Writes records into a batch's memory without allocating. Each write answers
 * `false`, and writes nothing, when the batch is full.
 */
export class BatchWriter {
  #batch!: EventBatch;
  #capacity = 0;
  #length = 0;
  #u8!: Uint8Array;
  #u16!: Uint16Array;
  #u32!: Uint32Array;
  #f64!: Float64Array;
  #i64!: BigInt64Array;
  #u64!: BigUint64Array;

  /** Records written since {@linkcode begin}. */
  get length(): number {
    return this.#length;
  }

  /** Records that still fit. */
  get free(): number {
    return this.#capacity - this.#length;
  }

  /** Starts filling a batch from its beginning. */
  begin(batch: EventBatch): this {
    if (this.#batch !== batch) {
      const { buffer } = batch.bytes;
      this.#batch = batch;
      this.#capacity = batch.capacity;
      this.#u8 = batch.bytes;
      this.#u16 = new Uint16Array(buffer);
      this.#u32 = new Uint32Array(buffer);
      this.#f64 = new Float64Array(buffer);
      this.#i64 = new BigInt64Array(buffer);
      this.#u64 = new BigUint64Array(buffer);
    }
    this.#length = 0;
    batch.messages.length = 0;
    return this;
  }

  /**
   * Finishes the batch.
   *
   * @param time When it was filled.
   * @param more Whether more events are waiting.
   * @returns The number of records.
   */
  end(time: NsTime, more: boolean): number {
    this.#u32[HEADER.timestamp / 4] = time.lo;
    this.#u32[HEADER.timestamp / 4 + 1] = time.hi;
    this.#u32[HEADER.length / 4] = this.#length;
    this.#u32[HEADER.flags / 4] = more ? HEADER_FLAGS.more : 0;
    this.#u32[HEADER.messages / 4] = this.#batch.messages.length;
    return this.#length;
  }

  /**
   * A market record.
   *
   * @param ev Kind and flags, as in upstream's `ev`.
   * @param asset Asset number.
   * @param exch Exchange time.
   * @param local Local receive time.
   * @param price Price, in quote currency.
   * @param qty Quantity, in base units.
   */
  feed(
    ev: number,
    asset: number,
    exch: NsTime,
    local: NsTime,
    price: number,
    qty: number,
  ): boolean {
    if (!this.#start(ev, asset, 0, exch, local)) return false;
    const slot = this.#length * F64;
    this.#f64[slot + RECORD.price / 8] = price;
    this.#f64[slot + RECORD.qty / 8] = qty;
    return true;
  }

  /** An order record. Its local time is that of the batch. */
  order(update: Omit<OrderUpdateEvent, "type" | "localTimestamp">): boolean {
    const side = update.side === "buy" ? BUY_FLAG : update.side === "sell" ? SELL_FLAG : 0;
    const status = orderStatusCode(update.status);
    if (!this.#start(EventKind.Order | side, update.asset, status)) return false;
    const byte = this.#length * RECORD_SIZE;
    const slot = this.#length * F64;
    this.#u8[byte + RECORD.timeInForce] = timeInForceCode(update.timeInForce);
    this.#u8[byte + RECORD.orderType] = (orderTypeCode(update.orderType) & 0x7f) |
      (update.maker ? 0x80 : 0);
    this.#u8[byte + RECORD.request] = orderStatusCode(update.request);
    this.#i64[slot + RECORD.exchTimestamp / 8] = update.exchTimestamp;
    this.#f64[slot + RECORD.execPrice / 8] = update.execPrice;
    this.#f64[slot + RECORD.price / 8] = update.price;
    this.#f64[slot + RECORD.qty / 8] = update.qty;
    this.#u64[slot + RECORD.orderId / 8] = update.orderId;
    this.#f64[slot + RECORD.leavesQty / 8] = update.leavesQty;
    this.#f64[slot + RECORD.execQty / 8] = update.execQty;
    return true;
  }

  /** A position record; `qty` is signed. */
  position(asset: number, exch: NsTime, local: NsTime, qty: number): boolean {
    if (!this.#start(EventKind.Position, asset, 0, exch, local)) return false;
    this.#f64[this.#length * F64 + RECORD.qty / 8] = qty;
    return true;
  }

  /** An error record with its text. */
  error(asset: number, local: NsTime, kind: ErrorKind, code: bigint, message: string): boolean {
    if (!this.#start(EventKind.Error, asset, errorKindCode(kind), undefined, local)) return false;
    const slot = this.#length * F64;
    this.#u64[slot + RECORD.orderId / 8] = BigInt(this.#batch.messages.push(message) - 1);
    this.#i64[slot + RECORD.errorCode / 8] = code;
    return true;
  }

  /** A mark before or after events that belong together. */
  mark(
    kind: typeof EventKind.BatchStart | typeof EventKind.BatchEnd,
    asset: number,
    local: NsTime,
    registration: boolean,
  ): boolean {
    return this.#start(kind, asset, registration ? 1 : 0, undefined, local);
  }

  /** A change of an instrument's connection. */
  connection(asset: number, local: NsTime, state: ConnectionState): boolean {
    return this.#start(EventKind.Connection, asset, connectionStateCode(state), undefined, local);
  }

  /** A loss; `lost` is NaN where the number cannot be known. */
  overflow(asset: number, local: NsTime, cause: OverflowCause, lost: number): boolean {
    if (!this.#start(EventKind.Overflow, asset, overflowCauseCode(cause), undefined, local)) {
      return false;
    }
    this.#f64[this.#length * F64 + RECORD.qty / 8] = lost;
    return true;
  }

  /** Clears the next record, writes what all have in common, and counts it. */
  #start(ev: number, asset: number, detail: number, exch?: NsTime, local?: NsTime): boolean {
    if (this.#length === this.#capacity) return false;
    const index = ++this.#length;
    const word = index * U32;
    // Eight stores are quicker than one `fill`.
    const slot = index * F64;
    this.#f64[slot] = 0;
    this.#f64[slot + 1] = 0;
    this.#f64[slot + 2] = 0;
    this.#f64[slot + 3] = 0;
    this.#f64[slot + 4] = 0;
    this.#f64[slot + 5] = 0;
    this.#f64[slot + 6] = 0;
    this.#f64[slot + 7] = 0;
    this.#u32[word] = ev;
    this.#u16[(index * RECORD_SIZE + RECORD.asset) >> 1] = asset < 0 ? NO_ASSET : asset;
    this.#u8[index * RECORD_SIZE + RECORD.detail] = detail;
    if (exch) {
      this.#u32[word + 2] = exch.lo;
      this.#u32[word + 3] = exch.hi;
    }
    if (local) {
      this.#u32[word + 4] = local.lo;
      this.#u32[word + 5] = local.hi;
    }
    return true;
  }
}

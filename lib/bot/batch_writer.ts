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
import { type EventQueue, QUEUED } from "./event_queue.ts";
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

const TWO_32 = 0x1_0000_0000;
const F64 = RECORD_SIZE / 8;
const U32 = RECORD_SIZE / 4;
// Own constants, for the compiler: see event_queue.ts.
const EXCH_LO = RECORD.exchTimestamp / 4;
const LOCAL_LO = RECORD.localTimestamp / 4;
const PRICE = RECORD.price / 8;
const QTY = RECORD.qty / 8;
const { Bbo: BBO, Position: POSITION } = EventKind;
const QUEUED_DOUBLES = QUEUED.doubles;
const QUEUED_EXCH = QUEUED.exch;
const QUEUED_LOCAL = QUEUED.local;
const QUEUED_PRICE = QUEUED.price;
const QUEUED_QTY = QUEUED.qty;
const QUEUED_WORDS = QUEUED.words;
const QUEUED_EV = QUEUED.ev;
const QUEUED_ASSET_AND_DETAIL = QUEUED.assetAndDetail;

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
    // Setting a length is slow.
    if (batch.messages.length > 0) batch.messages.length = 0;
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
    this.#f64[slot + PRICE] = price;
    this.#f64[slot + QTY] = qty;
    return true;
  }

  /**
   * Records of the first events in a queue, where they stay. Nearly every event of a simulated bot
   * comes this way: a loop without calls.
   *
   * @param queue Has the events; none of them carries a payload.
   * @param count How many; there must be room for them.
   * @param start The moment that the queue's times are counted from.
   */
  queued(queue: EventQueue, count: number, start: Readonly<NsTime>): void {
    const { doubles, words, mask } = queue;
    const { hi: startHi, lo: startLo } = start;
    const f64 = this.#f64;
    const u32 = this.#u32;
    let place = queue.head;
    let index = this.#length;
    // Events of one message share their times.
    let lastExch = NaN;
    let exchLo = 0;
    let exchHi = 0;
    let lastLocal = NaN;
    let localLo = 0;
    let localHi = 0;
    for (const last = index + count; index < last;) {
      const from = place * QUEUED_DOUBLES;
      const fromWord = place * QUEUED_WORDS;
      const exch = doubles[from + QUEUED_EXCH]!;
      if (exch !== lastExch) {
        lastExch = exch;
        const sum = startLo + exch;
        const carry = Math.floor(sum / TWO_32);
        exchHi = startHi + carry | 0;
        exchLo = sum - carry * TWO_32 | 0;
      }
      const local = doubles[from + QUEUED_LOCAL]!;
      if (local !== lastLocal) {
        lastLocal = local;
        const sum = startLo + local;
        const carry = Math.floor(sum / TWO_32);
        localHi = startHi + carry | 0;
        localLo = sum - carry * TWO_32 | 0;
      }
      const ev = words[fromWord + QUEUED_EV]!;
      const kind = ev & 0xff;
      const hasExch = kind <= BBO || kind === POSITION;
      index++;
      const slot = index * F64;
      const word = index * U32;
      u32[word] = ev;
      u32[word + 1] = words[fromWord + QUEUED_ASSET_AND_DETAIL]!;
      u32[word + EXCH_LO] = hasExch ? exchLo : 0;
      u32[word + EXCH_LO + 1] = hasExch ? exchHi : 0;
      u32[word + LOCAL_LO] = localLo;
      u32[word + LOCAL_LO + 1] = localHi;
      f64[slot + PRICE] = doubles[from + QUEUED_PRICE]!;
      f64[slot + QTY] = doubles[from + QUEUED_QTY]!;
      f64[slot + 5] = 0;
      f64[slot + 6] = 0;
      f64[slot + 7] = 0;
      place = (place + 1) & mask;
    }
    this.#length = index;
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
    this.#f64[slot + PRICE] = update.price;
    this.#f64[slot + QTY] = update.qty;
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

/**
 * Events read in place from a reusable block of memory.
 *
 * @module
 */

import {
  connectionStateOf,
  errorKindOf,
  orderStatusOf,
  orderTypeOf,
  overflowCauseOf,
  type Side,
  timeInForceOf,
} from "../model/codes.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { BotEvent } from "../model/events.ts";
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

/**
 * A block of records that `LiveBot.poll` fills and that is read in place: no
 * object is made per event unless {@linkcode EventBatch.event} is called. Its
 * content is valid until the next poll.
 *
 * @example
 * ```ts
 * import { EventBatch, EventKind, StubBot } from "@hftlive/hftlive";
 *
 * using bot = new StubBot({ seed: 7 });
 * const batch = new EventBatch(1024);
 * let volume = 0;
 * bot.poll(batch);
 * for (let i = 0; i < batch.length; i++) {
 *   if (batch.kind(i) === EventKind.Trade) volume += batch.qty(i);
 * }
 * ```
 */
export class EventBatch {
  /** Most records that one poll can deliver. */
  readonly capacity: number;
  /** Header and records, as docs/abi.md lays them out. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Texts of this batch's error records, which a record is too small to hold. */
  readonly messages: string[] = [];

  readonly #u8: Uint8Array;
  readonly #u16: Uint16Array;
  readonly #u32: Uint32Array;
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;
  readonly #i64: BigInt64Array;
  readonly #u64: BigUint64Array;

  /**
   * Makes an empty batch.
   *
   * @param capacity Most records that one poll can deliver, 1 to 1,048,576.
   * @throws {InvalidInputError} If the capacity is not such a number.
   */
  constructor(capacity = 1024) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 1_048_576) {
      throw new InvalidInputError("capacity", capacity, "a whole number from 1 to 1048576");
    }
    this.capacity = capacity;
    const buffer = new ArrayBuffer((capacity + 1) * RECORD_SIZE);
    this.bytes = new Uint8Array(buffer);
    this.#u8 = this.bytes;
    this.#u16 = new Uint16Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#i64 = new BigInt64Array(buffer);
    this.#u64 = new BigUint64Array(buffer);
  }

  /** Records in the batch. */
  get length(): number {
    return this.#u32[HEADER.length / 4]!;
  }

  /** Whether the batch is full and more events are waiting. */
  get more(): boolean {
    return (this.#u32[HEADER.flags / 4]! & HEADER_FLAGS.more) !== 0;
  }

  /** When the batch was filled, ns since the Unix epoch. */
  get timestamp(): bigint {
    return this.#i64[HEADER.timestamp / 8]!;
  }

  /** Kind of record `i`: a number from `EventKind`. */
  kind(i: number): number {
    return this.#u8[(i + 1) * RECORD_SIZE]!;
  }

  /** Asset number of record `i`, or -1 where it belongs to no instrument. */
  asset(i: number): number {
    const asset = this.#u16[((i + 1) * RECORD_SIZE + RECORD.asset) >> 1]!;
    return asset === NO_ASSET ? -1 : asset;
  }

  /** Upstream's `ev` of record `i`: kind and flags, as an unsigned 32-bit number. */
  flags(i: number): number {
    return this.#u32[(i + 1) * U32]!;
  }

  /** Side of record `i`: of the level, the aggressor, or the order. */
  side(i: number): Side {
    const ev = this.#u32[(i + 1) * U32]!;
    return (ev & BUY_FLAG) !== 0 ? "buy" : (ev & SELL_FLAG) !== 0 ? "sell" : "none";
  }

  /** Whether record `i` is on the buy side: cheaper than comparing {@linkcode side}. */
  isBuy(i: number): boolean {
    return (this.#u32[(i + 1) * U32]! & BUY_FLAG) !== 0;
  }

  /** Price of record `i`, in quote currency. */
  price(i: number): number {
    return this.#f64[(i + 1) * F64 + RECORD.price / 8]!;
  }

  /** Quantity of record `i`, in base units; the position in a position record. */
  qty(i: number): number {
    return this.#f64[(i + 1) * F64 + RECORD.qty / 8]!;
  }

  /** Exchange time of record `i`, ns since the Unix epoch. */
  exchTimestamp(i: number): bigint {
    return this.#i64[(i + 1) * F64 + RECORD.exchTimestamp / 8]!;
  }

  /** Local receive time of record `i`, ns; an order record's is the batch's own time. */
  localTimestamp(i: number): bigint {
    return this.kind(i) === EventKind.Order
      ? this.timestamp
      : this.#i64[(i + 1) * F64 + RECORD.localTimestamp / 8]!;
  }

  /** Nanoseconds from exchange to local time of market record `i`, without a BigInt. */
  latencyNs(i: number): number {
    const at = (i + 1) * U32;
    return (this.#i32[at + 5]! - this.#i32[at + 3]!) * TWO_32 +
      (this.#u32[at + 4]! - this.#u32[at + 2]!);
  }

  /** Order id of order record `i`. */
  orderId(i: number): bigint {
    return this.#u64[(i + 1) * F64 + RECORD.orderId / 8]!;
  }

  /** Status code of order record `i`, or the detail code of another record. */
  detail(i: number): number {
    return this.#u8[(i + 1) * RECORD_SIZE + RECORD.detail]!;
  }

  /**
   * Record `i` as an object of its own, which stays valid after the next poll.
   *
   * @param i Index of the record, 0 to `length - 1`.
   * @returns The event.
   * @throws {RangeError} If there is no record `i`.
   */
  event(i: number): BotEvent {
    if (!(i >= 0 && i < this.length)) {
      throw new RangeError(`Cannot read event: index ${i} is outside 0 to ${this.length - 1}`);
    }
    const asset = this.asset(i);
    const exchTimestamp = this.exchTimestamp(i);
    const localTimestamp = this.localTimestamp(i);
    const kind = this.kind(i);
    switch (kind) {
      case EventKind.Trade:
      case EventKind.Depth:
      case EventKind.Snapshot:
      case EventKind.Bbo: {
        const type = kind === EventKind.Trade
          ? "trade"
          : kind === EventKind.Depth
          ? "depth"
          : kind === EventKind.Snapshot
          ? "snapshot"
          : "bbo";
        const side = this.side(i);
        const price = this.price(i);
        const qty = this.qty(i);
        return { type, asset, side, price, qty, exchTimestamp, localTimestamp };
      }
      case EventKind.DepthClear:
        return { type: "depthClear", asset, side: this.side(i), exchTimestamp, localTimestamp };
      case EventKind.Order:
        return this.#order(i, asset, exchTimestamp, localTimestamp);
      case EventKind.Position:
        return { type: "position", asset, qty: this.qty(i), exchTimestamp, localTimestamp };
      case EventKind.Error:
        return {
          type: "error",
          asset,
          kind: errorKindOf(this.detail(i)),
          code: this.#i64[(i + 1) * F64 + RECORD.errorCode / 8]!,
          message: this.messages[Number(this.orderId(i))] ?? "",
          exchTimestamp,
          localTimestamp,
        };
      case EventKind.BatchStart:
      case EventKind.BatchEnd:
        return {
          type: kind === EventKind.BatchStart ? "batchStart" : "batchEnd",
          asset,
          registration: this.detail(i) === 1,
          exchTimestamp,
          localTimestamp,
        };
      case EventKind.Connection:
        return {
          type: "connection",
          asset,
          state: connectionStateOf(this.detail(i)),
          exchTimestamp,
          localTimestamp,
        };
      case EventKind.Overflow:
        return {
          type: "overflow",
          asset,
          cause: overflowCauseOf(this.detail(i)),
          lost: this.qty(i),
          exchTimestamp,
          localTimestamp,
        };
      default:
        throw new RangeError(`Cannot read event: record ${i} has unknown kind ${kind}`);
    }
  }

  /** The events as objects, in order. */
  *events(): IterableIterator<BotEvent> {
    for (let i = 0; i < this.length; i++) yield this.event(i);
  }

  #order(i: number, asset: number, exchTimestamp: bigint, localTimestamp: bigint): BotEvent {
    const byte = (i + 1) * RECORD_SIZE;
    const slot = (i + 1) * F64;
    const typeAndMaker = this.#u8[byte + RECORD.orderType]!;
    return {
      type: "order",
      asset,
      orderId: this.orderId(i),
      side: this.side(i),
      price: this.price(i),
      qty: this.qty(i),
      leavesQty: this.#f64[slot + RECORD.leavesQty / 8]!,
      execQty: this.#f64[slot + RECORD.execQty / 8]!,
      execPrice: this.#f64[slot + RECORD.execPrice / 8]!,
      maker: (typeAndMaker & 0x80) !== 0,
      timeInForce: timeInForceOf(this.#u8[byte + RECORD.timeInForce]!),
      orderType: orderTypeOf(typeAndMaker & 0x7f),
      status: orderStatusOf(this.#u8[byte + RECORD.detail]!),
      request: orderStatusOf(this.#u8[byte + RECORD.request]!),
      exchTimestamp,
      localTimestamp,
    };
  }
}

/**
 * Records in the making.
 *
 * @module
 */

import { RECORD, RECORD_SIZE } from "../../bot/record.ts";
import type { NsTime } from "../../model/time.ts";
import type { RecordBlock } from "../market_source.ts";

const F64 = RECORD_SIZE / 8;
const U32 = RECORD_SIZE / 4;
const INITIAL_RECORDS = 1024;

/**
 * Market records as lib/bot/record.ts has them, in memory that grows as needed. A record's
 * last three fields stay 0.
 */
export class RecordBuffer implements RecordBlock {
  /** The records. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL_RECORDS * RECORD_SIZE);
  /** How many there are; fewer may be set to drop the last ones. */
  length = 0;

  #u32 = new Uint32Array(this.bytes.buffer);
  #f64 = new Float64Array(this.bytes.buffer);

  /**
   * Adds a record.
   *
   * @param ev Kind and flags.
   * @param exch Exchange time.
   * @param local Local time.
   * @param price Price, in quote currency.
   * @param qty Quantity, in base units.
   */
  push(ev: number, exch: NsTime, local: NsTime, price: number, qty: number): void {
    if (this.length * RECORD_SIZE === this.bytes.length) this.#grow();
    const word = this.length * U32;
    const slot = this.length * F64;
    const u32 = this.#u32;
    u32[word] = ev;
    u32[word + 2] = exch.lo;
    u32[word + 3] = exch.hi;
    u32[word + 4] = local.lo;
    u32[word + 5] = local.hi;
    this.#f64[slot + RECORD.price / 8] = price;
    this.#f64[slot + RECORD.qty / 8] = qty;
    this.length++;
  }

  /** Adds copies of another buffer's records from `start` up to, not including, `end`. */
  append(other: RecordBuffer, start: number, end: number): void {
    while ((this.length + end - start) * RECORD_SIZE > this.bytes.length) this.#grow();
    const source = other.bytes.subarray(start * RECORD_SIZE, end * RECORD_SIZE);
    this.bytes.set(source, this.length * RECORD_SIZE);
    this.length += end - start;
  }

  /** Sets the local time of the records from `start` on. */
  setLocal(start: number, local: NsTime): void {
    for (let word = start * U32; word < this.length * U32; word += U32) {
      this.#u32[word + 4] = local.lo;
      this.#u32[word + 5] = local.hi;
    }
  }

  #grow(): void {
    const bytes = new Uint8Array(this.bytes.length * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.#u32 = new Uint32Array(bytes.buffer);
    this.#f64 = new Float64Array(bytes.buffer);
  }
}

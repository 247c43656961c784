/**
 * Market events from hftbacktest's own arrays.
 *
 * @module
 */

import {
  BUY_FLAG,
  EventKind,
  EXCH_FLAG,
  LOCAL_FLAG,
  RECORD_SIZE,
  SELL_FLAG,
} from "../../bot/record.ts";
import { RecordingError } from "../errors.ts";
import type { MarketSource, RecordBlock } from "../market_source.ts";
import type { ByteSource } from "./byte_source.ts";
import { readEventArrayHeader } from "./npy_header.ts";

const BLOCK_RECORDS = 4096;
const U32 = RECORD_SIZE / 4;
const F64 = RECORD_SIZE / 8;
/** Kinds from here on are a converter's own, such as mark prices: no bot is told of them. */
const FIRST_CUSTOM_KIND = 100;

/** The records of an event array, used where they were read. */
export class EventArraySource implements MarketSource {
  readonly name: string;
  readonly symbol: string | undefined;
  skipped = 0;

  readonly #source: ByteSource;
  readonly #skipDamaged: boolean;
  /** Records of the array. */
  readonly #total: number;
  /** Where the first record is. */
  readonly #firstOffset: number;
  readonly #bytes = new Uint8Array(BLOCK_RECORDS * RECORD_SIZE);
  readonly #u32 = new Uint32Array(this.#bytes.buffer);
  readonly #f64 = new Float64Array(this.#bytes.buffer);
  readonly #block = { bytes: this.#bytes, length: 0 };
  /** Records read so far. */
  #read = 0;
  /** Local time of the record before, as two halves. */
  #localHi = 0;
  #localLo = 0;
  #failure: RecordingError | undefined;
  #ended = false;

  /**
   * @param source The array's file, at its beginning; it is closed with this.
   * @param options Symbol of the events, and whether damaged records are left out.
   * @throws {RecordingError} If it does not begin as an event array does.
   */
  constructor(
    source: ByteSource,
    options: { readonly symbol: string | undefined; readonly skipDamaged: boolean },
  ) {
    this.name = source.file;
    this.symbol = options.symbol;
    this.#source = source;
    this.#skipDamaged = options.skipDamaged;
    this.#total = readEventArrayHeader(source);
    this.#firstOffset = source.offset;
  }

  next(): RecordBlock | undefined {
    while (!this.#ended) {
      if (this.#failure !== undefined) throw this.#failure;
      const count = this.#fill();
      this.#block.length = this.#check(count);
      this.#read += count;
      if (this.#block.length > 0) return this.#block;
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#source[Symbol.dispose]();
  }

  /** Reads the next records; fewer than there is room for at the end or before damage. */
  #fill(): number {
    const size = Math.min(BLOCK_RECORDS, this.#total - this.#read) * RECORD_SIZE;
    let filled = 0;
    try {
      while (filled < size) {
        const count = this.#source.read(this.#bytes.subarray(filled, size));
        if (count === 0) throw this.#endsEarly(filled);
        filled += count;
      }
      // The end is where a checksum is compared.
      if (size === 0) this.#checkEnd();
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.#failed(error);
    }
    return Math.floor(filled / RECORD_SIZE);
  }

  #checkEnd(): void {
    const { offset, of } = this.#source;
    if (this.#source.read(this.#bytes) > 0) {
      throw new RecordingError(
        this.name,
        { offset, of },
        `found bytes after the last of ${this.#total} records, expected the end`,
      );
    }
    this.#ended = true;
  }

  #endsEarly(filled: number): RecordingError {
    const count = this.#read + Math.floor(filled / RECORD_SIZE);
    const { offset, of } = this.#source;
    return new RecordingError(
      this.name,
      { offset, of },
      `the end comes after ${count} records, expected ${this.#total}`,
    );
  }

  /** Nothing can be read after this: the end, or an error once what came before was delivered. */
  #failed(error: RecordingError): void {
    if (this.#skipDamaged) {
      this.skipped++;
      this.#ended = true;
    } else {
      this.#failure = error;
    }
  }

  /** Moves the records that can be used to the front, and returns how many there are. */
  #check(count: number): number {
    let usable = 0;
    for (let i = 0; i < count; i++) {
      const kind = this.#u32[i * U32]! & 0xff;
      if (kind >= FIRST_CUSTOM_KIND) continue;
      const problem = this.#problem(i);
      if (problem !== undefined) {
        if (!this.#skipDamaged) {
          this.#failure = this.#damaged(i, problem);
          break;
        }
        this.skipped++;
        continue;
      }
      if (usable < i) {
        this.#bytes.copyWithin(usable * RECORD_SIZE, i * RECORD_SIZE, (i + 1) * RECORD_SIZE);
      }
      usable++;
    }
    return usable;
  }

  /** What is wrong with a record; undefined if nothing is. */
  #problem(i: number): string | undefined {
    const u32 = this.#u32;
    const word = i * U32;
    const ev = u32[word]!;
    if (u32[word + 1] !== 0) return `flags beyond bit 31: 0x${u32[word + 1]!.toString(16)}`;
    const kind = ev & 0xff;
    if (kind < EventKind.Depth || kind > EventKind.Bbo) {
      return `event kind is ${kind}, expected 1 to 5`;
    }
    const price = this.#f64[i * F64 + 3]!;
    const qty = this.#f64[i * F64 + 4]!;
    const sides = ev & (BUY_FLAG | SELL_FLAG);
    if (kind !== EventKind.DepthClear) {
      if (!Number.isFinite(price)) return `price is ${price}, expected a number`;
      if (!(qty >= 0 && qty < Infinity)) return `quantity is ${qty}, expected a number from 0`;
    }
    const isBoth = sides === (BUY_FLAG | SELL_FLAG);
    if (isBoth || (sides === 0 && kind !== EventKind.Trade && kind !== EventKind.DepthClear)) {
      return `side is ${isBoth ? "both" : "missing"}, expected buy or sell`;
    }
    // An event for the exchange alone is not in the order of local time.
    if ((ev & EXCH_FLAG) !== 0 && (ev & LOCAL_FLAG) === 0) return undefined;
    const lo = u32[word + 4]!;
    const hi = u32[word + 5]!;
    if (hi >= 0x8000_0000) return "local time is negative";
    if (hi < this.#localHi || (hi === this.#localHi && lo < this.#localLo)) {
      return "local time is before that of the record before";
    }
    this.#localHi = hi;
    this.#localLo = lo;
    return undefined;
  }

  #damaged(i: number, problem: string): RecordingError {
    const index = this.#read + i;
    const offset = this.#firstOffset + index * RECORD_SIZE;
    return new RecordingError(
      this.name,
      { offset, of: this.#source.of },
      `record ${index} is damaged, ${problem}`,
    );
  }
}

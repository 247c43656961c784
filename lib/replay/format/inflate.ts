/**
 * Deflate (RFC 1951), decompressed as it is read.
 *
 * @module
 */

import type { RecordingError } from "../errors.ts";
import { ENTRY, HuffmanTable } from "./huffman.ts";
import { type InputBuffer, LOOKAHEAD } from "./input_buffer.ts";

/** How far back a match can reach. */
const WINDOW = 32_768;
/** Longest match. */
const MAX_MATCH = 258;
/** Bytes decompressed at a time. */
const CHUNK = 131_072;
/** Bits of the tables' first look. */
const LENGTH_ROOT_BITS = 10;
const LENGTH_ROOT_MASK = (1 << LENGTH_ROOT_BITS) - 1;
const DISTANCE_ROOT_BITS = 9;
const DISTANCE_ROOT_MASK = (1 << DISTANCE_ROOT_BITS) - 1;
/** Order in which the lengths of the code lengths' codes are written. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const CODE_LENGTH_MEANINGS = Int32Array.from({ length: 19 }, (_, i) => ENTRY.literal | i << 16);
const LENGTH_MEANINGS = lengthMeanings();
const DISTANCE_MEANINGS = distanceMeanings();
const FIXED_LENGTHS = Uint8Array.from(
  { length: 288 },
  (_, symbol) => symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
const FIXED_DISTANCES = new Uint8Array(32).fill(5);

const NO_CODE = "bits that are no code";

type State = "header" | "stored" | "codes" | "end";

/**
 * A decompressor that is asked for bytes, since a bot cannot wait for a stream. It reads no
 * further than the deflate data, so that a trailer can be read after it, and delivers everything
 * before a cut.
 *
 * `node:zlib` decompresses either everything at once or asynchronously; fflate does it in
 * pieces, in three times the time, and does not tell where the data ends.
 */
export class Inflate {
  readonly #input: InputBuffer;
  /** The window, then what was decompressed and not yet read; at its end, room for a last match. */
  readonly #out = new Uint8Array(WINDOW + CHUNK + MAX_MATCH + 3);
  readonly #outWords = new DataView(this.#out.buffer);
  readonly #lengths = new HuffmanTable(LENGTH_MEANINGS, LENGTH_ROOT_BITS);
  readonly #distances = new HuffmanTable(DISTANCE_MEANINGS, DISTANCE_ROOT_BITS);
  readonly #codeLengths = new HuffmanTable(CODE_LENGTH_MEANINGS, 7);
  #start = 0;
  #end = 0;
  /** Bits taken from the input and not yet used; the next one is the lowest. */
  #hold = 0;
  #bits = 0;
  #state: State = "header";
  #lastBlock = false;
  #storedLeft = 0;
  /** What is to be thrown once everything before it was read. */
  #failure: unknown;

  /** @param input Where the compressed bytes come from. */
  constructor(input: InputBuffer) {
    this.#input = input;
  }

  /** Starts anew at the input's next byte. */
  reset(): void {
    this.#start = this.#end = 0;
    this.#hold = this.#bits = 0;
    this.#state = "header";
    this.#lastBlock = false;
    this.#failure = undefined;
  }

  /**
   * Reads on.
   *
   * @param into Where the bytes go; not empty.
   * @returns How many were read; 0 at the end of the deflate data.
   * @throws {RecordingError} If the data is damaged or cut off there.
   */
  read(into: Uint8Array): number {
    if (this.#start === this.#end) {
      if (this.#failure === undefined) this.#decompressMore();
      if (this.#failure !== undefined && this.#start === this.#end) throw this.#failure;
    }
    const count = Math.min(into.length, this.#end - this.#start);
    into.set(this.#out.subarray(this.#start, this.#start + count));
    this.#start += count;
    return count;
  }

  #decompressMore(): void {
    // What matches may refer to stays in front.
    if (this.#end > WINDOW) {
      this.#out.copyWithin(0, this.#end - WINDOW, this.#end);
      this.#start = this.#end = WINDOW;
    }
    const limit = WINDOW + CHUNK;
    try {
      while (this.#end < limit && this.#state !== "end") {
        if (this.#state === "header") this.#header();
        else if (this.#state === "stored") this.#stored(limit);
        else this.#codes(limit);
      }
    } catch (error) {
      this.#failure = error;
    }
  }

  #header(): void {
    if (this.#lastBlock) {
      // What is left of the last byte is padding.
      this.#hold = this.#bits = 0;
      this.#state = "end";
      return;
    }
    this.#lastBlock = this.#take(1) === 1;
    const type = this.#take(2);
    switch (type) {
      case 0:
        this.#take(this.#bits & 7);
        this.#storedLeft = this.#take(16);
        if (this.#take(16) !== (this.#storedLeft ^ 0xffff)) {
          throw this.#damaged("a stored block whose length does not match its check");
        }
        this.#state = "stored";
        break;
      case 1:
        this.#lengths.build(FIXED_LENGTHS);
        this.#distances.build(FIXED_DISTANCES);
        this.#state = "codes";
        break;
      case 2:
        this.#dynamicTables();
        this.#state = "codes";
        break;
      default:
        throw this.#damaged("a block of type 3, expected 0, 1 or 2");
    }
  }

  #dynamicTables(): void {
    const lengthCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const codeLengthCount = this.#take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codeLengthCount; i++) codeLengths[CODE_LENGTH_ORDER[i]!] = this.#take(3);
    if (!this.#codeLengths.build(codeLengths)) throw this.#damaged("an impossible set of codes");
    const all = new Uint8Array(lengthCount + distanceCount);
    for (let i = 0; i < all.length;) {
      const symbol = this.#symbol(this.#codeLengths);
      if (symbol < 16) {
        all[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw this.#damaged("a repeated code length without a first");
      const value = symbol === 16 ? all[i - 1]! : 0;
      const count = symbol === 16
        ? 3 + this.#take(2)
        : symbol === 17
        ? 3 + this.#take(3)
        : 11 + this.#take(7);
      if (i + count > all.length) throw this.#damaged("too many code lengths");
      all.fill(value, i, i += count);
    }
    if (all[256] === 0) throw this.#damaged("a block without an end");
    if (
      !this.#lengths.build(all.subarray(0, lengthCount)) ||
      !this.#distances.build(all.subarray(lengthCount))
    ) {
      throw this.#damaged("an impossible set of codes");
    }
  }

  #stored(limit: number): void {
    const input = this.#input;
    while (this.#storedLeft > 0 && this.#end < limit) {
      if (input.isEmpty()) throw this.#cut();
      const count = Math.min(this.#storedLeft, limit - this.#end, input.end - input.position);
      this.#out.set(input.bytes.subarray(input.position, input.position + count), this.#end);
      input.position += count;
      this.#end += count;
      this.#storedLeft -= count;
    }
    if (this.#storedLeft === 0) this.#state = "header";
  }

  /**
   * Decodes literals and matches until the block ends or the limit is reached. One loop with its
   * state in local variables, since it is where reading spends its time.
   */
  #codes(limit: number): void {
    const input = this.#input;
    const { words } = input;
    const out = this.#out;
    const outWords = this.#outWords;
    const lengths = this.#lengths.entries;
    const distances = this.#distances.entries;
    while (this.#state === "codes" && this.#end < limit) {
      if (!input.ended && input.end - input.position < LOOKAHEAD) input.refill();
      const dataEnd = input.end;
      // Bits that follow the end of the input are zeros; they are only looked at, never used.
      const lastStart = input.ended ? dataEnd + 4 : dataEnd - LOOKAHEAD;
      let problem: string | undefined;
      let at = input.position;
      let hold = this.#hold;
      let bits = this.#bits;
      let end = this.#end;
      let usable = end;
      while (end < limit && at <= lastStart) {
        if (at - (bits >> 3) > dataEnd) break;
        usable = end;
        // Fills up to 24 bits or more; those beyond are the same again the next time.
        hold |= words.getInt32(at, true) << bits;
        at += (31 - bits) >> 3;
        bits |= 24;
        let entry = lengths[hold & LENGTH_ROOT_MASK]!;
        let used = entry & 15;
        if (entry & ENTRY.longer) {
          hold >>>= used;
          bits -= used;
          entry = lengths[(entry >>> 16) + (hold & ((1 << ((entry >>> 4) & 15)) - 1))]!;
          used = entry & 15;
        }
        hold >>>= used;
        bits -= used;
        if (entry & ENTRY.literal) {
          out[end++] = entry >>> 16;
          continue;
        }
        if (!(entry & ENTRY.base)) {
          if (entry & ENTRY.end) this.#state = "header";
          else problem = NO_CODE;
          break;
        }
        let extra = (entry >>> 4) & 15;
        const length = (entry >>> 16) + (hold & ((1 << extra) - 1));
        hold >>>= extra;
        bits -= extra;
        hold |= words.getInt32(at, true) << bits;
        at += (31 - bits) >> 3;
        bits |= 24;
        entry = distances[hold & DISTANCE_ROOT_MASK]!;
        used = entry & 15;
        if (entry & ENTRY.longer) {
          hold >>>= used;
          bits -= used;
          entry = distances[(entry >>> 16) + (hold & ((1 << ((entry >>> 4) & 15)) - 1))]!;
          used = entry & 15;
        }
        hold >>>= used;
        bits -= used;
        if (!(entry & ENTRY.base)) {
          problem = NO_CODE;
          break;
        }
        extra = (entry >>> 4) & 15;
        if (bits < extra) {
          hold |= words.getInt32(at, true) << bits;
          at += (31 - bits) >> 3;
          bits |= 24;
        }
        const distance = (entry >>> 16) + (hold & ((1 << extra) - 1));
        hold >>>= extra;
        bits -= extra;
        if (distance > end) {
          problem = "a match that begins before the data";
          break;
        }
        const stop = end + length;
        let from = end - distance;
        if (distance < 4) {
          while (end < stop) out[end++] = out[from++]!;
        } else {
          // What is copied too much is written over later.
          for (; end < stop; end += 4, from += 4) {
            outWords.setInt32(end, outWords.getInt32(from, true), true);
          }
          end = stop;
        }
      }
      const isCut = at - (bits >> 3) > dataEnd;
      this.#end = isCut ? usable : end;
      input.position = isCut ? dataEnd : at - (bits >> 3);
      this.#bits = bits & 7;
      this.#hold = hold & ((1 << this.#bits) - 1);
      if (isCut) throw this.#cut();
      if (problem !== undefined) throw this.#damaged(problem);
    }
  }

  /** Takes a symbol whose code is not longer than the table's first look. */
  #symbol(table: HuffmanTable): number {
    for (;;) {
      const entry = table.entries[this.#hold & ((1 << table.rootBits) - 1)]!;
      const length = entry & 15;
      if (length > 0 && length <= this.#bits) {
        this.#take(length);
        return entry >>> 16;
      }
      if (this.#bits >= table.rootBits) throw this.#damaged(NO_CODE);
      this.#pull();
    }
  }

  /** Takes some bits, at most 16; less than a byte stays behind. */
  #take(count: number): number {
    while (this.#bits < count) this.#pull();
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#bits -= count;
    return value;
  }

  #pull(): void {
    if (this.#input.isEmpty()) throw this.#cut();
    this.#hold |= this.#input.bytes[this.#input.position++]! << this.#bits;
    this.#bits += 8;
  }

  #cut(): RecordingError {
    return this.#input.error("the compressed data is cut off");
  }

  #damaged(found: string): RecordingError {
    return this.#input.error(`the compressed data is damaged: found ${found}`);
  }
}

function lengthMeanings(): Int32Array {
  const meanings = new Int32Array(288);
  for (let byte = 0; byte < 256; byte++) meanings[byte] = ENTRY.literal | (byte << 16);
  meanings[256] = ENTRY.end;
  let base = 3;
  for (let symbol = 257; symbol < 285; symbol++) {
    const extra = symbol < 265 ? 0 : (symbol - 261) >> 2;
    meanings[symbol] = ENTRY.base | (extra << 4) | (base << 16);
    base += 1 << extra;
  }
  meanings[285] = ENTRY.base | (MAX_MATCH << 16);
  return meanings;
}

function distanceMeanings(): Int32Array {
  const meanings = new Int32Array(32);
  let base = 1;
  for (let symbol = 0; symbol < 30; symbol++) {
    const extra = symbol < 4 ? 0 : (symbol - 2) >> 1;
    meanings[symbol] = ENTRY.base | (extra << 4) | (base << 16);
    base += 1 << extra;
  }
  return meanings;
}

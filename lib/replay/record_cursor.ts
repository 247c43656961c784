/**
 * Recorded events, one after the other, with their times as numbers.
 *
 * @module
 */

import { EXCH_FLAG, LOCAL_FLAG, RECORD, RECORD_SIZE } from "../bot/record.ts";
import { MAX_DURATION_NS } from "../bot/time_base.ts";
import { NsTime } from "../model/time.ts";
import type { RecordBlock } from "./market_source.ts";

const TWO_32 = 0x1_0000_0000;
const U32 = RECORD_SIZE / 4;
const F64 = RECORD_SIZE / 8;
const EXCH_LO = RECORD.exchTimestamp / 4;
const LOCAL_LO = RECORD.localTimestamp / 4;
const BOTH_FLAGS = EXCH_FLAG + LOCAL_FLAG;

/** How the clock of the exchange is held against that of the recording. */
export interface SkewSettings {
  /** How far the exchange's is ahead, ns; "auto" to measure it. */
  readonly clockSkewNs: number | "auto";
  /** What the quickest event takes where it is measured, ns. */
  readonly baseLatencyNs: number;
}

/** Reads on in recordings. */
export interface BlockReader {
  /** The next events, valid until the next call; undefined at the end. */
  next(): RecordBlock | undefined;
}

/**
 * The record at hand of an instrument's recordings. It says when the exchange's book changed, by
 * the clock of the recording: its exchange time less the skew, but not before the record
 * before, and not after the record was received.
 */
export class RecordCursor {
  /** Whether there is no record any more. */
  ended = false;
  /** Why there is none, if it is not the end of the data. */
  failure: Error | undefined;
  /** Kind and flags, as in upstream's `ev`. */
  ev = 0;
  /** Exchange time as it was recorded; where there was none, what {@linkcode time} makes of it. */
  exch = 0;
  /** Local time; that of the record before where it has none, or a smaller one. */
  local: number;
  /** When the exchange's book changed. */
  time: number;
  /** How far the exchange's clock is ahead, ns. */
  skewNs: number;
  /** Records whose exchange time was before that of the record before. */
  reversed = 0;
  /** Records left behind. */
  count = 0;

  readonly #reader: BlockReader;
  readonly #baseLatencyNs: number | undefined;
  #u32 = new Uint32Array(0);
  #f64 = new Float64Array(0);
  #length = 0;
  #index = -1;
  #epochHi = 0;
  #epochLo = 0;
  #end = Infinity;
  #minLatencyNs = 0;
  // Of the record before.
  #lastLocal: number;
  #lastTime: number;

  /**
   * Reads the first record; its times are not yet numbers.
   *
   * @param reader Where the records come from.
   * @param skew How the clocks are held against each other.
   */
  constructor(reader: BlockReader, skew: SkewSettings) {
    this.local = -Infinity;
    this.time = -Infinity;
    this.#lastLocal = -Infinity;
    this.#lastTime = -Infinity;
    this.#reader = reader;
    this.#baseLatencyNs = skew.clockSkewNs === "auto" ? skew.baseLatencyNs : undefined;
    this.skewNs = skew.clockSkewNs === "auto" ? 0 : skew.clockSkewNs;
    this.skip();
  }

  /** Price of the record, in quote currency. */
  get price(): number {
    return this.#f64[this.#index * F64 + RECORD.price / 8]!;
  }

  /** Quantity of the record, in base units. */
  get qty(): number {
    return this.#f64[this.#index * F64 + RECORD.qty / 8]!;
  }

  /** Whether the record changes the exchange's book; one without any flag does both. */
  get isExch(): boolean {
    return (this.ev & BOTH_FLAGS) !== LOCAL_FLAG;
  }

  /** Whether the record reaches the bot. */
  get isLocal(): boolean {
    return (this.ev & LOCAL_FLAG) !== 0 || (this.ev & EXCH_FLAG) === 0;
  }

  /** The record's own time, or undefined if it has none: snapshots of the book at a beginning. */
  get ownTime(): NsTime | undefined {
    const local = this.#halves(LOCAL_LO);
    const exch = this.#halves(EXCH_LO);
    if (isTime(exch)) {
      exch.add(-this.skewNs);
      if (!isTime(local) || exch.since(local) < 0) return exch;
    }
    return isTime(local) ? local : undefined;
  }

  /**
   * Counts times from another moment.
   *
   * @param epoch The moment of time 0.
   * @param end When the data ends, counted from there.
   * @param byNs How much lower all times become.
   */
  place(epoch: NsTime, end: number, byNs: number): void {
    this.#epochHi = epoch.hi;
    this.#epochLo = epoch.lo;
    this.#end = end;
    this.#lastLocal -= byNs;
    this.#lastTime -= byNs;
    const { reversed } = this;
    this.#convert();
    this.reversed = reversed;
  }

  /** Goes on to the next record. */
  advance(): void {
    this.#lastLocal = this.local;
    this.#lastTime = this.time;
    this.skip();
    this.#convert();
  }

  /** Goes on to the next record without a look at its times. */
  skip(): void {
    if (this.#index >= 0) this.count++;
    if (++this.#index < this.#length || this.#readBlock()) {
      this.ev = this.#u32[this.#index * U32]!;
    } else {
      this.#finish();
    }
  }

  #finish(): void {
    this.ended = true;
    this.time = Infinity;
  }

  #convert(): void {
    if (this.ended) return;
    const u32 = this.#u32;
    const word = this.#index * U32;
    const epochHi = this.#epochHi;
    const epochLo = this.#epochLo;
    const local = (u32[word + LOCAL_LO + 1]! - epochHi) * TWO_32 +
      (u32[word + LOCAL_LO]! - epochLo);
    const exch = (u32[word + EXCH_LO + 1]! - epochHi) * TWO_32 + (u32[word + EXCH_LO]! - epochLo);
    const isLocal = this.isLocal;
    this.local = isLocal && local > this.#lastLocal ? local : this.#lastLocal;
    let time = this.#lastTime;
    this.exch = exch;
    if (Math.abs(exch - (isLocal ? this.local : local)) > MAX_DURATION_NS) {
      if (isLocal) time = this.local;
      this.exch = time + this.skewNs;
    } else if (this.isExch) {
      time = exch - this.skewNs;
      if (isLocal && time > this.local) time = this.local;
      if (time < this.#lastTime) {
        time = this.#lastTime;
        this.reversed++;
      }
    }
    this.time = time;
    if ((isLocal ? this.local : time) >= this.#end) this.#finish();
  }

  /** Reads the next block. A failure waits until everything before it has reached the bot. */
  #readBlock(): boolean {
    let block: RecordBlock | undefined;
    try {
      do block = this.#reader.next(); while (block !== undefined && block.length === 0);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
    if (block === undefined) return false;
    const { bytes } = block;
    const { buffer, byteOffset } = bytes;
    if (
      this.#u32.buffer !== buffer || this.#u32.byteOffset !== byteOffset ||
      this.#u32.length * 4 !== bytes.length
    ) {
      this.#u32 = new Uint32Array(buffer, byteOffset, bytes.length >> 2);
      this.#f64 = new Float64Array(buffer, byteOffset, bytes.length >> 3);
    }
    this.#length = block.length;
    this.#index = 0;
    if (this.#baseLatencyNs !== undefined) this.#measure(this.#baseLatencyNs);
    return true;
  }

  /** Looks through a block for events that came before their own exchange time. */
  #measure(baseLatencyNs: number): void {
    const u32 = this.#u32;
    const end = this.#length * U32;
    let min = this.#minLatencyNs;
    for (let word = 0; word < end; word += U32) {
      const latency = (u32[word + LOCAL_LO + 1]! - u32[word + EXCH_LO + 1]!) * TWO_32 +
        (u32[word + LOCAL_LO]! - u32[word + EXCH_LO]!);
      if (latency < min && latency > -MAX_DURATION_NS) min = latency;
    }
    if (min === this.#minLatencyNs) return;
    this.#minLatencyNs = min;
    this.skewNs = baseLatencyNs - min;
  }

  #halves(lo: number): NsTime {
    const time = new NsTime();
    time.lo = this.#u32[this.#index * U32 + lo]!;
    time.hi = this.#u32[this.#index * U32 + lo + 1]!;
    return time;
  }
}

/** Whether a time is one at all: neither 0 nor negative. */
function isTime({ hi, lo }: NsTime): boolean {
  return (hi !== 0 || lo !== 0) && hi < 0x8000_0000;
}

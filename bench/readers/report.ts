/**
 * What a TypeScript reader measures: the same figures as native/crates/bench.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { type EventBatch, EventKind, NsTime, RECORD, RECORD_SIZE } from "@hftlive/hftlive";
import type { ReaderReport } from "../lab/figures.ts";
import { Latency } from "./latency.ts";

/** Symbol, price step and quantity step of every instrument, as in native/crates/bench/src/wire.rs. */
export function instruments(connector: string, count: number): {
  connector: string;
  symbol: string;
  tickSize: number;
  lotSize: number;
}[] {
  return Array.from(
    { length: count },
    (_, i) => ({ connector, symbol: `bench${i}`, tickSize: 0.1, lotSize: 0.001 }),
  );
}

/** Exchange time of the first event that counts; those before it warm up. */
export const FIRST_SEQUENCE = 1_000_000;
/** Exchange time that marks the end of a run. */
export const END_MARK = 1;
const WORDS = RECORD_SIZE / 4;
const EXCH = RECORD.exchTimestamp / 4;
const LOCAL = RECORD.localTimestamp / 4;
const TWO_32 = 2 ** 32;
/** How many events lie between two looks at the heap. */
const HEAP_EVERY = 50_000;
/** Events of the warm-up between two fresh starts. */
const RESTART_EVERY = 500;
/** A sequence number beyond all, small enough to be kept as the others are. */
const NEVER = 2 ** 30;

/** Counts events and their latency. Makes no object per event, so that the heap's growth is the bot's. */
export class Report {
  readonly #latency = new Latency();
  readonly #now = new NsTime();
  #words = new Uint32Array(0);
  #batch: EventBatch | undefined;
  #lastSequence = FIRST_SEQUENCE - 1;
  #firstMs = 0;
  #lastMs = 0;
  #cpuMicros = 0;
  #heapUsed = 0;
  #heapGrowth = 0;
  #heapLookAt = 0;
  #restartAt = 0;
  #counts = false;

  /**
   * Takes a batch.
   *
   * @param batch The batch.
   * @param now Wall clock after it was received, ns.
   * @returns Whether the run has ended.
   */
  add(batch: EventBatch, now: bigint): boolean {
    if (this.#batch !== batch) {
      this.#batch = batch;
      this.#words = new Uint32Array(batch.bytes.buffer);
    }
    this.#setNow(now);
    const words = this.#words;
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      const kind = batch.kind(i);
      if (kind !== EventKind.Trade && kind !== EventKind.Depth) continue;
      const at = (i + 1) * WORDS;
      const sequence = words[at + EXCH]!;
      if (sequence === END_MARK) return true;
      this.#event(sequence, words[at + LOCAL + 1]!, words[at + LOCAL]!);
    }
    this.#look();
    return false;
  }

  /** Takes one event; answers whether the run has ended. */
  event(exchTimestamp: bigint, localTimestamp: bigint, now: bigint): boolean {
    const sequence = Number(exchTimestamp);
    if (sequence === END_MARK) return true;
    this.#setNow(now);
    const local = NsTime.from(localTimestamp);
    this.#event(sequence, local.hi, local.lo);
    this.#look();
    return false;
  }

  /** Events handled so far. */
  get received(): number {
    return this.#latency.count;
  }

  /** Whether the warm-up is over. */
  get counts(): boolean {
    return this.#counts;
  }

  /** The figures so far. */
  toJSON(): ReaderReport {
    return {
      received: this.#latency.count,
      seen: this.#lastSequence - FIRST_SEQUENCE + 1,
      seconds: (this.#lastMs - this.#firstMs) / 1000,
      cpuSeconds: this.#counts ? (cpuMicros() - this.#cpuMicros) / 1_000_000 : 0,
      heapBytes: this.#heapGrowth,
      latencyNs: this.#latency.quantiles(),
    };
  }

  #event(sequence: number, localHi: number, localLo: number): void {
    if (sequence >= this.#restartAt) this.#restart(sequence);
    const { hi, lo } = this.#now;
    this.#latency.record((hi - localHi) * TWO_32 + (lo - localLo));
    this.#lastSequence = sequence;
  }

  #setNow(now: bigint): void {
    // BigInt's own conversions make a number of each half.
    this.#now.hi = Number(now >> 32n);
    this.#now.lo = Number(now & 0xffff_ffffn);
  }

  /**
   * Forgets all that was. The warm-up does it again and again, so that nothing of it is new to V8, which
   * would compile it and all around it anew, when the events come that count.
   */
  #restart(sequence: number): void {
    this.#counts = sequence >= FIRST_SEQUENCE;
    this.#restartAt = this.#counts ? NEVER : Math.min(sequence + RESTART_EVERY, FIRST_SEQUENCE);
    this.#latency.reset();
    this.#cpuMicros = cpuMicros();
    this.#heapUsed = Deno.memoryUsage().heapUsed;
    this.#heapGrowth = 0;
    this.#heapLookAt = HEAP_EVERY;
    this.#firstMs = this.#lastMs = performance.now();
  }

  #look(): void {
    const { count } = this.#latency;
    this.#lastMs = performance.now();
    if (count < this.#heapLookAt) return;
    this.#heapLookAt = count + HEAP_EVERY;
    const { heapUsed } = Deno.memoryUsage();
    this.#heapGrowth += Math.max(0, heapUsed - this.#heapUsed);
    this.#heapUsed = heapUsed;
  }
}

function cpuMicros(): number {
  const { user, system } = cpuUsage();
  return user + system;
}

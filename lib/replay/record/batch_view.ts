/**
 * Batches as a recorder reads them.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import { EventKind, HEADER, RECORD } from "../../bot/record.ts";
import { RECORD_WORDS } from "./market_record.ts";
import { isBefore, type TimeHalves } from "./record_times.ts";
import type { FirstTimes } from "./track.ts";

/**
 * The words of a batch. For records without times that none came before, it has those of the
 * next record of the instrument that has some.
 */
export class BatchView implements FirstTimes {
  /** The batch. */
  readonly batch: EventBatch;
  /** The batch as 32-bit words. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Index of the record at hand. */
  index = 0;

  /** @param batch The batch. */
  constructor(batch: EventBatch) {
    this.batch = batch;
    this.words = new Uint32Array(batch.bytes.buffer);
  }

  /** Where the record at hand begins, in words. */
  get at(): number {
    return (this.index + 1) * RECORD_WORDS;
  }

  exch(): TimeHalves {
    return this.#next(RECORD.exchTimestamp) ?? this.local();
  }

  local(): TimeHalves {
    const filled = this.#halves(HEADER.timestamp / 4);
    const next = this.#next(RECORD.localTimestamp);
    return next && isBefore(next.hi, next.lo, filled.hi, filled.lo) ? next : filled;
  }

  /** The first time at this offset that a market record of the same instrument has, from here on. */
  #next(offset: number): TimeHalves | undefined {
    const { batch } = this;
    const asset = batch.asset(this.index);
    for (let i = this.index; i < batch.length; i++) {
      if (batch.kind(i) > EventKind.Bbo || batch.asset(i) !== asset) continue;
      const time = this.#halves((i + 1) * RECORD_WORDS + offset / 4);
      if ((time.hi | time.lo) !== 0) return time;
    }
    return undefined;
  }

  #halves(at: number): TimeHalves {
    return { lo: this.words[at]!, hi: this.words[at + 1]! };
  }
}

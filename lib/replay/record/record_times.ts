/**
 * Times of records, in the order that a recording must have.
 *
 * @module
 */

import type { MarketRecord } from "./market_record.ts";

/** A time as two unsigned halves; both 0 for none. */
export interface TimeHalves {
  /** Upper 32 bits. */
  readonly hi: number;
  /** Lower 32 bits. */
  readonly lo: number;
}

/**
 * Gives each record of an instrument the times that a replay needs. Local times never run
 * backwards in a recording, since readers merge by them. A record that was made here has no
 * exchange time, and a level in a connector's answer has no local time, and the exchange time of
 * its last change: they get those of the record before them.
 */
export class RecordTimes {
  /** Records that had no local or exchange time. */
  filled = 0;
  /** Records whose local time was before that of the record before. */
  raised = 0;
  /** Records whose exchange time is before that of the record before; it is left as it is. */
  exchReversed = 0;
  /** Records whose local time is before their exchange time; both are left as they are. */
  negativeLatency = 0;

  #previousHi = 0;
  #previousLo = 0;
  #exchHi = 0;
  #exchLo = 0;
  #localHi = 0;
  #localLo = 0;

  /** Exchange time of the record before the last; that of the last if there was only one. */
  get previousExch(): TimeHalves {
    return { hi: this.#previousHi, lo: this.#previousLo };
  }

  /**
   * Corrects a record's times in place.
   *
   * @param record The record.
   * @param first The times to use where there is none and no record came before.
   */
  correct(
    record: MarketRecord,
    first: { exch(): TimeHalves; local(): TimeHalves },
  ): void {
    const { words } = record;
    let exchLo = words[2]!;
    let exchHi = words[3]!;
    let localLo = words[4]!;
    let localHi = words[5]!;
    const hasLocal = (localLo | localHi) !== 0;
    if (!hasLocal || (exchLo | exchHi) === 0) {
      this.filled++;
      if (!hasLocal) {
        if ((this.#localLo | this.#localHi) === 0) {
          ({ hi: this.#localHi, lo: this.#localLo } = first.local());
        }
        words[4] = localLo = this.#localLo;
        words[5] = localHi = this.#localHi;
      }
      if ((this.#exchLo | this.#exchHi) === 0) {
        ({ hi: this.#exchHi, lo: this.#exchLo } = first.exch());
      }
      if (isBefore(exchHi, exchLo, this.#exchHi, this.#exchLo)) {
        words[2] = exchLo = this.#exchLo;
        words[3] = exchHi = this.#exchHi;
      }
    }
    if (isBefore(localHi, localLo, this.#localHi, this.#localLo)) {
      this.raised++;
      words[4] = localLo = this.#localLo;
      words[5] = localHi = this.#localHi;
    }
    if (isBefore(exchHi, exchLo, this.#exchHi, this.#exchLo)) this.exchReversed++;
    if (isBefore(localHi, localLo, exchHi, exchLo)) this.negativeLatency++;
    const isFirst = (this.#exchHi | this.#exchLo) === 0;
    this.#previousHi = isFirst ? exchHi : this.#exchHi;
    this.#previousLo = isFirst ? exchLo : this.#exchLo;
    this.#exchHi = exchHi;
    this.#exchLo = exchLo;
    this.#localHi = localHi;
    this.#localLo = localLo;
  }
}

/** Whether the first time is before the second. */
export function isBefore(hi: number, lo: number, otherHi: number, otherLo: number): boolean {
  return hi < otherHi || (hi === otherHi && lo < otherLo);
}

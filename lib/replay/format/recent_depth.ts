/**
 * Depth updates that a late snapshot does not know of.
 *
 * @module
 */

import type { NsTime } from "../../model/time.ts";
import { NsTime as Time } from "../../model/time.ts";
import type { RecordBuffer } from "./record_buffer.ts";

/** Levels kept at least: some seconds of a busy book, longer than a snapshot takes to come. */
const LEVELS = 8192;
const STRIDE = 6;

/**
 * Keeps the last levels that the stream stated. A snapshot is asked for while the stream goes
 * on, so it arrives after updates that are newer than it is; those are to be applied again
 * after it, as the exchange's rules for a local book have it.
 */
export class RecentDepth {
  /** For each level: flags, exchange time in two halves, price, quantity, update id. */
  #older = new Float64Array(LEVELS * STRIDE);
  #newer = new Float64Array(LEVELS * STRIDE);
  #olderLength = 0;
  #newerLength = 0;
  readonly #exch = new Time();

  /**
   * Keeps a level.
   *
   * @param ev Kind and flags to state it with again.
   * @param exch Its exchange time.
   * @param price Price, in quote currency.
   * @param qty Quantity, in base units.
   * @param updateId Last update id of its message.
   */
  add(ev: number, exch: NsTime, price: number, qty: number, updateId: number): void {
    if (this.#newerLength === this.#newer.length) {
      [this.#older, this.#newer] = [this.#newer, this.#older];
      this.#olderLength = this.#newerLength;
      this.#newerLength = 0;
    }
    const level = this.#newer;
    const at = this.#newerLength;
    level[at] = ev;
    level[at + 1] = exch.hi;
    level[at + 2] = exch.lo;
    level[at + 3] = price;
    level[at + 4] = qty;
    level[at + 5] = updateId;
    this.#newerLength += STRIDE;
  }

  /**
   * States again what is newer than a snapshot.
   *
   * @param lastUpdateId The snapshot's update id.
   * @param local When the snapshot came.
   * @param into Where the records go.
   */
  restate(lastUpdateId: number, local: NsTime, into: RecordBuffer): void {
    this.#restate(this.#older, this.#olderLength, lastUpdateId, local, into);
    this.#restate(this.#newer, this.#newerLength, lastUpdateId, local, into);
  }

  #restate(
    levels: Float64Array,
    length: number,
    lastUpdateId: number,
    local: NsTime,
    into: RecordBuffer,
  ): void {
    const exch = this.#exch;
    for (let at = 0; at < length; at += STRIDE) {
      if (levels[at + 5]! <= lastUpdateId) continue;
      exch.hi = levels[at + 1]!;
      exch.lo = levels[at + 2]!;
      into.push(levels[at]!, exch, local, levels[at + 3]!, levels[at + 4]!);
    }
  }
}

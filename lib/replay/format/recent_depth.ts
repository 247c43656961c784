/**
 * Depth updates that a late snapshot does not know of.
 *
 * @module
 */

import type { NsTime } from "../../model/time.ts";
import { RecordBuffer } from "./record_buffer.ts";

/** Levels kept at least: some seconds of a busy book, longer than a snapshot takes to come. */
const MIN_LEVELS = 8192;

/** Levels in a row, and the messages that they came in. */
class Generation {
  readonly records = new RecordBuffer();
  readonly messages: { readonly updateId: number; readonly start: number; readonly end: number }[] =
    [];
}

/**
 * Keeps the last levels that the stream stated. A snapshot is asked for while the stream goes
 * on, so it arrives after updates that are newer than it is; those are to be applied again
 * after it, as the exchange's rules for a local book have it.
 */
export class RecentDepth {
  #older = new Generation();
  #newer = new Generation();

  /**
   * Keeps the levels of a message.
   *
   * @param records Where they are.
   * @param start Index of the first one; it is followed by no others.
   * @param updateId Last update id of the message.
   */
  add(records: RecordBuffer, start: number, updateId: number): void {
    if (this.#newer.records.length >= MIN_LEVELS) {
      [this.#older, this.#newer] = [this.#newer, this.#older];
      this.#newer.records.length = 0;
      this.#newer.messages.length = 0;
    }
    const { records: kept, messages } = this.#newer;
    const at = kept.length;
    kept.append(records, start, records.length);
    messages.push({ updateId, start: at, end: kept.length });
  }

  /**
   * States again what is newer than a snapshot.
   *
   * @param lastUpdateId The snapshot's update id.
   * @param local When the snapshot came.
   * @param into Where the records go.
   */
  restate(lastUpdateId: number, local: NsTime, into: RecordBuffer): void {
    const first = into.length;
    for (const { records, messages } of [this.#older, this.#newer]) {
      for (const { updateId, start, end } of messages) {
        if (updateId > lastUpdateId) into.append(records, start, end);
      }
    }
    into.setLocal(first, local);
  }
}

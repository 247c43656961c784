/**
 * From market messages to records.
 *
 * @module
 */

import { EventKind, EXCH_FLAG, LOCAL_FLAG } from "../../bot/record.ts";
import { NsTime } from "../../model/time.ts";
import { RecentDepth } from "./recent_depth.ts";
import type { RecordBuffer } from "./record_buffer.ts";
import { setMs } from "./time.ts";

// `|` would make it negative.
const BOTH = EXCH_FLAG + LOCAL_FLAG;

/**
 * Writes the records that upstream's converters write for a message
 * (py-hftbacktest/hftbacktest/data/utils). A side is `BUY_FLAG` or `SELL_FLAG`.
 */
export class MessageWriter {
  /** Local time of the message. */
  readonly local: NsTime = new NsTime();
  /** Where the records go. */
  readonly records: RecordBuffer;

  readonly #exch = new NsTime();
  readonly #recent = new RecentDepth();

  /** @param records Where the records go. */
  constructor(records: RecordBuffer) {
    this.records = records;
  }

  /** Sets the exchange's time, milliseconds since the Unix epoch; undefined where it tells none. */
  setExchTime(ms: number | undefined): void {
    if (ms === undefined) this.#exch.copy(this.local);
    else setMs(this.#exch, ms);
  }

  /** A trade; `side` is that of the order that took. */
  trade(side: number, price: number, qty: number): void {
    this.records.push(BOTH + side + EventKind.Trade, this.#exch, this.local, price, qty);
  }

  /** A level that changed. */
  depth(side: number, price: number, qty: number): void {
    this.records.push(BOTH + side + EventKind.Depth, this.#exch, this.local, price, qty);
  }

  /**
   * Keeps the levels of a message, in case that a snapshot made before it comes after it.
   *
   * @param start Index of its first record.
   * @param updateId Last update id of the message.
   */
  keep(start: number, updateId: number): void {
    this.#recent.add(this.records, start, updateId);
  }

  /** The best price of a side. */
  best(side: number, price: number, qty: number): void {
    this.records.push(BOTH + side + EventKind.Bbo, this.#exch, this.local, price, qty);
  }

  /** What a snapshot takes the place of: the levels from the best one to this price. */
  clear(side: number, upToPrice: number): void {
    this.records.push(BOTH + side + EventKind.DepthClear, this.#exch, this.local, upToPrice, 0);
  }

  /** A level of a snapshot. */
  snapshot(side: number, price: number, qty: number): void {
    this.records.push(BOTH + side + EventKind.Snapshot, this.#exch, this.local, price, qty);
  }

  /** After a snapshot: what came before it and is newer. */
  restateSince(lastUpdateId: number): void {
    this.#recent.restate(lastUpdateId, this.local, this.records);
  }
}

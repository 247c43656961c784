/**
 * The last trades of one instrument.
 *
 * @module
 */

import type { TradeEvent } from "../model/events.ts";
import { type EventQueue, QUEUED } from "./event_queue.ts";
import { BUY_FLAG } from "./record.ts";
import type { TimeBase } from "./time_base.ts";

const STRIDE = 5;

/** The newest trades up to a capacity, kept without an object for each. */
export class RecentTrades {
  readonly #capacity: number;
  readonly #data: Float64Array;
  #next = 0;
  #length = 0;

  /** @param capacity How many trades are kept; 0 for none. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#data = new Float64Array(capacity * STRIDE);
  }

  /** Adds the trade at a place of a queue; the oldest makes room for it. */
  push(queue: EventQueue, place: number): void {
    if (this.#capacity === 0) return;
    const { doubles, words } = queue;
    const from = place * QUEUED.doubles;
    const at = this.#next * STRIDE;
    this.#data[at] = words[place * QUEUED.words + QUEUED.ev]! & BUY_FLAG;
    this.#data[at + 1] = doubles[from + QUEUED.price]!;
    this.#data[at + 2] = doubles[from + QUEUED.qty]!;
    this.#data[at + 3] = doubles[from + QUEUED.exch]!;
    this.#data[at + 4] = doubles[from + QUEUED.local]!;
    if (++this.#next === this.#capacity) this.#next = 0;
    if (this.#length < this.#capacity) this.#length++;
  }

  /** Forgets all. */
  clear(): void {
    this.#length = 0;
  }

  /** The trades as events, oldest first. */
  events(asset: number, base: TimeBase): readonly TradeEvent[] {
    const events: TradeEvent[] = [];
    for (let age = this.#length; age > 0; age--) {
      const at = ((this.#next - age + this.#capacity) % this.#capacity) * STRIDE;
      events.push({
        type: "trade",
        asset,
        side: this.#data[at] === 0 ? "sell" : "buy",
        price: this.#data[at + 1]!,
        qty: this.#data[at + 2]!,
        exchTimestamp: base.toBigInt(this.#data[at + 3]!),
        localTimestamp: base.toBigInt(this.#data[at + 4]!),
      });
    }
    return events;
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (let at = 0; at < this.#data.length; at += STRIDE) {
      this.#data[at + 3]! -= byNs;
      this.#data[at + 4]! -= byNs;
    }
  }
}

/**
 * Everything that happens, in order, with a bound only on what may be dropped.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { BotEvent } from "../model/events.ts";
import { type Buffer, ObjectQueue } from "./buffer.ts";
import { RecordRing } from "./record_ring.ts";

interface Numbered {
  readonly number: number;
  readonly event: BotEvent;
}

/** Market records in a ring that drops its oldest, beside control events that are all kept. */
export class MixedBuffer implements Buffer<BotEvent> {
  readonly #market: RecordRing<BotEvent>;
  /** Sequence number of each market record, in a ring that moves with it. */
  readonly #numbers: ObjectQueue<number>;
  readonly #control = new ObjectQueue<Numbered>();
  #next = 0;

  /** @param capacity Most market records. */
  constructor(capacity: number) {
    this.#market = new RecordRing(capacity, (_event): _event is BotEvent => true);
    this.#numbers = new ObjectQueue(capacity);
  }

  /** How many events wait. */
  get size(): number {
    return this.#market.size + this.#control.size;
  }

  /**
   * Appends record `i` of a batch, which may be dropped later.
   *
   * @returns Whether the oldest market record had to be dropped for it.
   */
  pushRecord(batch: EventBatch, i: number): boolean {
    this.#numbers.push(this.#next++);
    return this.#market.push(batch, i);
  }

  /** Appends an event that is never dropped. */
  pushEvent(event: BotEvent): void {
    this.#control.push({ number: this.#next++, event });
  }

  /** Takes the oldest event; undefined when there is none. */
  shift(): BotEvent | undefined {
    const control = this.#control.peek();
    const market = this.#numbers.peek();
    if (control !== undefined && (market === undefined || control.number < market)) {
      this.#control.shift();
      return control.event;
    }
    this.#numbers.shift();
    return this.#market.shift();
  }

  /** Forgets all events. */
  clear(): void {
    this.#market.clear();
    this.#numbers.clear();
    this.#control.clear();
  }
}

/**
 * From queues to batches.
 *
 * @module
 */

import { NsTime } from "../model/time.ts";
import type { EventBatch } from "./batch.ts";
import { BatchWriter } from "./batch_writer.ts";
import type { EventQueue } from "./event_queue.ts";
import type { TimeBase } from "./time_base.ts";

/** Writes queued events into a batch. */
export class EventWriter {
  readonly #writer = new BatchWriter();
  readonly #base: TimeBase;
  readonly #local = new NsTime();

  /** @param base What the queues' times are counted from. */
  constructor(base: TimeBase) {
    this.#base = base;
  }

  /** Records written since {@linkcode begin}. */
  get length(): number {
    return this.#writer.length;
  }

  /** Records that still fit. */
  get free(): number {
    return this.#writer.free;
  }

  /** Starts filling a batch from its beginning. */
  begin(batch: EventBatch): void {
    this.#writer.begin(batch);
  }

  /** Finishes the batch at a time; `more` says that more events are waiting. */
  end(now: number, more: boolean): number {
    return this.#writer.end(this.#localAt(now), more);
  }

  /** Writes the event at the front of a queue; there must be room for it. */
  writeFront(queue: EventQueue): void {
    const { payload } = queue;
    if (payload === undefined) {
      this.writeFirst(queue, 1);
    } else if ("orderId" in payload) {
      this.#writer.order(payload);
    } else {
      const { kind, code, message } = payload;
      this.#writer.error(queue.asset, this.#localAt(queue.frontLocal), kind, code, message);
    }
  }

  /** Writes the first events of a queue, none with a payload; there must be room for them. */
  writeFirst(queue: EventQueue, count: number): void {
    this.#writer.queued(queue, count, this.#base.start);
  }

  /** Writes that the journal lost events of an instrument; `false` when the batch is full. */
  writeLost(asset: number, now: number, lost: number): boolean {
    return this.#writer.overflow(asset, this.#localAt(now), "journal", lost);
  }

  #localAt(time: number): NsTime {
    return this.#base.write(time, this.#local);
  }
}

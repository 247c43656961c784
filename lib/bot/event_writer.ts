/**
 * From queues to batches.
 *
 * @module
 */

import { connectionStateOf } from "../model/codes.ts";
import { NsTime } from "../model/time.ts";
import type { EventBatch } from "./batch.ts";
import { BatchWriter } from "./batch_writer.ts";
import type { EventQueue } from "./event_queue.ts";
import { EventKind } from "./record.ts";
import type { TimeBase } from "./time_base.ts";

/** Writes queued events into a batch. */
export class EventWriter {
  readonly #writer = new BatchWriter();
  readonly #base: TimeBase;
  readonly #exch = new NsTime();
  readonly #local = new NsTime();
  // Events of one message share their times, so that most need no conversion.
  #exchNumber = NaN;
  #localNumber = NaN;

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
    this.#exchNumber = NaN;
    this.#localNumber = NaN;
  }

  /** Finishes the batch at a time; `more` says that more events are waiting. */
  end(now: number, more: boolean): number {
    return this.#writer.end(this.#localAt(now), more);
  }

  /** Writes the event at the front of a queue; there must be room for it. */
  writeFront(queue: EventQueue): void {
    const { ev, asset } = queue;
    const kind = ev & 0xff;
    const local = this.#localAt(queue.frontLocal);
    if (kind <= EventKind.Bbo) {
      this.#writer.feed(ev, asset, this.#exchAt(queue.exch), local, queue.price, queue.qty);
      return;
    }
    const { payload } = queue;
    switch (kind) {
      case EventKind.Order:
        if (payload && "orderId" in payload) this.#writer.order(payload);
        break;
      case EventKind.Error:
        if (payload && "message" in payload) {
          this.#writer.error(asset, local, payload.kind, payload.code, payload.message);
        }
        break;
      case EventKind.Position:
        this.#writer.position(asset, this.#exchAt(queue.exch), local, queue.qty);
        break;
      case EventKind.BatchStart:
      case EventKind.BatchEnd:
        this.#writer.mark(kind, asset, local, queue.detail === 1);
        break;
      case EventKind.Connection:
        this.#writer.connection(asset, local, connectionStateOf(queue.detail));
        break;
    }
  }

  /** Writes that the journal lost events of an instrument; `false` when the batch is full. */
  writeLost(asset: number, now: number, lost: number): boolean {
    return this.#writer.overflow(asset, this.#localAt(now), "journal", lost);
  }

  #exchAt(time: number): NsTime {
    if (time !== this.#exchNumber) {
      this.#exchNumber = time;
      this.#base.write(time, this.#exch);
    }
    return this.#exch;
  }

  #localAt(time: number): NsTime {
    if (time !== this.#localNumber) {
      this.#localNumber = time;
      this.#base.write(time, this.#local);
    }
    return this.#local;
  }
}

/**
 * Events that a wait handled, kept for the next poll.
 *
 * @module
 */

import { EventQueue } from "./event_queue.ts";
import type { EventWriter } from "./event_writer.ts";
import { EventKind } from "./record.ts";

/**
 * Keeps handled events, in order, until they are polled. Market events and batch
 * marks are bounded: the oldest are dropped and counted. All others are kept.
 */
export class Journal {
  readonly #capacity: number;
  readonly #market = new EventQueue();
  readonly #kept = new EventQueue();
  /** Events lost and not yet reported, by asset. */
  readonly #lost: number[];
  #sequence = 0;
  #unreported = false;

  /**
   * @param capacity Market events and batch marks that are kept.
   * @param numAssets How many instruments there are.
   */
  constructor(capacity: number, numAssets: number) {
    this.#capacity = capacity;
    this.#lost = new Array(numAssets).fill(0);
  }

  /** Whether nothing is waiting. */
  get isEmpty(): boolean {
    return this.#market.length === 0 && this.#kept.length === 0 && !this.#unreported;
  }

  /**
   * Keeps the event at the front of a queue.
   *
   * @returns The asset that lost an event for it, or -1.
   */
  record(queue: EventQueue): number {
    const kind = queue.ev & 0xff;
    const isMarket = kind <= EventKind.Bbo || kind === EventKind.BatchStart ||
      kind === EventKind.BatchEnd;
    let loser = -1;
    if (isMarket && this.#market.length === this.#capacity) {
      loser = this.#market.asset;
      this.#lost[loser]!++;
      this.#unreported = true;
      this.#market.shift();
    }
    (isMarket ? this.#market : this.#kept).pushFrontOf(queue, this.#sequence++);
    return loser;
  }

  /** Moves what fits into a batch, losses first. */
  drain(writer: EventWriter, now: number): void {
    if (this.#unreported) this.#reportLost(writer, now);
    const market = this.#market;
    const kept = this.#kept;
    while (writer.free > 0 && market.length + kept.length > 0) {
      const keptIsNext = kept.length > 0 &&
        (market.length === 0 || kept.sequence < market.sequence);
      const next = keptIsNext ? kept : market;
      writer.writeFront(next);
      next.shift();
    }
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    this.#market.rebase(byNs);
    this.#kept.rebase(byNs);
  }

  #reportLost(writer: EventWriter, now: number): void {
    for (const [asset, lost] of this.#lost.entries()) {
      if (lost === 0) continue;
      if (!writer.writeLost(asset, now, lost)) return;
      this.#lost[asset] = 0;
    }
    this.#unreported = false;
  }
}

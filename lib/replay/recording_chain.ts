/**
 * The recordings of one instrument, in a row.
 *
 * @module
 */

import type { MarketSource, RecordBlock } from "./market_source.ts";
import type { Recording } from "./options.ts";
import type { BlockReader } from "./record_cursor.ts";

/** Reads recordings one after the other; a file is opened when its turn comes. */
export class RecordingChain implements BlockReader, Disposable {
  readonly #waiting: Recording[];
  readonly #open: (path: string) => MarketSource;
  #current: MarketSource | undefined;
  #skipped = 0;

  /**
   * @param recordings The recordings, in their order.
   * @param open Opens a file.
   */
  constructor(recordings: readonly Recording[], open: (path: string) => MarketSource) {
    this.#waiting = [...recordings];
    this.#open = open;
  }

  /** Damaged pieces that were skipped so far. */
  get skipped(): number {
    return this.#skipped + (this.#current?.skipped ?? 0);
  }

  next(): RecordBlock | undefined {
    for (;;) {
      const block = this.#current?.next();
      if (block !== undefined) return block;
      this.#closeCurrent();
      const recording = this.#waiting.shift();
      if (recording === undefined) return undefined;
      this.#current = typeof recording === "string" ? this.#open(recording) : recording;
    }
  }

  /** Closes what is open, those whose turn has not come included. */
  [Symbol.dispose](): void {
    this.#closeCurrent();
    for (const recording of this.#waiting.splice(0)) {
      if (typeof recording !== "string") recording[Symbol.dispose]();
    }
  }

  #closeCurrent(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    this.#skipped += current.skipped;
    current[Symbol.dispose]();
  }
}

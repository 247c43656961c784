/**
 * The recordings of one instrument, in a row.
 *
 * @module
 */

import type { BlockReader } from "./record_cursor.ts";
import type { MarketSource, RecordBlock } from "./market_source.ts";

/** Opens a recording when its turn comes. */
export type OpenSource = () => MarketSource;

/** Reads recordings one after the other; only one is open at a time. */
export class RecordingChain implements BlockReader, Disposable {
  readonly #waiting: OpenSource[];
  #current: MarketSource | undefined;
  #skipped = 0;

  /** @param sources The recordings, in their order. The first is opened at once. */
  constructor(sources: readonly OpenSource[]) {
    this.#waiting = [...sources];
    this.#current = this.#waiting.shift()?.();
  }

  /** Damaged pieces that were skipped so far. */
  get skipped(): number {
    return this.#skipped + (this.#current?.skipped ?? 0);
  }

  next(): RecordBlock | undefined {
    while (this.#current !== undefined) {
      const block = this.#current.next();
      if (block !== undefined) return block;
      this.#closeCurrent();
      this.#current = this.#waiting.shift()?.();
    }
    return undefined;
  }

  /** Closes what is open; the others are not opened any more. */
  [Symbol.dispose](): void {
    this.#closeCurrent();
    this.#waiting.length = 0;
  }

  #closeCurrent(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    this.#skipped += current.skipped;
    current[Symbol.dispose]();
  }
}

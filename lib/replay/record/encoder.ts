/**
 * How events become the content of a file.
 *
 * @module
 */

import type { DepthSnapshot } from "../../bot/market_depth.ts";
import type { MarketRecord } from "./market_record.ts";
import type { TimeHalves } from "./record_times.ts";

/**
 * What became of an event: it was taken, there was no memory for it, or the format has no
 * way to write it.
 */
export type Taken = "taken" | "full" | "unwritable";

/** A whole book, and when it was so. */
export interface WholeBook {
  /** The book. */
  readonly now: DepthSnapshot;
  /** Whether a reader may hold another one, because events were lost. */
  readonly afterGap: boolean;
  /** Exchange time. */
  readonly exch: TimeHalves;
  /** Local time. */
  readonly local: TimeHalves;
}

/** Writes events, in the order in which they come, as one format has them. */
export interface Encoder {
  /** Bytes of content since {@linkcode Encoder.begin}. */
  readonly contentBytes: number;
  /** Begins a file. */
  begin(): void;
  /**
   * Takes an event.
   *
   * @param record The event; its memory is used again for the next.
   */
  event(record: MarketRecord): Taken;
  /**
   * Writes a whole book in place of what a reader holds.
   *
   * @returns Whether there was memory for all of it.
   */
  book(book: WholeBook): boolean;
  /** Writes out what waits for more of its message, which has ended. */
  endMessage(): void;
  /** Writes out what may wait, but for what must not be cut in two. */
  flush(): void;
}

/**
 * Where recorded market events come from.
 *
 * @module
 */

/**
 * Market events in a row, each a 64-byte record as in `lib/bot/record.ts`: upstream's own
 * `Event`, little endian, its upper half of `ev` zero.
 */
export interface RecordBlock {
  /** The records; the first begins at the first byte, whose offset in its buffer is a multiple of 8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many there are; `bytes` may be longer. */
  readonly length: number;
}

/** The market events of one instrument, in the order of their local time. */
export interface MarketSource extends Disposable {
  /** What it reads, for messages: a file's path. */
  readonly name: string;
  /** Symbol of the events; undefined where the format does not tell it, as npz. */
  readonly symbol: string | undefined;
  /** Damaged or unreadable pieces that were skipped so far. */
  readonly skipped: number;
  /**
   * Reads on.
   *
   * @returns The next events, valid until the next call; undefined at the end.
   * @throws {RecordingError} If the data is damaged there and is not to be skipped.
   */
  next(): RecordBlock | undefined;
}

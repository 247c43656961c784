/**
 * Lines out of a stream of bytes, in bounded memory.
 *
 * @module
 */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_CAPACITY = 1024;

/** A line of output. */
export interface SplitLine {
  /** The line without its end. */
  readonly text: string;
  /** Bytes that were left out at its end, since it was too long. */
  readonly cutBytes: number;
}

/** Splits bytes at line feeds; never holds more of a line than its limit. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder();
  #held = new Uint8Array(FIRST_CAPACITY);
  #length = 0;
  #cutBytes = 0;

  /**
   * Makes a splitter of one stream.
   *
   * @param maxBytes Most bytes of a line that are kept.
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a chunk.
   *
   * @param chunk Bytes; they may be overwritten after the call.
   * @returns The lines that have ended.
   */
  push(chunk: Uint8Array): SplitLine[] {
    const lines: SplitLine[] = [];
    let start = 0;
    for (
      let end = chunk.indexOf(LINE_FEED);
      end >= 0;
      start = end + 1, end = chunk.indexOf(LINE_FEED, start)
    ) {
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#take());
    }
    this.#hold(chunk.subarray(start));
    return lines;
  }

  /**
   * Ends the stream.
   *
   * @returns The last line, if it had no line feed.
   */
  finish(): SplitLine | undefined {
    return this.#length + this.#cutBytes > 0 ? this.#take() : undefined;
  }

  #hold(bytes: Uint8Array): void {
    const kept = Math.min(bytes.length, this.#maxBytes - this.#length);
    this.#cutBytes += bytes.length - kept;
    if (kept === 0) return;
    const needed = this.#length + kept;
    if (needed > this.#held.length) {
      const capacity = Math.min(this.#maxBytes, Math.max(needed, 2 * this.#held.length));
      const larger = new Uint8Array(capacity);
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(0, kept), this.#length);
    this.#length = needed;
  }

  #take(): SplitLine {
    const endsWithReturn = this.#cutBytes === 0 && this.#held[this.#length - 1] === CARRIAGE_RETURN;
    const length = endsWithReturn ? this.#length - 1 : this.#length;
    const line = {
      text: this.#decoder.decode(this.#held.subarray(0, length)),
      cutBytes: this.#cutBytes,
    };
    this.#length = 0;
    this.#cutBytes = 0;
    return line;
  }
}

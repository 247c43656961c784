/**
 * The last lines of a connector's output, for those who look now and those who look later.
 *
 * @module
 */

import { checkNumber } from "../../model/check.ts";
import type { LogLine } from "./log_line.ts";

/** Options of {@linkcode LogBuffer}. */
export interface LogBufferOptions {
  /**
   * Most lines that are kept.
   *
   * @default {2000}
   */
  readonly maxLines?: number;
  /**
   * Most characters that are kept, all lines together.
   *
   * @default {4194304}
   */
  readonly maxCharacters?: number;
}

/** Options of {@linkcode LogBuffer.tail}. */
export interface TailOptions {
  /**
   * How many of the lines that are kept already come first.
   *
   * @default all of them
   */
  readonly last?: number;
  /** Ends the tail, without an error. */
  readonly signal?: AbortSignal;
}

/** What has gone through a buffer since it was made. */
export interface LogCounts {
  /** Lines that were added. */
  readonly lines: number;
  /** Lines of those that are no longer kept, since newer ones took their place. */
  readonly dropped: number;
  /** Lines that were too long and lost their end. */
  readonly cutLines: number;
  /** Bytes that those lost. */
  readonly cutBytes: number;
}

/** Lines as they come. A reader that is slower than the connector loses the oldest ones. */
export interface LogTail extends AsyncIterable<LogLine> {
  /** Lines that were gone before this reader had come to them. */
  readonly dropped: number;
}

/** Keeps the last lines of an output, bounded in number and size, and counts all others. */
export class LogBuffer {
  readonly #maxLines: number;
  readonly #maxCharacters: number;
  /** A ring: line number n stands at n modulo its length. */
  readonly #ring: (LogLine | undefined)[];
  /** Number of the oldest line that is kept. */
  #first = 0;
  /** Number that the next line gets. */
  #next = 0;
  #characters = 0;
  #cutLines = 0;
  #cutBytes = 0;
  #closed = false;
  /** What readers wait for that have read everything; undefined while there are none. */
  #changed: PromiseWithResolvers<void> | undefined;

  /**
   * Makes an empty buffer.
   *
   * @param options How much is kept.
   * @throws {InvalidInputError} If a bound is not a positive whole number.
   */
  constructor(options: LogBufferOptions = {}) {
    const { maxLines = 2_000, maxCharacters = 4 * 1024 * 1024 } = options;
    this.#maxLines = checkNumber("maxLines", maxLines, { min: 1, max: 1e6, integer: true });
    this.#maxCharacters = checkNumber("maxCharacters", maxCharacters, { min: 1, integer: true });
    this.#ring = new Array(this.#maxLines);
  }

  /** What has gone through. */
  get counts(): LogCounts {
    return {
      lines: this.#next,
      dropped: this.#first,
      cutLines: this.#cutLines,
      cutBytes: this.#cutBytes,
    };
  }

  /** Characters that are kept now, all lines together. */
  get characters(): number {
    return this.#characters;
  }

  /** Adds a line. */
  add(line: LogLine): void {
    if (line.cutBytes > 0) {
      this.#cutLines++;
      this.#cutBytes += line.cutBytes;
    }
    if (this.#next - this.#first === this.#maxLines) this.#dropFirst();
    this.#ring[this.#next % this.#maxLines] = line;
    this.#next++;
    this.#characters += line.raw.length;
    while (this.#characters > this.#maxCharacters && this.#next - this.#first > 1) {
      this.#dropFirst();
    }
    this.#wake();
  }

  /** Ends all tails, once they have read what is kept. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /**
   * The last lines.
   *
   * @param count Most lines to return.
   * @returns The lines, the oldest first.
   */
  last(count: number = this.#maxLines): LogLine[] {
    const lines: LogLine[] = [];
    for (let n = this.#startOf(count); n < this.#next; n++) {
      const line = this.#ring[n % this.#maxLines];
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }

  /**
   * Follows the output: the lines that are kept, then each one as it comes, until the output ends.
   *
   * @param options Where to start, and what ends it early.
   * @returns The lines; each reader that iterates over them has a place of its own.
   * @throws {InvalidInputError} If `last` is not a whole number.
   */
  tail(options: TailOptions = {}): LogTail {
    const { last = this.#maxLines, signal } = options;
    const start = this.#startOf(checkNumber("last", last, { min: 0, integer: true }));
    const counter = { dropped: 0 };
    const read = (): AsyncIterator<LogLine> => this.#read(start, counter, signal);
    return {
      get dropped() {
        return counter.dropped;
      },
      [Symbol.asyncIterator]: read,
    };
  }

  async *#read(
    start: number,
    counter: { dropped: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogLine, void, undefined> {
    const wake = (): void => this.#wake();
    signal?.addEventListener("abort", wake);
    try {
      for (let n = start; !signal?.aborted;) {
        if (n < this.#first) {
          counter.dropped += this.#first - n;
          n = this.#first;
        }
        const line = n < this.#next ? this.#ring[n % this.#maxLines] : undefined;
        if (line !== undefined) {
          yield line;
          n++;
        } else if (this.#closed) return;
        else {
          this.#changed ??= Promise.withResolvers();
          await this.#changed.promise;
        }
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
  }

  #startOf(count: number): number {
    return Math.max(this.#first, this.#next - count);
  }

  #dropFirst(): void {
    const index = this.#first % this.#maxLines;
    this.#characters -= this.#ring[index]?.raw.length ?? 0;
    this.#ring[index] = undefined;
    this.#first++;
  }

  #wake(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}

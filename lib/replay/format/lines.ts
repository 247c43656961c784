/**
 * Lines of bytes.
 *
 * @module
 */

import { RecordingError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";

const CHUNK = 131_072;
/** Longest line that is taken for one: a book snapshot has some 100 kB. */
const MAX_LINE = 16 * 1024 * 1024;
const LINE_FEED = 10;

/** Reads lines in place. The fields tell of the current one. */
export class LineReader implements Disposable {
  /** Where the line lies. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(CHUNK);
  /** Its first byte in {@linkcode bytes}. */
  start = 0;
  /** After its last byte, without the line feed. */
  end = 0;
  /** Its number, from 1. */
  line = 0;

  readonly #source: ByteSource;
  /** Bytes that were read. */
  #filled = 0;
  /** Where the next line begins. */
  #next = 0;
  /** Where a line feed is looked for next. */
  #searched = 0;
  /** Offset of the first byte of `bytes`. */
  #base = 0;

  /** @param source Where the lines come from; it is closed with this. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Name of the file. */
  get file(): string {
    return this.#source.file;
  }

  /** Offset of the line. */
  get offset(): number {
    return this.#base + this.start;
  }

  /** An error in this line. */
  error(problem: string): RecordingError {
    const position = { offset: this.offset, of: this.#source.of, line: this.line };
    return new RecordingError(this.file, position, problem);
  }

  /**
   * Goes to the next line.
   *
   * @returns Whether there is one; a last one may lack its line feed.
   * @throws {RecordingError} If the source is damaged or cut off within it, or if it has no end.
   */
  next(): boolean {
    for (;;) {
      const found = this.bytes.indexOf(LINE_FEED, this.#searched);
      // What lies behind the filled part is of no account.
      if (found >= 0 && found < this.#filled) {
        this.#take(found, found + 1);
        return true;
      }
      this.#searched = this.#filled;
      if (this.#fill()) continue;
      if (this.#next === this.#filled) return false;
      this.#take(this.#filled, this.#filled);
      return true;
    }
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  #take(end: number, next: number): void {
    this.start = this.#next;
    this.end = end;
    this.#next = this.#searched = next;
    this.line++;
  }

  /** Reads more behind the line that has begun; `false` at the end. */
  #fill(): boolean {
    if (this.#next > 0) {
      this.bytes.copyWithin(0, this.#next, this.#filled);
      this.#base += this.#next;
      this.#filled -= this.#next;
      this.#searched -= this.#next;
      this.start = this.end = this.#next = 0;
    } else if (this.#filled === this.bytes.length) {
      if (this.#filled >= MAX_LINE) {
        this.#take(this.#filled, this.#filled);
        throw this.error(`a line of more than ${MAX_LINE} bytes`);
      }
      const bytes = new Uint8Array(this.bytes.length * 2);
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    const count = this.#read(this.bytes.subarray(this.#filled));
    this.#filled += count;
    return count > 0;
  }

  #read(into: Uint8Array): number {
    try {
      return this.#source.read(into);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      // The line that has begun cannot be used; the one before was the last.
      throw new RecordingError(
        this.file,
        { offset: this.#source.offset, of: this.#source.of, line: this.line + 1 },
        `${error.problem} (byte ${error.offset} of the file)`,
        { cause: error },
      );
    }
  }
}

/**
 * Bytes looked at before they are taken.
 *
 * @module
 */

import { RecordingError } from "../errors.ts";
import { type ByteSource, readFully } from "./byte_source.ts";

const CAPACITY = 65_536;
/** Zeros after the last byte, so that a loop may look further than the end. */
export const LOOKAHEAD = 16;

/** A buffer before a source. Its fields are for loops that read it in place. */
export class InputBuffer {
  /** The bytes; after the last one there are zeros, at least {@linkcode LOOKAHEAD}. */
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(CAPACITY + LOOKAHEAD);
  /** The same bytes, to be read several at a time. */
  readonly words: DataView = new DataView(this.bytes.buffer);
  /** Where the next byte is. */
  position = 0;
  /** Where the bytes end. */
  end = 0;
  /** Whether the source has nothing more. */
  ended = false;

  readonly #source: ByteSource;

  /** @param source Where the bytes come from. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Offset of the next byte in the source. */
  get offset(): number {
    return this.#source.offset - (this.end - this.position);
  }

  /** Makes the next bytes follow what is left, as many as fit. */
  refill(): void {
    const { bytes, position, end } = this;
    const left = end - position;
    bytes.copyWithin(0, position, end);
    const room = bytes.subarray(left, CAPACITY);
    const count = readFully(this.#source, room);
    this.position = 0;
    this.end = left + count;
    this.ended = count < room.length;
    bytes.fill(0, this.end, this.end + LOOKAHEAD);
  }

  /** Whether no byte is left. */
  isEmpty(): boolean {
    if (this.position === this.end && !this.ended) this.refill();
    return this.position === this.end;
  }

  /**
   * Takes a byte.
   *
   * @param what What it belongs to, for the error.
   * @throws {RecordingError} If there is none.
   */
  byte(what: string): number {
    if (this.isEmpty()) throw this.error(`the end comes within the ${what}`);
    return this.bytes[this.position++]!;
  }

  /** Takes a little-endian number of 1 to 4 bytes, unsigned. */
  uint(size: number, what: string): number {
    let value = 0;
    for (let i = 0; i < size; i++) value += this.byte(what) * 2 ** (8 * i);
    return value;
  }

  /** An error at the next byte. */
  error(problem: string): RecordingError {
    return new RecordingError(
      this.#source.file,
      { offset: this.offset, of: this.#source.of },
      problem,
    );
  }
}

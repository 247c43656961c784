/**
 * Bytes read in order.
 *
 * @module
 */

import { HftliveError, InvalidInputError } from "../../model/errors.ts";
import { RecordingError } from "../errors.ts";

/** Bytes in order, as they are needed. */
export interface ByteSource extends Disposable {
  /** Name of the file they come from. */
  readonly file: string;
  /** What {@linkcode offset} counts bytes of. */
  readonly of: "file" | "content";
  /** Offset of the next byte. */
  readonly offset: number;
  /**
   * Reads on.
   *
   * @param into Where the bytes go; not empty.
   * @returns How many were read; 0 at the end.
   * @throws {RecordingError} If what follows is damaged. Everything before it was delivered.
   * @throws {HftliveError} If the system cannot read it.
   */
  read(into: Uint8Array): number;
}

/** A file, or a part of it, without decompression. */
export class FileBytes implements ByteSource {
  readonly file: string;
  readonly of = "file";

  readonly #handle: Deno.FsFile;
  #offset = 0;
  #end = Infinity;
  #closed = false;

  /**
   * Opens a file.
   *
   * @param path The file.
   * @throws {InvalidInputError} If the user may not read it.
   */
  constructor(path: string) {
    this.file = path;
    try {
      this.#handle = Deno.openSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
      throw new InvalidInputError("recording", path, "a file that this user may read");
    }
  }

  get offset(): number {
    return this.#offset;
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.#handle.statSync().size;
  }

  /**
   * Reads another part next.
   *
   * @param start Offset of its first byte.
   * @param end Offset after its last byte.
   */
  seek(start: number, end: number = Infinity): this {
    this.#handle.seekSync(start, Deno.SeekMode.Start);
    this.#offset = start;
    this.#end = end;
    return this;
  }

  read(into: Uint8Array): number {
    const left = this.#end - this.#offset;
    if (left <= 0) return 0;
    const count = this.#readSync(left < into.length ? into.subarray(0, left) : into);
    this.#offset += count;
    return count;
  }

  #readSync(into: Uint8Array): number {
    try {
      return this.#handle.readSync(into) ?? 0;
    } catch (cause) {
      // The disk's fault, not the recording's: nothing behind it can be skipped to.
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HftliveError(`Cannot read recording ${this.file}: ${why}`, { cause });
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
  }
}

/**
 * Reads until the target is full or the source ends.
 *
 * @returns How many bytes were read.
 */
export function readFully(source: ByteSource, into: Uint8Array): number {
  let filled = 0;
  while (filled < into.length) {
    const count = source.read(into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/**
 * Reads a number of bytes that must be there.
 *
 * @param source Where they come from.
 * @param length How many.
 * @param what What they are, for the error.
 * @returns The bytes.
 * @throws {RecordingError} If the source ends before.
 */
export function readExactly(
  source: ByteSource,
  length: number,
  what: string,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const start = source.offset;
  const count = readFully(source, bytes);
  if (count < length) {
    throw new RecordingError(
      source.file,
      { offset: start + count, of: source.of },
      `the end comes within the ${what}, expected ${length - count} bytes more`,
    );
  }
  return bytes;
}

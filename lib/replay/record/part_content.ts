/**
 * What can be read of a file that was never completed.
 *
 * @module
 */

import { EventKind, RECORD_SIZE } from "../../bot/record.ts";
import { RecordingError } from "../errors.ts";
import { type ByteSource, FileBytes, readExactly } from "../format/byte_source.ts";
import { GzipBytes } from "../format/gzip.ts";
import { Inflate } from "../format/inflate.ts";
import { InputBuffer } from "../format/input_buffer.ts";
import { readEventArrayHeader } from "../format/npy_header.ts";
import type { Container } from "./container.ts";
import { GzContainer } from "./gz_container.ts";
import { NpzContainer, readsAsCompressed, ZIP_HEADER_BYTES } from "./npz_container.ts";

/** Bytes read at a time: a whole number of records. */
const BLOCK_BYTES = 256 * 1024;

const NEWLINE = 0x0a;

/** Whole records or lines. */
export interface Piece {
  /** Their bytes, valid until the next piece. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many they are. */
  readonly entries: number;
}

/** Whole records or lines, one piece after the other, up to where the file is cut or damaged. */
export class PartContent implements Disposable {
  /** Format of the complete file. */
  readonly container: Container;
  readonly #source: ByteSource;
  readonly #wholeEntries: (bytes: Uint8Array) => WholeEntries;
  readonly #buffer = new Uint8Array(BLOCK_BYTES);
  /** Bytes of the buffer that were handed out with the last piece. */
  #used = 0;
  #filled = 0;
  #ended = false;

  private constructor(
    container: Container,
    source: ByteSource,
    wholeEntries: (bytes: Uint8Array) => WholeEntries,
  ) {
    this.container = container;
    this.#source = source;
    this.#wholeEntries = wholeEntries;
  }

  /**
   * Opens an npz file.
   *
   * @throws {RecordingError} If its headers are damaged.
   */
  static openArray(path: string): PartContent {
    const file = new FileBytes(path);
    try {
      const compressed = readsAsCompressed(readExactly(file, ZIP_HEADER_BYTES, "zip header"));
      const source = compressed ? new InflatedBytes(file) : file;
      readEventArrayHeader(source);
      return new PartContent(new NpzContainer(compressed), source, wholeRecords);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** Opens a gz file. */
  static openLines(path: string): PartContent {
    return new PartContent(new GzContainer(), new GzipBytes(new FileBytes(path)), wholeLines);
  }

  /** Bytes behind the last piece that were read and are no whole record or line. */
  get left(): number {
    return this.#filled - this.#used;
  }

  /** Reads on; undefined at the end, or where what follows cannot be used. */
  next(): Piece | undefined {
    const buffer = this.#buffer;
    buffer.copyWithin(0, this.#used, this.#filled);
    this.#filled -= this.#used;
    this.#used = 0;
    while (!this.#ended) {
      this.#fill();
      const { bytes, entries, isDamaged } = this.#wholeEntries(buffer.subarray(0, this.#filled));
      if (isDamaged) this.#ended = true;
      this.#used = bytes;
      if (entries > 0) return { bytes: buffer.subarray(0, bytes), entries };
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  #fill(): void {
    try {
      while (this.#filled < BLOCK_BYTES) {
        const count = this.#source.read(this.#buffer.subarray(this.#filled));
        if (count === 0) break;
        this.#filled += count;
      }
      this.#ended = this.#filled < BLOCK_BYTES;
    } catch (error) {
      // A cut is what this is for.
      if (!(error instanceof RecordingError)) throw error;
      this.#ended = true;
    }
  }
}

/** What is whole in some bytes, from their beginning. */
interface WholeEntries {
  readonly bytes: number;
  readonly entries: number;
  /** Whether what follows cannot be used whatever comes behind it. */
  readonly isDamaged: boolean;
}

function wholeRecords(bytes: Uint8Array): WholeEntries {
  const count = Math.floor(bytes.length / RECORD_SIZE);
  let entries = 0;
  // A disk that lost power may leave zeros; behind the last record there may be a zip directory.
  while (entries < count && isRecord(bytes.subarray(entries * RECORD_SIZE))) entries++;
  return { bytes: entries * RECORD_SIZE, entries, isDamaged: entries < count };
}

/** Whether bytes begin as a market event does, whose flags end below bit 32. */
function isRecord(bytes: Uint8Array): boolean {
  const kind = bytes[0]!;
  return kind >= EventKind.Depth && kind <= EventKind.Bbo &&
    (bytes[4]! | bytes[5]! | bytes[6]! | bytes[7]!) === 0;
}

function wholeLines(bytes: Uint8Array): WholeEntries {
  const length = bytes.lastIndexOf(NEWLINE) + 1;
  let entries = 0;
  for (let i = 0; i < length; i++) if (bytes[i] === NEWLINE) entries++;
  return { bytes: length, entries, isDamaged: length === 0 && bytes.length === BLOCK_BYTES };
}

/** What a deflate stream in a file holds. */
class InflatedBytes implements ByteSource {
  readonly file: string;
  readonly of = "content";
  offset = 0;
  readonly #source: FileBytes;
  readonly #inflate: Inflate;

  /** @param source The file, where the stream begins; it is closed with this. */
  constructor(source: FileBytes) {
    this.file = source.file;
    this.#source = source;
    this.#inflate = new Inflate(new InputBuffer(source));
  }

  read(into: Uint8Array): number {
    const count = this.#inflate.read(into);
    this.offset += count;
    return count;
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}

/**
 * The directory of a zip archive (PKWARE's APPNOTE.TXT).
 *
 * @module
 */

import { RecordingError } from "../errors.ts";
import { type FileBytes, readExactly } from "./byte_source.ts";

const LOCAL_HEADER = 0x0403_4b50;
const CENTRAL_HEADER = 0x0201_4b50;
const END_OF_DIRECTORY = 0x0605_4b50;
const END_OF_DIRECTORY_64 = 0x0606_4b50;
const LOCATOR_64 = 0x0706_4b50;
const ZIP64_EXTRA = 1;
const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;
const MAX_COMMENT = 65_535;
/** Largest directory that is read: an archive of arrays has a few entries. */
const MAX_DIRECTORY = 16 * 1024 * 1024;

/** What the directory of an archive says of a file. */
export interface ZipEntry {
  /** Its name. */
  readonly name: string;
  /** 0 for stored, 8 for deflated. */
  readonly method: number;
  /** Bit flags. */
  readonly flags: number;
  /** CRC-32 of its content. */
  readonly crc: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes of its content. */
  readonly size: number;
  /** Where its own header is in the archive. */
  readonly headerOffset: number;
  /** Where its entry is in the archive. */
  readonly entryOffset: number;
}

/**
 * Reads the directory of an archive.
 *
 * @param file The archive.
 * @returns Its files.
 * @throws {RecordingError} If the directory is damaged or missing, as in an archive that was cut.
 */
export function readZipDirectory(file: FileBytes): ZipEntry[] {
  const { offset, size, count } = findDirectory(file);
  const directory = new Fields(file, offset, readAt(file, offset, size, "zip directory"));
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(readEntry(directory));
  return entries;
}

function findDirectory(file: FileBytes): { offset: number; size: number; count: number } {
  const fileSize = file.size;
  const tailSize = Math.min(fileSize, 22 + MAX_COMMENT);
  const tailStart = fileSize - tailSize;
  const tail = new Fields(file, tailStart, readAt(file, tailStart, tailSize, "zip file"));
  for (let at = tailSize - 22; at >= 0; at--) {
    tail.at = at;
    if (tail.u32() !== END_OF_DIRECTORY) continue;
    tail.at = at + 20;
    if (tail.u16() !== tailSize - at - 22) continue;
    tail.at = at + 10;
    const [count, size, offset] = [tail.u16(), tail.u32(), tail.u32()];
    const found = count === MAX_16 || size === MAX_32 || offset === MAX_32
      ? findDirectory64(file, tailStart + at)
      : { offset, size, count };
    if (found.offset + found.size > fileSize || found.size > MAX_DIRECTORY) {
      throw tail.error(
        at,
        `the zip directory is said to have ${found.size} bytes at ${found.offset}, ` +
          `expected it within the file's ${fileSize} bytes`,
      );
    }
    return found;
  }
  throw tail.error(tailSize, "found no zip directory, the archive is cut off or damaged");
}

function findDirectory64(
  file: FileBytes,
  endOffset: number,
): { offset: number; size: number; count: number } {
  const locatorOffset = endOffset - 20;
  const locator = new Fields(file, locatorOffset, readAt(file, locatorOffset, 20, "zip64 locator"));
  locator.expect(LOCATOR_64, "zip64 locator");
  locator.at = 8;
  const offset = locator.u64();
  const record = new Fields(file, offset, readAt(file, offset, 56, "zip64 directory record"));
  record.expect(END_OF_DIRECTORY_64, "zip64 directory record");
  record.at = 32;
  return { count: record.u64(), size: record.u64(), offset: record.u64() };
}

function readEntry(directory: Fields): ZipEntry {
  const start = directory.at;
  const entryOffset = directory.offset;
  directory.expect(CENTRAL_HEADER, "zip directory entry");
  directory.at = start + 8;
  const [flags, method] = [directory.u16(), directory.u16()];
  directory.at = start + 16;
  const crc = directory.u32();
  let compressedSize = directory.u32();
  let size = directory.u32();
  const nameLength = directory.u16();
  const extraLength = directory.u16();
  const commentLength = directory.u16();
  directory.at = start + 42;
  let headerOffset = directory.u32();
  const name = directory.text(nameLength);
  const extraEnd = directory.at + extraLength;
  while (directory.at + 4 <= extraEnd) {
    const id = directory.u16();
    const end = directory.u16() + directory.at;
    if (id === ZIP64_EXTRA) {
      // It holds only those that do not fit their own field, in this order.
      if (size === MAX_32) size = directory.u64();
      if (compressedSize === MAX_32) compressedSize = directory.u64();
      if (headerOffset === MAX_32) headerOffset = directory.u64();
    }
    directory.at = end;
  }
  directory.at = extraEnd + commentLength;
  return { name, method, flags, crc, compressedSize, size, headerOffset, entryOffset };
}

/**
 * Finds the content of a file in an archive.
 *
 * @param file The archive.
 * @param entry What the directory says of the file.
 * @returns Where its content begins.
 * @throws {RecordingError} If it is not where it should be.
 */
export function findContent(file: FileBytes, { headerOffset }: ZipEntry): number {
  const header = new Fields(file, headerOffset, readAt(file, headerOffset, 30, "zip header"));
  header.expect(LOCAL_HEADER, "zip header");
  header.at = 26;
  return headerOffset + 30 + header.u16() + header.u16();
}

/** Little-endian fields of a piece of the archive. */
class Fields {
  /** Where the next field is in the piece. */
  at = 0;

  readonly #file: FileBytes;
  readonly #start: number;
  readonly #bytes: Uint8Array;

  constructor(file: FileBytes, start: number, bytes: Uint8Array) {
    this.#file = file;
    this.#start = start;
    this.#bytes = bytes;
  }

  /** Offset of the next field in the archive. */
  get offset(): number {
    return this.#start + this.at;
  }

  u16(): number {
    return this.#uint(2);
  }

  u32(): number {
    return this.#uint(4);
  }

  u64(): number {
    return this.#uint(4) + this.#uint(4) * 0x1_0000_0000;
  }

  text(length: number): string {
    this.#require(length);
    return new TextDecoder().decode(this.#bytes.subarray(this.at, this.at += length));
  }

  expect(signature: number, what: string): void {
    const at = this.at;
    const found = this.u32();
    if (found !== signature) {
      throw this.error(at, `found 0x${found.toString(16)}, expected a ${what}`);
    }
  }

  error(at: number, problem: string): RecordingError {
    return new RecordingError(
      this.#file.file,
      { offset: this.#start + at, of: "file" },
      problem,
    );
  }

  #uint(size: number): number {
    this.#require(size);
    let value = 0;
    for (let i = 0; i < size; i++) value += this.#bytes[this.at++]! * 2 ** (8 * i);
    return value;
  }

  #require(length: number): void {
    if (this.at + length > this.#bytes.length) {
      throw this.error(this.#bytes.length, "the zip directory ends within an entry");
    }
  }
}

function readAt(
  file: FileBytes,
  offset: number,
  length: number,
  what: string,
): Uint8Array<ArrayBuffer> {
  if (offset < 0 || offset > file.size) {
    throw new RecordingError(
      file.file,
      { offset: 0, of: "file" },
      `the ${what} is said to be at ${offset}, expected it within the file's ${file.size} bytes`,
    );
  }
  return readExactly(file.seek(offset), length, what);
}

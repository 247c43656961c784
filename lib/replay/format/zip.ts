/**
 * One file in a zip archive, as numpy writes its .npz.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { RecordingError } from "../errors.ts";
import { type ByteSource, FileBytes } from "./byte_source.ts";
import { Inflate } from "./inflate.ts";
import { InputBuffer } from "./input_buffer.ts";
import { findContent, readZipDirectory, type ZipEntry } from "./zip_directory.ts";

const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** The content of a file in an archive. */
export class ZipEntryBytes implements ByteSource {
  readonly file: string;
  readonly of = "content";
  offset = 0;

  readonly #file: FileBytes;
  readonly #entry: ZipEntry;
  readonly #inflate: Inflate | undefined;
  #crc = 0;
  #checked = false;

  /**
   * @param file The archive; it is closed with this.
   * @param entry The file in it.
   * @throws {RecordingError} If it is encrypted, compressed in another way, or not where it should be.
   */
  constructor(file: FileBytes, entry: ZipEntry) {
    this.file = file.file;
    this.#file = file;
    this.#entry = entry;
    if (entry.flags & ENCRYPTED) throw this.#error(`${entry.name} is encrypted`);
    if (entry.method !== STORED && entry.method !== DEFLATED) {
      throw this.#error(
        `${entry.name} is compressed by method ${entry.method}, expected 0 (stored) or 8 (deflated)`,
      );
    }
    if (entry.method === STORED && entry.compressedSize !== entry.size) {
      throw this.#error(
        `${entry.name} is stored in ${entry.compressedSize} bytes, expected ${entry.size}`,
      );
    }
    const start = findContent(file, entry);
    file.seek(start, start + entry.compressedSize);
    if (entry.method === DEFLATED) this.#inflate = new Inflate(new InputBuffer(file));
  }

  read(into: Uint8Array): number {
    const count = this.#inflate === undefined ? this.#file.read(into) : this.#inflate.read(into);
    if (count === 0) {
      this.#check();
      return 0;
    }
    this.#crc = crc32(into.subarray(0, count), this.#crc);
    this.offset += count;
    return count;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #check(): void {
    if (this.#checked) return;
    this.#checked = true;
    const { name, size, crc } = this.#entry;
    if (this.offset !== size) {
      throw this.#error(`${name} has ${this.offset} bytes, expected ${size}`);
    }
    if (this.#crc !== crc) {
      throw this.#error(
        `${name} has the checksum 0x${this.#crc.toString(16)}, expected 0x${crc.toString(16)}`,
      );
    }
  }

  #error(problem: string): RecordingError {
    return new RecordingError(
      this.file,
      { offset: this.#entry.entryOffset, of: "file" },
      problem,
    );
  }
}

/**
 * Opens the array in an archive: `data.npy`, as hftbacktest writes it, or the only one.
 *
 * @param path The archive.
 * @returns The array's file.
 * @throws {RecordingError} If the archive is damaged, or it is not clear which array is meant.
 */
export function openArrayInZip(path: string): ByteSource {
  const file = new FileBytes(path);
  try {
    const arrays = readZipDirectory(file).filter(({ name }) => name.endsWith(".npy"));
    const data = arrays.find(({ name }) => name === "data.npy") ?? arrays[0];
    if (data === undefined || (arrays.length > 1 && data.name !== "data.npy")) {
      const names = arrays.map(({ name }) => name).join(", ") || "no array";
      throw new RecordingError(
        path,
        { offset: 0, of: "file" },
        `the archive has ${names}, expected data.npy or one array`,
      );
    }
    return new ZipEntryBytes(file, data);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

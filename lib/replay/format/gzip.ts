/**
 * Gzip (RFC 1952), decompressed as it is read.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { RecordingError } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { Inflate } from "./inflate.ts";
import { InputBuffer } from "./input_buffer.ts";

/** Bits of a header's flags. */
const FLAG = { crc: 2, extra: 4, name: 8, comment: 16 } as const;

/** What a gzip file holds: one member after the other, each checked at its end. */
export class GzipBytes implements ByteSource {
  readonly file: string;
  readonly of = "content";
  /** Offset of the next byte of the content. */
  offset = 0;

  readonly #source: ByteSource;
  readonly #input: InputBuffer;
  readonly #inflate: Inflate;
  #inMember = false;
  #members = 0;
  #crc = 0;
  #length = 0;

  /** @param source The file; it is closed with this. */
  constructor(source: ByteSource) {
    this.file = source.file;
    this.#source = source;
    this.#input = new InputBuffer(source);
    this.#inflate = new Inflate(this.#input);
  }

  read(into: Uint8Array): number {
    for (;;) {
      if (!this.#inMember && !this.#startMember()) return 0;
      const count = this.#inflate.read(into);
      if (count > 0) {
        this.#crc = crc32(into.subarray(0, count), this.#crc);
        this.#length += count;
        this.offset += count;
        return count;
      }
      this.#endMember();
    }
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  /** Reads a member's header; `false` at the end of the file. */
  #startMember(): boolean {
    const input = this.#input;
    if (this.#members > 0 && input.isEmpty()) return false;
    const what = "gzip header";
    const at = input.offset;
    const magic = input.uint(2, what);
    if (magic !== 0x8b1f) {
      throw new RecordingError(
        this.file,
        { offset: at, of: "file" },
        `found bytes after the gzip data that begin with 0x${hex(magic & 255)}, ` +
          "expected its end or another gzip header (0x1f 0x8b)",
      );
    }
    const method = input.byte(what);
    if (method !== 8) throw input.error(`gzip compression method is ${method}, expected 8`);
    const flags = input.byte(what);
    input.uint(4, what);
    input.uint(2, what);
    if (flags & FLAG.extra) {
      for (let left = input.uint(2, what); left > 0; left--) input.byte(what);
    }
    if (flags & FLAG.name) { while (input.byte(what) !== 0); }
    if (flags & FLAG.comment) { while (input.byte(what) !== 0); }
    if (flags & FLAG.crc) input.uint(2, what);
    this.#inflate.reset();
    this.#inMember = true;
    this.#members++;
    this.#crc = this.#length = 0;
    return true;
  }

  #endMember(): void {
    const input = this.#input;
    this.#inMember = false;
    const crc = input.uint(4, "gzip trailer");
    const length = input.uint(4, "gzip trailer");
    if (crc !== this.#crc) {
      throw input.error(
        `the content's checksum is 0x${hex(this.#crc)}, expected 0x${
          hex(crc)
        } as the gzip trailer says`,
      );
    }
    if (length !== this.#length % 0x1_0000_0000) {
      throw input.error(
        `the content has ${this.#length} bytes, expected ${length} as the gzip trailer says`,
      );
    }
  }
}

function hex(value: number): string {
  return value.toString(16);
}

/**
 * NumPy's archive of one structured array, as hftbacktest reads it.
 *
 * The layout is fixed so that only two places have to be patched at the end: the zip entry's
 * header (sizes, checksum) and NumPy's header (number of records). When the records are
 * compressed, NumPy's header still stands in the file as it is, in a stored deflate block.
 *
 * @module
 */

import { concat } from "../../bytes.ts";
import { crc32 } from "node:zlib";
import { RECORD_SIZE } from "../../bot/record.ts";
import { combineCrc32 } from "./crc32.ts";
import {
  type Container,
  DEFLATE_END,
  deflatePiece,
  type Ending,
  type Patch,
  type Written,
} from "./container.ts";

/** The array's name, by which hftbacktest looks for it. */
const MEMBER = new TextEncoder().encode("data.npy");

/** hftbacktest's Event: 64 bytes, little endian. */
const DTYPE =
  "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), " +
  "('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')]";

/** Bytes of NumPy's header: a multiple of 64, which hftbacktest's Rust reader insists on. */
const NPY_HEADER_BYTES = 256;

/** Bytes before the archive's only entry begins. */
export const ZIP_HEADER_BYTES: number = 30 + MEMBER.length;

const CENTRAL_HEADER_BYTES = 46 + MEMBER.length;
const END_RECORD_BYTES = 22;

/** Zip version 2.0: deflate. */
const ZIP_VERSION = 20;
/** 1980-01-01, the first day that a zip entry can have. */
const ZIP_DATE = 0x0021;
const STORED = 0;
const DEFLATED = 8;

/**
 * How hard records are compressed: level 6 makes files a third smaller, in four times the time
 * (docs/recording.md has the figures).
 */
const DEFLATE_LEVEL = 1;

/** Writes an npz file. */
export class NpzContainer implements Container {
  readonly extension = "npz";
  readonly compressed: boolean;

  /** @param compressed Whether to compress the records. */
  constructor(compressed: boolean) {
    this.compressed = compressed;
  }

  get prologue(): Uint8Array<ArrayBuffer> {
    const sizes = { crc: 0, compressed: 0, uncompressed: 0 };
    return concat([this.#localHeader(sizes), this.#block(), npyHeader(0)]);
  }

  encode(piece: Uint8Array<ArrayBuffer>): Uint8Array {
    return this.compressed ? deflatePiece(piece, DEFLATE_LEVEL) : piece;
  }

  isWhole(): boolean {
    return true;
  }

  ending({ fileBytes, contentBytes, contentCrc }: Written): Ending {
    const header = npyHeader(contentBytes / RECORD_SIZE);
    const end = this.compressed ? DEFLATE_END : new Uint8Array();
    const sizes: Sizes = {
      crc: combineCrc32(crc32(header), contentCrc, contentBytes),
      compressed: fileBytes - ZIP_HEADER_BYTES + end.length,
      uncompressed: NPY_HEADER_BYTES + contentBytes,
    };
    const patches: Patch[] = [
      { offset: 0, bytes: this.#localHeader(sizes) },
      { offset: ZIP_HEADER_BYTES + this.#block().length, bytes: header },
    ];
    return { trailer: concat([end, this.#directory(sizes, fileBytes + end.length)]), patches };
  }

  /** The start of a stored deflate block with NumPy's header; nothing where all is stored. */
  #block(): Uint8Array<ArrayBuffer> {
    if (!this.compressed) return new Uint8Array();
    const block = new DataView(new ArrayBuffer(5));
    block.setUint16(1, NPY_HEADER_BYTES, true);
    block.setUint16(3, ~NPY_HEADER_BYTES & 0xffff, true);
    return new Uint8Array(block.buffer);
  }

  #localHeader(sizes: Sizes): Uint8Array<ArrayBuffer> {
    const header = new DataView(new ArrayBuffer(30));
    header.setUint32(0, 0x04034b50, true);
    header.setUint16(4, ZIP_VERSION, true);
    this.#entry(header, 8, sizes);
    return concat([new Uint8Array(header.buffer), MEMBER]);
  }

  /** The archive's directory of one entry, and its end. */
  #directory(sizes: Sizes, offset: number): Uint8Array<ArrayBuffer> {
    const central = new DataView(new ArrayBuffer(46));
    central.setUint32(0, 0x02014b50, true);
    central.setUint16(4, ZIP_VERSION, true);
    central.setUint16(6, ZIP_VERSION, true);
    this.#entry(central, 10, sizes);
    const end = new DataView(new ArrayBuffer(END_RECORD_BYTES));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, 1, true);
    end.setUint16(10, 1, true);
    end.setUint32(12, CENTRAL_HEADER_BYTES, true);
    end.setUint32(16, offset, true);
    return concat([new Uint8Array(central.buffer), MEMBER, new Uint8Array(end.buffer)]);
  }

  /** What the two headers of an entry have in common, from the method on. */
  #entry(header: DataView, at: number, { crc, compressed, uncompressed }: Sizes): void {
    header.setUint16(at, this.compressed ? DEFLATED : STORED, true);
    header.setUint16(at + 4, ZIP_DATE, true);
    header.setUint32(at + 6, crc, true);
    header.setUint32(at + 10, compressed, true);
    header.setUint32(at + 14, uncompressed, true);
    header.setUint16(at + 18, MEMBER.length, true);
  }
}

interface Sizes {
  readonly crc: number;
  readonly compressed: number;
  readonly uncompressed: number;
}

/**
 * Whether the first bytes of a file that this wrote say that its records are compressed.
 *
 * @param header The first {@linkcode ZIP_HEADER_BYTES} bytes.
 */
export function readsAsCompressed(header: Uint8Array<ArrayBuffer>): boolean {
  return new DataView(header.buffer, header.byteOffset).getUint16(8, true) === DEFLATED;
}

/** NumPy's header, version 1.0, of an array of so many records. */
function npyHeader(records: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(NPY_HEADER_BYTES).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, NPY_HEADER_BYTES - 10, true);
  const text = `{'descr': ${DTYPE}, 'fortran_order': False, 'shape': (${records},), }`;
  new TextEncoder().encodeInto(text, header.subarray(10));
  header[NPY_HEADER_BYTES - 1] = 0x0a;
  return header;
}

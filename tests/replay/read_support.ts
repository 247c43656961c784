/**
 * What the tests of reading share: files made by hand, and records as objects.
 *
 * @module
 */

import { assert, assertInstanceOf } from "@std/assert";
import { crc32, deflateRawSync } from "node:zlib";
import {
  BUY_FLAG,
  EXCH_FLAG,
  LOCAL_FLAG,
  type MarketSource,
  openRecording,
  type OpenRecordingOptions,
  RECORD_SIZE,
  RecordingError,
  SELL_FLAG,
} from "@hftlive/hftlive";

export const BUY: number = EXCH_FLAG + LOCAL_FLAG + BUY_FLAG;
export const SELL: number = EXCH_FLAG + LOCAL_FLAG + SELL_FLAG;

/** A record; times in nanoseconds. */
export interface Row {
  readonly ev: number;
  readonly exch: bigint;
  readonly local: bigint;
  readonly px: number;
  readonly qty: number;
}

/** What a source delivered, and how it ended. */
export interface Delivered {
  readonly rows: readonly Row[];
  readonly skipped: number;
  readonly error: RecordingError | undefined;
}

/** Reads a source to its end or its error, and closes it. */
export function drain(source: MarketSource): Delivered {
  using _source = source;
  const rows: Row[] = [];
  try {
    for (let block = source.next(); block !== undefined; block = source.next()) {
      assert(block.length > 0 && block.bytes.byteOffset % 8 === 0);
      const view = new DataView(block.bytes.buffer, block.bytes.byteOffset);
      for (let at = 0; at < block.length * RECORD_SIZE; at += RECORD_SIZE) {
        rows.push({
          ev: view.getUint32(at, true),
          exch: view.getBigInt64(at + 8, true),
          local: view.getBigInt64(at + 16, true),
          px: view.getFloat64(at + 24, true),
          qty: view.getFloat64(at + 32, true),
        });
      }
    }
  } catch (error) {
    assertInstanceOf(error, RecordingError);
    return { rows, skipped: source.skipped, error };
  }
  return { rows, skipped: source.skipped, error: undefined };
}

/** Reads a recording of one symbol to its end or its error. */
export function read(path: string, options: OpenRecordingOptions = {}): Delivered {
  const [source, ...others] = openRecording(path, options);
  assert(source !== undefined && others.length === 0);
  return drain(source);
}

/** The error that opening a recording ends with. */
export function openError(path: string, options: OpenRecordingOptions = {}): RecordingError {
  try {
    for (const source of openRecording(path, options)) source[Symbol.dispose]();
  } catch (error) {
    assertInstanceOf(error, RecordingError);
    return error;
  }
  throw new Error(`${path} was opened`);
}

/** Bytes of records, their last three fields 0. */
export function recordBytes(rows: readonly Row[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rows.length * RECORD_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [i, { ev, exch, local, px, qty }] of rows.entries()) {
    const at = i * RECORD_SIZE;
    view.setBigUint64(at, BigInt(ev), true);
    view.setBigInt64(at + 8, exch, true);
    view.setBigInt64(at + 16, local, true);
    view.setFloat64(at + 24, px, true);
    view.setFloat64(at + 32, qty, true);
  }
  return bytes;
}

export const EVENT_DESCR: string = "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), " +
  "('px', '<f8'), ('qty', '<f8'), ('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')]";

/** What may differ from a proper array file. */
export interface NpyOptions {
  readonly version?: number;
  readonly descr?: string;
  readonly fortranOrder?: string;
  readonly shape?: string;
}

/** A `.npy` file. */
export function npyFile(rows: readonly Row[], options: NpyOptions = {}): Uint8Array<ArrayBuffer> {
  const {
    version = 1,
    descr = EVENT_DESCR,
    fortranOrder = "False",
    shape = `(${rows.length},)`,
  } = options;
  const dictionary = `{'descr': ${descr}, 'fortran_order': ${fortranOrder}, 'shape': ${shape}, }`;
  const sizeBytes = version === 1 ? 2 : 4;
  const start = 8 + sizeBytes;
  const length = Math.ceil((start + dictionary.length + 1) / 64) * 64 - start;
  const header = new Uint8Array(start);
  header.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0]);
  for (let i = 0; i < sizeBytes; i++) header[8 + i] = length >> (8 * i);
  return concat(header, text(dictionary.padEnd(length - 1) + "\n"), recordBytes(rows));
}

/** What may differ from a proper archive. */
export interface ZipOptions {
  readonly method?: "stored" | "deflated";
  /** Whether sizes and offsets are in zip64 fields. */
  readonly zip64?: boolean;
  /** Changes the content after its checksum was taken. */
  readonly spoil?: (content: Uint8Array) => void;
  /** Bit flags of the entries. */
  readonly flags?: number;
  readonly comment?: string;
}

/** A zip archive. */
export function zipFile(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  options: ZipOptions = {},
): Uint8Array<ArrayBuffer> {
  const { method = "stored", zip64 = false, spoil, flags = 0, comment = "" } = options;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const entries: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const [name, original] of Object.entries(files)) {
    const crc = crc32(original);
    const content = original.slice();
    spoil?.(content);
    const data = method === "stored" ? content : new Uint8Array(deflateRawSync(content));
    const max = 0xffff_ffff;
    const sizes = zip64 ? [u32(max), u32(max)] : [u32(data.length), u32(content.length)];
    const extra = zip64
      ? concat(u16(1), u16(24), u64(content.length), u64(data.length), u64(offset))
      : new Uint8Array(0);
    const common = [u16(flags), u16(method === "stored" ? 0 : 8), u32(0), u32(crc), ...sizes];
    const lengths = [u16(name.length), u16(extra.length)];
    const local = concat(
      ...[u32(0x04034b50), u16(45), ...common, ...lengths, text(name), extra, data],
    );
    entries.push(concat(
      ...[u32(0x02014b50), u16(45), u16(45), ...common, ...lengths, u16(0), u16(0), u16(0)],
      ...[u32(0), u32(zip64 ? max : offset), text(name), extra],
    ));
    parts.push(local);
    offset += local.length;
  }
  const directory = concat(...entries);
  const count = entries.length;
  const end64 = zip64
    ? [
      ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0)],
      ...[u64(count), u64(count), u64(directory.length), u64(offset)],
      ...[u32(0x07064b50), u32(0), u64(offset + directory.length), u32(1)],
    ]
    : [];
  const end = [
    ...[u32(0x06054b50), u16(0), u16(0)],
    ...(zip64 ? [u16(0xffff), u16(0xffff)] : [u16(count), u16(count)]),
    ...(zip64 ? [u32(0xffff_ffff), u32(0xffff_ffff)] : [u32(directory.length), u32(offset)]),
    ...[u16(comment.length), text(comment)],
  ];
  return concat(...parts, directory, ...end64, ...end);
}

/** Arrays of bytes in a row. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Text as bytes. */
export function text(content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

function u64(value: number): Uint8Array {
  return concat(u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32)));
}

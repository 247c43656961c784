/**
 * Opening recorded market data.
 *
 * @module
 */

import { checkNumber } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { RecordingError } from "./errors.ts";
import { type ByteSource, FileBytes, readFully } from "./format/byte_source.ts";
import { CollectorSource } from "./format/collector_source.ts";
import { EventArraySource } from "./format/event_array_source.ts";
import { GzipBytes } from "./format/gzip.ts";
import { NPY_MAGIC } from "./format/npy_header.ts";
import { survey, type SurveyedSymbol } from "./format/survey.ts";
import { openArrayInZip } from "./format/zip.ts";
import type { MarketSource } from "./market_source.ts";
import { requireFile } from "./require_file.ts";

/** Options of {@linkcode openRecording}. */
export interface OpenRecordingOptions {
  /**
   * Symbols to read, in upper or lower case. An event array does not tell its symbol: one that
   * is given here names it.
   * @default {undefined} every symbol in the first megabyte; another one after it is an error
   */
  readonly symbols?: readonly string[] | undefined;
  /**
   * Whether to go on after damage. What was left out is counted in `skipped`.
   * @default {false}
   */
  readonly skipDamaged?: boolean | undefined;
  /**
   * Whether to deliver the best prices of `bookTicker` streams as well.
   * @default {false}
   */
  readonly withBookTicker?: boolean | undefined;
  /**
   * Which of Bybit's order books to read, by its number of levels; a recording has several.
   * @default {undefined} 50, or the deepest there is
   */
  readonly bybitLevels?: number | undefined;
}

const ZIP_MAGIC = Uint8Array.of(0x50, 0x4b);
const GZIP_MAGIC = Uint8Array.of(0x1f, 0x8b);
const DEFAULT_BYBIT_LEVELS = 50;

/**
 * Opens a recording. It is read piece by piece, so it may be larger than memory. The format is
 * told by the content, not by the name:
 *
 * - hftbacktest's event arrays: `.npz` (its `data.npy`, or the only array in it) and `.npy`;
 * - the lines of hftbacktest's collector, compressed as `.gz` or not: Binance futures and spot,
 *   Bybit.
 *
 * Records are those that upstream's converters make, with the times of the recording, which are
 * not corrected, and for both processors (`EXCH` and `LOCAL`). Three things differ:
 *
 * - After a book snapshot, the updates come again that came before it and are newer: it was asked
 *   for while the stream went on.
 * - A line up to a second earlier than the one before it takes that one's time: the collector
 *   takes the times of messages and of snapshots in different tasks.
 * - Of Bybit's order books of a symbol, one is used.
 *
 * Lines of streams that are not read are not looked into, so damage in them may go unnoticed. Events
 * of a converter's own kinds (100 and above) in an array are left out.
 *
 * @example The trades of a recording
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EventKind, openRecording, RECORD, RECORD_SIZE } from "@hftlive/hftlive";
 *
 * const path = await Deno.makeTempFile();
 * const trade = { e: "trade", T: 1_700_000_000_000, s: "BTCUSDT", p: "61800.2", q: "0.5", m: true };
 * const message = JSON.stringify({ stream: "btcusdt@trade", data: trade });
 * await Deno.writeTextFile(path, `1700000000000000000 ${message}\n`);
 *
 * const prices: number[] = [];
 * for (const source of openRecording(path)) {
 *   using open = source;
 *   for (let block = open.next(); block !== undefined; block = open.next()) {
 *     const view = new DataView(block.bytes.buffer, block.bytes.byteOffset);
 *     for (let at = 0; at < block.length * RECORD_SIZE; at += RECORD_SIZE) {
 *       if (view.getUint8(at) === EventKind.Trade) {
 *         prices.push(view.getFloat64(at + RECORD.price, true));
 *       }
 *     }
 *   }
 * }
 * assertEquals(prices, [61800.2]);
 * await Deno.remove(path);
 * ```
 *
 * @param path The file.
 * @param options What to read of it.
 * @returns A source for each symbol; one for an event array. Dispose of each.
 * @throws {RecordingError} If the file is in no known format, or damaged at its beginning.
 * @throws {InvalidInputError} If there is no such file, or an option cannot be used with it.
 * @throws {MissingPermissionError} If the file may not be read.
 */
export function openRecording(path: string, options: OpenRecordingOptions = {}): MarketSource[] {
  requireFile("recording", path);
  checkOptions(options);
  const content = openContent(path);
  try {
    const start = new Uint8Array(NPY_MAGIC.length);
    const length = readFully(content, start);
    const found = start.subarray(0, length);
    if (content.of === "file" && startsWith(found, ZIP_MAGIC)) {
      return [openEventArray(path, openArrayInZip, options)];
    }
    if (startsWith(found, NPY_MAGIC)) return [openEventArray(path, openContent, options)];
    if (length === 0 || !isDigit(found[0]!)) throw unknownFormat(content, found);
  } finally {
    content[Symbol.dispose]();
  }
  return openLines(path, options);
}

function openEventArray(
  path: string,
  open: (path: string) => ByteSource,
  options: OpenRecordingOptions,
): MarketSource {
  const { symbols = [], skipDamaged = false } = options;
  if (symbols.length > 1) {
    throw new InvalidInputError("symbols", symbols, `one symbol for the event array ${path}`);
  }
  return guarded(
    open(path),
    (source) => new EventArraySource(source, { symbol: symbols[0], skipDamaged }),
  );
}

function openLines(path: string, options: OpenRecordingOptions): MarketSource[] {
  const { skipDamaged = false, withBookTicker = false } = options;
  const surveyed = surveyFile(path);
  const keys = new Set(surveyed.keys());
  const wanted = new Map(options.symbols?.map((symbol) => [symbol.toLowerCase(), symbol]));
  if (options.symbols === undefined) {
    for (const [key, { symbol }] of surveyed) wanted.set(key, symbol);
  }
  if (wanted.size === 0) {
    throw new RecordingError(
      path,
      { offset: 0, of: "file" },
      "found no message of a known exchange in the first megabyte, name the symbols to read",
    );
  }
  const sources: MarketSource[] = [];
  try {
    for (const [key, symbol] of wanted) {
      sources.push(
        new CollectorSource(openContent(path), {
          symbol: surveyed.get(key)?.symbol ?? symbol,
          others: keys.difference(new Set([key])),
          allowUnknown: options.symbols !== undefined,
          bybitLevels: options.bybitLevels ?? bookToUse(surveyed.get(key)),
          withBookTicker,
          skipDamaged,
        }),
      );
    }
  } catch (error) {
    for (const source of sources) source[Symbol.dispose]();
    throw error;
  }
  return sources;
}

function checkOptions({ symbols, bybitLevels }: OpenRecordingOptions): void {
  if (symbols !== undefined && (symbols.length === 0 || symbols.includes(""))) {
    throw new InvalidInputError("symbols", symbols, "the names of symbols");
  }
  if (bybitLevels !== undefined) {
    checkNumber("bybitLevels", bybitLevels, { min: 1, integer: true });
  }
}

function surveyFile(path: string): Map<string, SurveyedSymbol> {
  using content = openContent(path);
  return survey(content);
}

function bookToUse(surveyed: SurveyedSymbol | undefined): number {
  const levels = surveyed?.bybitLevels ?? new Set();
  const hasDefault = levels.size === 0 || levels.has(DEFAULT_BYBIT_LEVELS);
  return hasDefault ? DEFAULT_BYBIT_LEVELS : Math.max(...levels);
}

/** Opens a file, decompressed if it is compressed as a whole. */
function openContent(path: string): ByteSource {
  return guarded(new FileBytes(path), (file) => {
    const magic = new Uint8Array(GZIP_MAGIC.length);
    const isGzip = readFully(file, magic) === magic.length && startsWith(magic, GZIP_MAGIC);
    file.seek(0);
    return isGzip ? new GzipBytes(file) : file;
  });
}

/** Makes something of a source, which is closed if that fails. */
function guarded<S extends ByteSource, T>(source: S, make: (source: S) => T): T {
  try {
    return make(source);
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, i) => bytes[i] === byte);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function unknownFormat({ file, of }: ByteSource, found: Uint8Array): RecordingError {
  const start = Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const what = found.length === 0 ? "the file is empty" : `it begins with the bytes ${start}`;
  return new RecordingError(
    file,
    { offset: 0, of },
    `${what}, expected an npz or npy array or a collector's lines`,
  );
}

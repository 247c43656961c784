/**
 * Measured order latencies in a file.
 *
 * @module
 */

import { RecordingError } from "./errors.ts";
import { type ByteSource, FileBytes, readExactly, readFully } from "./format/byte_source.ts";
import { type ArrayField, NPY_MAGIC, readArrayHeader } from "./format/npy_header.ts";
import { openArrayInZip } from "./format/zip.ts";
import type { OrderLatencyRow } from "./options.ts";
import { requireFile } from "./require_file.ts";

const FIELDS: readonly ArrayField[] = [
  ["req_ts", "<i8"],
  ["exch_ts", "<i8"],
  ["resp_ts", "<i8"],
  ["_padding", "<i8"],
];
const ROW_SIZE = 32;
/** Ten rows a second for a month: what is more is no table of latencies. */
const MAX_ROWS = 30_000_000;

/**
 * Reads order latencies in hftbacktest's format: an `.npz` or `.npy` array of records of `req_ts`,
 * `exch_ts`, `resp_ts` and `_padding`. It is read as a whole.
 *
 * @param path The file.
 * @returns Its rows, for the order latency "interpolated". A request that the exchange did not
 * handle, with an `exch_ts` of 0 or less, has 0n.
 * @throws {RecordingError} If it is no such array, or damaged.
 * @throws {InvalidInputError} If there is no such file.
 * @throws {MissingPermissionError} If the file may not be read.
 */
export function readOrderLatencies(path: string): OrderLatencyRow[] {
  requireFile("order latencies", path);
  using source = openArray(path);
  const count = readArrayHeader(source, FIELDS);
  const { offset, of } = source;
  if (count > MAX_ROWS) {
    throw new RecordingError(
      path,
      { offset, of },
      `found ${count} rows, expected ${MAX_ROWS} at most`,
    );
  }
  const bytes = readExactly(source, count * ROW_SIZE, "rows");
  // The end is where a checksum is compared.
  if (readFully(source, new Uint8Array(1)) > 0) {
    const end = { offset: offset + bytes.length, of };
    throw new RecordingError(path, end, `found bytes after the last of ${count} rows`);
  }
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, index) => {
    const at = index * ROW_SIZE;
    const exchTimestamp = view.getBigInt64(at + 8, true);
    return {
      requestTimestamp: view.getBigInt64(at, true),
      exchTimestamp: exchTimestamp > 0n ? exchTimestamp : 0n,
      responseTimestamp: view.getBigInt64(at + 16, true),
    };
  });
}

/** Opens an array on its own, or in an archive. */
function openArray(path: string): ByteSource {
  const file = new FileBytes(path);
  const start = new Uint8Array(NPY_MAGIC.length);
  const length = readFully(file, start);
  if (length < start.length || NPY_MAGIC.some((byte, i) => start[i] !== byte)) {
    file[Symbol.dispose]();
    return openArrayInZip(path);
  }
  file.seek(0);
  return file;
}

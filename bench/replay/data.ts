/**
 * The recording, and arrays made from it.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { openRecording, RECORD_SIZE } from "@hftlive/hftlive";
import { NpzContainer } from "../../lib/replay/record/npz_container.ts";

/** How much later a copy of the recording is than the one before it, ns: longer than the recording. */
const COPY_NS = 400_000_000_000n;
const PIECE_RECORDS = 16_384;

/** An array in a file. */
export interface ArrayFile {
  /** The file. */
  readonly path: string;
  /** Its records. */
  readonly events: number;
}

/** The records of a collector's file. */
export function recordsOf(path: string): Uint8Array<ArrayBuffer> {
  const [source] = openRecording(path);
  using open = source;
  const blocks: Uint8Array[] = [];
  for (let block = open?.next(); block !== undefined; block = open?.next()) {
    blocks.push(block.bytes.slice(0, block.length * RECORD_SIZE));
  }
  const all = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

/**
 * Writes records several times over, each time later, as an npz file.
 *
 * @param records The records; their times are moved.
 * @param path The file.
 * @param options How often, and whether they are compressed.
 */
export function writeArray(
  records: Uint8Array<ArrayBuffer>,
  path: string,
  options: { readonly copies: number; readonly compressed: boolean },
): ArrayFile {
  const container = new NpzContainer(options.compressed);
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const times = new BigInt64Array(records.buffer);
  let fileBytes = 0;
  let contentBytes = 0;
  let contentCrc = 0;
  const write = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    fileBytes += bytes.length;
  };
  write(container.prologue);
  for (let copy = 0; copy < options.copies; copy++) {
    for (let at = 0; at < records.length; at += PIECE_RECORDS * RECORD_SIZE) {
      const piece = records.slice(at, at + PIECE_RECORDS * RECORD_SIZE);
      contentCrc = crc32(piece, contentCrc);
      contentBytes += piece.length;
      write(container.encode(piece));
    }
    move(times, COPY_NS);
  }
  move(times, -COPY_NS * BigInt(options.copies));
  const events = contentBytes / RECORD_SIZE;
  const { trailer, patches } = container.ending({ fileBytes, contentBytes, contentCrc, events });
  write(trailer);
  for (const { offset, bytes } of patches) {
    file.seekSync(offset, Deno.SeekMode.Start);
    file.writeSync(bytes);
  }
  return { path, events };
}

/** Moves exchange and local times. */
function move(times: BigInt64Array, byNs: bigint): void {
  for (let at = 0; at < times.length; at += RECORD_SIZE / 8) {
    times[at + 1]! += byNs;
    times[at + 2]! += byNs;
  }
}

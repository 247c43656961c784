/**
 * Smaller pictures of screens.
 *
 * @module
 */

import { crc32, deflateSync, inflateSync } from "node:zlib";
import { concat } from "../lib/bytes.ts";

const SIGNATURE_BYTES = 8;
/** Bytes of a chunk around its data: length, type and checksum. */
const CHUNK_BYTES = 12;
/** Bytes of a pixel: red, green and blue. */
const PIXEL_BYTES = 3;

/**
 * The same picture in fewer bytes: text on plain areas repeats itself, which the filters that
 * browsers use hide from the compression.
 *
 * @param png A picture of 8 bits red, green and blue, not interlaced, as Chromium's screenshots are.
 * @returns The picture.
 */
export function recompress(png: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === "IHDR")?.data;
  if (header === undefined) throw new TypeError("Cannot read the picture: it has no header");
  const [depth, colour, , , interlace] = header.subarray(8);
  if (depth !== 8 || colour !== 2 || interlace !== 0) {
    throw new TypeError(`Cannot read the picture: kind ${depth}, ${colour}, ${interlace}`);
  }
  const data = concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const view = new DataView(header.buffer, header.byteOffset);
  const rows = unfilter(inflateSync(data), view.getUint32(0) * PIXEL_BYTES);
  return concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunksOf(png: Uint8Array<ArrayBuffer>): { type: string; data: Uint8Array<ArrayBuffer> }[] {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks = [];
  for (let at = SIGNATURE_BYTES; at < png.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + CHUNK_BYTES;
  }
  return chunks;
}

/** Undoes the filter of each row, whose number comes before it, in place. */
function unfilter(rows: Uint8Array, width: number): Uint8Array {
  for (let start = 0; start < rows.length; start += width + 1) {
    const filter = rows[start]!;
    rows[start] = 0;
    for (let at = start + 1; at <= start + width; at++) {
      const hasLeft = at - start > PIXEL_BYTES;
      const left = hasLeft ? rows[at - PIXEL_BYTES]! : 0;
      const up = start > 0 ? rows[at - width - 1]! : 0;
      const corner = hasLeft && start > 0 ? rows[at - width - 1 - PIXEL_BYTES]! : 0;
      rows[at] = rows[at]! + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
    }
  }
  return rows;
}

/** Which of three neighbours is nearest to what they make expect. */
function paeth(left: number, up: number, corner: number): number {
  const expected = left + up - corner;
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(expected - each));
  return a! <= b! && a! <= c! ? left : b! <= c! ? up : corner;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + CHUNK_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

/**
 * How recorded bytes become a file that other programs read.
 *
 * @module
 */

import { constants, deflateRawSync } from "node:zlib";

/** How much of a file is written. */
export interface Written {
  /** Bytes of the file, the prologue included. */
  readonly fileBytes: number;
  /** Bytes of the content before it was encoded. */
  readonly contentBytes: number;
  /** CRC-32 of that content. */
  readonly contentCrc: number;
  /** The bot's events in it. */
  readonly events: number;
}

/** Bytes that replace others in a file. */
export interface Patch {
  /** Where. */
  readonly offset: number;
  /** What. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What makes a complete file of one that was written so far. */
export interface Ending {
  /** Bytes to append. */
  readonly trailer: Uint8Array<ArrayBuffer>;
  /** Bytes to replace. */
  readonly patches: readonly Patch[];
}

/**
 * A file format around content that grows. What is written so far can be ended after any
 * call of {@linkcode Container.encode}.
 */
export interface Container {
  /** Ending of the file's name. */
  readonly extension: RecordingFormat;
  /** Whether the content is compressed. */
  readonly compressed: boolean;
  /** What a file begins with. */
  readonly prologue: Uint8Array<ArrayBuffer>;
  /** The bytes of the file for the next piece of content. */
  encode(piece: Uint8Array<ArrayBuffer>): Uint8Array;
  /** Whether content that ends with this piece ends with a whole record or line. */
  isWhole(piece: Uint8Array): boolean;
  /** What ends a file. */
  ending(written: Written): Ending;
}

/**
 * Format of a recording: "npz" is hftbacktest's own, a NumPy archive of its events; "gz" are the
 * lines that its collector writes.
 */
export type RecordingFormat = "npz" | "gz";

/** The formats. */
export const RECORDING_FORMATS: readonly RecordingFormat[] = ["npz", "gz"];

/** An empty last block, which ends a stream of deflate pieces. */
export const DEFLATE_END: Uint8Array<ArrayBuffer> = Uint8Array.of(0x03, 0x00);

/**
 * A piece of a deflate stream. It ends on a byte boundary and refers to nothing before it, so
 * pieces can be put one after the other and the stream can be ended after any of them.
 *
 * @param content What to compress.
 * @param level 1, the fastest, to 9.
 */
export function deflatePiece(content: Uint8Array, level: number): Uint8Array {
  return deflateRawSync(content, { level, finishFlush: constants.Z_SYNC_FLUSH });
}

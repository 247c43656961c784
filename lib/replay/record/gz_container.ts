/**
 * gzip, as the collector writes it.
 *
 * @module
 */

import { concat } from "../../bytes.ts";
import {
  type Container,
  DEFLATE_END,
  deflatePiece,
  type Ending,
  type Written,
} from "./container.ts";

/** As the collector's. */
const DEFLATE_LEVEL = 6;

const NEWLINE = 0x0a;

/** A gzip header without name and time. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** Writes a gz file. */
export class GzContainer implements Container {
  readonly extension = "gz";
  readonly compressed = true;
  readonly prologue: Uint8Array<ArrayBuffer> = HEADER;

  encode(piece: Uint8Array<ArrayBuffer>): Uint8Array {
    return deflatePiece(piece, DEFLATE_LEVEL);
  }

  isWhole(piece: Uint8Array): boolean {
    return piece.at(-1) === NEWLINE;
  }

  ending({ contentBytes, contentCrc }: Written): Ending {
    const sums = new DataView(new ArrayBuffer(8));
    sums.setUint32(0, contentCrc, true);
    sums.setUint32(4, contentBytes % 0x1_0000_0000, true);
    return { trailer: concat([DEFLATE_END, new Uint8Array(sums.buffer)]), patches: [] };
  }
}

/**
 * Text across the C boundary.
 *
 * @module
 */

const FIRST_CAPACITY = 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A function that writes text and answers its full length, or minus an error code. */
export type TextWriter = (out: Uint8Array<ArrayBuffer>, capacity: bigint) => bigint;

/**
 * Reads text that a function writes into a buffer, with a larger buffer when it does not fit.
 *
 * @param write The function.
 * @returns The text; empty when the function answered an error.
 */
export function readText(write: TextWriter): string {
  let out = new Uint8Array(FIRST_CAPACITY);
  for (;;) {
    const length = Number(write(out, BigInt(out.length)));
    if (length <= 0) return "";
    if (length <= out.length) return decoder.decode(out.subarray(0, length));
    out = new Uint8Array(length);
  }
}

/** A value as JSON in UTF-8, for a function that takes it with its length. */
export function toJsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

/**
 * Checksums of contents whose beginning is only known at the end.
 *
 * @module
 */

/** The polynomial of zip and gzip, bit-reversed. */
const POLYNOMIAL = 0xedb8_8320;

/**
 * The CRC-32 of two contents one after the other, from the checksums of each.
 *
 * A checksum over appended zero bytes is a linear function of the checksum before, so the
 * function for `length` bytes is made by squaring the one for a single bit.
 *
 * @param first Checksum of the first content.
 * @param second Checksum of the second content.
 * @param length Bytes of the second content.
 * @returns Checksum of both, unsigned.
 */
export function combineCrc32(first: number, second: number, length: number): number {
  let operator = new Uint32Array(32);
  operator[0] = POLYNOMIAL;
  for (let bit = 1; bit < 32; bit++) operator[bit] = 1 << (bit - 1);
  // From one bit to the eight of a byte.
  for (let doubling = 0; doubling < 3; doubling++) operator = square(operator);
  let crc = first;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) crc = apply(operator, crc);
    operator = square(operator);
  }
  return (crc ^ second) >>> 0;
}

/** A matrix of bits times a vector of bits. */
function apply(matrix: Uint32Array, vector: number): number {
  let sum = 0;
  for (let bit = 0; bit < 32; bit++) if ((vector >>> bit) & 1) sum ^= matrix[bit]!;
  return sum;
}

function square(matrix: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return matrix.map((column) => apply(matrix, column));
}

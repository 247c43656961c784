/**
 * Decoding tables of deflate's Huffman codes (RFC 1951, 3.2).
 *
 * @module
 */

/** Longest code, in bits. */
const MAX_BITS = 15;

/**
 * What a table says of the next bits: the length of their code in bits 0 to 3, the number of
 * extra bits that follow it in bits 4 to 7, one of these flags, and a value from bit 16.
 */
export const ENTRY = {
  /** The value is a byte. */
  literal: 0x100,
  /** The value is a length or a distance, to which the extra bits add. */
  base: 0x200,
  /** The block ends. */
  end: 0x400,
  /** The value is where the table for longer codes begins; the extra bits choose in it. */
  longer: 0x800,
} as const;

/** A table, and for each symbol what an entry says of it beside the code's length. */
export class HuffmanTable {
  /** Entries: those for `rootBits` bits first, then those for longer codes. 0 is no code. */
  readonly entries: Int32Array;
  /** Bits by which the first entries are chosen. */
  readonly rootBits: number;

  readonly #meanings: Int32Array;
  readonly #counts = new Uint16Array(MAX_BITS + 1);
  readonly #next = new Uint16Array(MAX_BITS + 1);

  /**
   * @param meanings What an entry says of each symbol: flag, extra bits and value.
   * @param rootBits Bits by which the first entries are chosen; longer codes take a second look.
   */
  constructor(meanings: Int32Array, rootBits: number) {
    this.#meanings = meanings;
    this.rootBits = rootBits;
    const longer = meanings.length << (MAX_BITS - rootBits);
    this.entries = new Int32Array((1 << rootBits) + longer);
  }

  /**
   * Makes the table for a set of codes.
   *
   * @param lengths Length of each symbol's code in bits; 0 for a symbol that does not occur.
   * @returns Whether there is such a set.
   */
  build(lengths: Uint8Array): boolean {
    const counts = this.#counts.fill(0);
    for (const length of lengths) counts[length]!++;
    const used = lengths.length - counts[0]!;
    counts[0] = 0;
    const next = this.#next;
    let code = 0;
    let free = 1;
    let longest = 0;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      code = (code + counts[bits - 1]!) << 1;
      next[bits] = code;
      free = free * 2 - counts[bits]!;
      if (free < 0) return false;
      if (counts[bits]! > 0) longest = bits;
    }
    // Only a lone code may leave others unused.
    if (free > 0 && used > 1) return false;
    this.#fill(lengths, longest);
    return true;
  }

  #fill(lengths: Uint8Array, longest: number): void {
    const { entries, rootBits } = this;
    const rootSize = 1 << rootBits;
    const longerBits = Math.max(0, longest - rootBits);
    let end = rootSize;
    entries.fill(0, 0, rootSize);
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!;
      if (length === 0) continue;
      const code = reversed(this.#next[length]!++, length);
      if (length <= rootBits) {
        const entry = this.#meanings[symbol]! | length;
        for (let at = code; at < rootSize; at += 1 << length) entries[at] = entry;
        continue;
      }
      const root = code & (rootSize - 1);
      if (entries[root] === 0) {
        entries[root] = ENTRY.longer | (longerBits << 4) | rootBits | (end << 16);
        entries.fill(0, end, end + (1 << longerBits));
        end += 1 << longerBits;
      }
      const table = entries[root]! >>> 16;
      const entry = this.#meanings[symbol]! | (length - rootBits);
      for (let at = code >> rootBits; at < 1 << longerBits; at += 1 << (length - rootBits)) {
        entries[table + at] = entry;
      }
    }
  }
}

/** The lowest bits of a code in opposite order, since codes come with their highest bit first. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

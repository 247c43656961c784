/**
 * Order ids that no other client gives out.
 *
 * @module
 */

const NODE_BITS = 10n;
const SEQUENCE_BITS = 12n;
const SEQUENCES = 1 << Number(SEQUENCE_BITS);

/**
 * Makes unsigned 64-bit ids from the wall clock in ms (42 bits), a random number of this
 * generator (10 bits) and a sequence number (12 bits). They rise, stay unique in one generator,
 * and differ from another generator's unless both drew the same number in the same
 * millisecond. A connector tells the orders of a symbol apart by id, whichever bot sent them.
 */
export class OrderIdGenerator {
  readonly #now: () => number;
  readonly #node = BigInt(Math.floor(Math.random() * 2 ** Number(NODE_BITS)));
  #ms = 0;
  #sequence = 0;

  /**
   * Makes a generator.
   *
   * @param now The clock, ms since the Unix epoch.
   */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The next id. */
  next(): bigint {
    const now = Math.floor(this.#now());
    if (now > this.#ms) {
      this.#ms = now;
      this.#sequence = 0;
    } else if (++this.#sequence === SEQUENCES) {
      // Ahead of the clock, or the clock went back: go on from the last id, never back.
      this.#ms++;
      this.#sequence = 0;
    }
    return (BigInt(this.#ms) << (NODE_BITS + SEQUENCE_BITS)) |
      (this.#node << SEQUENCE_BITS) | BigInt(this.#sequence);
  }
}

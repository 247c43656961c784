/**
 * Seeded chance.
 *
 * @module
 */

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

const TWO_32 = 0x1_0000_0000;

/** A stream of random numbers that depends on nothing but its seed and its number. */
export class Random {
  readonly #generator: JumpableRandomGenerator;

  /**
   * @param seed 0 to 2^32-1.
   * @param stream Streams of one seed do not overlap: each starts 2^64 numbers after the last.
   */
  constructor(seed: number, stream: number) {
    this.#generator = xoroshiro128plus(seed);
    for (let i = 0; i <= stream; i++) this.#generator.jump();
  }

  /** A whole number from `min` to `max`, both included, each as likely; at most 2^31 apart. */
  int(min: number, max: number): number {
    return min + Math.floor((this.#generator.next() >>> 0) / TWO_32 * (max - min + 1));
  }

  /** `true` with a probability from 0, never, to 1, always. */
  chance(probability: number): boolean {
    return (this.#generator.next() >>> 0) < probability * TWO_32;
  }
}

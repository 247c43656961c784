/**
 * Seeded chance.
 *
 * @module
 */

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const TWO_32 = 0x1_0000_0000;
/** Numbers drawn at once, so that the state is kept in registers meanwhile. */
const BLOCK = 64;

/** A stream of random numbers that depends on nothing but its seed and its number. */
export class Random {
  /** State of pure-rand's xoroshiro128plus: s01, s00, s11, s10. */
  readonly #state: Int32Array;
  /** Numbers drawn, from 0 to less than 1. */
  readonly #block = new Float64Array(BLOCK);
  #used = BLOCK;

  /**
   * @param seed 0 to 2^32-1.
   * @param stream Streams of one seed do not overlap: each starts 2^64 numbers after the last.
   */
  constructor(seed: number, stream: number) {
    const generator = xoroshiro128plus(seed);
    for (let i = 0; i <= stream; i++) generator.jump();
    this.#state = Int32Array.from(generator.getState());
  }

  /** A whole number from `min` to `max`, both included, each as likely; at most 2^31 apart. */
  int(min: number, max: number): number {
    if (this.#used === BLOCK) this.#refill();
    // The shift cuts off the fraction.
    return min + (this.#block[this.#used++]! * (max - min + 1) >>> 0);
  }

  /** `true` with a probability from 0, never, to 1, always. */
  chance(probability: number): boolean {
    if (this.#used === BLOCK) this.#refill();
    return this.#block[this.#used++]! < probability;
  }

  /** Draws as the generator's `next` does, which reads and writes the state for each number. */
  #refill(): void {
    const block = this.#block;
    const state = this.#state;
    let s01 = state[0]!;
    let s00 = state[1]!;
    let s11 = state[2]!;
    let s10 = state[3]!;
    for (let i = 0; i < BLOCK; i++) {
      block[i] = (s00 + s10 >>> 0) / TWO_32;
      const a0 = s10 ^ s00;
      const a1 = s11 ^ s01;
      const old00 = s00;
      s00 = (s00 << 24) ^ (s01 >>> 8) ^ a0 ^ (a0 << 16);
      s01 = (s01 << 24) ^ (old00 >>> 8) ^ a1 ^ ((a1 << 16) | (a0 >>> 16));
      s10 = (a1 << 5) ^ (a0 >>> 27);
      s11 = (a0 << 5) ^ (a1 >>> 27);
    }
    state[0] = s01;
    state[1] = s00;
    state[2] = s11;
    state[3] = s10;
    this.#used = 0;
  }
}

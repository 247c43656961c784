/** Seeded numbers for tests. */

import { uniformBigInt } from "pure-rand/distribution/uniformBigInt";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws of one seed. */
export interface Numbers {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** A bigint from 0n up to, not including, `end`. */
  bigint(end: bigint): bigint;
  /** One of some values. */
  of<T>(values: readonly T[]): T;
}

/** Draws of a seed. */
export function numbers(seed: number): Numbers {
  const generator = xoroshiro128plus(seed);
  const int = (min: number, max: number) => uniformInt(generator, min, max);
  return {
    int,
    bigint: (end) => uniformBigInt(generator, 0n, end - 1n),
    of: (values) => values[int(0, values.length - 1)]!,
  };
}

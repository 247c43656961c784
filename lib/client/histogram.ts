/**
 * Quantiles of very many values in little memory.
 *
 * @module
 */

/** Bits of mantissa that tell buckets apart: 128 buckets for each power of two. */
const BUCKET_BITS = 7;
const BUCKETS = 1 << BUCKET_BITS;
const MAX_EXPONENT = 53;
/** Where 1.0 falls in the upper half of a double, cut to {@linkcode BUCKET_BITS}. */
const ONE = 1023 << BUCKET_BITS;
const SIZE = MAX_EXPONENT * BUCKETS + 1;
const MAX_VALUE = 2 ** MAX_EXPONENT - 1;

/**
 * A log-linear histogram of whole numbers within ±2^53, such as latencies in ns. It is exact below
 * 128 and within 1 % above. Clocks that disagree make latencies negative, so it takes those too.
 *
 * The exponent and first bits of a double are its bucket, so that recording neither
 * searches nor allocates.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Histogram } from "@hftlive/hftlive";
 *
 * const latencies = new Histogram();
 * for (let ns = 1; ns <= 100; ns++) latencies.record(ns);
 * assertEquals(latencies.quantile(0.5), 50);
 * assertEquals(latencies.max, 100);
 * ```
 */
export class Histogram {
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  readonly #positive = new Float64Array(SIZE);
  readonly #negative = new Float64Array(SIZE);
  #count = 0;
  #min = NaN;
  #max = NaN;

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The smallest value; NaN before the first. */
  get min(): number {
    return this.#min;
  }

  /** The largest value; NaN before the first. */
  get max(): number {
    return this.#max;
  }

  /**
   * Records a value.
   *
   * @param value A whole number within ±2^53.
   * @returns Whether it is one and was recorded.
   */
  record(value: number): boolean {
    const size = Math.abs(value);
    if (!(size <= MAX_VALUE)) return false;
    const counts = value < 0 ? this.#negative : this.#positive;
    const bucket = this.#bucket(size);
    counts[bucket] = counts[bucket]! + 1;
    if (this.#count === 0) this.#min = this.#max = value;
    else if (value < this.#min) this.#min = value;
    else if (value > this.#max) this.#max = value;
    this.#count++;
    return true;
  }

  /**
   * The value that a share of all values does not exceed.
   *
   * @param share 0 to 1, such as 0.99.
   * @returns The largest value of the bucket in which it falls; NaN before the first value.
   */
  quantile(share: number): number {
    if (this.#count === 0) return NaN;
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (let bucket = SIZE - 1; bucket >= 0; bucket--) {
      left -= this.#negative[bucket]!;
      if (left <= 0) return this.#within(-lowest(bucket));
    }
    for (let bucket = 0; bucket < SIZE; bucket++) {
      left -= this.#positive[bucket]!;
      if (left <= 0) return this.#within(highest(bucket));
    }
    return this.#max;
  }

  /** Forgets all values. */
  clear(): void {
    this.#positive.fill(0);
    this.#negative.fill(0);
    this.#count = 0;
    this.#min = NaN;
    this.#max = NaN;
  }

  #bucket(size: number): number {
    if (size < 1) return 0;
    this.#double[0] = size;
    // A double's upper word (little-endian) holds 11 bits of exponent, then 20 of mantissa.
    return (this.#words[1]! >>> (20 - BUCKET_BITS)) - ONE + 1;
  }

  #within(value: number): number {
    return Math.min(Math.max(value, this.#min), this.#max);
  }
}

/** Smallest whole number of a bucket. */
function lowest(bucket: number): number {
  if (bucket === 0) return 0;
  const exponent = (bucket - 1) >> BUCKET_BITS;
  const part = (bucket - 1) & (BUCKETS - 1);
  return Math.ceil((1 + part / BUCKETS) * 2 ** exponent);
}

/** Largest whole number of a bucket. */
function highest(bucket: number): number {
  if (bucket === 0) return 0;
  return Math.max(lowest(bucket), lowest(bucket + 1) - 1);
}

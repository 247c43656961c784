/**
 * A curve of any length in little memory.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";

/** What a curve did in one stretch of time. */
export interface SeriesBucket {
  /** Seconds since the start, of the first value. */
  readonly fromS: number;
  /** Seconds since the start, of the last value. */
  readonly toS: number;
  /** The first value. */
  readonly first: number;
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** The last value. */
  readonly last: number;
}

interface Bucket {
  fromS: number;
  toS: number;
  first: number;
  min: number;
  max: number;
  last: number;
}

/**
 * A curve as a bounded number of stretches of equal length. When there are too many, each two
 * become one, so that nothing needs to be known of the length beforehand and no extreme is lost.
 */
export class Series {
  readonly #capacity: number;
  #buckets: Bucket[] = [];
  /** Length of a stretch, seconds; 0 until the first two are merged. */
  #widthS: number;

  /**
   * @param capacity Most stretches, an even number.
   * @param widthS Length of a stretch at first, seconds.
   * @throws {InvalidInputError} If the capacity is not an even number of at least 2.
   */
  constructor(capacity = 1024, widthS = 1e-3) {
    if (!(Number.isInteger(capacity / 2) && capacity >= 2)) {
      throw new InvalidInputError("capacity", capacity, "an even number of at least 2");
    }
    this.#capacity = capacity;
    this.#widthS = widthS;
  }

  /** The stretches that have values, oldest first. */
  get buckets(): readonly SeriesBucket[] {
    return this.#buckets;
  }

  /**
   * Adds a value.
   *
   * @param timeS Seconds since the start, not before the last one.
   * @param value The value; NaN is left out.
   */
  add(timeS: number, value: number): void {
    if (Number.isNaN(value)) return;
    const last = this.#buckets.at(-1);
    if (last !== undefined && this.#slot(timeS) <= this.#slot(last.fromS)) {
      last.toS = timeS;
      if (value < last.min) last.min = value;
      if (value > last.max) last.max = value;
      last.last = value;
      return;
    }
    if (this.#buckets.length === this.#capacity) this.#merge(timeS);
    this.#buckets.push({
      ...{ fromS: timeS, toS: timeS },
      ...{ first: value, min: value, max: value, last: value },
    });
  }

  #slot(timeS: number): number {
    return Math.floor(timeS / this.#widthS);
  }

  /** Makes stretches longer until there is room, also for those that had no values in between. */
  #merge(timeS: number): void {
    do {
      this.#widthS *= 2;
    } while (this.#slot(timeS) - this.#slot(this.#buckets[0]!.fromS) >= this.#capacity);
    const merged: Bucket[] = [];
    for (const bucket of this.#buckets) {
      const into = merged.at(-1);
      if (into === undefined || this.#slot(bucket.fromS) > this.#slot(into.fromS)) {
        merged.push(bucket);
        continue;
      }
      into.toS = bucket.toS;
      into.min = Math.min(into.min, bucket.min);
      into.max = Math.max(into.max, bucket.max);
      into.last = bucket.last;
    }
    this.#buckets = merged;
  }
}

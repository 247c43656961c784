/**
 * Quantiles of latencies.
 *
 * @module
 */

import { build } from "hdr-histogram-js";
import type { Quantiles } from "../lab/figures.ts";

/** Latencies that are kept, more than most runs have; those that follow are counted at once. */
const KEPT = 2 ** 22;
const MAX_LATENCY_NS = 60_000_000_000;

/**
 * Latencies, counted after they were measured: a histogram's own code is compiled while it runs, and held up
 * the events that it was to measure for milliseconds.
 */
export class Latency {
  readonly #histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_LATENCY_NS,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
  // Filled, so that no page is touched first while it measures.
  readonly #kept = new Float64Array(KEPT).fill(0);
  #length = 0;

  /** How many were recorded. */
  get count(): number {
    return this.#histogram.totalCount + this.#length;
  }

  /** Records one, ns. */
  record(ns: number): void {
    if (this.#length < KEPT) this.#kept[this.#length++] = ns;
    else this.#count(ns);
  }

  /** Forgets all. */
  reset(): void {
    this.#histogram.reset();
    this.#length = 0;
  }

  /** The quantiles. */
  quantiles(): Quantiles {
    for (let i = 0; i < this.#length; i++) this.#count(this.#kept[i]!);
    this.#length = 0;
    const at = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile);
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: this.#histogram.maxValue };
  }

  #count(ns: number): void {
    this.#histogram.recordValue(Math.min(Math.max(1, ns), MAX_LATENCY_NS));
  }
}

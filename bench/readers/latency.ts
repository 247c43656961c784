/**
 * Quantiles of latencies.
 *
 * @module
 */

import { build } from "hdr-histogram-js";
import type { Quantiles } from "../lab/figures.ts";

/** Latencies that are kept before the histogram counts them: more than a run of the laboratory has. */
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
    this.#kept[this.#length++] = ns;
    if (this.#length === KEPT) this.#countKept();
  }

  /** Forgets all. */
  reset(): void {
    this.#histogram.reset();
    this.#length = 0;
  }

  /** The quantiles. */
  quantiles(): Quantiles {
    this.#countKept();
    const at = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile);
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: this.#histogram.maxValue };
  }

  #countKept(): void {
    for (let i = 0; i < this.#length; i++) {
      this.#histogram.recordValue(Math.min(Math.max(1, this.#kept[i]!), MAX_LATENCY_NS));
    }
    this.#length = 0;
  }
}

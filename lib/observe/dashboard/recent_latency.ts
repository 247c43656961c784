/**
 * Latencies of the last minute.
 *
 * @module
 */

import { Histogram } from "../../client/histogram.ts";
import type { LatencyBuckets } from "../latency_buckets.ts";
import type { LatencyFigures } from "./messages.ts";

/** Steps in a minute, which is forgotten step by step. */
const STEPS = 6;

/** Latencies of the last minute in buckets, and quantiles of its last steps. */
export class RecentLatency {
  readonly #all: LatencyBuckets;
  /** The counts at the start of each step, oldest first. */
  readonly #starts: Float64Array[] = [];
  #now = new Histogram();
  #before = new Histogram();

  /** @param all All latencies since the start, which somebody else counts. */
  constructor(all: LatencyBuckets) {
    this.#all = all;
    this.#starts.push(all.counts.slice());
  }

  /** Takes a latency into the quantiles, ns. */
  record(ns: number): void {
    this.#now.record(Math.round(ns));
  }

  /** Begins the next step of ten seconds. */
  step(): void {
    this.#starts.push(this.#all.counts.slice());
    if (this.#starts.length > STEPS) this.#starts.shift();
    [this.#now, this.#before] = [this.#before, this.#now];
    this.#now.clear();
  }

  /** The figures of this moment. */
  get figures(): LatencyFigures {
    const start = this.#starts[0]!;
    const counts = Array.from(this.#all.counts, (count, i) => count - start[i]!);
    // A step that has just begun tells little.
    const quantiles = this.#before.count > this.#now.count ? this.#before : this.#now;
    return {
      counts,
      p50: orNull(quantiles.quantile(0.5)),
      p99: orNull(quantiles.quantile(0.99)),
      max: orNull(quantiles.max),
    };
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

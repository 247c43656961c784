/**
 * Latencies of the last minute.
 *
 * @module
 */

import { Histogram } from "../../client/histogram.ts";
import type { LatencyBuckets } from "../latency_buckets.ts";
import type { LatencyFigures } from "./messages.ts";

/** Steps of ten seconds in a minute, which is forgotten step by step. */
const STEPS = 6;

/** Latencies of the last minute in buckets, and quantiles of its last half at least. */
export class RecentLatency {
  readonly #all: LatencyBuckets;
  /** The counts at the start of each step, oldest first. */
  readonly #starts: Float64Array[] = [];
  /** Both take in everything, and are emptied in turns: the older one has half a minute or more. */
  #older = new Histogram();
  #younger = new Histogram();
  #steps = 0;

  /** @param all All latencies since the start, which somebody else counts. */
  constructor(all: LatencyBuckets) {
    this.#all = all;
    this.#starts.push(all.counts.slice());
  }

  /** Takes a latency into the quantiles, ns. */
  record(ns: number): void {
    const value = Math.round(ns);
    this.#older.record(value);
    this.#younger.record(value);
  }

  /** Begins the next step of ten seconds. */
  step(): void {
    this.#starts.push(this.#all.counts.slice());
    if (this.#starts.length > STEPS) this.#starts.shift();
    this.#steps++;
    if (this.#steps % (STEPS / 2) !== 0) return;
    [this.#older, this.#younger] = [this.#younger, this.#older];
    this.#younger.clear();
  }

  /** The figures of this moment. */
  get figures(): LatencyFigures {
    const start = this.#starts[0]!;
    return {
      counts: Array.from(this.#all.counts, (count, i) => count - start[i]!),
      p50: orNull(this.#older.quantile(0.5)),
      p99: orNull(this.#older.quantile(0.99)),
      max: orNull(this.#older.max),
    };
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

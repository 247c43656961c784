/**
 * The values of all metrics at one moment.
 *
 * @module
 */

import { LATENCY_BOUNDS_NS, type LatencyBuckets } from "../latency_buckets.ts";
import type { HistogramName, MetricName, NumberName } from "./definitions.ts";

const NS_PER_S = 1e9;

/** Values of the labels of a sample, by name. */
export type Labels = Readonly<Record<string, string>>;

/** One number. */
export interface NumberSample {
  /** What tells it from other samples of its metric. */
  readonly labels: Labels;
  /** The number. */
  readonly value: number;
}

/** One line of a histogram: a bucket, the sum or the count. */
export interface HistogramSample extends NumberSample {
  /** What follows the metric's name; a bucket has its upper bound as label `le`. */
  readonly suffix: "_bucket" | "_sum" | "_count";
}

/** What can tell values of metrics. */
export interface MetricSource {
  /** Adds its values to a reading. */
  read(reading: Reading): void;
}

/** The values of all metrics at one moment. */
export class Reading {
  readonly #numbers = new Map<MetricName, NumberSample[]>();
  readonly #histograms = new Map<MetricName, HistogramSample[]>();

  /**
   * Adds a number.
   *
   * @param name Name of the metric.
   * @param value Its value; none is added for undefined, nor for one that is not finite.
   * @param labels What tells it from other samples.
   */
  add(name: NumberName, value: number | undefined, labels: Labels = {}): void {
    if (value === undefined || !Number.isFinite(value)) return;
    samplesOf(this.#numbers, name).push({ labels, value });
  }

  /**
   * Adds a histogram of latencies, in seconds.
   *
   * @param name Name of the metric.
   * @param buckets What was counted.
   * @param labels What tells it from other samples.
   */
  addLatencies(name: HistogramName, buckets: LatencyBuckets, labels: Labels): void {
    const samples = samplesOf(this.#histograms, name);
    let below = 0;
    LATENCY_BOUNDS_NS.forEach((bound, i) => {
      below += buckets.counts[i]!;
      const le = String(bound / NS_PER_S);
      samples.push({ suffix: "_bucket", labels: { ...labels, le }, value: below });
    });
    samples.push(
      { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: buckets.count },
      { suffix: "_sum", labels, value: buckets.sumNs / NS_PER_S },
      { suffix: "_count", labels, value: buckets.count },
    );
  }

  /** The numbers of a counter or gauge. */
  numbers(name: MetricName): readonly NumberSample[] {
    return this.#numbers.get(name) ?? [];
  }

  /** The lines of a histogram. */
  histogram(name: MetricName): readonly HistogramSample[] {
    return this.#histograms.get(name) ?? [];
  }
}

function samplesOf<T>(all: Map<MetricName, T[]>, name: MetricName): T[] {
  const samples = all.get(name) ?? [];
  all.set(name, samples);
  return samples;
}

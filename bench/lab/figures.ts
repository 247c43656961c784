/**
 * What the programs of the laboratory report.
 *
 * @module
 */

/** Quantiles of a latency, ns. */
export type Quantiles = Readonly<Record<"p50" | "p90" | "p99" | "p999" | "max", number>>;

/** Names of the quantiles, in order. */
export const QUANTILES: readonly (keyof Quantiles)[] = ["p50", "p90", "p99", "p999", "max"];

/** Figures of one reader in one run. */
export interface ReaderReport {
  /** Events that the reader handled. */
  readonly received: number;
  /** Events up to the last one handled, as numbered by the publisher. */
  readonly seen: number;
  /** From the first event to the last. */
  readonly seconds: number;
  /** Processor time in that time. */
  readonly cpuSeconds: number;
  /** Bytes that JavaScript's heap grew by between collections; TypeScript only. */
  readonly heapBytes?: number;
  /** From publish to the reader's hands. */
  readonly latencyNs: Quantiles;
}

/** Figures of one side of an order run: the way there, or the round trip. */
export interface OrderReport {
  /** Orders measured. */
  readonly received: number;
  /** Their latency. */
  readonly latencyNs: Quantiles;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The medians of several runs' quantiles. */
export function medianQuantiles(runs: readonly Quantiles[]): Quantiles {
  const of = (name: keyof Quantiles): number => median(runs.map((run) => run[name]));
  return { p50: of("p50"), p90: of("p90"), p99: of("p99"), p999: of("p999"), max: of("max") };
}

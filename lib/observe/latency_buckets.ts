/**
 * Latencies in fixed buckets, as Prometheus counts them.
 *
 * @module
 */

/** Upper bounds of the buckets, ns: 1, 2 and 5 in each decade from 1 us to 10 s. */
export const LATENCY_BOUNDS_NS: readonly number[] = [
  ...[1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].flatMap((decade) => [decade, 2 * decade, 5 * decade]),
  1e10,
];

/** Counts latencies; recording neither allocates nor takes a logarithm. */
export class LatencyBuckets {
  /** Latencies in each bucket, not added up; the last one is for those above every bound. */
  readonly counts: Float64Array = new Float64Array(LATENCY_BOUNDS_NS.length + 1);
  /** All latencies together, ns. */
  sumNs = 0;
  /** Latencies below 0, which clocks that disagree make; they count as 0. */
  negative = 0;
  /** Number of latencies. */
  count = 0;

  /**
   * Counts a latency.
   *
   * @param ns The latency, ns.
   */
  record(ns: number): void {
    if (ns < 0) {
      this.negative++;
      ns = 0;
    }
    let low = 0;
    let high = LATENCY_BOUNDS_NS.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ns <= LATENCY_BOUNDS_NS[middle]!) high = middle;
      else low = middle + 1;
    }
    this.counts[low] = this.counts[low]! + 1;
    this.sumNs += ns;
    this.count++;
  }
}

/**
 * Measured order latencies, and what lies between them.
 *
 * @module
 */

import { NsTime } from "../model/time.ts";
import type { OrderLatencyModel } from "./latency.ts";
import type { OrderLatencyRow } from "./options.ts";

/** Interpolates between measured requests. */
export class LatencyTable implements OrderLatencyModel {
  // Times are counted from the first request, so that they are exact as doubles.
  readonly #origin: NsTime;
  readonly #requests: Float64Array;
  readonly #entries: Float64Array;
  readonly #roundTrips: Float64Array;
  /** Of the rows that the exchange handled. */
  readonly #handled: Float64Array;
  readonly #responses: Float64Array;
  #offset = 0;

  /** @param rows Measured requests, checked, at least one of which the exchange handled. */
  constructor(rows: readonly OrderLatencyRow[]) {
    const origin = rows[0]!.requestTimestamp;
    const handled = rows.filter((row) => row.exchTimestamp > 0n)
      .sort((a, b) => Number(a.exchTimestamp - b.exchTimestamp));
    const since = (time: bigint) => Number(time - origin);
    this.#origin = NsTime.from(origin);
    this.#requests = Float64Array.from(rows, (row) => since(row.requestTimestamp));
    this.#entries = Float64Array.from(
      rows,
      (row) => row.exchTimestamp > 0n ? Number(row.exchTimestamp - row.requestTimestamp) : NaN,
    );
    this.#roundTrips = Float64Array.from(
      rows,
      (row) => Number(row.responseTimestamp - row.requestTimestamp),
    );
    this.#handled = Float64Array.from(handled, (row) => since(row.exchTimestamp));
    this.#responses = Float64Array.from(
      handled,
      (row) => Number(row.responseTimestamp - row.exchTimestamp),
    );
  }

  entryNs(time: number): number {
    const at = time + this.#offset;
    const entry = interpolate(this.#requests, this.#entries, at);
    if (!Number.isNaN(entry)) return entry;
    return -Math.max(1, interpolate(this.#requests, this.#roundTrips, at));
  }

  responseNs(time: number): number {
    return interpolate(this.#handled, this.#responses, time + this.#offset);
  }

  place(epoch: NsTime): void {
    this.#offset = epoch.since(this.#origin);
  }
}

/** The value at `x`, a straight line between the two nearest; NaN where one of them is. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return ys[0]!;
  if (low === xs.length) return ys[low - 1]!;
  const before = ys[low - 1]!;
  const from = xs[low - 1]!;
  const share = (x - from) / (xs[low]! - from);
  return Math.round(before + (ys[low]! - before) * share);
}

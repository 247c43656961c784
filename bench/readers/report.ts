/**
 * What a TypeScript reader measures: the same figures as native/crates/bench.
 *
 * @module
 */

import { type EventBatch, EventKind, Histogram } from "@hftlive/hftlive";

/** Symbol, price step and quantity step of every run, as in native/crates/bench/src/wire.rs. */
export const INSTRUMENT = { symbol: "bench", tickSize: 0.1, lotSize: 0.001 } as const;
/** Exchange time of the first event. */
const FIRST_SEQUENCE = 1_000n;
/** Exchange time that marks the end of a run. */
const END_MARK = 1n;

/** Figures of one reader in one run. */
export interface ReaderReport {
  /** Events that the reader handled. */
  readonly received: number;
  /** Events up to the last one handled, as numbered by the publisher. */
  readonly seen: number;
  /** From the first event to the last. */
  readonly seconds: number;
  /** From publish to the reader's hands, ns. */
  readonly latencyNs: Readonly<Record<"p50" | "p90" | "p99" | "p999" | "max", number>>;
}

/** Counts events and their latency. */
export class Report {
  readonly #latencyNs = new Histogram();
  #received = 0;
  #last = FIRST_SEQUENCE - 1n;
  #firstMs = 0;
  #lastMs = 0;

  /**
   * Takes a batch.
   *
   * @param batch The batch.
   * @param now Wall clock after it was received, ns.
   * @returns Whether the run has ended.
   */
  add(batch: EventBatch, now: bigint): boolean {
    for (let i = 0; i < batch.length; i++) {
      const kind = batch.kind(i);
      if (kind !== EventKind.Trade && kind !== EventKind.Depth) continue;
      if (this.event(batch.exchTimestamp(i), batch.localTimestamp(i), now)) return true;
    }
    return false;
  }

  /** Takes one event; answers whether the run has ended. */
  event(exchTimestamp: bigint, localTimestamp: bigint, now: bigint): boolean {
    if (exchTimestamp === END_MARK) return true;
    this.#latencyNs.record(Math.max(1, Number(now - localTimestamp)));
    this.#last = exchTimestamp;
    this.#lastMs = performance.now();
    if (this.#received++ === 0) this.#firstMs = this.#lastMs;
    return false;
  }

  /** The figures so far. */
  toJSON(): ReaderReport {
    const latencyNs = this.#latencyNs;
    return {
      received: this.#received,
      seen: Number(this.#last - FIRST_SEQUENCE) + 1,
      seconds: (this.#lastMs - this.#firstMs) / 1000,
      latencyNs: {
        p50: latencyNs.quantile(0.5),
        p90: latencyNs.quantile(0.9),
        p99: latencyNs.quantile(0.99),
        p999: latencyNs.quantile(0.999),
        max: latencyNs.max,
      },
    };
  }
}

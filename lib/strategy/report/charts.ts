/**
 * The curves of a run.
 *
 * @module
 */

import type { FillMark } from "../ledger/fill_marks.ts";
import type { SeriesBucket } from "../ledger/series.ts";

/** How a latency is spread: what each share of all did not exceed. */
export interface LatencyCurve {
  /** Shares, from 0 to 1. */
  readonly shares: readonly number[];
  /** The latency at each share, ns. */
  readonly ns: readonly number[];
}

/** The curves of one instrument. */
export interface InstrumentCharts {
  /** Mid price, in quote currency. */
  readonly price: readonly SeriesBucket[];
  /** Signed quantity held, in base units. */
  readonly position: readonly SeriesBucket[];
  /** Profit, in quote currency. */
  readonly equity: readonly SeriesBucket[];
  /** Where it bought. */
  readonly buys: readonly FillMark[];
  /** Where it sold. */
  readonly sells: readonly FillMark[];
  /** Time from the exchange to the bot; undefined if none was measured. */
  readonly feedLatency: LatencyCurve | undefined;
  /** Time from a request to its answer; undefined if none was measured. */
  readonly orderLatency: LatencyCurve | undefined;
}

/** The curves of a run. */
export interface RunCharts {
  /** Profit of all instruments together, in quote currency. */
  readonly equity: readonly SeriesBucket[];
  /** One entry an instrument, in order. */
  readonly instruments: readonly InstrumentCharts[];
}

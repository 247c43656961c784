/**
 * Takes the curves out of a ledger.
 *
 * @module
 */

import type { Histogram } from "../../client/histogram.ts";
import type { LatencyCurve, RunCharts } from "../report/charts.ts";
import type { RunLedger } from "./run_ledger.ts";

/** Points of a latency curve for each factor of ten in the share of slower ones. */
const POINTS_PER_DECADE = 10;

/** The curves of a run. */
export function chartsOf(ledger: RunLedger): RunCharts {
  return {
    equity: ledger.equity.buckets,
    instruments: ledger.instruments.map(({ price, position, equity, buys, sells, ...rest }) => ({
      price: price.buckets,
      position: position.buckets,
      equity: equity.buckets,
      buys: buys.marks,
      sells: sells.marks,
      feedLatency: latencyCurve(rest.market.feedLatencyNs),
      orderLatency: latencyCurve(rest.orders.latencyNs),
    })),
  };
}

/** A latency's spread, with more points the rarer they are, up to one in all that were measured. */
function latencyCurve(histogram: Histogram): LatencyCurve | undefined {
  const { count } = histogram;
  if (count === 0) return undefined;
  const points = Math.max(1, Math.ceil(Math.log10(count) * POINTS_PER_DECADE));
  const shares = [
    ...Array.from({ length: points + 1 }, (_, i) => 1 - 10 ** (-i / POINTS_PER_DECADE))
      .filter((share) => share <= 1 - 1 / count),
    1,
  ];
  return { shares, ns: shares.map((share) => histogram.quantile(share)) };
}

/**
 * The charts of a report.
 *
 * @module
 */

import { formatNs } from "../../../format.ts";
import type { SeriesBucket } from "../../ledger/series.ts";
import type { InstrumentCharts, LatencyCurve } from "../charts.ts";
import { Axes, chart, pointsOf, stepsOf } from "./chart.ts";
import { type Range, rangeOf, roundTicks, type Tick, timeTicks } from "./scale.ts";

const Y_TICKS = 5;
/** More percentiles than these do not fit on a phone. */
const MAX_PERCENTILES = 5;

/** The mid price, with the executions on it. */
export function priceChart({ price, buys, sells }: InstrumentCharts, durationS: number): string {
  const points = pointsOf(price);
  const fills = [...buys, ...sells];
  const y = rangeOf([...points.map(([, value]) => value), ...fills.map((fill) => fill.price)]);
  const axes = new Axes({ min: 0, max: durationS }, y);
  const count = (marks: typeof buys): number => marks.reduce((sum, mark) => sum + mark.count, 0);
  return chart({
    title: "Price and fills",
    description: `Mid price over time, ${count(buys)} purchases and ${count(sells)} sales on it`,
    layers: [
      { style: "line price", path: axes.line(points) },
      { style: "fill buy", path: axes.dots(buys) },
      { style: "fill sell", path: axes.dots(sells) },
    ],
    legend: [
      { style: "line price", label: "mid price" },
      { style: "fill buy", label: `bought (${count(buys)})` },
      { style: "fill sell", label: `sold (${count(sells)})` },
    ],
    xTicks: timeTicks(durationS),
    yTicks: roundTicks(y, Y_TICKS),
    axes,
  });
}

/** The position. */
export function positionChart({ position }: InstrumentCharts, durationS: number): string {
  return areaChart(stepsOf(position), durationS, {
    title: "Position",
    description: "Signed quantity held over time, in base units",
    style: "position",
  });
}

/** The profit. */
export function equityChart(equity: readonly SeriesBucket[], durationS: number): string {
  return areaChart(pointsOf(equity), durationS, {
    title: "Equity",
    description: "Profit over time, with the position at the mid price and fees taken off",
    style: "equity",
  });
}

/** How far the profit is below its peak so far. */
export function drawdownChart(equity: readonly SeriesBucket[], durationS: number): string {
  let peak = 0;
  const points = equity.flatMap(({ fromS, toS, first, min, max, last }) => {
    peak = Math.max(peak, first);
    const start = first - peak;
    // Which of both came first is not known: the fall is never shown smaller than it was.
    const low = min - Math.max(peak, max);
    peak = Math.max(peak, max);
    return [[fromS, start], [(fromS + toS) / 2, low], [toS, last - peak]] as const;
  });
  return areaChart(points, durationS, {
    title: "Drawdown",
    description: "How far the profit is below its peak so far, over time",
    style: "drawdown",
  });
}

function areaChart(
  points: readonly (readonly [number, number])[],
  durationS: number,
  look: { readonly title: string; readonly description: string; readonly style: string },
): string {
  const y = rangeOf([0, ...points.map(([, value]) => value)]);
  const axes = new Axes({ min: 0, max: durationS }, y);
  return chart({
    title: look.title,
    description: look.description,
    layers: [
      { style: `area ${look.style}`, path: axes.area(points, 0) },
      { style: `line ${look.style}`, path: axes.line(points) },
      { style: "zero", path: axes.line([[0, 0], [durationS, 0]]) },
    ],
    xTicks: timeTicks(durationS),
    yTicks: roundTicks(y, Y_TICKS),
    axes,
  });
}

/** A latency by the share of all that took no longer; the rare slow ones get room at the right. */
export function latencyChart(title: string, curve: LatencyCurve | undefined): string {
  if (curve === undefined) return "";
  const { shares, ns } = curve;
  const scale = latencyScale(ns);
  // Each further nine takes the same room; the slowest of all stands behind the last.
  const nines = shares.map((share) => -Math.log10(1 - share));
  const end = Math.max(0, ...nines.filter(Number.isFinite)) + 0.3;
  const points = nines.map((nine, i) => [Math.min(nine, end), scale.place(ns[i]!)] as const);
  const axes = new Axes({ min: 0, max: Math.max(1, end) }, scale.range);
  return chart({
    title,
    description: `${title}: what each share of all did not exceed`,
    layers: [{ style: "line latency", path: axes.line(points) }],
    xTicks: percentileTicks(Math.max(1, end)),
    yTicks: scale.ticks,
    axes,
  });
}

/** Where latencies stand between bottom and top. */
interface LatencyScale {
  readonly range: Range;
  readonly ticks: readonly Tick[];
  place(ns: number): number;
}

/** Powers of ten where latencies differ much; else even steps, as clocks that disagree need. */
function latencyScale(ns: readonly number[]): LatencyScale {
  const min = Math.min(...ns);
  const max = Math.max(...ns);
  const isWide = min > 0 && max > 10 * min;
  const place = isWide ? Math.log10 : (value: number): number => value;
  const range = rangeOf(ns.map(place));
  const values = min === max
    ? [min]
    : roundTicks(range, Y_TICKS).map(({ value }) => isWide ? 10 ** value : value);
  return {
    range,
    ticks: values.map((value) => ({ value: place(value), label: formatNs(value) })),
    place,
  };
}

function percentileTicks(end: number): Tick[] {
  const count = Math.floor(end) + 1;
  const stride = Math.ceil(count / MAX_PERCENTILES);
  return Array.from({ length: Math.ceil(count / stride) }, (_, i) => {
    const nines = i * stride;
    const percent = (100 - 10 ** (2 - nines)).toFixed(Math.max(0, nines - 2));
    return { value: nines, label: nines === 0 ? "0 %" : `${percent} %` };
  });
}

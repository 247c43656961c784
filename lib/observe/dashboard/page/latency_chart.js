/**
 * A histogram of latencies. Its heights are logarithmic: the few that are slow are what matters.
 *
 * @typedef {import("../messages.ts").LatencyFigures} LatencyFigures
 */

// @ts-ignore: the server serves uPlot there; check.json tells its types.
import uPlot from "./uplot.js";
import { axisStyle, Chart, colour, PADDING, valueAxis } from "./chart.js";
import { briefCount, duration } from "./format.js";

/** Width below which every other decade has a label, px. */
const NARROW_PX = 380;

export class LatencyChart {
  /** @type {readonly number[]} */
  #bounds = [];
  #chart;
  #name;

  /**
   * @param {string} id
   * @param {string} name
   */
  constructor(id, name) {
    this.#chart = new Chart(id, () => this.#options());
    this.#name = name;
  }

  /** @param {readonly number[]} bounds Upper bounds of the buckets, ns. */
  start(bounds) {
    this.#bounds = bounds;
    this.remake();
  }

  remake() {
    this.#chart.remake();
  }

  /** @param {LatencyFigures | undefined} figures */
  draw(figures) {
    const counts = figures?.counts ?? [...this.#bounds, 0].map(() => 0);
    this.#chart.draw([counts.map((_, at) => at), counts.map(heightOf)]);
    this.#chart.describe(
      `${this.#name} of the last minute: half within ${duration(figures?.p50)}, 99 % within ${
        duration(figures?.p99)
      }, the longest ${duration(figures?.max)}`,
    );
  }

  /** @returns {import("uplot").Options} */
  #options() {
    const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 1 });
    const bounds = this.#bounds;
    const decades = bounds.flatMap((bound, at) =>
      Number.isInteger(Math.log10(bound)) ? [at + 1] : []
    );
    return {
      width: 0,
      height: 0,
      padding: PADDING,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, bounds.length + 1] },
        y: { range: (_, __, high) => [0, Math.max(Math.ceil(high ?? 0), 2)] },
      },
      axes: [
        {
          ...axisStyle(),
          size: 22,
          grid: { show: false },
          splits: ({ width }) =>
            width < NARROW_PX ? decades.filter((_, at) => at % 2 === 0) : decades,
          values: (_, splits) => splits.map((at) => brief(bounds[at - 1] ?? 0)),
        },
        valueAxis((height) => briefCount(10 ** (height - 1)), {
          splits: (_, __, ___, top) => Array.from({ length: Math.floor(top) }, (_, at) => at + 1),
        }),
      ],
      series: [{}, {
        stroke: colour("accent"),
        fill: colour("accent"),
        width: 0,
        points: { show: false },
        ...bars && { paths: bars },
      }],
    };
  }
}

/**
 * Height of a bar: 1 for one latency, and 1 more for each time ten.
 *
 * @param {number} latencies
 */
function heightOf(latencies) {
  return latencies > 0 ? Math.log10(latencies) + 1 : null;
}

/** @param {number} ns A power of ten. */
function brief(ns) {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${ns / 1e3} µs`;
  return ns < 1e9 ? `${ns / 1e6} ms` : `${ns / 1e9} s`;
}

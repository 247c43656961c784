/**
 * The charts: what each shows, and how.
 *
 * @typedef {import("../messages.ts").SampleRow} SampleRow
 * @typedef {import("../messages.ts").LatencyFigures} LatencyFigures
 * @typedef {import("../../../model/instrument.ts").Instrument} Instrument
 */

import uPlot from "./uplot.js";
import {
  axisStyle,
  Chart,
  colour,
  CURSOR,
  legend,
  TIME_SERIES,
  timeAxis,
  valueAxis,
} from "./chart.js";
import { count, duration, stepped } from "./format.js";

/** Samples a second, to make rates of their counts. */
const SAMPLE_RATE = 4;

/** Columns of a sample. */
const TIME = 0;
const BID = 1;
const ASK = 2;
const BUY = 3;
const SELL = 5;
const TRADES = 7;
const EVENTS = 8;

export class Charts {
  #span = 180;
  /** @type {Instrument} */
  #instrument = { connector: "", symbol: "", tickSize: 1, lotSize: 1 };
  /** @type {readonly number[]} */
  #bounds = [];
  #price;
  #spread;
  #rate;
  #feed;
  #order;

  constructor() {
    const price = (/** @type {number} */ value) => stepped(value, this.#instrument.tickSize);
    this.#price = new Chart("price-chart", () => {
      const stepAfter = uPlot.paths.stepped?.({ align: 1 });
      const points = (/** @type {string} */ name) => ({
        stroke: colour(name),
        paths: () => null,
        points: {
          show: true,
          size: dotSize(this.#span),
          width: 0,
          fill: colour(name),
          stroke: colour(name),
        },
        value: legend(price),
      });
      const line = (/** @type {string} */ label) => ({
        label,
        stroke: colour("line"),
        width: 1,
        points: { show: false },
        value: legend(price),
        ...stepAfter && { paths: stepAfter },
      });
      return {
        width: 0,
        height: 0,
        cursor: CURSOR,
        scales: { y: { range: (_, low, high) => padded(low, high, this.#instrument.tickSize) } },
        axes: [timeAxis(), valueAxis(price, { incrs: steps(this.#instrument.tickSize) })],
        bands: [{ series: [2, 1], fill: fade(colour("line")) }],
        series: [
          TIME_SERIES,
          line("bid"),
          line("ask"),
          { label: "bought", ...points("buy") },
          { label: "sold", ...points("sell") },
        ],
      };
    });
    this.#spread = new Chart("spread-chart", () =>
      timeOptions({
        label: "spread",
        name: "line",
        text: price,
        incrs: steps(this.#instrument.tickSize),
        range: (_, __, high) => [0, Math.max(high ?? 0, this.#instrument.tickSize) * 1.15],
      }));
    this.#rate = new Chart("rate-chart", () => {
      const options = timeOptions({
        label: "events",
        name: "accent",
        text: count,
        incrs: steps(1),
        range: (_, __, high) => [0, Math.max(high ?? 0, 10) * 1.1],
      });
      options.series.push({
        label: "trades",
        stroke: colour("sell"),
        width: 1,
        points: { show: false },
        value: legend(count),
      });
      return options;
    });
    const latency = (/** @type {string} */ id) => new Chart(id, () => this.#latencyOptions());
    this.#feed = latency("feed-chart");
    this.#order = latency("order-chart");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#remake());
  }

  /**
   * @param {Instrument} instrument
   * @param {readonly number[]} bounds Upper bounds of the buckets of latencies, ns.
   */
  start(instrument, bounds) {
    this.#instrument = instrument;
    this.#bounds = bounds;
    this.#remake();
  }

  /** @param {number} seconds How much is shown. */
  show(seconds) {
    this.#span = seconds;
    this.#price.remake();
  }

  /** @param {readonly SampleRow[]} samples */
  drawSamples(samples) {
    const end = samples.at(-1)?.[TIME] ?? 0;
    const first = samples.findIndex((row) => row[TIME] >= end - this.#span);
    const shown = first > 0 ? samples.slice(first) : samples;
    const column = (/** @type {number} */ at) => shown.map((row) => row[at] ?? null);
    const times = shown.map((row) => row[TIME]);
    this.#price.draw([times, column(BID), column(ASK), column(BUY), column(SELL)]);
    const spread = shown.map((row) =>
      row[BID] === null || row[ASK] === null ? null : row[ASK] - row[BID]
    );
    this.#spread.draw([times, spread]);
    const rate = (/** @type {number} */ at) =>
      smooth(shown.map((row) => Number(row[at]) * SAMPLE_RATE));
    this.#rate.draw([times, rate(EVENTS), rate(TRADES)]);
    const last = shown.at(-1);
    if (last === undefined) return;
    const { tickSize } = this.#instrument;
    this.#price.describe(
      `Price of the last ${times.length / SAMPLE_RATE} seconds, now bid ${
        stepped(last[BID], tickSize)
      }, ask ${stepped(last[ASK], tickSize)}`,
    );
    this.#spread.describe(`Spread, now ${stepped(spread.at(-1), tickSize)}`);
    this.#rate.describe(`Events per second, now ${count(last[EVENTS] * SAMPLE_RATE)}`);
  }

  /**
   * @param {LatencyFigures | undefined} feed
   * @param {LatencyFigures | undefined} order
   */
  drawLatency(feed, order) {
    const empty = () => [...this.#bounds, 0].map(() => 0);
    for (
      const [chart, figures, name] of /** @type {const} */ ([
        [this.#feed, feed, "Feed latency"],
        [this.#order, order, "Order latency"],
      ])
    ) {
      const counts = [...figures?.counts ?? empty()];
      chart.draw([counts.map((_, at) => at), counts]);
      chart.describe(
        `${name} of the last minute: half within ${duration(figures?.p50)}, 99 % within ${
          duration(figures?.p99)
        }`,
      );
    }
  }

  #remake() {
    for (const chart of [this.#price, this.#spread, this.#rate, this.#feed, this.#order]) {
      chart.remake();
    }
  }

  /** @returns {import("uplot").Options} */
  #latencyOptions() {
    const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 1 });
    const bounds = this.#bounds;
    const decades = bounds.flatMap((bound, at) =>
      Number.isInteger(Math.log10(bound)) ? [at + 1] : []
    );
    return {
      width: 0,
      height: 0,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, bounds.length + 1] },
        y: { range: (_, __, high) => [0, Math.max(high ?? 0, 1) * 1.1] },
      },
      axes: [
        {
          ...axisStyle(),
          size: 24,
          grid: { show: false },
          splits: ({ width }) => width < 340 ? decades.filter((_, at) => at % 2 === 0) : decades,
          values: (_, splits) => splits.map((at) => brief(bounds[at - 1] ?? 0)),
        },
        valueAxis((value) => value >= 1e4 ? `${value / 1e3}k` : count(value), { space: 30 }),
      ],
      series: [{}, {
        stroke: colour("accent"),
        fill: colour("accent"),
        points: { show: false },
        ...bars && { paths: bars },
      }],
    };
  }
}

/**
 * @param {{ label: string, name: string, text: (value: number) => string, range: import("uplot").Range.Function, incrs: number[] }} what
 * @returns {import("uplot").Options}
 */
function timeOptions({ label, name, text, range, incrs }) {
  return {
    width: 0,
    height: 0,
    cursor: CURSOR,
    scales: { y: { range } },
    axes: [timeAxis(), valueAxis(text, { space: 30, incrs })],
    series: [TIME_SERIES, {
      label,
      stroke: colour(name),
      width: 1.2,
      points: { show: false },
      value: legend(text),
    }],
  };
}

/**
 * The range of prices: with room, and never so narrow that one tick fills the chart.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @param {number} tickSize
 * @returns {[number, number]}
 */
function padded(low, high, tickSize) {
  if (low === null || high === null) return [0, 1];
  const room = Math.max((high - low) * 0.08, tickSize * 4);
  return [low - room, high + room];
}

/**
 * Distances of the lines of a grid: whole steps, so that no two have the same text.
 *
 * @param {number} step
 */
function steps(step) {
  const decades = Array.from({ length: 10 }, (_, power) => 10 ** power * step);
  return decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
}

/**
 * Averages over a second, since counts of a quarter of one say little.
 *
 * @param {readonly number[]} values
 */
function smooth(values) {
  let sum = 0;
  return values.map((value, at) => {
    sum += value - (values[at - SAMPLE_RATE] ?? 0);
    return sum / Math.min(at + 1, SAMPLE_RATE);
  });
}

/**
 * Size of the dots of trades, px: the more there are, the smaller.
 *
 * @param {number} span Seconds that are shown.
 */
function dotSize(span) {
  return span <= 60 ? 5 : span <= 180 ? 3.5 : 2.5;
}

/** @param {string} hex A colour such as #4b5563. */
function fade(hex) {
  return `${hex}22`;
}

/** @param {number} ns A power of ten. */
function brief(ns) {
  if (ns < 1e3) return `${ns}ns`;
  if (ns < 1e6) return `${ns / 1e3}µs`;
  return ns < 1e9 ? `${ns / 1e6}ms` : `${ns / 1e9}s`;
}

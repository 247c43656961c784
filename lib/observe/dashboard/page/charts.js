/**
 * All charts, and what each but that of prices shows.
 *
 * @typedef {import("../messages.ts").SampleRow} SampleRow
 * @typedef {import("../messages.ts").LatencyFigures} LatencyFigures
 * @typedef {import("../../../model/instrument.ts").Instrument} Instrument
 */

import { Chart, fade, line, steps, timeOptions } from "./chart.js";
import { count, stepped } from "./format.js";
import { LatencyChart } from "./latency_chart.js";
import { PriceChart } from "./price_chart.js";
import { ASK, BID, EVENTS, POSITION, TIME, TRADES } from "./sample.js";

/** Samples that rates are averaged over: about a second of them. */
const SMOOTHED = 4;

export class Charts {
  #span = 180;
  /** @type {Instrument} */
  #instrument = { connector: "", symbol: "", tickSize: 1, lotSize: 1 };
  #price = new PriceChart();
  #position;
  #spread;
  #rate;
  #feed = new LatencyChart("feed-chart", "Feed latency");
  #order = new LatencyChart("order-chart", "Order latency");

  constructor() {
    this.#position = new Chart("position-chart", () => {
      const { lotSize } = this.#instrument;
      const text = (/** @type {number} */ value) => stepped(value, lotSize);
      const fill = fade("line", "26");
      return timeOptions({
        text,
        incrs: steps(lotSize),
        range: (_, low, high) => around(low ?? 0, high ?? 0, lotSize),
        series: [line("position", { colour: "line", text, stepped: true, more: { fill } })],
      });
    });
    this.#spread = new Chart("spread-chart", () => {
      const { tickSize } = this.#instrument;
      const text = (/** @type {number} */ value) => stepped(value, tickSize);
      return timeOptions({
        text,
        incrs: steps(tickSize),
        range: (_, __, high) => [0, Math.max(high ?? 0, tickSize) * 1.15],
        series: [line("spread", { colour: "line", text, stepped: true })],
      });
    });
    this.#rate = new Chart("rate-chart", () =>
      timeOptions({
        text: count,
        incrs: steps(1),
        range: (_, __, high) => [0, Math.max(high ?? 0, 10) * 1.1],
        series: [
          line("events", { colour: "accent", text: count }),
          line("trades", { colour: "line", text: count, more: { dash: [5, 4] } }),
        ],
      }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#remake());
  }

  /**
   * @param {Instrument} instrument
   * @param {readonly number[]} bounds Upper bounds of the buckets of latencies, ns.
   */
  start(instrument, bounds) {
    this.#instrument = instrument;
    this.#price.start(instrument);
    this.#feed.start(bounds);
    this.#order.start(bounds);
    for (const chart of [this.#position, this.#spread, this.#rate]) chart.remake();
  }

  /** @param {number} seconds How much is shown. */
  show(seconds) {
    this.#span = seconds;
    this.#price.show(seconds);
  }

  /** @param {readonly SampleRow[]} samples */
  drawSamples(samples) {
    const end = samples.at(-1)?.[TIME] ?? 0;
    const first = samples.findIndex((row) => row[TIME] >= end - this.#span);
    const shown = first > 0 ? samples.slice(first) : samples;
    this.#price.draw(shown);
    const times = shown.map((row) => row[TIME]);
    const spread = shown.map((row) =>
      row[BID] === null || row[ASK] === null ? null : row[ASK] - row[BID]
    );
    this.#position.draw([times, shown.map((row) => row[POSITION])]);
    this.#spread.draw([times, spread]);
    const events = rates(shown, EVENTS);
    this.#rate.draw([times, events, rates(shown, TRADES)]);
    const last = shown.at(-1);
    if (last === undefined) return;
    const { tickSize, lotSize } = this.#instrument;
    this.#position.describe(`Position, now ${stepped(last[POSITION], lotSize)}`);
    this.#spread.describe(`Spread, now ${stepped(spread.at(-1), tickSize)}`);
    this.#rate.describe(`Events per second, now ${count(events.at(-1) ?? 0)}`);
  }

  /**
   * @param {LatencyFigures | undefined} feed
   * @param {LatencyFigures | undefined} order
   */
  drawLatency(feed, order) {
    this.#feed.draw(feed);
    this.#order.draw(order);
  }

  #remake() {
    for (
      const chart of [
        this.#price,
        this.#position,
        this.#spread,
        this.#rate,
        this.#feed,
        this.#order,
      ]
    ) chart.remake();
  }
}

/**
 * Rates a second, averaged over a second, since counts of a quarter of one say little.
 *
 * @param {readonly SampleRow[]} samples
 * @param {typeof EVENTS | typeof TRADES} at Column of the counts.
 */
function rates(samples, at) {
  let sum = 0;
  return samples.map((row, index) => {
    const from = Math.max(0, index - SMOOTHED);
    sum += index === 0 ? 0 : row[at];
    if (index > SMOOTHED) sum -= samples[from]?.[at] ?? 0;
    const seconds = row[TIME] - (samples[from]?.[TIME] ?? row[TIME]);
    return seconds > 0 ? sum / seconds : null;
  });
}

/**
 * A range that shows 0 and both ends, with room.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @returns {[number, number]}
 */
function around(low, high, step) {
  const [bottom, top] = [Math.min(low, 0), Math.max(high, 0)];
  const room = Math.max((top - bottom) * 0.12, step);
  return [bottom - room, top + room];
}

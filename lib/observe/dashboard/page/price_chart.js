/**
 * The chart of prices: the best bid and ask, trades as dots, own quotes as dashes, and own fills as
 * triangles whose tips are at their price.
 *
 * @typedef {import("../messages.ts").SampleRow} SampleRow
 * @typedef {import("../../../model/instrument.ts").Instrument} Instrument
 */

import {
  Chart,
  colour,
  CURSOR,
  fade,
  legend,
  line,
  PADDING,
  steps,
  TIME_SERIES,
  timeAxis,
  valueAxis,
} from "./chart.js";
import { stepped } from "./format.js";
import { ASK, BID, BUY, OWN_ASK, OWN_BID, OWN_BUY, OWN_SELL, SELL, TIME } from "./sample.js";

/** Most dots of one kind, beside each other. */
const MOST_DOTS = 180;

const DOT_PX = 4;
const TRIANGLE_PX = 9;

/** @typedef {import("uplot").Series.Points.PathBuilder} PathBuilder */

export class PriceChart {
  #span = 180;
  /** @type {Instrument} */
  #instrument = { connector: "", symbol: "", tickSize: 1, lotSize: 1 };
  #chart = new Chart("price-chart", () => this.#options());

  /** @param {Instrument} instrument */
  start(instrument) {
    this.#instrument = instrument;
    this.remake();
  }

  /** @param {number} seconds How much is shown. */
  show(seconds) {
    this.#span = seconds;
  }

  remake() {
    this.#chart.remake();
  }

  /** @param {readonly SampleRow[]} samples */
  draw(samples) {
    const column = (/** @type {number} */ at) => samples.map((row) => row[at] ?? null);
    const gathered = (/** @type {number} */ at) => gather(samples, at, this.#span / MOST_DOTS);
    this.#chart.draw([
      samples.map((row) => row[TIME]),
      column(BID),
      column(ASK),
      gathered(BUY),
      gathered(SELL),
      column(OWN_BID),
      column(OWN_ASK),
      gathered(OWN_BUY),
      gathered(OWN_SELL),
    ]);
    const last = samples.at(-1);
    if (last === undefined) return;
    const { tickSize } = this.#instrument;
    const seconds = Math.round(last[TIME] - (samples[0]?.[TIME] ?? last[TIME]));
    this.#chart.describe(
      `Price of the last ${seconds} seconds, now bid ${stepped(last[BID], tickSize)}, ask ${
        stepped(last[ASK], tickSize)
      }`,
    );
  }

  /** @returns {import("uplot").Options} */
  #options() {
    const { tickSize } = this.#instrument;
    const text = (/** @type {number} */ value) => stepped(value, tickSize);
    const price = (/** @type {string} */ label) =>
      line(label, { colour: "line", text, stepped: true });
    const quote = (/** @type {string} */ label, /** @type {string} */ name) =>
      // Quotes far away must not press the market into a line.
      line(label, { colour: name, text, stepped: true, more: { dash: [5, 4], auto: false } });
    return {
      width: 0,
      height: 0,
      padding: PADDING,
      cursor: CURSOR,
      scales: { y: { range: (_, low, high) => padded(low, high, tickSize) } },
      axes: [timeAxis(), valueAxis(text, { incrs: steps(tickSize) })],
      bands: [{ series: [2, 1], fill: fade("line", "26") }],
      series: [
        TIME_SERIES,
        price("bid"),
        price("ask"),
        dots("buys", "buy", text),
        dots("sells", "sell", text),
        quote("own bid", "buy"),
        quote("own ask", "sell"),
        triangles("own buys", { name: "buy", tipUp: true, text }),
        triangles("own sells", { name: "sell", tipUp: false, text }),
      ],
    };
  }
}

/**
 * Averages of prices over stretches of time, so that there are not too many to tell apart. A stretch
 * has its price at its last sample, and its ends do not move with the chart.
 *
 * @param {readonly SampleRow[]} samples
 * @param {number} at Column of the price; the next is that of the quantity.
 * @param {number} seconds Length of a stretch.
 */
function gather(samples, at, seconds) {
  /** @type {(number | null)[]} */
  const prices = [];
  let [qty, value, newest, stretch] = [0, 0, -1, NaN];
  const end = () => {
    if (qty > 0) prices[newest] = value / qty;
    qty = value = 0;
  };
  samples.forEach((row, index) => {
    prices.push(null);
    const now = Math.floor(row[TIME] / seconds);
    if (now !== stretch) end();
    stretch = now;
    const rowQty = Number(row[at + 1]);
    if (rowQty === 0) return;
    qty += rowQty;
    value += rowQty * Number(row[at]);
    newest = index;
  });
  end();
  return prices;
}

/**
 * @param {string} label
 * @param {string} name
 * @param {(value: number) => string} text
 * @returns {import("uplot").Series}
 */
function dots(label, name, text) {
  const fill = fade(name, "c0");
  return {
    label,
    stroke: colour(name),
    paths: () => null,
    points: { show: true, size: DOT_PX, width: 0, fill, stroke: fill },
    value: legend(text),
  };
}

/**
 * @param {string} label
 * @param {{ name: string, tipUp: boolean, text: (value: number) => string }} how
 * @returns {import("uplot").Series}
 */
function triangles(label, { name, tipUp, text }) {
  return {
    label: `${label} ${tipUp ? "▲" : "▼"}`,
    stroke: colour(name),
    paths: () => null,
    points: {
      show: true,
      size: TRIANGLE_PX,
      width: 1,
      fill: colour(name),
      stroke: colour("card"),
      paths: trianglePaths(tipUp),
    },
    value: legend(text),
  };
}

/**
 * @param {boolean} tipUp
 * @returns {PathBuilder}
 */
function trianglePaths(tipUp) {
  return (plot, series, first, last) => {
    const height = TRIANGLE_PX * devicePixelRatio * (tipUp ? 1 : -1);
    const half = TRIANGLE_PX * devicePixelRatio * 0.5;
    const path = new Path2D();
    const clip = new Path2D();
    const { left, top, width, height: tall } = plot.bbox;
    clip.rect(left, top, width, tall);
    for (let at = first; at <= last; at++) {
      const price = plot.data[series]?.[at];
      if (price === null || price === undefined) continue;
      const x = plot.valToPos(plot.data[0][at] ?? 0, "x", true);
      const y = plot.valToPos(price, "y", true);
      path.moveTo(x, y);
      path.lineTo(x - half, y + height);
      path.lineTo(x + half, y + height);
      path.closePath();
    }
    return { stroke: path, fill: path, clip, flags: 0 };
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

/**
 * One chart, drawn by uPlot in the colours of the style sheet, and what charts have in common.
 */

// @ts-ignore: the server serves uPlot there; check.json tells its types.
import uPlot from "./uplot.js";
import { byId } from "./dom.js";

/** @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A chart in an element, made anew when the colours change and sized as its element is. */
export class Chart {
  /** @type {InstanceType<typeof uPlot> | undefined} */
  #plot;
  #element;
  #options;
  /** @type {import("uplot").AlignedData} */
  #data;

  /**
   * @param {string} id
   * @param {() => import("uplot").Options} options Called for each new chart.
   */
  constructor(id, options) {
    this.#element = byId(id);
    this.#options = options;
    this.#data = [[]];
    new ResizeObserver(() => this.#resize()).observe(this.#element);
  }

  /** @param {import("uplot").AlignedData} data */
  draw(data) {
    this.#data = data;
    if (this.#plot === undefined) this.remake();
    else this.#plot.setData(data);
    this.#showNewest();
  }

  remake() {
    this.#plot?.destroy();
    const { clientWidth, clientHeight } = this.#element;
    if (clientWidth === 0 || this.#data.length < 2) {
      this.#plot = undefined;
      return;
    }
    const options = this.#options();
    const height = clientHeight - legendHeight(options, clientWidth);
    this.#plot = new uPlot({ ...options, width: clientWidth, height }, this.#data, this.#element);
  }

  /** @param {string} text */
  describe(text) {
    if (this.#element.ariaLabel !== text) this.#element.ariaLabel = text;
  }

  /** While nobody points at the chart, its legend tells the newest values. */
  #showNewest() {
    const plot = this.#plot;
    if (plot === undefined || (plot.cursor.left ?? -1) >= 0) return;
    plot.setLegend({ idx: Math.max(0, this.#data[0].length - 1) }, false);
  }

  #resize() {
    const { clientWidth } = this.#element;
    if (this.#plot === undefined) {
      if (clientWidth > 0) this.remake();
      return;
    }
    if (clientWidth > 0 && clientWidth !== this.#plot.width) {
      this.#plot.setSize({ width: clientWidth, height: this.#plot.height });
    }
  }
}

/**
 * Room for the legend below the chart: two lines where it is wider than the chart.
 *
 * @param {import("uplot").Options} options
 * @param {number} width
 */
function legendHeight({ legend, series }, width) {
  if (legend?.show === false) return 0;
  return width < series.length * 118 ? 40 : 20;
}

/** @returns {{ stroke: string, grid: import("uplot").Axis.Grid, ticks: import("uplot").Axis.Ticks, font: string }} */
export function axisStyle() {
  const rule = { stroke: colour("rule"), width: 1 };
  return {
    stroke: colour("dim"),
    grid: rule,
    ticks: { ...rule, size: 4 },
    font: "11px system-ui, sans-serif",
  };
}

/**
 * The axis of values: as wide as its longest text, in steps, so that the chart does not twitch.
 *
 * @param {(value: number) => string} text
 * @param {Partial<import("uplot").Axis>} [more]
 * @returns {import("uplot").Axis}
 */
export function valueAxis(text, more = {}) {
  return {
    ...axisStyle(),
    values: (_, splits) => splits.map((value) => value === null ? "" : text(value)),
    size: (_, values) => {
      const longest = Math.max(0, ...(values ?? []).map((value) => value.length));
      return 14 + Math.ceil(longest / 2) * 2 * 6.2;
    },
    ...more,
  };
}

/** @returns {import("uplot").Axis} */
export function timeAxis() {
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return {
    ...axisStyle(),
    space: 70,
    size: 24,
    values: (_, splits) =>
      splits.map((value) => {
        const time = new Date(value * 1_000);
        return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
      }),
  };
}

export const CURSOR = { sync: { key: "time" }, drag: { x: false, y: false } };

/** @param {(value: number) => string} text */
export function legend(text) {
  return (/** @type {unknown} */ _, /** @type {number | null} */ value) =>
    value === null || value === undefined ? "-" : text(value);
}

export const TIME_SERIES = {
  label: "at",
  value: legend((value) => new Date(value * 1_000).toLocaleTimeString("en-GB")),
};

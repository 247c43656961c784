/**
 * One chart, drawn by uPlot in the colours of the style sheet, and what charts have in common.
 */

// @ts-ignore: the server serves uPlot there; check.json tells its types.
import uPlot from "./uplot.js";
import { byId } from "./dom.js";
import { clock } from "./format.js";

/** Room for the axis of values, px: the same for charts above each other, so that times align. */
const AXIS_WIDTH = 68;

/** @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * A colour that lets through what is behind it.
 *
 * @param {string} name
 * @param {string} alpha Two hexadecimal digits.
 */
export function fade(name, alpha) {
  return `${colour(name)}${alpha}`;
}

/** A chart in an element, made anew when the colours change and sized as its element is. */
export class Chart {
  /** @type {InstanceType<typeof uPlot> | undefined} */
  #plot;
  #element;
  #legend;
  #options;
  /** @type {import("uplot").AlignedData} */
  #data;

  /**
   * @param {string} id
   * @param {() => import("uplot").Options} options Called for each new chart.
   */
  constructor(id, options) {
    this.#element = byId(id);
    this.#legend = this.#element.closest("section")?.querySelector(".legend");
    this.#options = options;
    this.#data = [[]];
    new ResizeObserver(() => this.#resize()).observe(this.#element);
  }

  /** @param {import("uplot").AlignedData} data */
  draw(data) {
    this.#data = data;
    const [, ...columns] = data;
    const isEmpty = columns.every((column) => [...column].every((value) => value === null));
    if (this.#element.hasAttribute("data-empty") !== isEmpty) {
      this.#element.toggleAttribute("data-empty", isEmpty);
    }
    if (this.#plot === undefined) this.remake();
    else this.#plot.setData(data);
    this.#showNewest();
  }

  remake() {
    this.#plot?.destroy();
    this.#plot = undefined;
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === 0 || height === 0 || this.#data.length < 2) return;
    this.#plot = new uPlot(
      { ...this.#options(), width, height, ...this.#legend && { legend: this.#legendOptions() } },
      this.#data,
      this.#element,
    );
    this.#showNewest();
  }

  /**
   * The legend stands beside the title, where it takes nothing from the chart.
   *
   * @returns {import("uplot").Legend}
   */
  #legendOptions() {
    return { mount: (_, table) => this.#legend?.replaceChildren(table) };
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
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === 0) return;
    if (this.#plot === undefined) this.remake();
    else if (width !== this.#plot.width || height !== this.#plot.height) {
      this.#plot.setSize({ width, height });
    }
  }
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
 * The axis of values.
 *
 * @param {(value: number) => string} text
 * @param {Partial<import("uplot").Axis>} [more]
 * @returns {import("uplot").Axis}
 */
export function valueAxis(text, more = {}) {
  return {
    ...axisStyle(),
    values: (_, splits) => splits.map((value) => value === null ? "" : text(value)),
    space: 26,
    size: AXIS_WIDTH,
    ...more,
  };
}

/** @returns {import("uplot").Axis} */
export function timeAxis() {
  return {
    ...axisStyle(),
    space: 80,
    size: 22,
    values: (_, splits) => splits.map((value) => clock(value * 1_000)),
  };
}

/** Room around a chart, px: above, right, below, left. @type {[number, number, number, number]} */
export const PADDING = [8, 26, 0, 0];

export const CURSOR = { sync: { key: "time" }, drag: { x: false, y: false } };

/** @param {(value: number) => string} text */
export function legend(text) {
  return (/** @type {unknown} */ _, /** @type {number | null} */ value) =>
    value === null || value === undefined ? "-" : text(value);
}

export const TIME_SERIES = { label: "at", value: legend((value) => clock(value * 1_000)) };

/**
 * A chart of one or more lines over time.
 *
 * @param {{ text: (value: number) => string, range: import("uplot").Range.Function, incrs: number[], series: import("uplot").Series[] }} what
 * @returns {import("uplot").Options}
 */
export function timeOptions({ text, range, incrs, series }) {
  return {
    width: 0,
    height: 0,
    padding: PADDING,
    cursor: CURSOR,
    scales: { y: { range } },
    axes: [timeAxis(), valueAxis(text, { incrs })],
    series: [TIME_SERIES, ...series],
  };
}

/**
 * A line.
 *
 * @param {string} label
 * @param {{ colour: string, text: (value: number) => string, stepped?: boolean, more?: Partial<import("uplot").Series> }} how
 * @returns {import("uplot").Series}
 */
export function line(label, { colour: name, text, stepped = false, more = {} }) {
  const paths = stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label,
    stroke: colour(name),
    width: 1.2,
    points: { show: false },
    value: legend(text),
    ...paths && { paths },
    ...more,
  };
}

/**
 * Distances of the lines of a grid: whole steps, so that no two have the same text.
 *
 * @param {number} step
 */
export function steps(step) {
  const decades = Array.from({ length: 10 }, (_, power) => 10 ** power * step);
  return decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
}

/**
 * A chart as SVG, with its axes.
 *
 * The plot is stretched to the width of the page, while lines and dots keep their size and
 * labels stand beside it, so that a phone shows them as large as a desk's screen does.
 *
 * @module
 */

import type { FillMark } from "../../ledger/fill_marks.ts";
import type { SeriesBucket } from "../../ledger/series.ts";
import { escape } from "./escape.ts";
import type { Range, Tick } from "./scale.ts";

const WIDTH = 1000;
const HEIGHT = 200;

/** One thing drawn in a plot: a line, an area down to a value, or dots. */
export interface Layer {
  /** Its class in the page's style. */
  readonly style: string;
  /** Its path. */
  readonly path: string;
}

/** What a chart shows. */
export interface ChartOptions {
  /** Its heading. */
  readonly title: string;
  /** What it shows, in a sentence, for those who cannot see it. */
  readonly description: string;
  /** What is drawn, from the back to the front. */
  readonly layers: readonly Layer[];
  /** What each style stands for; left out where there is one only. */
  readonly legend?: readonly { readonly style: string; readonly label: string }[];
  /** Marks from left to right. */
  readonly xTicks: readonly Tick[];
  /** Marks from bottom to top. */
  readonly yTicks: readonly Tick[];
  /** The axes. */
  readonly axes: Axes;
}

/** Places of values in a plot. */
export class Axes {
  readonly #x: Range;
  readonly #y: Range;

  /**
   * @param x Values from left to right.
   * @param y Values from bottom to top.
   */
  constructor(x: Range, y: Range) {
    this.#x = x;
    this.#y = y;
  }

  /** Where a value is between left and right. */
  x(value: number): number {
    return round(WIDTH * (value - this.#x.min) / (this.#x.max - this.#x.min || 1));
  }

  /** Where a value is between top and bottom. */
  y(value: number): number {
    return round(HEIGHT * (1 - (value - this.#y.min) / (this.#y.max - this.#y.min || 1)));
  }

  /** A line through points. */
  line(points: Iterable<readonly [number, number]>): string {
    let path = "";
    for (const [x, y] of points) path += `${path === "" ? "M" : "L"}${this.x(x)} ${this.y(y)}`;
    return path;
  }

  /** The surface between a line and a level. */
  area(points: readonly (readonly [number, number])[], level: number): string {
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined) return "";
    return `${this.line([[first[0], level], ...points, [last[0], level]])}Z`;
  }

  /** A dot at each mark: a line of no length, whose ends keep their size when it is stretched. */
  dots(marks: readonly FillMark[]): string {
    return marks.map(({ timeS, price }) => `M${this.x(timeS)} ${this.y(price)}h0`).join("");
  }
}

/** The points of a curve that show all of its extremes. */
export function pointsOf(buckets: readonly SeriesBucket[]): (readonly [number, number])[] {
  return buckets.flatMap(({ fromS, toS, first, min, max, last }) => {
    if (first === min && min === max) return [[fromS, first], [toS, last]] as const;
    const middle = (fromS + toS) / 2;
    const [a, b] = first - min < max - first ? [min, max] : [max, min];
    return [[fromS, first], [middle, a], [middle, b], [toS, last]] as const;
  });
}

/** The same for what stays as it is until it changes. */
export function stepsOf(buckets: readonly SeriesBucket[]): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  for (const point of pointsOf(buckets)) {
    const before = points.at(-1);
    if (before !== undefined && before[1] !== point[1]) points.push([point[0], before[1]]);
    points.push(point);
  }
  return points;
}

/** A chart as HTML. */
export function chart(options: ChartOptions): string {
  const { title, description, layers, legend = [], xTicks, yTicks, axes } = options;
  const grid = yTicks.map(({ value }) => `M0 ${axes.y(value)}H${WIDTH}`).join("");
  const keys = legend.map(({ style, label }) =>
    `<span class="key"><svg class="swatch" width="14" height="14" aria-hidden="true">` +
    `<path class="${style}" d="${swatch(style)}"/></svg>${escape(label)}</span>`
  );
  return `<figure>
<figcaption><h3>${escape(title)}</h3>${keys.join("")}</figcaption>
<div class="frame">
<svg class="labels" width="76" height="${HEIGHT}" aria-hidden="true">${
    yTicks.map(({ value, label }) => yLabel(axes.y(value), label)).join("")
  }</svg>
<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" height="${HEIGHT}" ` +
    `role="img" aria-label="${escape(description)}">
<path class="grid" d="${grid}"/>
${layers.map(({ style, path }) => `<path class="${style}" d="${path}"/>`).join("\n")}
</svg>
<svg class="labels times" height="20" aria-hidden="true">${
      xTicks.map(({ value, label }) => xLabel(axes.x(value) / WIDTH, label)).join("")
    }</svg>
</div>
</figure>
`;
}

function swatch(style: string): string {
  return style.startsWith("fill") ? "M7 7h0" : "M0 7h14";
}

/** A label beside the plot, within its height. */
function yLabel(y: number, label: string): string {
  return `<text x="70" y="${Math.min(HEIGHT - 3, Math.max(11, y + 4))}" ` +
    `text-anchor="end">${escape(label)}</text>`;
}

/** A label below the plot, within its width. */
function xLabel(share: number, label: string): string {
  const anchor = share < 0.05 ? "start" : share > 0.95 ? "end" : "middle";
  return `<text x="${round(share * 100)}%" y="14" text-anchor="${anchor}">${escape(label)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * The page with the distributions: one file that asks nothing of any other host.
 *
 * @module
 */

import { QUANTILES, type Quantiles } from "./figures.ts";
import type { Report } from "./text.ts";

const WIDTH = 640;
const ROW = 26;
const LEFT = 250;
/** The axis goes from 100 ns to 10 s. */
const MIN_EXPONENT = 2;
const MAX_EXPONENT = 10;
const SHADES = ["#1b6ca8", "#3c8dc5", "#73b3dd", "#a9d2ee", "#d5e9f7"];

/** The page. */
export function page({ rounds, seconds, tables, orders, ratios }: Report): string {
  const charts = [...tables].map(([load, rows]) =>
    section(
      load,
      rows.map(({ description, latencyNs }) => ({ description, quantiles: latencyNs })),
      `<table><tr><th>reader<th>events/s<th>lost<th>CPU ns/event</tr>${
        rows.map((row) =>
          `<tr><td>${escape(row.description)}<td>${
            Math.round(row.perSecond).toLocaleString("en")
          }` +
          `<td>${row.lost.toLocaleString("en")} of ${row.published.toLocaleString("en")}` +
          `<td>${Math.round(row.cpuNsPerEvent).toLocaleString("en")}</tr>`
        ).join("")
      }</table>`,
    )
  );
  const goals = Object.entries(ratios).map(([name, { value, goal, holds }]) =>
    `<tr><td>${escape(name)}<td>${value.toPrecision(3)}<td>${escape(goal)}<td>${
      holds ? "holds" : "missed"
    }</tr>`
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>hftlive: latency and throughput</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 2rem; }
th, td { text-align: left; padding: .15rem .8rem .15rem 0; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } text { fill: currentColor; font-size: 12px; }
</style>
<h1>Latency and throughput</h1>
<p>Medians of ${rounds} rounds of ${seconds} s. Each bar goes from the median to the p90, p99, p99.9
and largest latency, lighter and lighter, on a logarithmic axis.</p>
<h2>Goals</h2>
<table><tr><th>ratio<th>value<th>goal<th></tr>${goals.join("")}</table>
${charts.join("\n")}
${
    section(
      "orders: submit to the connector's receipt",
      orders.map(({ description, submitNs }) => ({ description, quantiles: submitNs })),
    )
  }
${
    section(
      "orders: submit to the answer in hand",
      orders.map(({ description, roundTripNs }) => ({ description, quantiles: roundTripNs })),
    )
  }
</html>
`;
}

interface Bar {
  readonly description: string;
  readonly quantiles: Quantiles;
}

function section(title: string, bars: readonly Bar[], more = ""): string {
  return `<h2>${escape(title)}</h2>\n${chart(bars)}\n${more}`;
}

function chart(bars: readonly Bar[]): string {
  const height = bars.length * ROW + 24;
  const grid = [];
  for (let exponent = MIN_EXPONENT; exponent <= MAX_EXPONENT; exponent++) {
    const x = position(10 ** exponent);
    grid.push(
      `<line x1="${x}" x2="${x}" y1="0" y2="${height - 20}" stroke="currentColor" opacity=".15"/>`,
      `<text x="${x}" y="${height - 6}" text-anchor="middle">${unit(10 ** exponent)}</text>`,
    );
  }
  const rows = bars.map(({ description, quantiles }, i) => {
    const y = i * ROW;
    const pieces = QUANTILES.slice(1).map((name, piece) => {
      const from = position(quantiles[QUANTILES[piece]!]);
      const to = position(quantiles[name]);
      return `<rect x="${from}" y="${y + 5}" width="${Math.max(0, to - from)}" height="14" fill="${
        SHADES[piece]
      }"><title>${name}: ${unit(quantiles[name])}</title></rect>`;
    });
    const p50 = position(quantiles.p50);
    return `<text x="0" y="${y + 17}">${escape(description)}</text>${pieces.join("")}` +
      `<line x1="${p50}" x2="${p50}" y1="${y + 2}" y2="${y + 22}" stroke="currentColor" ` +
      `stroke-width="2"><title>p50: ${unit(quantiles.p50)}</title></line>`;
  });
  return `<svg viewBox="0 0 ${LEFT + WIDTH + 30} ${height}" role="img" ` +
    `aria-label="latency quantiles">${grid.join("")}${rows.join("")}</svg>`;
}

function position(ns: number): number {
  const exponent = Math.log10(Math.max(ns, 10 ** MIN_EXPONENT));
  return Math.round(LEFT + WIDTH * (exponent - MIN_EXPONENT) / (MAX_EXPONENT - MIN_EXPONENT));
}

function unit(ns: number): string {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${Number((ns / 1e3).toPrecision(3))} µs`;
  if (ns < 1e9) return `${Number((ns / 1e6).toPrecision(3))} ms`;
  return `${Number((ns / 1e9).toPrecision(3))} s`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/**
 * The report of a run as a page.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { formatCount, formatStep } from "../../../format.ts";
import { VERSION } from "../../../version.ts";
import type { InstrumentCharts, RunCharts } from "../charts.ts";
import type { InstrumentFigures, RunReport } from "../figures.ts";
import { drawdownChart, equityChart, latencyChart, positionChart, priceChart } from "./curves.ts";
import { escape } from "./escape.ts";
import { STYLE } from "./style.ts";
import {
  lossTable,
  marketTable,
  money,
  orderTable,
  profitTable,
  runTable,
  tradingTable,
} from "./tables.ts";

/** What a page is made from. */
export interface ReportPageSource {
  /** The figures. */
  readonly report: RunReport;
  /** The curves. */
  readonly charts: RunCharts;
}

/**
 * The report of a run as one HTML file that needs nothing else: no script, and no request to
 * any host, which its content security policy forbids.
 *
 * @param source What `runStrategy` returned.
 * @returns The text of the file.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { defineStrategy, reportPage, runStrategy, StubBot } from "@hftlive/hftlive";
 *
 * const watcher = defineStrategy({ name: "watcher", onBatch() {} });
 * const page = reportPage(await runStrategy(new StubBot(), watcher, { virtualTime: true }));
 * assert(page.includes("<h1>watcher</h1>"));
 * ```
 */
export function reportPage({ report, charts }: ReportPageSource): string {
  const { strategy, mode, startTime, durationS, failure, instruments } = report;
  const hash = createHash("sha256").update(STYLE).digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(strategy)} on ${escape(mode)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(strategy)}</h1>
<p>${escape(mode)}, ${escape(startTime)}, ${durationS.toFixed(1)} s</p>
</header>
<main>
${failure === null ? "" : `<p class="failure" role="alert">${escape(failure.message)}</p>`}
${keyFigures(report)}
<h2>Profit</h2>
${equityChart(charts.equity, durationS)}${drawdownChart(charts.equity, durationS)}
${
    instruments.map((instrument, asset) => section(instrument, charts.instruments[asset]!, report))
      .join("")
  }
<h2>Run</h2>
<div class="tables">
${runTable(report)}${profitTable("Money", report)}${lossTable(report)}</div>
</main>
<footer>hftlive ${escape(VERSION)}. Money is in the quote currency and begins at 0: equity is the
position at the mid price and the cash, less fees.</footer>
</body>
</html>
`;
}

/** What one wants to know first. */
function keyFigures(report: RunReport): string {
  const sum = (of: (instrument: InstrumentFigures) => number): number =>
    report.instruments.reduce((total, instrument) => total + of(instrument), 0);
  const [only, ...others] = report.instruments;
  const figures: [string, string][] = [
    ["Equity", money(report.equity)],
    ["Max drawdown", money(report.maxDrawdown)],
    ["Fees paid", money(report.fee)],
    ["Fills", formatCount(sum(({ fills }) => fills.count))],
    ["Orders", formatCount(sum(({ orders }) => orders.submitted))],
  ];
  if (only !== undefined && others.length === 0) {
    figures.push(["Position", formatStep(only.position, only.lotSize)]);
  }
  return `<dl>${
    figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`).join("")
  }</dl>`;
}

function section(
  instrument: InstrumentFigures,
  charts: InstrumentCharts,
  { durationS, instruments }: RunReport,
): string {
  const isOne = instruments.length === 1;
  return `<h2>${escape(`${instrument.connector} ${instrument.symbol}`)}</h2>
${priceChart(charts, durationS)}${positionChart(charts, durationS)}` +
    `${isOne ? "" : equityChart(charts.equity, durationS)}
<div class="pair">
${latencyChart("Feed latency by percentile", charts.feedLatency)}` +
    `${latencyChart("Order latency by percentile", charts.orderLatency)}</div>
<div class="tables">
${isOne ? "" : profitTable("Money", instrument)}${tradingTable(instrument)}` +
    `${orderTable(instrument)}${marketTable(instrument)}</div>
`;
}

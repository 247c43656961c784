/**
 * The texts of `watch`: the block that is drawn again and again on a terminal,
 * the line a second elsewhere, and the summary.
 *
 * @module
 */

import type { Style } from "../ansi.ts";
import { formatCount, formatNs, formatRate, formatStep } from "../../format.ts";
import { Page, type PageOptions } from "../page.ts";
import type { InstrumentReport, WatchReport } from "./report.ts";

/** Lines of the block that do not belong to an instrument. */
const FRAME_LINES = 3;
const LINES_PER_INSTRUMENT = 5;

/** The size of the terminal, and its colours. */
export interface BlockOptions extends PageOptions {
  /** Lines that fit on the screen. */
  readonly rows: number;
}

/** The block of a terminal, line by line, no more than fit on the screen. */
export function blockLines(report: WatchReport, { style, rows }: BlockOptions): string[] {
  const { mode, durationS, instruments } = report;
  const fit = Math.max(1, Math.floor((rows - FRAME_LINES - 1) / LINES_PER_INSTRUMENT));
  const hidden = instruments.length - fit;
  return [
    `${style.bold("hftlive watch")}  ${mode}  ${seconds(durationS)}  ` +
    style.dim("Ctrl+C ends it"),
    ...instruments.slice(0, fit).flatMap((instrument) => instrumentLines(instrument, style)),
    ...(hidden > 0 ? [style.dim(`and ${hidden} more that do not fit on the screen`)] : []),
    "",
    losses(report, style),
  ];
}

function instrumentLines(instrument: InstrumentReport, style: Style): string[] {
  const { connector, symbol, health } = instrument;
  const { price, qty, spread, rate, latency } = texts(instrument);
  const state = health.healthy
    ? style.green("healthy")
    : style.red(`not healthy: ${health.reason}`);
  return [
    "",
    `${style.bold(`${connector} ${symbol}`)}  ${state}`,
    `  bid ${price(instrument.lastBid)}   ask ${price(instrument.lastAsk)}   spread ${spread}`,
    `  trades ${rate}   bought ${qty(instrument.buyVolume)}   sold ${qty(instrument.sellVolume)}`,
    `  depth updates ${formatCount(instrument.depthUpdates)}   feed latency ${latency}`,
  ];
}

/** One line for one instrument, for output that is no terminal. */
export function plainLine(report: WatchReport, instrument: InstrumentReport): string {
  const { connector, symbol, health, depthUpdates, dropped } = instrument;
  const { price, qty, rate, latency } = texts(instrument);
  return [
    seconds(report.durationS).padStart(8),
    `${connector} ${symbol}`,
    `bid ${price(instrument.lastBid)}`,
    `ask ${price(instrument.lastAsk)}`,
    `trades ${rate}`,
    `bought ${qty(instrument.buyVolume)}`,
    `sold ${qty(instrument.sellVolume)}`,
    `depth updates ${formatCount(depthUpdates)}`,
    `latency ${latency}`,
    `dropped ${formatCount(dropped)}`,
    health.healthy ? "healthy" : "not healthy",
  ].join("  ");
}

/** One line for all instruments, where only progress is to be seen. */
export function progressLine({ durationS, instruments, dropped }: WatchReport): string {
  const sum = (of: (instrument: InstrumentReport) => number): string =>
    formatCount(instruments.reduce((total, instrument) => total + of(instrument), 0));
  return [
    seconds(durationS).padStart(8),
    `trades ${sum(({ totalTrades }) => totalTrades)}`,
    `depth updates ${sum(({ depthUpdates }) => depthUpdates)}`,
    `dropped ${formatCount(dropped)}`,
  ].join("  ");
}

/** The summary at the end. */
export function summary(report: WatchReport, options: PageOptions): string {
  const { style } = options;
  const page = new Page(options);
  const { mode, durationS } = report;
  page.heading(`Summary: ${mode}, ${seconds(durationS)}`);
  for (const instrument of report.instruments) {
    const { connector, symbol, health, depthUpdates } = instrument;
    const { price, qty, spread, rate, latency } = texts(instrument);
    page.paragraph(style.bold(`${connector} ${symbol}`));
    page.table([
      ["trades", rate],
      ["bought", qty(instrument.buyVolume)],
      ["sold", qty(instrument.sellVolume)],
      ["last bid", price(instrument.lastBid)],
      ["last ask", price(instrument.lastAsk)],
      ["spread", spread],
      ["depth updates", formatCount(depthUpdates)],
      ["feed latency", latency],
      ["connection", health.healthy ? "healthy" : style.red(`not healthy: ${health.reason}`)],
    ]);
  }
  page.closing(losses(report, style));
  return page.text();
}

/** The figures of an instrument as a reader wants them. */
function texts(instrument: InstrumentReport) {
  const { tickSize, lotSize, lastBid, lastAsk, minSpread, maxSpread, feedLatencyNs } = instrument;
  const price = (value: number | null): string => formatStep(value ?? NaN, tickSize);
  const qty = (value: number | null): string => formatStep(value ?? NaN, lotSize);
  const ns = (value: number | null): string => formatNs(value ?? NaN);
  const now = lastBid === null || lastAsk === null ? null : lastAsk - lastBid;
  return {
    price,
    qty,
    spread: now === null ? "-" : `${price(now)} (${price(minSpread)} to ${price(maxSpread)})`,
    rate: `${formatCount(instrument.totalTrades)} (${formatRate(instrument.tradesPerSecond)}/s)`,
    latency: feedLatencyNs.max === null
      ? "-"
      : `p50 ${ns(feedLatencyNs.p50)}, p99 ${ns(feedLatencyNs.p99)}, max ${ns(feedLatencyNs.max)}`,
  };
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

/** What went wrong on the way; stands out when anything did. */
function losses(
  { mode, dropped, overflows, malformed, skipped }: WatchReport,
  style: Style,
): string {
  const text = `dropped ${formatCount(dropped)}, channel overflows ${formatCount(overflows)}, ` +
    `malformed messages ${formatCount(malformed)}` +
    (mode === "replay" ? `, damaged pieces skipped ${formatCount(skipped)}` : "");
  return dropped + overflows + malformed + skipped > 0 ? style.yellow(text) : text;
}

/**
 * The tables of a report.
 *
 * @module
 */

import { formatCount, formatNs, formatRate, formatStep } from "../../../format.ts";
import type { InstrumentFigures, LatencyFigures, ProfitFigures, RunReport } from "../figures.ts";
import { escape } from "./escape.ts";

type Rows = readonly (readonly [string, string])[];

/** What a run was. */
export function runTable(report: RunReport): string {
  const { mode, durationS, wallS, events, market, params, fees } = report;
  return table("Run", [
    ["market", mode],
    ["duration", `${durationS.toFixed(1)} s (took ${wallS.toFixed(1)} s)`],
    ["ended", report.endReason],
    ["events", formatCount(events)],
    ["fees", `maker ${share(fees.makerFee)}, taker ${share(fees.takerFee)}`],
    ...Object.entries({ ...market, ...params }).map(([name, value]) =>
      [name, String(value)] as const
    ),
  ]);
}

/** Money. */
export function profitTable(title: string, profit: ProfitFigures): string {
  return table(title, [
    ["equity", money(profit.equity)],
    ["balance", money(profit.balance)],
    ["fees paid", money(profit.fee)],
    ["max drawdown", money(profit.maxDrawdown)],
    ["turnover", money(profit.turnover)],
  ]);
}

/** What was traded of one instrument. */
export function tradingTable(instrument: InstrumentFigures): string {
  const { tickSize, lotSize, fills } = instrument;
  const price = (value: number | null): string => formatStep(value ?? NaN, tickSize);
  const qty = (value: number): string => formatStep(value, lotSize);
  const drift = instrument.positionDrift;
  return table("Trading", [
    ["position", qty(instrument.position)],
    ...instrument.startPosition === 0
      ? []
      : [["position at the start", qty(instrument.startPosition)]] as const,
    ...drift === 0 ? [] : [["not from this run's fills", qty(drift)]] as const,
    ["fills", formatCount(fills.count)],
    ...fills.inferred === 0 ? [] : [["of them inferred", formatCount(fills.inferred)]] as const,
    ["as maker, as taker", `${formatCount(fills.maker)}, ${formatCount(fills.taker)}`],
    ["bought", `${qty(fills.bought)} at ${price(fills.averageBuyPrice)}`],
    ["sold", `${qty(fills.sold)} at ${price(fills.averageSellPrice)}`],
  ]);
}

/** How the orders of one instrument ended. */
export function orderTable({ orders }: InstrumentFigures): string {
  const names = [
    "submitted",
    "filled",
    "canceled",
    "expired",
    "rejected",
    "lost",
    "open",
    "unknown",
  ] as const;
  return table("Orders", names.map((name) => [name, formatCount(orders[name])]));
}

/** What the market of one instrument did. */
export function marketTable({ market, tickSize, lotSize, ...rest }: InstrumentFigures): string {
  const price = (value: number | null): string => formatStep(value ?? NaN, tickSize);
  return table("Market", [
    ["trades", `${formatCount(market.totalTrades)} (${formatRate(market.tradesPerSecond)}/s)`],
    ["bought", formatStep(market.buyVolume, lotSize)],
    ["sold", formatStep(market.sellVolume, lotSize)],
    ["depth updates", formatCount(market.depthUpdates)],
    ["last bid, ask", `${price(market.lastBid)}, ${price(market.lastAsk)}`],
    ["spread", `${price(market.minSpread)} to ${price(market.maxSpread)}`],
    ["feed latency", latency(rest.feedLatencyNs)],
    ["order latency", latency(rest.orderLatencyNs)],
  ]);
}

/** What went wrong. */
export function lossTable(report: RunReport): string {
  return table("Losses", [
    ["events dropped", formatCount(report.dropped)],
    ["channel overflows", formatCount(report.overflows)],
    ["malformed messages", formatCount(report.malformed)],
    ["damaged pieces skipped", formatCount(report.skipped)],
    ["requests the bot refused", formatCount(report.refusedRequests)],
    ["requests that failed", formatCount(report.orderErrors)],
  ]);
}

/** An amount of money: to the hundredth of a cent. */
export function money(value: number): string {
  // Adding 0 turns -0 into 0.
  const rounded = Math.round(value * 1e4) / 1e4 + 0;
  return rounded.toLocaleString("en-US", { minimumFractionDigits: 4, maximumFractionDigits: 4 });
}

function table(title: string, rows: Rows): string {
  const body = rows.map(([name, value]) =>
    `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`
  );
  return `<section class="card"><h3>${escape(title)}</h3><table aria-label="${escape(title)}">` +
    `<tbody>${body.join("")}</tbody></table></section>\n`;
}

function latency({ count, p50, p99, max }: LatencyFigures): string {
  if (count === 0) return "-";
  return `p50 ${formatNs(p50 ?? NaN)}, p99 ${formatNs(p99 ?? NaN)}, max ${formatNs(max ?? NaN)}`;
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(6))} %`;
}

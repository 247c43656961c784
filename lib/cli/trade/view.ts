/**
 * The texts of `trade`.
 *
 * @module
 */

import type {
  InstrumentFigures,
  LatencyFigures,
  ProfitFigures,
  RunEndReason,
  RunReport,
} from "../../strategy/report/figures.ts";
import type { RunProgress } from "../../strategy/run_options.ts";
import type { AnyParams } from "../../strategy/params.ts";
import type { Style } from "../ansi.ts";
import { formatCount, formatNs, formatRate, formatStep } from "../../format.ts";
import { Page, type PageOptions } from "../page.ts";

const END_REASONS: Readonly<Record<RunEndReason, string>> = {
  duration: "time over",
  endOfData: "end of data",
  finished: "finished",
  interrupted: "interrupted",
  failed: "failed",
};

/** How far a strategy is, in one line. */
export function progressLine(progress: RunProgress): string {
  const { durationS, events, submitted, fills, equity } = progress;
  return [
    `${durationS.toFixed(1)} s`.padStart(10),
    `events ${formatCount(events)}`,
    `orders ${formatCount(submitted)}`,
    `fills ${formatCount(fills)}`,
    `equity ${equity.toFixed(4)}`,
  ].join("  ");
}

/** The summary at the end. */
export function summary(report: RunReport, options: PageOptions): string {
  const { style } = options;
  const page = new Page(options);
  const { strategy, mode, durationS, wallS, endReason, instruments } = report;
  page.heading(`Summary: ${strategy} on ${mode}, ${durationS.toFixed(1)} s`);
  page.table([
    ["ended", END_REASONS[endReason]],
    ["took", `${wallS.toFixed(1)} s, ${formatCount(report.events)} events`],
    ...paramRows("market", report.market),
    ...paramRows("parameters", report.params),
  ]);
  for (const instrument of instruments) {
    page.paragraph(style.bold(`${instrument.connector} ${instrument.symbol}`));
    page.table(instrumentRows(instrument, style));
  }
  if (instruments.length > 1) {
    page.paragraph(style.bold("all instruments, if their quote currency is the same"));
    page.table(profitRows(report, style));
  }
  page.closing(losses(report, style));
  return page.text();
}

function paramRows(name: string, params: AnyParams): [string, string][] {
  const entries = Object.entries(params);
  if (entries.length === 0) return [];
  return [[name, entries.map(([key, value]) => `${key}=${value}`).join(" ")]];
}

function instrumentRows(instrument: InstrumentFigures, style: Style): [string, string][] {
  const { tickSize, lotSize, orders, fills, market } = instrument;
  const price = (value: number | null): string => formatStep(value ?? NaN, tickSize);
  const qty = (value: number): string => formatStep(value, lotSize);
  const started = instrument.startPosition === 0
    ? ""
    : ` (began with ${qty(instrument.startPosition)})`;
  const drift = instrument.positionDrift === 0
    ? ""
    : style.yellow(`  ${qty(instrument.positionDrift)} of it is not from this run's fills`);
  return [
    ...profitRows(instrument, style),
    ["position", qty(instrument.position) + started + drift],
    ["orders", orderText(instrument)],
    [
      "fills",
      `${formatCount(fills.count)} (${formatCount(fills.maker)} maker, ${
        formatCount(fills.taker)
      } taker${fills.inferred === 0 ? "" : `, ${formatCount(fills.inferred)} of them inferred`})`,
    ],
    ["bought", `${qty(fills.bought)} at ${price(fills.averageBuyPrice)}`],
    ["sold", `${qty(fills.sold)} at ${price(fills.averageSellPrice)}`],
    ["last bid, ask", `${price(market.lastBid)}, ${price(market.lastAsk)}`],
    [
      "market trades",
      `${formatCount(market.totalTrades)} (${formatRate(market.tradesPerSecond)}/s)`,
    ],
    ["feed latency", latency(instrument.feedLatencyNs)],
    ["order latency", latency(instrument.orderLatencyNs)],
    ...(orders.open + orders.unknown + orders.lost > 0
      ? [
        [
          "left",
          style.yellow(`${orders.open} open, ${orders.unknown} unknown, ${orders.lost} lost`),
        ] as [
          string,
          string,
        ],
      ]
      : []),
  ];
}

function profitRows(profit: ProfitFigures, style: Style): [string, string][] {
  const { equity, balance, fee, maxDrawdown, turnover } = profit;
  const colour = equity > 0 ? style.green : equity < 0 ? style.red : (text: string) => text;
  return [
    ["equity", colour(money(equity))],
    ["fees", money(fee)],
    ["balance", money(balance)],
    ["max drawdown", money(maxDrawdown)],
    ["turnover", money(turnover)],
  ];
}

function orderText({ orders }: InstrumentFigures): string {
  const { submitted, filled, canceled, expired, rejected } = orders;
  return `${formatCount(submitted)} (${formatCount(filled)} filled, ${
    formatCount(canceled)
  } canceled, ${formatCount(expired)} expired, ${formatCount(rejected)} rejected)`;
}

function latency({ count, p50, p99, max }: LatencyFigures): string {
  if (count === 0) return "-";
  return `p50 ${formatNs(p50 ?? NaN)}, p99 ${formatNs(p99 ?? NaN)}, max ${formatNs(max ?? NaN)}`;
}

function money(value: number): string {
  // Adding 0 turns -0 into 0.
  return (Math.round(value * 1e4) / 1e4 + 0).toFixed(4);
}

/** What went wrong on the way; stands out when anything did. */
function losses(report: RunReport, style: Style): string {
  const counts: readonly (readonly [string, number])[] = [
    ["dropped", report.dropped],
    ["channel overflows", report.overflows],
    ["malformed messages", report.malformed],
    ["damaged pieces skipped", report.skipped],
    ["refused requests", report.refusedRequests],
    ["failed requests", report.orderErrors],
  ];
  const text = counts.map(([name, count]) => `${name} ${formatCount(count)}`).join(", ");
  return counts.some(([, count]) => count > 0) ? style.yellow(text) : text;
}

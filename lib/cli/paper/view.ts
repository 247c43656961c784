/**
 * The texts of `paper`.
 *
 * @module
 */

import { describeExit } from "../../connector/exit.ts";
import type { PaperExchangeReport, PaperSymbolReport } from "../../exchange/report.ts";
import { formatCount, formatStep, plural } from "../../format.ts";
import type { Instrument } from "../../model/instrument.ts";
import { lostMessages } from "../../observe/exchange/figures.ts";
import type { Style } from "../ansi.ts";
import { Page, type PageOptions } from "../page.ts";
import type { ComparedFigure } from "./agreement.ts";
import type { PaperEndReason, PaperReport } from "./report.ts";

const END_REASONS: Readonly<Record<PaperEndReason, string>> = {
  duration: "time over",
  endOfData: "end of the recording",
  finished: "the strategy has finished",
  interrupted: "interrupted",
  failed: "failed",
};

const FIGURES: Readonly<Record<ComparedFigure["figure"], string>> = {
  position: "position",
  volume: "volume",
  turnover: "turnover",
  profitBeforeFees: "profit before fees",
};

/** How the exchange is, in one line. */
export function statusText(
  report: PaperExchangeReport,
  instruments: readonly Instrument[],
): string {
  const { market, streams, orders, symbols, uptimeMs } = report;
  const positions = symbols.map(({ symbol, position }, index) => {
    const qty = formatStep(position, instruments[index]?.lotSize ?? 1);
    return symbols.length === 1 ? qty : `${qty} ${symbol}`;
  });
  return [
    `${(uptimeMs / 1_000).toFixed(1)} s`.padStart(9),
    `market ${market.state}`,
    `streams ${streams.market} market, ${streams.user} user`,
    `orders ${formatCount(orders.open)} open`,
    `fills ${formatCount(total(symbols, ({ fills }) => fills))}`,
    `position ${positions.join(", ")}`,
    `profit ${money(total(symbols, profitOf))}`,
    `events ${formatCount(market.trades + market.levels)}`,
    `dropped ${formatCount(lostMessages(report))}`,
  ].join("  ");
}

/** The summary at the end. */
export function paperSummary(report: PaperReport, options: PageOptions): string {
  const { style } = options;
  const { market, speed, durationS, endReason, exchange, connector, run, comparison } = report;
  const page = new Page(options);
  const pace = speed === 1 ? "" : ` at ${speed} times its pace`;
  page.heading(`Summary: paper exchange on ${market}${pace}, ${durationS.toFixed(1)} s`);
  page.table([
    ["ended", END_REASONS[endReason]],
    ...connector === null ? [] : connectorRows(connector, style),
  ]);
  if (exchange === null) return page.text();
  for (const [index, symbol] of exchange.symbols.entries()) {
    const { lotSize = 1, tickSize = 1 } = report.instruments[index] ?? {};
    page.paragraph(style.bold(`exchange ${symbol.symbol}`));
    page.table(symbolRows(symbol, { tickSize, lotSize }, style));
  }
  page.paragraph(style.bold("exchange"));
  page.table(exchangeRows(exchange));
  if (comparison.length > 0) {
    const inferred = run?.instruments.reduce((sum, { fills }) => sum + fills.inferred, 0) ?? 0;
    const note = inferred === 0 ? "" : ` (${plural(inferred, "execution")} inferred)`;
    page.paragraph(style.bold(`the exchange's books, and what the bot was told${note}`));
    page.table(comparison.map((each) => comparisonRow(each, exchange.symbols.length > 1, style)));
  }
  const text = `dropped by the exchange ${formatCount(lostMessages(exchange))}`;
  page.closing(lostMessages(exchange) > 0 ? style.yellow(text) : text);
  return page.text();
}

function connectorRows(
  { name, exit, lines, complaints }: NonNullable<PaperReport["connector"]>,
  style: Style,
): [string, string][] {
  const end = exit === null
    ? "not started"
    : exit.reason === "stopped" || exit.reason === "killed"
    ? "stopped"
    : style.red(describeExit(exit));
  const told = complaints === 0
    ? plural(lines, "line")
    : style.yellow(`${plural(lines, "line")}, ${formatCount(complaints)} of trouble`);
  return [["connector", `${name}, ${end}, printed ${told}`]];
}

function symbolRows(
  symbol: PaperSymbolReport,
  { tickSize, lotSize }: Pick<Instrument, "tickSize" | "lotSize">,
  style: Style,
): [string, string][] {
  const { position, entryPrice, markPrice, realizedProfit, unrealizedProfit, fees } = symbol;
  const qty = (value: number): string => formatStep(value, lotSize);
  const price = (value: number): string => formatStep(value, tickSize / 100);
  const profit = profitOf(symbol);
  const colour = profit > 0 ? style.green : profit < 0 ? style.red : (text: string) => text;
  const entry = position === 0 ? "" : ` at ${price(entryPrice)}, marked ${price(markPrice)}`;
  return [
    [
      "profit",
      `${colour(money(profit))} (realised ${money(realizedProfit)}, unrealised ${
        money(unrealizedProfit)
      }, fees ${money(fees)})`,
    ],
    ["position", qty(position) + entry],
    ["fills", `${formatCount(symbol.fills)} (${formatCount(symbol.makerFills)} as maker)`],
    ["executed", `${qty(symbol.volume)} worth ${money(symbol.turnover)}`],
    ["open orders", formatCount(symbol.openOrders)],
  ];
}

function exchangeRows(report: PaperExchangeReport): [string, string][] {
  const { balance, equity, orders, requests, rateLimit, streams, userUpdates, market } = report;
  const refusals = Object.entries(requests.byCode)
    .map(([code, count]) => `${formatCount(count)} with ${code}`);
  return [
    ["wallet", `${money(balance)}, with open positions ${money(equity)}`],
    [
      "orders",
      `${formatCount(orders.accepted)} accepted (${formatCount(orders.filled)} filled, ${
        formatCount(orders.canceled)
      } canceled, ${formatCount(orders.expired)} expired, ${formatCount(orders.open)} open)`,
    ],
    [
      "requests",
      formatCount(requests.received) +
      (refusals.length === 0 ? "" : `, refused ${refusals.join(", ")}`) +
      (rateLimit.refused === 0 ? "" : `, ${formatCount(rateLimit.refused)} over a limit`),
    ],
    [
      "market",
      `${market.state}: ${formatCount(market.trades)} trades, ${formatCount(market.levels)} levels`,
    ],
    [
      "sent",
      `${formatCount(streams.trades)} trades, ${formatCount(streams.depthUpdates)} depth updates, ${
        formatCount(userUpdates.made)
      } account updates` +
      (userUpdates.unheard === 0
        ? ""
        : `, ${formatCount(userUpdates.unheard)} while nobody listened`),
    ],
    ["streams", `${formatCount(streams.opened)} opened, ${formatCount(streams.closed)} closed`],
  ];
}

function comparisonRow(
  { symbol, figure, exchange, bot, agrees }: ComparedFigure,
  named: boolean,
  style: Style,
): [string, string] {
  const text = (value: number): string => String(Math.round(value * 1e8) / 1e8);
  const same = agrees
    ? `${text(exchange)}, the same`
    : style.red(`${text(exchange)}, but the bot says ${text(bot)}`);
  return [named ? `${symbol} ${FIGURES[figure]}` : FIGURES[figure], same];
}

function profitOf(symbol: PaperSymbolReport): number {
  return symbol.realizedProfit + symbol.unrealizedProfit - symbol.fees;
}

function total(
  symbols: readonly PaperSymbolReport[],
  of: (symbol: PaperSymbolReport) => number,
): number {
  return symbols.reduce((sum, symbol) => sum + of(symbol), 0);
}

function money(value: number): string {
  // Adding 0 turns -0 into 0.
  return (Math.round(value * 1e4) / 1e4 + 0).toFixed(4);
}

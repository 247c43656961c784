/**
 * What a dashboard keeps of a paper exchange.
 *
 * @module
 */

import type { PaperExchangeReport, PaperSymbolReport } from "../../exchange/report.ts";
import type { ExchangeMonitor } from "../exchange/exchange_monitor.ts";
import { activeFaults, lostMessages, refusedRequests } from "../exchange/figures.ts";
import type { ExchangePart, ExchangeSymbolRow } from "./messages.ts";
import { Part } from "./parts.ts";

/** What a dashboard keeps of a paper exchange. */
export class ExchangeBoard {
  /** Its books. */
  readonly part: Part<ExchangePart> = new Part();
  readonly #monitor: ExchangeMonitor;

  /** @param monitor Asks the exchange. */
  constructor(monitor: ExchangeMonitor) {
    this.#monitor = monitor;
  }

  /** Brings it up to date. */
  refresh(): void {
    const { value: report, failure = null } = this.#monitor.view;
    if (report !== undefined) this.part.set({ failure, ...booksOf(report) });
  }
}

function booksOf(report: PaperExchangeReport): Omit<ExchangePart, "failure"> {
  const { equity, market, streams, requests, symbols } = report;
  return {
    market: market.failure === null ? market.state : `failed: ${market.failure}`,
    equity,
    marketStreams: streams.market,
    userStreams: streams.user,
    requests: requests.received,
    refused: refusedRequests(report),
    lost: lostMessages(report),
    faults: activeFaults(report),
    symbols: symbols.map(rowOf),
  };
}

function rowOf(symbol: PaperSymbolReport): ExchangeSymbolRow {
  const { position, entryPrice, markPrice, fees, fills, volume, openOrders } = symbol;
  return {
    symbol: symbol.symbol.toLowerCase(),
    ...{ position, fees, fills, volume, openOrders },
    entryPrice: position === 0 ? null : entryPrice,
    markPrice: markPrice === 0 ? null : markPrice,
    profit: symbol.realizedProfit + symbol.unrealizedProfit,
  };
}

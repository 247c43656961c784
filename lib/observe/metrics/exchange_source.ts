/**
 * The metrics of a paper exchange.
 *
 * @module
 */

import type { ExchangeMonitor } from "../exchange/exchange_monitor.ts";
import { lostMessages, refusedRequests } from "../exchange/figures.ts";
import type { MetricSource, Reading } from "./reading.ts";

/** Tells what a monitor knows of a paper exchange. */
export class ExchangeSource implements MetricSource {
  readonly #monitor: ExchangeMonitor;

  /** @param monitor Asks the exchange. */
  constructor(monitor: ExchangeMonitor) {
    this.#monitor = monitor;
  }

  /** Adds its values to a reading. */
  read(reading: Reading): void {
    const { value: report, failure } = this.#monitor.view;
    reading.add("hftlive_paper_up", failure === undefined ? 1 : 0);
    if (report === undefined || failure !== undefined) return;
    reading.add("hftlive_paper_equity_quote_units", report.equity);
    reading.add("hftlive_paper_refused_requests_total", refusedRequests(report));
    reading.add("hftlive_paper_lost_messages_total", lostMessages(report));
    for (const { symbol: name, position, fills, openOrders } of report.symbols) {
      const labels = { symbol: name.toLowerCase() };
      reading.add("hftlive_paper_position_base_units", position, labels);
      reading.add("hftlive_paper_orders", openOrders, labels);
      reading.add("hftlive_paper_fills_total", fills, labels);
    }
  }
}

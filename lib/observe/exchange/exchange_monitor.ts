/**
 * Looking at the books of a paper exchange.
 *
 * @module
 */

import type { PaperExchangeReport } from "../../exchange/report.ts";
import { type Polled, Poller } from "../poller.ts";

/** Time between two looks, ms. */
const PERIOD_MS = 500;

/** Time after which an exchange that does not answer counts as gone, ms. */
const ANSWER_MS = 5_000;

/** Who tells about an exchange: a `PaperExchange`, or anything that speaks like one. */
export interface ExchangeReporter {
  /** What has happened so far. */
  report(): PaperExchangeReport | Promise<PaperExchangeReport>;
}

/** Asks a paper exchange for its books until it is disposed. */
export class ExchangeMonitor implements AsyncDisposable {
  readonly #poller: Poller<PaperExchangeReport>;

  /**
   * Begins to ask.
   *
   * @param exchange Who tells.
   */
  constructor(exchange: ExchangeReporter) {
    this.#poller = new Poller({
      ask: () => exchange.report(),
      name: "paper exchange",
      periodMs: PERIOD_MS,
      timeoutMs: ANSWER_MS,
    });
  }

  /** What is known now. */
  get view(): Polled<PaperExchangeReport> {
    return this.#poller.polled;
  }

  /** Stops asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller[Symbol.asyncDispose]();
  }
}

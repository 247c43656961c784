/**
 * All that a run keeps.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import type { ProfitFigures } from "../report/figures.ts";
import type { TradingFees } from "./account.ts";
import { InstrumentLedger } from "./instrument_ledger.ts";
import { Series } from "./series.ts";

const NS_PER_S = 1e9;

/** Keeps the instruments' ledgers, and the sums of their money. */
export class RunLedger {
  /** One ledger an instrument. */
  readonly instruments: readonly InstrumentLedger[];
  /** Profit of all instruments together. */
  readonly equity: Series = new Series();
  /** Records of all kinds. */
  events = 0;
  /** Requests that the bot refused to send. */
  refusedRequests = 0;
  /** Requests that the exchange could not carry out. */
  orderErrors = 0;
  readonly #bot: LiveBot;
  readonly #startedAt: bigint;
  #now: bigint;
  #peak = 0;
  #maxDrawdown = 0;

  /**
   * Begins with the bot as it is.
   *
   * @param bot The open bot.
   * @param fees Fees of executions.
   */
  constructor(bot: LiveBot, fees: TradingFees) {
    this.#bot = bot;
    this.#startedAt = bot.currentTimestamp();
    this.#now = this.#startedAt;
    this.instruments = bot.instruments.map((_, asset) => new InstrumentLedger(bot, asset, fees));
    this.#markAll();
  }

  /** When it began, ns since the Unix epoch. */
  get startedAt(): bigint {
    return this.#startedAt;
  }

  /** Time covered by the bot's clock, in seconds. */
  get durationS(): number {
    return Number(this.#now - this.#startedAt) / NS_PER_S;
  }

  /** Orders sent and executions so far, of all instruments. */
  get counts(): { readonly submitted: number; readonly fills: number } {
    let submitted = 0;
    let fills = 0;
    for (const { orders, account } of this.instruments) {
      submitted += orders.submittedCount;
      fills += account.fillCount;
    }
    return { submitted, fills };
  }

  /** Sums of all instruments. */
  get profit(): ProfitFigures {
    const sum = (of: (ledger: InstrumentLedger) => number): number =>
      this.instruments.reduce((total, ledger) => total + of(ledger), 0);
    return {
      equity: sum(({ account }) => account.equity),
      balance: sum(({ account }) => account.balance),
      fee: sum(({ account }) => account.fee),
      maxDrawdown: this.#maxDrawdown,
      turnover: sum(({ account }) => account.turnover),
    };
  }

  /** Takes in all records of a batch, before the bot is polled again. */
  add(batch: EventBatch): void {
    const { length } = batch;
    this.events += length;
    this.#now = batch.timestamp;
    const timeS = this.durationS;
    for (let i = 0; i < length; i++) {
      const asset = batch.asset(i);
      if (asset >= 0) this.instruments[asset]!.add(batch, i, timeS);
      else for (const ledger of this.instruments) ledger.add(batch, i, timeS);
    }
    this.#markAll();
  }

  /** Goes on to the bot's time, at the end. */
  close(): void {
    const now = this.#bot.currentTimestamp();
    if (now > this.#now) this.#now = now;
    this.#markAll();
  }

  #markAll(): void {
    const timeS = this.durationS;
    let equity = 0;
    for (const ledger of this.instruments) {
      ledger.mark(timeS);
      equity += ledger.account.equity;
    }
    this.equity.add(timeS, equity);
    if (equity > this.#peak) this.#peak = equity;
    else this.#maxDrawdown = Math.max(this.#maxDrawdown, this.#peak - equity);
  }
}

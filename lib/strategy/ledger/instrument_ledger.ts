/**
 * All that a run keeps of one instrument.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { Grid } from "../../bot/grid.ts";
import { EventKind } from "../../bot/record.ts";
import type { Histogram } from "../../client/histogram.ts";
import { MarketStatistics } from "../../client/statistics.ts";
import type { Execution } from "../../model/execution.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { InstrumentFigures, LatencyFigures } from "../report/figures.ts";
import { Account, type TradingFees } from "./account.ts";
import { FillMarks } from "./fill_marks.ts";
import { OrderLedger } from "./order_ledger.ts";
import { Series } from "./series.ts";
import { UntoldFills } from "./untold_fills.ts";

/** Keeps the orders, executions, curves and market figures of one instrument. */
export class InstrumentLedger {
  /** Its orders. */
  readonly orders: OrderLedger = new OrderLedger();
  /** Its money. */
  readonly account: Account;
  /** What its market did. */
  readonly market: MarketStatistics;
  /** Mid price, in quote currency. */
  readonly price: Series = new Series();
  /** Signed quantity held, in base units. */
  readonly position: Series = new Series();
  /** Profit, in quote currency. */
  readonly equity: Series = new Series();
  /** Where it bought. */
  readonly buys: FillMarks = new FillMarks();
  /** Where it sold. */
  readonly sells: FillMarks = new FillMarks();
  readonly #bot: LiveBot;
  readonly #asset: number;
  readonly #instrument: Instrument;
  readonly #startPosition: number;
  readonly #untold: UntoldFills;
  /** Signed quantity held, as the bot knew it last. */
  #position: number;

  /**
   * @param bot The bot.
   * @param asset Asset number.
   * @param fees Fees of executions.
   */
  constructor(bot: LiveBot, asset: number, fees: TradingFees) {
    this.#bot = bot;
    this.#asset = asset;
    this.#instrument = bot.instruments[asset]!;
    this.#startPosition = bot.position(asset);
    this.#position = this.#startPosition;
    this.account = new Account(this.#instrument, this.#startPosition, fees);
    this.#untold = new UntoldFills(this.orders, this.#instrument.lotSize, this.#startPosition);
    this.market = new MarketStatistics(bot, { asset });
  }

  /**
   * Takes in one record of this instrument.
   *
   * @param batch Where it is.
   * @param i Its index.
   * @param timeS Seconds since the start.
   */
  add(batch: EventBatch, i: number, timeS: number): void {
    this.market.addRecord(batch, i);
    const kind = batch.kind(i);
    if (kind === EventKind.Position) this.#untold.position(batch.qty(i));
    if (kind !== EventKind.Order) return;
    const event = batch.event(i);
    if (event.type !== "order") return;
    const execution = this.orders.update(event, this.#bot.orderLatency(this.#asset));
    if (execution === undefined) return;
    this.#untold.executed(execution);
    this.#execute(execution, timeS);
  }

  /** Values the account at the book as it is, and goes on with the curves. */
  mark(timeS: number): void {
    const { bestBid, bestAsk } = this.#bot.depth(this.#asset);
    const mid = (bestBid + bestAsk) / 2;
    this.#position = this.#bot.position(this.#asset);
    for (const execution of this.#untold.look(timeS)) this.#execute(execution, timeS);
    this.account.mark(mid);
    this.market.sample();
    this.price.add(timeS, mid);
    this.position.add(timeS, this.account.position);
    this.equity.add(timeS, this.account.equity);
  }

  #execute(execution: Execution, timeS: number): void {
    // A market order has no limit to take in place of a price that nobody told.
    const price = execution.price > 0 ? execution.price : this.account.mid;
    this.account.execute({ ...execution, price });
    (execution.isBuy ? this.buys : this.sells).add(timeS, price, execution.qty);
  }

  /** What it reports. The bot is not asked: it may have failed. */
  figures(): InstrumentFigures {
    const { connector, symbol, tickSize, lotSize } = this.#instrument;
    const { account, orders } = this;
    const position = this.#position;
    const { durationS: _d, dropped: _n, feedLatencyNs: _l, ...market } = this.market.toJSON();
    return {
      ...{ connector, symbol, tickSize, lotSize },
      position,
      startPosition: this.#startPosition,
      positionDrift: new Grid(lotSize).snap(position - account.position),
      equity: account.equity,
      balance: account.balance,
      fee: account.fee,
      maxDrawdown: account.maxDrawdown,
      turnover: account.turnover,
      orders: orders.figures,
      fills: account.fills,
      orderLatencyNs: latencyFigures(orders.latencyNs),
      feedLatencyNs: latencyFigures(this.market.feedLatencyNs),
      market,
    };
  }
}

/** The figures of a latency. */
export function latencyFigures(histogram: Histogram): LatencyFigures {
  const orNull = (value: number): number | null => Number.isNaN(value) ? null : value;
  return {
    count: histogram.count,
    p50: orNull(histogram.quantile(0.5)),
    p99: orNull(histogram.quantile(0.99)),
    max: orNull(histogram.max),
  };
}

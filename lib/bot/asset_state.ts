/**
 * What a bot written in TypeScript knows of one instrument.
 *
 * @module
 */

import { connectionStateOf } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import { type EventQueue, QUEUED } from "./event_queue.ts";
import type { ConnectionStatus, FeedLatency, OrderLatency, StateValues } from "./live_bot.ts";
import { OrderBook } from "./order_book.ts";
import { type OrderReport, OrderStore } from "./order_store.ts";
import { BUY_FLAG, EventKind, SELL_FLAG } from "./record.ts";
import { RecentTrades } from "./recent_trades.ts";
import type { TimeBase } from "./time_base.ts";

// Own constants, for the compiler: see event_queue.ts.
const { doubles: DOUBLES, exch: EXCH, local: LOCAL, price: PRICE, words: WORDS, ev: EV } = QUEUED;
const { Depth: DEPTH, Snapshot: SNAPSHOT, Trade: TRADE, DepthClear: DEPTH_CLEAR } = EventKind;
const BUY = BUY_FLAG;
const SELL = SELL_FLAG;

/** Fees as a share of the value executed; negative for a rebate. */
export interface FeeRates {
  /** For an execution that provided liquidity. */
  readonly makerFee: number;
  /** For an execution that took liquidity. */
  readonly takerFee: number;
}

/** Book, trades, orders and position of one instrument, as its events have left them. */
export class AssetState {
  /** The book. */
  readonly book: OrderBook;
  /** The last trades. */
  readonly trades: RecentTrades;
  /** The orders. */
  readonly orders: OrderStore;
  /** Signed quantity held, in base units. */
  position = 0;
  /** Events that the journal dropped. */
  dropped = 0;

  readonly #fees: FeeRates;
  #balance = 0;
  #fee = 0;
  #numTrades = 0;
  #tradingVolume = 0;
  #tradingValue = 0;
  readonly #connector: string;
  #attached = false;
  /** Whether a connector has been there, and has gone. */
  #detached = false;
  #registered = false;
  #feedExch = NaN;
  #feedLocal = NaN;
  #orderLatency: OrderLatency | undefined;

  /**
   * @param instrument What is traded.
   * @param lastTradesCapacity How many trades are kept.
   * @param fees Fees of own executions.
   */
  constructor(instrument: Instrument, lastTradesCapacity: number, fees: FeeRates) {
    this.book = new OrderBook(instrument.tickSize, instrument.lotSize);
    this.trades = new RecentTrades(lastTradesCapacity);
    this.orders = new OrderStore(instrument);
    this.#fees = fees;
    this.#connector = instrument.connector;
  }

  /** Takes in the market event at a place of a queue. */
  applyFeed(queue: EventQueue, place: number): void {
    const { doubles } = queue;
    const at = place * DOUBLES;
    const ev = queue.words[place * WORDS + EV]!;
    this.#feedExch = doubles[at + EXCH]!;
    this.#feedLocal = doubles[at + LOCAL]!;
    const isBuy = (ev & BUY) !== 0;
    switch (ev & 0xff) {
      case DEPTH:
      case SNAPSHOT:
        this.book.update(isBuy, doubles, at + PRICE);
        break;
      case TRADE:
        this.trades.push(queue, place);
        break;
      case DEPTH_CLEAR:
        this.book.clearTo(
          isBuy ? "buy" : (ev & SELL) !== 0 ? "sell" : "none",
          doubles[at + PRICE]!,
        );
        break;
    }
  }

  /**
   * Takes in an order report.
   *
   * @param report What the exchange says.
   * @param now When it came, ns since the Unix epoch.
   */
  applyOrder(report: OrderReport, now: bigint): void {
    this.orders.apply(report);
    // A lost order is no response of the exchange's.
    if (report.status === "none") return;
    this.#orderLatency = {
      requestTimestamp: report.requestTimestamp,
      exchTimestamp: report.exchTimestamp,
      responseTimestamp: now,
      roundTripNs: Number(now - report.requestTimestamp),
    };
    const { execQty, execPrice } = report;
    if (execQty === 0) return;
    const value = execQty * execPrice;
    this.#balance += report.side === "buy" ? -value : value;
    this.#fee += value * (report.maker ? this.#fees.makerFee : this.#fees.takerFee);
    this.#numTrades++;
    this.#tradingVolume += execQty;
    this.#tradingValue += value;
  }

  /** Takes in a change of the connection. */
  applyConnection(code: number): void {
    const state = connectionStateOf(code);
    this.#detached = state === "detached";
    this.#attached = !this.#detached;
    this.#registered = state === "registered";
  }

  /**
   * Checks that a request would be received.
   *
   * @throws {BotError} "custom" if the connector has gone.
   */
  checkReachable(): void {
    if (!this.#detached) return;
    throw new BotError(
      "custom",
      `Cannot send the request: no connector is attached to ${this.#connector}`,
    );
  }

  /** Position, balance, fees and volumes. */
  stateValues(): StateValues {
    return {
      position: this.position,
      balance: this.#balance,
      fee: this.#fee,
      numTrades: this.#numTrades,
      tradingVolume: this.#tradingVolume,
      tradingValue: this.#tradingValue,
    };
  }

  /** Times of the last market event, or undefined before the first. */
  feedLatency(base: TimeBase): FeedLatency | undefined {
    if (Number.isNaN(this.#feedLocal)) return undefined;
    return {
      exchTimestamp: base.toBigInt(this.#feedExch),
      localTimestamp: base.toBigInt(this.#feedLocal),
      latencyNs: this.#feedLocal - this.#feedExch,
    };
  }

  /** Times of the last order response, or undefined before the first. */
  orderLatency(): OrderLatency | undefined {
    return this.#orderLatency;
  }

  /** What is proven about the connection. */
  connection(base: TimeBase): ConnectionStatus {
    return {
      attached: this.#attached,
      registered: this.#registered,
      lastFeedTimestamp: this.feedLatency(base)?.localTimestamp,
      overflows: 0,
      dropped: this.dropped,
      malformed: 0,
    };
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    this.#feedExch -= byNs;
    this.#feedLocal -= byNs;
    this.trades.rebase(byNs);
  }
}

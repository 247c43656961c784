/**
 * Market events of one instrument on their way to the bot.
 *
 * @module
 */

import { type EventQueue, QUEUED } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import { BUY_FLAG, EventKind, EXCH_FLAG, LOCAL_FLAG, SELL_FLAG } from "../bot/record.ts";
import type { Instrument } from "../model/instrument.ts";

// Own constants, for the compiler: see event_queue.ts.
const { price: PRICE, qty: QTY } = QUEUED;
const BUY = EXCH_FLAG | LOCAL_FLAG | BUY_FLAG;
const SELL = EXCH_FLAG | LOCAL_FLAG | SELL_FLAG;

/** Puts the market events of an instrument, given in ticks and lots, into the bot's queue. */
export class MarketFeed {
  /** Whether nobody hears of them: the market goes on while no connector runs. */
  muted = false;

  readonly #asset: number;
  readonly #prices: Grid;
  readonly #lots: Grid;
  readonly #queue: EventQueue;

  /**
   * @param asset Asset number of the instrument.
   * @param instrument What is traded.
   * @param queue Takes the events, at the times that it was told last.
   */
  constructor(asset: number, instrument: Instrument, queue: EventQueue) {
    this.#asset = asset;
    this.#prices = new Grid(instrument.tickSize);
    this.#lots = new Grid(instrument.lotSize);
    this.#queue = queue;
  }

  /**
   * Adds a trade, or a level of the book.
   *
   * @param kind Kind of the event.
   * @param isBuy Whether it is a bid, or a buyer took liquidity.
   * @param tick Its price.
   * @param lots Lots traded, or now at the level.
   */
  push(kind: number, isBuy: boolean, tick: number, lots: number): void {
    if (this.muted) return;
    const queue = this.#queue;
    const at = queue.add(kind | (isBuy ? BUY : SELL), this.#asset);
    queue.doubles[at + PRICE] = this.#prices.value(tick);
    queue.doubles[at + QTY] = this.#lots.value(lots);
  }

  /** Adds the start or the end of a message. */
  mark(kind: number): void {
    if (this.muted) return;
    this.#pushBare(kind);
  }

  /** Adds that the book was emptied. */
  clear(): void {
    this.#pushBare(EventKind.DepthClear | EXCH_FLAG | LOCAL_FLAG);
  }

  #pushBare(ev: number): void {
    const queue = this.#queue;
    const at = queue.add(ev, this.#asset);
    queue.doubles[at + PRICE] = 0;
    queue.doubles[at + QTY] = 0;
  }
}

/**
 * The book of a bot written in TypeScript.
 *
 * @module
 */

import type { Side } from "../model/codes.ts";
import {
  type DepthLevel,
  type DepthSnapshot,
  type MarketDepth,
  NO_ASK_TICK,
  NO_BID_TICK,
} from "./market_depth.ts";
import { TickBook } from "./tick_book.ts";

/** A book in prices and quantities, so that a strategy sees the same book on every bot. */
export class OrderBook extends TickBook implements MarketDepth {
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units. */
  readonly lotSize: number;
  /** What rounds to no lot is no quantity. */
  readonly #halfLot: number;

  /**
   * @param tickSize Smallest price step, in quote currency.
   * @param lotSize Smallest quantity step, in base units.
   */
  constructor(tickSize: number, lotSize: number) {
    super();
    this.tickSize = tickSize;
    this.lotSize = lotSize;
    this.#halfLot = lotSize / 2;
  }

  /** Highest bid price, in quote currency; NaN for none. */
  get bestBid(): number {
    return this.bidTick === -Infinity ? NaN : this.bidTick * this.tickSize;
  }

  /** Lowest ask price, in quote currency; NaN for none. */
  get bestAsk(): number {
    return this.askTick === Infinity ? NaN : this.askTick * this.tickSize;
  }

  /** Highest bid price in ticks. */
  get bestBidTick(): bigint {
    return this.bidTick === -Infinity ? NO_BID_TICK : BigInt(this.bidTick);
  }

  /** Lowest ask price in ticks. */
  get bestAskTick(): bigint {
    return this.askTick === Infinity ? NO_ASK_TICK : BigInt(this.askTick);
  }

  /** Quantity at the best bid, in base units. */
  get bestBidQty(): number {
    return this.bidTick === -Infinity ? 0 : this.bidAt(this.bidTick);
  }

  /** Quantity at the best ask, in base units. */
  get bestAskQty(): number {
    return this.askTick === Infinity ? 0 : this.askAt(this.askTick);
  }

  /** Quantity bid at a price in ticks; 0 where there is none. */
  bidQtyAtTick(priceTick: bigint): number {
    return this.bidAt(Number(priceTick));
  }

  /** Quantity asked at a price in ticks; 0 where there is none. */
  askQtyAtTick(priceTick: bigint): number {
    return this.askAt(Number(priceTick));
  }

  /** A copy of the whole book. */
  snapshot(): DepthSnapshot {
    const bids = Array.from(this.bidTicks(), (tick) => this.#level(tick, this.bidAt(tick)));
    const asks = Array.from(this.askTicks(), (tick) => this.#level(tick, this.askAt(tick)));
    return { bids, asks };
  }

  /**
   * Sets a bid level.
   *
   * @param price Price of the level, in quote currency; it is put on the tick grid.
   * @param qty Quantity now at the level, in base units; less than half a lot removes it.
   */
  updateBid(price: number, qty: number): void {
    this.setBid(Math.round(price / this.tickSize), qty >= this.#halfLot ? qty : 0);
  }

  /**
   * Sets an ask level.
   *
   * @param price Price of the level, in quote currency; it is put on the tick grid.
   * @param qty Quantity now at the level, in base units; less than half a lot removes it.
   */
  updateAsk(price: number, qty: number): void {
    this.setAsk(Math.round(price / this.tickSize), qty >= this.#halfLot ? qty : 0);
  }

  /**
   * Sets a level from where it stands, as the hot path does.
   *
   * @param isBid Whether it is a bid.
   * @param doubles Has its price and then its quantity.
   * @param at Where the price is.
   */
  update(isBid: boolean, doubles: Float64Array, at: number): void {
    const tick = Math.round(doubles[at]! / this.tickSize);
    const qty = doubles[at + 1]!;
    const side = isBid ? this.bids : this.asks;
    if (qty >= this.#halfLot) {
      const slot = side.claim(tick);
      side.qtys[slot] = qty;
      if (isBid) this.bidAdded(tick);
      else this.askAdded(tick);
    } else {
      side.remove(tick);
      if (isBid) this.bidRemoved(tick);
      else this.askRemoved(tick);
    }
  }

  /**
   * Empties the book, or one side of it, as a depth-clear event says.
   *
   * @param side "buy" for the bids, "sell" for the asks, "none" for both.
   * @param upToPrice Of one side, the last price to empty, counted from the best; all if it is not
   * a positive number.
   */
  clearTo(side: Side, upToPrice: number): void {
    const isPrice = upToPrice > 0 && upToPrice < Infinity;
    this.clear(side, isPrice ? Math.round(upToPrice / this.tickSize) : undefined);
  }

  #level(tick: number, qty: number): DepthLevel {
    return { price: tick * this.tickSize, priceTick: BigInt(tick), qty };
  }
}

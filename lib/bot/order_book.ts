/**
 * The book of a bot written in TypeScript.
 *
 * @module
 */

import type { Side } from "../model/codes.ts";
import { LevelTable } from "./level_table.ts";
import {
  type DepthLevel,
  type DepthSnapshot,
  type MarketDepth,
  NO_ASK_TICK,
  NO_BID_TICK,
} from "./market_depth.ts";

/**
 * A level-2 book that behaves as upstream's `HashMapMarketDepth`, so that a strategy
 * sees the same book on every bot. An update that crosses the other side moves the
 * other side's best away; the levels it passed stay in memory, readable by tick, but
 * not in the snapshot.
 */
export class OrderBook implements MarketDepth {
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units. */
  readonly lotSize: number;
  /** Best bid in ticks as a number; -Infinity for none. */
  bidTick: number;
  /** Best ask in ticks as a number; Infinity for none. */
  askTick: number;

  readonly #bids = new LevelTable();
  readonly #asks = new LevelTable();
  /** What rounds to no lot is no quantity. */
  readonly #halfLot: number;
  // The search for the next best stops here. As upstream, they start anew when a side
  // runs empty, which is what leaves passed levels behind.
  #lowBid = Infinity;
  #highAsk = -Infinity;

  /**
   * @param tickSize Smallest price step, in quote currency.
   * @param lotSize Smallest quantity step, in base units.
   */
  constructor(tickSize: number, lotSize: number) {
    this.tickSize = tickSize;
    this.lotSize = lotSize;
    this.#halfLot = lotSize / 2;
    this.bidTick = -Infinity;
    this.askTick = Infinity;
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
    return this.bidTick === -Infinity ? 0 : this.#bids.get(this.bidTick);
  }

  /** Quantity at the best ask, in base units. */
  get bestAskQty(): number {
    return this.askTick === Infinity ? 0 : this.#asks.get(this.askTick);
  }

  /** Quantity bid at a price in ticks; 0 where there is none. */
  bidQtyAtTick(priceTick: bigint): number {
    return this.#bids.get(Number(priceTick));
  }

  /** Quantity asked at a price in ticks; 0 where there is none. */
  askQtyAtTick(priceTick: bigint): number {
    return this.#asks.get(Number(priceTick));
  }

  /** A copy of the whole book. */
  snapshot(): DepthSnapshot {
    const bids: DepthLevel[] = [];
    const asks: DepthLevel[] = [];
    for (const tick of this.#bids.ticks().reverse()) {
      if (tick <= this.bidTick) bids.push(this.#level(tick, this.#bids));
    }
    for (const tick of this.#asks.ticks()) {
      if (tick >= this.askTick) asks.push(this.#level(tick, this.#asks));
    }
    return { bids, asks };
  }

  /**
   * Sets a bid level.
   *
   * @param price Price of the level, in quote currency; it is put on the tick grid.
   * @param qty Quantity now at the level, in base units; less than half a lot removes it.
   */
  updateBid(price: number, qty: number): void {
    const tick = Math.round(price / this.tickSize);
    if (!(qty >= this.#halfLot)) {
      this.#bids.set(tick, 0);
      if (tick === this.bidTick) {
        this.bidTick = this.#bids.highest(this.#lowBid, tick);
        if (this.bidTick === -Infinity) this.#lowBid = Infinity;
      }
      return;
    }
    this.#bids.set(tick, qty);
    if (tick > this.bidTick) {
      this.bidTick = tick;
      if (tick >= this.askTick) this.askTick = this.#asks.lowest(tick, this.#highAsk);
    }
    if (tick < this.#lowBid) this.#lowBid = tick;
  }

  /**
   * Sets an ask level.
   *
   * @param price Price of the level, in quote currency; it is put on the tick grid.
   * @param qty Quantity now at the level, in base units; less than half a lot removes it.
   */
  updateAsk(price: number, qty: number): void {
    const tick = Math.round(price / this.tickSize);
    if (!(qty >= this.#halfLot)) {
      this.#asks.set(tick, 0);
      if (tick === this.askTick) {
        this.askTick = this.#asks.lowest(tick, this.#highAsk);
        if (this.askTick === Infinity) this.#highAsk = -Infinity;
      }
      return;
    }
    this.#asks.set(tick, qty);
    if (tick < this.askTick) {
      this.askTick = tick;
      if (tick <= this.bidTick) this.bidTick = this.#bids.highest(this.#lowBid, tick);
    }
    if (tick > this.#highAsk) this.#highAsk = tick;
  }

  /**
   * Empties the book, or one side of it.
   *
   * @param side "buy" for the bids, "sell" for the asks, "none" for both.
   */
  clear(side: Side = "none"): void {
    if (side !== "sell") {
      this.#bids.clear();
      this.bidTick = -Infinity;
      this.#lowBid = Infinity;
    }
    if (side !== "buy") {
      this.#asks.clear();
      this.askTick = Infinity;
      this.#highAsk = -Infinity;
    }
  }

  #level(tick: number, side: LevelTable): DepthLevel {
    return { price: tick * this.tickSize, priceTick: BigInt(tick), qty: side.get(tick) };
  }
}

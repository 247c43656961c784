/**
 * A book in ticks.
 *
 * @module
 */

import type { Side } from "../model/codes.ts";
import { LevelTable } from "./level_table.ts";

/**
 * A level-2 book that behaves as upstream's `HashMapMarketDepth`. An update that crosses
 * the other side moves the other side's best away; the levels it passed stay in memory,
 * readable by tick, but are no longer part of the book.
 */
export class TickBook {
  /** Best bid in ticks; -Infinity for none. */
  bidTick: number = -Infinity;
  /** Best ask in ticks; Infinity for none. */
  askTick: number = Infinity;

  /** Quantities bid, those passed included. */
  protected readonly bids: LevelTable = new LevelTable();
  /** Quantities asked, those passed included. */
  protected readonly asks: LevelTable = new LevelTable();
  // The search for the next best stops here. As upstream, they start anew when a side
  // runs empty, which is what leaves passed levels behind.
  #lowBid = Infinity;
  #highAsk = -Infinity;

  /** Quantity bid at a tick, also a passed one; 0 where there is none. */
  bidAt(tick: number): number {
    return this.bids.get(tick);
  }

  /** Quantity asked at a tick, also a passed one; 0 where there is none. */
  askAt(tick: number): number {
    return this.asks.get(tick);
  }

  /** The next lower bid below a tick; -Infinity for none. */
  bidBelow(tick: number): number {
    return this.bids.highest(this.#lowBid, Math.min(tick, this.bidTick + 1));
  }

  /** The next higher ask above a tick; Infinity for none. */
  askAbove(tick: number): number {
    return this.asks.lowest(Math.max(tick, this.askTick - 1), this.#highAsk);
  }

  /** Sets a bid level; a quantity of 0 removes it. */
  setBid(tick: number, qty: number): void {
    this.bids.set(tick, qty);
    if (qty === 0) this.bidRemoved(tick);
    else this.bidAdded(tick);
  }

  /** Sets an ask level; a quantity of 0 removes it. */
  setAsk(tick: number, qty: number): void {
    this.asks.set(tick, qty);
    if (qty === 0) this.askRemoved(tick);
    else this.askAdded(tick);
  }

  /**
   * Empties the book, or one side of it.
   *
   * @param side "buy" for the bids, "sell" for the asks; both if it is "none" or not given.
   * @param upTo Of one side, the last tick to empty, counted from the best; all if it is not given.
   */
  clear(side?: Side, upTo?: number): void {
    if (upTo !== undefined && side === "buy") return this.#clearBidsTo(upTo);
    if (upTo !== undefined && side === "sell") return this.#clearAsksTo(upTo);
    if (side !== "sell") {
      this.bids.clear();
      this.bidTick = -Infinity;
      this.#lowBid = Infinity;
    }
    if (side !== "buy") {
      this.asks.clear();
      this.askTick = Infinity;
      this.#highAsk = -Infinity;
    }
  }

  /** Ticks of the bids, best first. */
  bidTicks(): Float64Array {
    return this.bids.ticks().reverse().filter((tick) => tick <= this.bidTick);
  }

  /** Ticks of the asks, best first. */
  askTicks(): Float64Array {
    return this.asks.ticks().filter((tick) => tick >= this.askTick);
  }

  /** Finds the best bid after a level was removed. */
  protected bidRemoved(tick: number): void {
    if (tick !== this.bidTick) return;
    this.bidTick = this.bids.highest(this.#lowBid, tick);
    if (this.bidTick === -Infinity) this.#lowBid = Infinity;
  }

  /** Finds the best ask after a level was removed. */
  protected askRemoved(tick: number): void {
    if (tick !== this.askTick) return;
    this.askTick = this.asks.lowest(tick, this.#highAsk);
    if (this.askTick === Infinity) this.#highAsk = -Infinity;
  }

  /** Finds the best prices after a bid was set. */
  protected bidAdded(tick: number): void {
    if (tick > this.bidTick) {
      this.bidTick = tick;
      if (tick >= this.askTick) this.askTick = this.asks.lowest(tick, this.#highAsk);
    }
    if (tick < this.#lowBid) this.#lowBid = tick;
  }

  /** Finds the best prices after an ask was set. */
  protected askAdded(tick: number): void {
    if (tick < this.askTick) {
      this.askTick = tick;
      if (tick <= this.bidTick) this.bidTick = this.bids.highest(this.#lowBid, tick);
    }
    if (tick > this.#highAsk) this.#highAsk = tick;
  }

  #clearBidsTo(upTo: number): void {
    for (const tick of this.bidTicks()) {
      if (tick < upTo) break;
      this.bids.set(tick, 0);
    }
    this.bidTick = this.bidBelow(upTo);
    if (this.bidTick === -Infinity) this.#lowBid = Infinity;
  }

  #clearAsksTo(upTo: number): void {
    for (const tick of this.askTicks()) {
      if (tick > upTo) break;
      this.asks.set(tick, 0);
    }
    this.askTick = this.askAbove(upTo);
    if (this.askTick === Infinity) this.#highAsk = -Infinity;
  }
}

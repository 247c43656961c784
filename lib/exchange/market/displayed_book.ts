/**
 * The book as the paper exchange shows it.
 *
 * @module
 */

import { TickBook } from "../../bot/tick_book.ts";

/** Is told each level that changed: its quantity now, in lots; 0 when it is gone. */
export type LevelListener = (isBid: boolean, tick: number, lots: number) => void;

/** One level of a snapshot. */
export type BookLevel = readonly [tick: number, lots: number];

/**
 * A book that never crosses: levels that a new one passes are removed, and their removal is told,
 * so that a snapshot and later changes always add up to the same book.
 */
export class DisplayedBook {
  readonly #book = new TickBook();
  readonly #changed: LevelListener;

  /** @param changed Is told each change. */
  constructor(changed: LevelListener) {
    this.#changed = changed;
  }

  /** Best bid in ticks; -Infinity for none. */
  get bidTick(): number {
    return this.#book.bidTick;
  }

  /** Best ask in ticks; Infinity for none. */
  get askTick(): number {
    return this.#book.askTick;
  }

  /** Sets a level; 0 lots remove it. */
  set(isBid: boolean, tick: number, lots: number): void {
    const best = isBid ? this.#book.askTick : this.#book.bidTick;
    this.#setLevel(isBid, tick, lots);
    if (lots > 0 && (isBid ? tick >= best : tick <= best)) this.#removePassed(!isBid, best, tick);
  }

  /**
   * Empties a side, or with "none" both.
   *
   * @param side "buy" for the bids, "sell" for the asks, "none" for both.
   * @param upTo Of one side, the last tick to empty, counted from the best; all if it is NaN.
   */
  clear(side: "buy" | "sell" | "none", upTo: number = NaN): void {
    const { bids, asks } = this.levels(Infinity);
    if (side !== "sell") {
      for (const [tick] of bids) if (!(tick < upTo)) this.#setLevel(true, tick, 0);
    }
    if (side !== "buy") {
      for (const [tick] of asks) if (!(tick > upTo)) this.#setLevel(false, tick, 0);
    }
  }

  /** Levels of each side, best first, up to a number of them. */
  levels(limit: number): { bids: BookLevel[]; asks: BookLevel[] } {
    const book = this.#book;
    return {
      bids: Array.from(book.bidTicks().slice(0, limit), (tick) => [tick, book.bidAt(tick)]),
      asks: Array.from(book.askTicks().slice(0, limit), (tick) => [tick, book.askAt(tick)]),
    };
  }

  /** Removes the levels of a side from its old best price to one that passed it. */
  #removePassed(isBid: boolean, best: number, tick: number): void {
    const step = isBid ? -1 : 1;
    for (let at = best; isBid ? at >= tick : at <= tick; at += step) {
      if ((isBid ? this.#book.bidAt(at) : this.#book.askAt(at)) > 0) this.#setLevel(isBid, at, 0);
    }
  }

  #setLevel(isBid: boolean, tick: number, lots: number): void {
    if (isBid) this.#book.setBid(tick, lots);
    else this.#book.setAsk(tick, lots);
    this.#changed(isBid, tick, lots);
  }
}

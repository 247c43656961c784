/**
 * The markets of the paper exchange, one a symbol.
 *
 * @module
 */

import { DisplayedBook, type LevelListener } from "./displayed_book.ts";
import type { PaperSymbol } from "./paper_symbol.ts";

/** One symbol's displayed book and prices. */
export class PaperMarket {
  /** What is traded. */
  readonly symbol: PaperSymbol;
  /** The displayed book. */
  readonly book: DisplayedBook;
  /** Price of the last trade, in ticks; NaN before the first. */
  lastTick: number = NaN;

  /**
   * @param symbol What is traded.
   * @param changed Is told each change of the book.
   */
  constructor(symbol: PaperSymbol, changed: LevelListener) {
    this.symbol = symbol;
    this.book = new DisplayedBook(changed);
  }

  /** What positions are valued at, in ticks: the middle of the book, else the last trade, else 0. */
  get markTick(): number {
    const middle = (this.book.bidTick + this.book.askTick) / 2;
    if (Number.isFinite(middle)) return middle;
    return Number.isNaN(this.lastTick) ? 0 : this.lastTick;
  }
}

/** Is told what happens in the markets. */
export interface MarketListener {
  /** A level of a book is now this many lots; 0 when it is gone. */
  depth(symbol: PaperSymbol, level: { isBid: boolean; tick: number; lots: number }): void;
  /** The changes of a symbol's book since the last flush belong together. */
  flush(symbol: PaperSymbol): void;
  /** A trade; `isBuy` is the taker's side. */
  trade(symbol: PaperSymbol, trade: { isBuy: boolean; tick: number; lots: number }): void;
}

/** All markets. */
export class PaperMarkets {
  /** What is traded, by asset number of the market's bot. */
  readonly symbols: readonly PaperSymbol[];
  readonly #markets: readonly PaperMarket[];
  readonly #byName: ReadonlyMap<string, PaperSymbol>;

  /**
   * @param symbols What is traded.
   * @param listener Is told what happens.
   */
  constructor(symbols: readonly PaperSymbol[], listener: () => MarketListener) {
    this.symbols = symbols;
    this.#byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
    this.#markets = symbols.map((symbol) =>
      new PaperMarket(symbol, (isBid, tick, lots) => {
        listener().depth(symbol, { isBid, tick, lots });
      })
    );
  }

  /** The market of a symbol. */
  of(symbol: PaperSymbol): PaperMarket {
    return this.#markets[symbol.index]!;
  }

  /** A symbol by its name, in upper or lower case. */
  find(name: string): PaperSymbol | undefined {
    return this.#byName.get(name.toUpperCase());
  }
}

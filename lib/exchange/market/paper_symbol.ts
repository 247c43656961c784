/**
 * What the paper exchange lists.
 *
 * @module
 */

import type { Instrument } from "../../model/instrument.ts";
import { divideRounded, type Money, MONEY_DECIMALS } from "../account/money.ts";
import { DecimalGrid } from "./decimal_grid.ts";

/** Assets that a symbol may end with, longest first where one ends another. */
const QUOTE_ASSETS = ["FDUSD", "USDT", "USDC", "BUSD", "TUSD", "BTC", "ETH", "BNB", "EUR", "USD"];

/** What orders of a symbol must keep to. */
export interface SymbolLimits {
  /** Smallest quantity, in lots. */
  readonly minLots: number;
  /** Largest quantity, in lots. */
  readonly maxLots: number;
  /** Smallest value of an order. */
  readonly minNotional: Money;
  /** Most open orders. */
  readonly maxOpenOrders: number;
}

/** One symbol, with its grids. */
export class PaperSymbol {
  /** Its asset number in the market's bot. */
  readonly index: number;
  /** Its name in requests and answers, such as BTCUSDT. */
  readonly name: string;
  /** Its name in streams, such as btcusdt. */
  readonly streamName: string;
  /** What is bought and sold. */
  readonly baseAsset: string;
  /** What it is paid with. */
  readonly quoteAsset: string;
  /** Its prices. */
  readonly prices: DecimalGrid;
  /** Its quantities. */
  readonly lots: DecimalGrid;
  /** What orders must keep to. */
  readonly limits: SymbolLimits;

  readonly #valueFactor: bigint;
  readonly #valueDivisor: bigint;

  /**
   * @param index Asset number in the market's bot.
   * @param instrument What the bot knows of it.
   * @param limits What orders must keep to.
   * @throws {InvalidInputError} If a step of it is no short decimal.
   */
  constructor(index: number, instrument: Instrument, limits: SymbolLimits) {
    this.index = index;
    this.name = instrument.symbol.toUpperCase();
    this.streamName = instrument.symbol.toLowerCase();
    this.prices = new DecimalGrid(`instruments[${index}].tickSize`, instrument.tickSize);
    this.lots = new DecimalGrid(`instruments[${index}].lotSize`, instrument.lotSize);
    this.limits = limits;
    this.quoteAsset =
      QUOTE_ASSETS.find((asset) => this.name.endsWith(asset) && this.name.length > asset.length) ??
        "USDT";
    this.baseAsset = this.name.endsWith(this.quoteAsset)
      ? this.name.slice(0, -this.quoteAsset.length)
      : this.name;
    const units = BigInt(this.prices.unitsPerStep * this.lots.unitsPerStep);
    const decimals = MONEY_DECIMALS - this.prices.decimals - this.lots.decimals;
    this.#valueFactor = units * 10n ** BigInt(Math.max(decimals, 0));
    this.#valueDivisor = 10n ** BigInt(Math.max(-decimals, 0));
  }

  /** A quantity as an amount of the base asset. */
  amount(lots: number): Money {
    const units = BigInt(lots * this.lots.unitsPerStep) * 10n ** BigInt(MONEY_DECIMALS);
    return divideRounded(units, 10n ** BigInt(this.lots.decimals));
  }

  /**
   * The value of a quantity at a price, in the quote asset.
   *
   * @param tickLots Ticks times lots, which may be a sum of such products.
   */
  value(tickLots: bigint): Money {
    const product = tickLots * this.#valueFactor;
    return this.#valueDivisor === 1n ? product : divideRounded(product, this.#valueDivisor);
  }
}

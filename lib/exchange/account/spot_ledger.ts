/**
 * The account of a spot trader: an amount of each asset.
 *
 * @module
 */

import type { PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderTicket, PaperOrder } from "../trading/order.ts";
import { OrderRefusal } from "../trading/refusal.ts";
import {
  type Booking,
  type Ledger,
  type LedgerChange,
  type PaperFees,
  SymbolAccount,
  type WantedOrder,
} from "./ledger.ts";
import { type Money, shareOf } from "./money.ts";

/** Options of {@linkcode SpotLedger}. */
export interface SpotLedgerOptions {
  /** What there is of each asset at the start. */
  readonly balances: ReadonlyMap<string, Money>;
  /** Fees of executions. */
  readonly fees: PaperFees;
}

/** An asset of the account. */
export interface AssetBalance {
  /** The asset, such as BTC. */
  readonly asset: string;
  /** What orders may take. */
  readonly free: Money;
  /** What open orders have taken. */
  readonly locked: Money;
}

/** Amounts of assets; fees are taken from what an execution brings. */
export class SpotLedger implements Ledger {
  readonly #markets: PaperMarkets;
  readonly #accounts: readonly SymbolAccount[];
  readonly #fees: PaperFees;
  readonly #totals = new Map<string, Money>();

  /**
   * @param markets What is traded.
   * @param options Assets and fees.
   */
  constructor(markets: PaperMarkets, options: SpotLedgerOptions) {
    this.#markets = markets;
    this.#fees = options.fees;
    this.#accounts = markets.symbols.map(() => new SymbolAccount());
    for (const { quoteAsset, baseAsset } of markets.symbols) {
      for (const asset of [quoteAsset, baseAsset]) {
        this.#totals.set(asset, options.balances.get(asset) ?? 0n);
      }
    }
  }

  /** Every asset that is traded. */
  get assets(): string[] {
    return [...this.#totals.keys()];
  }

  of(symbol: PaperSymbol): SymbolAccount {
    return this.#accounts[symbol.index]!;
  }

  /** What there is of an asset, free or locked. */
  total(asset: string): Money {
    return this.#totals.get(asset) ?? 0n;
  }

  /** What there is of an asset beside open orders. */
  balance(asset: string, open: readonly PaperOrder[]): AssetBalance {
    let locked = 0n;
    for (const { symbol, isBuy, tick, lots, filledLots } of open) {
      const leavesLots = lots - filledLots;
      if (isBuy && symbol.quoteAsset === asset) {
        locked += symbol.value(BigInt(tick) * BigInt(leavesLots));
      } else if (!isBuy && symbol.baseAsset === asset) locked += symbol.amount(leavesLots);
    }
    return { asset, locked, free: this.total(asset) - locked };
  }

  /** The value of everything, in the quote asset, at the marks. */
  equity(quoteAsset: string): Money {
    let equity = this.total(quoteAsset);
    for (const symbol of this.#markets.symbols) {
      const tick = BigInt(Math.round(this.#markets.of(symbol).markTick));
      const perLot = symbol.amount(1);
      if (perLot > 0n) equity += symbol.value(tick * this.total(symbol.baseAsset) / perLot);
    }
    return equity;
  }

  check(wanted: WantedOrder, open: readonly PaperOrder[]): void {
    const { symbol, isBuy, leavesLots, valueTick } = wanted;
    const needed = isBuy
      ? symbol.value(BigInt(Math.round(valueTick)) * BigInt(leavesLots))
      : symbol.amount(leavesLots);
    const asset = isBuy ? symbol.quoteAsset : symbol.baseAsset;
    if (needed > this.balance(asset, open).free) {
      throw new OrderRefusal("notCovered", `Cannot accept order: ${asset} is not sufficient`);
    }
  }

  execute(order: Pick<OrderTicket, "symbol" | "isBuy">, booking: Booking): LedgerChange {
    const { symbol, isBuy } = order;
    const { baseAsset, quoteAsset } = symbol;
    const value = symbol.value(BigInt(booking.tick) * BigInt(booking.lots));
    const amount = symbol.amount(booking.lots);
    const rate = booking.maker ? this.#fees.maker : this.#fees.taker;
    const fee = shareOf(isBuy ? amount : value, rate);
    this.#add(baseAsset, isBuy ? amount - fee : -amount);
    this.#add(quoteAsset, isBuy ? -value : value - fee);
    const realizedProfit = this.of(symbol).book(order, booking, shareOf(value, rate));
    return { fee, feeAsset: isBuy ? baseAsset : quoteAsset, realizedProfit };
  }

  #add(asset: string, amount: Money): void {
    this.#totals.set(asset, this.total(asset) + amount);
  }
}

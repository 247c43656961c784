/**
 * The account of a futures trader: one wallet, one position a symbol, cross margin.
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

/** Options of {@linkcode FuturesLedger}. */
export interface FuturesLedgerOptions {
  /** Money in the wallet at the start. */
  readonly balance: Money;
  /** Fees of executions. */
  readonly fees: PaperFees;
  /** Value of positions and orders that a unit of margin carries. */
  readonly leverage: number;
}

/** Open quantity of a symbol, in ticks times lots, by side. */
interface OpenValue {
  buys: bigint;
  sells: bigint;
}

/** Wallet and positions, valued at the markets' marks. */
export class FuturesLedger implements Ledger {
  /** Value of positions and orders that a unit of margin carries. */
  readonly leverage: number;

  readonly #markets: PaperMarkets;
  readonly #accounts: readonly SymbolAccount[];
  readonly #fees: PaperFees;
  #wallet: Money;

  /**
   * @param markets What is traded, and at what prices.
   * @param options Money, fees, leverage.
   */
  constructor(markets: PaperMarkets, options: FuturesLedgerOptions) {
    this.#markets = markets;
    this.#accounts = markets.symbols.map(() => new SymbolAccount());
    this.#fees = options.fees;
    this.#wallet = options.balance;
    this.leverage = options.leverage;
  }

  /** Money in the wallet: what was put in, and realised profits less fees. */
  get wallet(): Money {
    return this.#wallet;
  }

  /** Profit of all positions if they were closed at the marks. */
  get unrealizedProfit(): Money {
    return this.#markets.symbols.reduce((sum, symbol) => sum + this.unrealizedOf(symbol), 0n);
  }

  of(symbol: PaperSymbol): SymbolAccount {
    return this.#accounts[symbol.index]!;
  }

  /** Profit of one position if it were closed at the mark. */
  unrealizedOf(symbol: PaperSymbol): Money {
    return symbol.value(this.of(symbol).position.profitAt(this.#markets.of(symbol).markTick));
  }

  execute(order: Pick<OrderTicket, "symbol" | "isBuy">, booking: Booking): LedgerChange {
    const { symbol } = order;
    const value = symbol.value(BigInt(booking.tick) * BigInt(booking.lots));
    const fee = shareOf(value, booking.maker ? this.#fees.maker : this.#fees.taker);
    const realizedProfit = this.of(symbol).book(order, booking, fee);
    this.#wallet += realizedProfit - fee;
    return { fee, feeAsset: symbol.quoteAsset, realizedProfit };
  }

  /** An order that takes no more margin, such as one that closes, always passes. */
  check(wanted: WantedOrder, open: readonly PaperOrder[]): void {
    if (wanted.reduceOnly) {
      this.#checkReduces(wanted);
      return;
    }
    const values = this.#openValues(open);
    const taken = this.#margin(values);
    const side = values[wanted.symbol.index]!;
    const value = BigInt(Math.round(wanted.valueTick)) * BigInt(wanted.leavesLots);
    if (wanted.isBuy) side.buys += value;
    else side.sells += value;
    const needed = this.#margin(values);
    if (needed > taken && needed > this.#wallet + this.unrealizedProfit) {
      throw new OrderRefusal("notCovered", "Cannot accept order: margin is not sufficient");
    }
  }

  /**
   * Margin that positions and orders take: for each symbol, the larger of what they come to when
   * all buys, or all sells, are executed.
   */
  initialMargin(open: readonly PaperOrder[]): Money {
    return this.#margin(this.#openValues(open));
  }

  #openValues(open: readonly PaperOrder[]): OpenValue[] {
    const values = this.#markets.symbols.map(() => ({ buys: 0n, sells: 0n }));
    for (const { symbol, isBuy, tick, lots, filledLots, reduceOnly } of open) {
      if (reduceOnly) continue;
      const value = BigInt(tick) * BigInt(lots - filledLots);
      if (isBuy) values[symbol.index]!.buys += value;
      else values[symbol.index]!.sells += value;
    }
    return values;
  }

  #margin(values: readonly OpenValue[]): Money {
    return this.#markets.symbols.reduce((sum, symbol) => {
      const mark = BigInt(Math.round(this.#markets.of(symbol).markTick));
      const held = mark * BigInt(this.of(symbol).position.lots);
      const { buys, sells } = values[symbol.index]!;
      const long = magnitude(held + buys);
      const short = magnitude(held - sells);
      return sum + symbol.value(long > short ? long : short) / BigInt(this.leverage);
    }, 0n);
  }

  #checkReduces({ symbol, isBuy, leavesLots }: WantedOrder): void {
    const held = this.of(symbol).position.lots;
    if (held === 0 || (held > 0) === isBuy || leavesLots > Math.abs(held)) {
      throw new OrderRefusal("reduceOnly", `Cannot reduce position: ${held} lots are held`);
    }
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

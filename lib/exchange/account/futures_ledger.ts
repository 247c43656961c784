/**
 * The account of a futures trader: one wallet, one position a symbol, cross margin.
 *
 * @module
 */

import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderTicket } from "../trading/order.ts";
import { type Money, shareOf } from "./money.ts";
import { Position } from "./position.ts";

/** Fees as a share of the value executed; negative for a rebate. */
export interface PaperFees {
  /** For an execution that provided liquidity. */
  readonly maker: number;
  /** For an execution that took liquidity. */
  readonly taker: number;
}

/** What an execution did to the account. */
export interface LedgerChange {
  /** Fee taken; negative for a rebate. */
  readonly fee: Money;
  /** Profit realised, before the fee. */
  readonly realizedProfit: Money;
}

/** One symbol of the account. */
export class SymbolAccount {
  /** What is held. */
  readonly position: Position = new Position();
  /** Profit realised so far, before fees. */
  realizedProfit: Money = 0n;
  /** Fees paid so far. */
  fees: Money = 0n;
  /** Executions so far. */
  fills = 0;
  /** Executions so far that provided liquidity. */
  makerFills = 0;
  /** Lots executed so far. */
  volumeLots = 0;
  /** Value executed so far. */
  turnover: Money = 0n;
  /** When the position last changed, ms since the Unix epoch; 0 before. */
  updatedAt = 0;
}

/** Options of {@linkcode FuturesLedger}. */
export interface FuturesLedgerOptions {
  /** Money in the wallet at the start. */
  readonly balance: Money;
  /** Fees of executions. */
  readonly fees: PaperFees;
  /** Value of positions and orders that a unit of margin carries. */
  readonly leverage: number;
}

/** An order that takes margin. */
type MarginOrder = Pick<OrderTicket, "symbol" | "isBuy" | "tick" | "reduceOnly"> & {
  /** Lots that may still trade. */
  readonly leavesLots: number;
};

/** Wallet and positions. Prices of positions are marked by the caller, in ticks. */
export class FuturesLedger {
  /** Value of positions and orders that a unit of margin carries. */
  readonly leverage: number;
  /** By symbol. */
  readonly accounts: readonly SymbolAccount[];

  readonly #symbols: readonly PaperSymbol[];
  readonly #fees: PaperFees;
  #wallet: Money;

  /**
   * @param symbols What is traded.
   * @param options Money, fees, leverage.
   */
  constructor(symbols: readonly PaperSymbol[], options: FuturesLedgerOptions) {
    this.#symbols = symbols;
    this.#fees = options.fees;
    this.#wallet = options.balance;
    this.leverage = options.leverage;
    this.accounts = symbols.map(() => new SymbolAccount());
  }

  /** Money in the wallet: what was put in, and realised profits less fees. */
  get wallet(): Money {
    return this.#wallet;
  }

  /** The account in a symbol. */
  of(symbol: PaperSymbol): SymbolAccount {
    return this.accounts[symbol.index]!;
  }

  /** Takes in an execution. */
  execute(
    ticket: Pick<OrderTicket, "symbol" | "isBuy">,
    execution: { lots: number; tick: number; maker: boolean; time: number },
  ): LedgerChange {
    const { symbol, isBuy } = ticket;
    const { lots, tick, maker } = execution;
    const account = this.of(symbol);
    const value = symbol.value(BigInt(tick) * BigInt(lots));
    const fee = shareOf(value, maker ? this.#fees.maker : this.#fees.taker);
    const realizedProfit = symbol.value(account.position.execute(isBuy ? lots : -lots, tick));
    this.#wallet += realizedProfit - fee;
    account.realizedProfit += realizedProfit;
    account.fees += fee;
    account.fills++;
    if (maker) account.makerFills++;
    account.volumeLots += lots;
    account.turnover += value;
    account.updatedAt = execution.time;
    return { fee, realizedProfit };
  }

  /** Profit of all positions if they were closed at the marks. */
  unrealizedProfit(markTick: (symbol: PaperSymbol) => number): Money {
    return this.#symbols.reduce(
      (sum, symbol) => sum + this.unrealizedProfitOf(symbol, markTick(symbol)),
      0n,
    );
  }

  /** Profit of one position if it were closed at a price. */
  unrealizedProfitOf(symbol: PaperSymbol, markTick: number): Money {
    return symbol.value(this.of(symbol).position.profitAt(markTick));
  }

  /**
   * Margin that positions and orders take: for each symbol, the larger of what they come to when
   * all buys, or all sells, are executed.
   */
  initialMargin(
    orders: Iterable<MarginOrder>,
    markTick: (symbol: PaperSymbol) => number,
  ): Money {
    const buys = this.#symbols.map(() => 0n);
    const sells = this.#symbols.map(() => 0n);
    for (const { symbol, isBuy, tick, leavesLots, reduceOnly } of orders) {
      if (reduceOnly) continue;
      const side = isBuy ? buys : sells;
      side[symbol.index]! += BigInt(tick) * BigInt(leavesLots);
    }
    return this.#symbols.reduce((sum, symbol) => {
      const mark = Math.round(markTick(symbol));
      const held = BigInt(mark) * BigInt(this.of(symbol).position.lots);
      const long = magnitude(held + buys[symbol.index]!);
      const short = magnitude(held - sells[symbol.index]!);
      const value = symbol.value(long > short ? long : short);
      return sum + value / BigInt(this.leverage);
    }, 0n);
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

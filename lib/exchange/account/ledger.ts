/**
 * What an account holds.
 *
 * @module
 */

import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderTicket, PaperOrder } from "../trading/order.ts";
import type { Money } from "./money.ts";
import { Position } from "./position.ts";

/** Fees as a share of the value executed; negative for a rebate. */
export interface PaperFees {
  /** For an execution that provided liquidity. */
  readonly maker: number;
  /** For an execution that took liquidity. */
  readonly taker: number;
}

/** An execution, as an account books it. */
export interface Booking {
  /** Lots executed. */
  readonly lots: number;
  /** Price in ticks. */
  readonly tick: number;
  /** Whether the order had been resting. */
  readonly maker: boolean;
  /** When, ms since the Unix epoch. */
  readonly time: number;
}

/** What an execution did to the account. */
export interface LedgerChange {
  /** Fee taken; negative for a rebate. */
  readonly fee: Money;
  /** What the fee was taken in. */
  readonly feeAsset: string;
  /** Profit realised, before the fee, in the quote asset. */
  readonly realizedProfit: Money;
}

/** An order that the account is to cover. */
export interface WantedOrder extends OrderTicket {
  /** Lots that may still trade. */
  readonly leavesLots: number;
  /** The price that it is valued at, in ticks. */
  readonly valueTick: number;
}

/** Books executions, and says what else the account can carry. */
export interface Ledger {
  /** The account in a symbol. */
  of(symbol: PaperSymbol): SymbolAccount;
  /**
   * Checks that the account covers an order.
   *
   * @param wanted The order.
   * @param open All other open orders.
   * @throws {OrderRefusal} If it does not.
   */
  check(wanted: WantedOrder, open: readonly PaperOrder[]): void;
  /** Takes in an execution. */
  execute(order: Pick<OrderTicket, "symbol" | "isBuy">, booking: Booking): LedgerChange;
}

/** One symbol of an account: what was traded, and what it brought, in the quote asset. */
export class SymbolAccount {
  /** What is held of what was traded here. */
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

  /**
   * Takes in an execution.
   *
   * @param order What was executed.
   * @param booking How.
   * @param fee What it cost.
   * @returns Profit realised, before the fee.
   */
  book(
    { symbol, isBuy }: Pick<OrderTicket, "symbol" | "isBuy">,
    { lots, tick, maker, time }: Booking,
    fee: Money,
  ): Money {
    const realized = symbol.value(this.position.execute(isBuy ? lots : -lots, tick));
    this.realizedProfit += realized;
    this.fees += fee;
    this.fills++;
    if (maker) this.makerFills++;
    this.volumeLots += lots;
    this.turnover += symbol.value(BigInt(tick) * BigInt(lots));
    this.updatedAt = time;
    return realized;
  }
}

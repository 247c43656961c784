/**
 * Orders at the paper exchange.
 *
 * @module
 */

import type { TimeInForce } from "../../model/codes.ts";
import type { MatchOrder } from "../../matching/types.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";

/** An order as it is asked for, checked against its symbol's grids. */
export interface OrderTicket {
  /** What is traded. */
  readonly symbol: PaperSymbol;
  /** The client's own id. */
  readonly clientOrderId: string;
  /** Whether it buys. */
  readonly isBuy: boolean;
  /** Limit or market. */
  readonly orderType: "limit" | "market";
  /** How long it stays. */
  readonly timeInForce: Exclude<TimeInForce, "unsupported">;
  /** Limit price in ticks; 0 for a market order. */
  readonly tick: number;
  /** Quantity in lots. */
  readonly lots: number;
  /** Whether it may only make the position smaller. */
  readonly reduceOnly: boolean;
}

/** What has become of an order. */
export type PaperOrderStatus = "new" | "partiallyFilled" | "filled" | "canceled" | "expired";

/** An order that was accepted. */
export interface PaperOrder extends OrderTicket {
  /** The exchange's id. */
  readonly orderId: number;
  /** When it was accepted, ms since the Unix epoch. */
  readonly createdAt: number;
  /** When it last changed, ms since the Unix epoch. */
  readonly updatedAt: number;
  /** State. */
  readonly status: PaperOrderStatus;
  /** Lots executed. */
  readonly filledLots: number;
  /** Sum of ticks times lots of its executions. */
  readonly filledTickLots: bigint;
}

/** An order as its desk keeps it. */
export class DeskOrder implements PaperOrder {
  readonly symbol: PaperSymbol;
  readonly clientOrderId: string;
  readonly isBuy: boolean;
  readonly orderType: "limit" | "market";
  readonly timeInForce: Exclude<TimeInForce, "unsupported">;
  readonly reduceOnly: boolean;
  readonly orderId: number;
  readonly createdAt: number;
  updatedAt: number;
  tick: number;
  lots: number;
  status: PaperOrderStatus = "new";
  filledLots = 0;
  filledTickLots = 0n;
  /** Itself in the matching engine, while it rests there. */
  match: MatchOrder<DeskOrder> | undefined;

  /**
   * @param orderId The exchange's id.
   * @param ticket What was asked for.
   * @param time When it was accepted, ms since the Unix epoch.
   */
  constructor(orderId: number, ticket: OrderTicket, time: number) {
    this.orderId = orderId;
    this.symbol = ticket.symbol;
    this.clientOrderId = ticket.clientOrderId;
    this.isBuy = ticket.isBuy;
    this.orderType = ticket.orderType;
    this.timeInForce = ticket.timeInForce;
    this.tick = ticket.tick;
    this.lots = ticket.lots;
    this.reduceOnly = ticket.reduceOnly;
    this.createdAt = time;
    this.updatedAt = time;
  }

  /** Lots still open. */
  get leavesLots(): number {
    return this.lots - this.filledLots;
  }
}

/** Whether an order can still trade. */
export function isOpen(order: PaperOrder): boolean {
  return order.status === "new" || order.status === "partiallyFilled";
}

/**
 * Orders as a bot keeps them.
 *
 * @module
 */

import type { OrderStatus, OrderType, Side, TimeInForce } from "./codes.ts";

/** What an order and an exchange's answer about it have in common. */
export interface OrderFields {
  /** The id its bot gave it; unique per instrument while the bot remembers it. */
  readonly orderId: bigint;
  /** Buy or sell. */
  readonly side: Side;
  /** Limit price, in quote currency; not meaningful for a market order. */
  readonly price: number;
  /** Quantity asked for, in base units. */
  readonly qty: number;
  /** Quantity still open. */
  readonly leavesQty: number;
  /** Quantity of the last execution. */
  readonly execQty: number;
  /** Price of the last execution, in quote currency; 0 before one. */
  readonly execPrice: number;
  /** Whether the last execution was as maker. */
  readonly maker: boolean;
  /** How long it stays. */
  readonly timeInForce: TimeInForce;
  /** Limit or market. */
  readonly orderType: OrderType;
  /**
   * State at the exchange; "new" also before the exchange answered. "none" if neither the exchange
   * nor the connector knows it any more: it may be filled or gone, and only the position tells.
   */
  readonly status: OrderStatus;
  /**
   * What was asked and is not answered: "new", "canceled", or "none". With status "none" it never
   * will be answered.
   */
  readonly request: OrderStatus;
}

/** The last known state of one order. */
export interface Order extends OrderFields {
  /** Limit price in ticks. */
  readonly priceTick: bigint;
  /** When the exchange handled it, ns since the Unix epoch; 0 before an answer. */
  readonly exchTimestamp: bigint;
  /** When the bot last sent a request for it, ns since the Unix epoch. */
  readonly localTimestamp: bigint;
}

/**
 * What happens on a bot, as a union of plain objects told apart by `type`.
 *
 * Bots deliver events as records in an `EventBatch`; these objects are made from
 * records only when asked for.
 *
 * @module
 */

import type { ConnectionState, ErrorKind, OverflowCause, Side } from "./codes.ts";
import type { OrderFields } from "./order.ts";

/** Fields that every event has. */
export interface EventBase {
  /** Index of the instrument in its bot, or -1 for an event that belongs to none. */
  readonly asset: number;
  /** When the exchange made it, ns since the Unix epoch; 0n where it has no exchange time. */
  readonly exchTimestamp: bigint;
  /** When it was received here, ns since the Unix epoch. */
  readonly localTimestamp: bigint;
}

/** A trade in the market; `side` is the aggressor's. */
export interface TradeEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "trade";
  /** Side of the order that took liquidity. */
  readonly side: Side;
  /** Price, in quote currency. */
  readonly price: number;
  /** Quantity, in base units. */
  readonly qty: number;
}

/** One price level of the book changed, or, as "snapshot", is part of a whole book sent anew. */
export interface DepthEvent extends EventBase {
  /** "depth" for a change, "snapshot" for one level of a whole book, "bbo" for best bid or offer. */
  readonly type: "depth" | "snapshot" | "bbo";
  /** "buy" for a bid level, "sell" for an ask level. */
  readonly side: Side;
  /** Price of the level, in quote currency. */
  readonly price: number;
  /** Quantity now at the level; 0 when it is gone. */
  readonly qty: number;
}

/** The book was emptied, because what it held can no longer be trusted. */
export interface DepthClearEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "depthClear";
  /** The side that was emptied; "none" for both. */
  readonly side: Side;
}

/** The exchange, or the connector for it, answered about an order. */
export interface OrderUpdateEvent extends EventBase, OrderFields {
  /** Tells it apart. */
  readonly type: "order";
}

/** The position in an instrument, as the exchange sees it. */
export interface PositionEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "position";
  /** Signed quantity, in base units. */
  readonly qty: number;
}

/** A connector reported trouble, or sent something that was refused. */
export interface ErrorEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "error";
  /** What kind of trouble. */
  readonly kind: ErrorKind;
  /** The connector's own number, for kind "custom". */
  readonly code: bigint;
  /** The connector's words. */
  readonly message: string;
}

/** Events between a start and an end mark belong together, such as one depth message. */
export interface BatchMarkEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "batchStart" | "batchEnd";
  /** Whether the batch is this bot's answer to a registration (orders, position, whole book). */
  readonly registration: boolean;
}

/** An instrument's way to its connector changed. */
export interface ConnectionEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "connection";
  /** The state now. */
  readonly state: ConnectionState;
}

/** Events were, or may have been, lost; for "channel" a resynchronisation follows. */
export interface OverflowEvent extends EventBase {
  /** Tells it apart. */
  readonly type: "overflow";
  /** Where. */
  readonly cause: OverflowCause;
  /** How many events, where that is known; NaN where it cannot be. */
  readonly lost: number;
}

/** Anything that happens on a bot. */
export type BotEvent =
  | TradeEvent
  | DepthEvent
  | DepthClearEvent
  | OrderUpdateEvent
  | PositionEvent
  | ErrorEvent
  | BatchMarkEvent
  | ConnectionEvent
  | OverflowEvent;

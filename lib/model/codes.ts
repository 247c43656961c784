/**
 * The words of the trade (sides, order types, states) as string unions, beside
 * the numbers that hftbacktest's engine uses for them on the wire and in its C
 * ABI.
 *
 * The numbers are those of `hftbacktest/src/types.rs`, crate 0.9.4.
 *
 * @module
 */

/** Side of an order, of the aggressor of a trade, or of a book level. */
export type Side = "buy" | "sell" | "none";

/**
 * How long an order stays: good till cancelled, post-only (good till crossing),
 * fill or kill, immediate or cancel.
 */
export type TimeInForce = "GTC" | "GTX" | "FOK" | "IOC" | "unsupported";

/** Limit or market order. */
export type OrderType = "limit" | "market" | "unsupported";

/** State of an order, or, in `Order.request`, what was last asked for it. */
export type OrderStatus =
  | "none"
  | "new"
  | "expired"
  | "filled"
  | "canceled"
  | "partiallyFilled"
  | "rejected"
  | "replaced"
  | "unsupported";

/**
 * What ended a wait: its time passed, the data ended, a market event came, or
 * an order response came.
 */
export type ElapseResult = "ok" | "endOfData" | "marketFeed" | "orderResponse";

/** What kind of trouble a connector reported; `malformed` is a message that this side refused. */
export type ErrorKind =
  | "connectionInterrupted"
  | "criticalConnectionError"
  | "orderError"
  | "custom"
  | "malformed";

/** State of an instrument's way to its connector. */
export type ConnectionState = "detached" | "attached" | "registered" | "replaced";

/** Where events were lost: in the channel from the connector, or in the bot's own journal. */
export type OverflowCause = "channel" | "journal";

const SIDES = new Map<number, Side>([[1, "buy"], [-1, "sell"], [0, "none"]]);

const TIMES_IN_FORCE: readonly TimeInForce[] = ["GTC", "GTX", "FOK", "IOC"];
const ORDER_TYPES: readonly OrderType[] = ["limit", "market"];
const ORDER_STATUSES: readonly OrderStatus[] = [
  "none",
  "new",
  "expired",
  "filled",
  "canceled",
  "partiallyFilled",
  "rejected",
  "replaced",
];
const ELAPSE_RESULTS: readonly ElapseResult[] = [
  "ok",
  "endOfData",
  "marketFeed",
  "orderResponse",
];
const ERROR_KINDS: readonly ErrorKind[] = [
  "connectionInterrupted",
  "criticalConnectionError",
  "orderError",
  "custom",
  "malformed",
];
const CONNECTION_STATES: readonly ConnectionState[] = [
  "detached",
  "attached",
  "registered",
  "replaced",
];
const OVERFLOW_CAUSES: readonly OverflowCause[] = ["channel", "journal"];

/** The code of "unsupported" for a status, a time in force and an order type. */
export const UNSUPPORTED = 255;

/** Side for upstream's code (1, -1, 0); anything else is "none". */
export function sideOf(code: number): Side {
  return SIDES.get(code) ?? "none";
}

/** Upstream's code of a side. */
export function sideCode(side: Side): number {
  return side === "buy" ? 1 : side === "sell" ? -1 : 0;
}

/** Time in force for upstream's code. */
export function timeInForceOf(code: number): TimeInForce {
  return TIMES_IN_FORCE[code] ?? "unsupported";
}

/** Upstream's code of a time in force; {@linkcode UNSUPPORTED} for any other value. */
export function timeInForceCode(timeInForce: TimeInForce): number {
  return codeIn(TIMES_IN_FORCE, timeInForce);
}

/** Order type for upstream's code. */
export function orderTypeOf(code: number): OrderType {
  return ORDER_TYPES[code] ?? "unsupported";
}

/** Upstream's code of an order type; {@linkcode UNSUPPORTED} for any other value. */
export function orderTypeCode(orderType: OrderType): number {
  return codeIn(ORDER_TYPES, orderType);
}

/** Order status for upstream's code. */
export function orderStatusOf(code: number): OrderStatus {
  return ORDER_STATUSES[code] ?? "unsupported";
}

/** Upstream's code of an order status; {@linkcode UNSUPPORTED} for any other value. */
export function orderStatusCode(status: OrderStatus): number {
  return codeIn(ORDER_STATUSES, status);
}

/** Wait result for the engine's return code (0 to 3). */
export function elapseResultOf(code: number): ElapseResult | undefined {
  return ELAPSE_RESULTS[code];
}

/** Error kind for the code in a record. */
export function errorKindOf(code: number): ErrorKind {
  return ERROR_KINDS[code] ?? "custom";
}

/** Code of an error kind in a record. */
export function errorKindCode(kind: ErrorKind): number {
  return codeIn(ERROR_KINDS, kind);
}

/** Connection state for the code in a record. */
export function connectionStateOf(code: number): ConnectionState {
  return CONNECTION_STATES[code] ?? "detached";
}

/** Code of a connection state in a record. */
export function connectionStateCode(state: ConnectionState): number {
  return codeIn(CONNECTION_STATES, state);
}

/** Overflow cause for the code in a record. */
export function overflowCauseOf(code: number): OverflowCause {
  return OVERFLOW_CAUSES[code] ?? "channel";
}

/** Code of an overflow cause in a record. */
export function overflowCauseCode(cause: OverflowCause): number {
  return codeIn(OVERFLOW_CAUSES, cause);
}

/** Whether an order in this state can still trade. */
export function isActive(status: OrderStatus): boolean {
  return status === "new" || status === "partiallyFilled";
}

/** Whether no later update can change an order in this state. */
export function isFinal(status: OrderStatus): boolean {
  return status === "filled" || status === "canceled" || status === "expired" ||
    status === "rejected";
}

function codeIn<T>(words: readonly T[], word: T): number {
  const code = words.indexOf(word);
  return code < 0 ? UNSUPPORTED : code;
}

import { assertEquals } from "@std/assert";
import {
  type ConnectionState,
  connectionStateCode,
  connectionStateOf,
  elapseResultOf,
  type ErrorKind,
  errorKindCode,
  errorKindOf,
  isActive,
  isFinal,
  type OrderStatus,
  orderStatusCode,
  orderStatusOf,
  type OrderType,
  orderTypeCode,
  orderTypeOf,
  type OverflowCause,
  overflowCauseCode,
  overflowCauseOf,
  type Side,
  sideCode,
  sideOf,
  type TimeInForce,
  timeInForceCode,
  timeInForceOf,
  UNSUPPORTED,
} from "@hftlive/hftlive";

// Upstream's numbers: hftbacktest/src/types.rs.
const SIDES: [Side, number][] = [["buy", 1], ["sell", -1], ["none", 0]];
const STATUSES: [OrderStatus, number][] = [
  ["none", 0],
  ["new", 1],
  ["expired", 2],
  ["filled", 3],
  ["canceled", 4],
  ["partiallyFilled", 5],
  ["rejected", 6],
  ["replaced", 7],
  ["unsupported", 255],
];
const TIMES_IN_FORCE: [TimeInForce, number][] = [
  ["GTC", 0],
  ["GTX", 1],
  ["FOK", 2],
  ["IOC", 3],
  ["unsupported", 255],
];
const ORDER_TYPES: [OrderType, number][] = [["limit", 0], ["market", 1], ["unsupported", 255]];

// hftlive's numbers: docs/abi.md.
const ERROR_KINDS: [ErrorKind, number][] = [
  ["connectionInterrupted", 0],
  ["criticalConnectionError", 1],
  ["orderError", 2],
  ["custom", 3],
  ["malformed", 4],
];
const STATES: [ConnectionState, number][] = [
  ["detached", 0],
  ["attached", 1],
  ["registered", 2],
  ["replaced", 3],
];
const CAUSES: [OverflowCause, number][] = [["channel", 0], ["journal", 1]];

function checkBothWays<T>(
  pairs: readonly [T, number][],
  codeOf: (word: T) => number,
  wordOf: (code: number) => T,
): void {
  for (const [word, code] of pairs) {
    assertEquals(codeOf(word), code);
    assertEquals(wordOf(code), word);
  }
}

Deno.test("every word has its number, both ways", () => {
  checkBothWays(SIDES, sideCode, sideOf);
  checkBothWays(STATUSES, orderStatusCode, orderStatusOf);
  checkBothWays(TIMES_IN_FORCE, timeInForceCode, timeInForceOf);
  checkBothWays(ORDER_TYPES, orderTypeCode, orderTypeOf);
  checkBothWays(ERROR_KINDS, errorKindCode, errorKindOf);
  checkBothWays(STATES, connectionStateCode, connectionStateOf);
  checkBothWays(CAUSES, overflowCauseCode, overflowCauseOf);
});

Deno.test("the results of a wait have upstream's numbers", () => {
  assertEquals([0, 1, 2, 3, 4, -1].map(elapseResultOf), [
    "ok",
    "endOfData",
    "marketFeed",
    "orderResponse",
    undefined,
    undefined,
  ]);
});

Deno.test("an unknown number is never a known word", () => {
  for (const code of [-2, 2, 8, 17, 254]) {
    assertEquals(sideOf(code), "none");
    if (code > 7 || code < 0) assertEquals(orderStatusOf(code), "unsupported");
    if (code > 3 || code < 0) assertEquals(timeInForceOf(code), "unsupported");
    assertEquals(orderTypeOf(code), "unsupported");
  }
  assertEquals(timeInForceCode("day" as TimeInForce), UNSUPPORTED);
});

Deno.test("an order is active, final, or neither", () => {
  const active = STATUSES.filter(([status]) => isActive(status)).map(([status]) => status);
  const final = STATUSES.filter(([status]) => isFinal(status)).map(([status]) => status);
  assertEquals(active, ["new", "partiallyFilled"]);
  assertEquals(final, ["expired", "filled", "canceled", "rejected"]);
});

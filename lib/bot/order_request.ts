/**
 * What every bot checks before an order leaves it.
 *
 * @module
 */

import type { OrderType, TimeInForce } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { Instrument } from "../model/instrument.ts";

const MAX_ORDER_ID = 2n ** 64n - 1n;
/** Ticks and lots beyond this could not be told apart as doubles. */
const MAX_STEPS = 2 ** 52;
/** How far from a whole number of steps a price or quantity may lie, for 0.1 + 0.2. */
const GRID_TOLERANCE = 1e-6;

/** An order as it is asked for. */
export interface OrderRequest {
  /** Unique id, 0 to 2^64-1. */
  readonly orderId: bigint;
  /** Limit price, in quote currency; ignored for a market order. */
  readonly price: number;
  /** Quantity, in base units. */
  readonly qty: number;
  /** How long it stays. */
  readonly timeInForce: TimeInForce;
  /** Limit or market. */
  readonly orderType: OrderType;
}

/**
 * Checks an order against its instrument's grid.
 *
 * @throws {BotError} "invalidOrderRequest", naming field and value.
 */
export function checkOrderRequest(instrument: Instrument, request: OrderRequest): void {
  const { orderId, price, qty, timeInForce, orderType } = request;
  checkOrderId(orderId);
  if (orderType !== "limit" && orderType !== "market") {
    refuse("orderType", orderType, "limit or market");
  }
  if (
    timeInForce !== "GTC" && timeInForce !== "GTX" && timeInForce !== "FOK" &&
    timeInForce !== "IOC"
  ) {
    refuse("timeInForce", timeInForce, "GTC, GTX, FOK or IOC");
  }
  if (orderType === "limit") {
    checkGrid("price", price, "tick size", instrument.tickSize);
  } else if (!(Number.isFinite(price) && price >= 0)) {
    refuse("price", price, "a number of at least 0 (a market order does not use it)");
  }
  checkGrid("qty", qty, "lot size", instrument.lotSize);
}

/**
 * Checks that an order id is an unsigned 64-bit bigint.
 *
 * @throws {BotError} "invalidOrderRequest", naming the value.
 */
export function checkOrderId(orderId: bigint): void {
  if (typeof orderId !== "bigint" || orderId < 0n || orderId > MAX_ORDER_ID) {
    refuse("orderId", orderId, "a bigint from 0n to 2n ** 64n - 1n");
  }
}

function checkGrid(field: string, value: number, stepName: string, step: number): void {
  if (!(typeof value === "number" && value > 0 && Number.isFinite(value))) {
    refuse(field, value, "a positive number");
  }
  const steps = value / step;
  if (
    steps > MAX_STEPS ||
    Math.abs(steps - Math.round(steps)) > GRID_TOLERANCE || Math.round(steps) === 0
  ) {
    refuse(field, value, `a multiple of the ${stepName} ${step}`);
  }
}

function refuse(field: string, value: unknown, expected: string): never {
  throw new BotError(
    "invalidOrderRequest",
    `Cannot submit order: ${field} = ${String(value)}, expected ${expected}`,
  );
}

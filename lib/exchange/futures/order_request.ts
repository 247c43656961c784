/**
 * New orders and changes, as requests ask for them.
 *
 * @module
 */

import { formatMoney } from "../account/money.ts";
import { type ApiError, refuse } from "../binance/errors.ts";
import { readClientId, readSide, readSteps } from "../binance/order_fields.ts";
import type { RequestParams } from "../binance/params.ts";
import type { PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderTicket } from "../trading/order.ts";
import type { OrderRefusal } from "../trading/refusal.ts";

const TIMES_IN_FORCE = ["GTC", "IOC", "FOK", "GTX"] as const;

/** Order types that Binance has and the paper exchange has not. */
const OTHER_TYPES = [
  "STOP",
  "STOP_MARKET",
  "TAKE_PROFIT",
  "TAKE_PROFIT_MARKET",
  "TRAILING_STOP_MARKET",
];

/** How new orders are read. */
export interface OrderRules {
  /** Whether a market order that brings a price or a time in force is refused, as by Binance. */
  readonly refuseUnneeded: boolean;
}

/** The symbol that a request names. */
export function readSymbol(params: RequestParams, markets: PaperMarkets): PaperSymbol {
  const symbol = markets.find(params.required("symbol"));
  if (symbol === undefined) throw refuse.symbol();
  return symbol;
}

/**
 * Reads a new order.
 *
 * @throws {ApiError} If something is missing or wrong.
 */
export function readNewOrder(
  params: RequestParams,
  context: { readonly markets: PaperMarkets; readonly rules: OrderRules },
): OrderTicket {
  const symbol = readSymbol(params, context.markets);
  const isBuy = readSide(params);
  const orderType = readType(params);
  if ((params.optional("positionSide") ?? "BOTH") !== "BOTH") throw refuse.positionSide();
  for (const name of ["stopPrice", "activationPrice", "callbackRate", "closePosition"]) {
    if (params.optional(name) !== undefined && params.optional(name) !== "false") {
      throw refuse.notRequired(name);
    }
  }
  const lots = readQty(params, symbol);
  const clientOrderId = readClientId(params, refuse.clientIdLength);
  const reduceOnly = params.flag("reduceOnly");
  const common = { symbol, clientOrderId, isBuy, lots, reduceOnly };
  if (orderType === "market") {
    for (const name of ["timeInForce", "price"]) {
      if (context.rules.refuseUnneeded && params.has(name)) throw refuse.notRequired(name);
    }
    return { ...common, orderType, timeInForce: "GTC", tick: 0 };
  }
  const timeInForce = params.required("timeInForce");
  const known = TIMES_IN_FORCE.find((name) => name === timeInForce);
  if (known === undefined) throw refuse.timeInForce();
  return { ...common, orderType, timeInForce: known, tick: readPrice(params, symbol) };
}

/**
 * Reads the new terms of an order.
 *
 * @throws {ApiError} If something is missing or wrong.
 */
export function readTerms(
  params: RequestParams,
  symbol: PaperSymbol,
): { isBuy: boolean; tick: number; lots: number } {
  return {
    isBuy: readSide(params),
    lots: readQty(params, symbol),
    tick: readPrice(params, symbol),
  };
}

/** What Binance says to a refusal. */
export function refusalError({ reason }: OrderRefusal, symbol: PaperSymbol): ApiError {
  switch (reason) {
    case "duplicateClientOrderId":
      return refuse.duplicateClientId();
    case "notCovered":
      return refuse.margin();
    case "tooManyOpenOrders":
      return refuse.tooManyOpenOrders();
    case "belowMinNotional":
      return refuse.minNotional(formatMoney(symbol.limits.minNotional));
    case "wouldTake":
      return refuse.wouldTake();
    case "reduceOnly":
      return refuse.reduceOnly();
    case "notOpen":
      return refuse.unknownOrder();
    case "unchanged":
      return refuse.unchanged();
  }
}

function readType(params: RequestParams): "limit" | "market" {
  const type = params.required("type");
  if (type === "LIMIT") return "limit";
  if (type === "MARKET") return "market";
  throw OTHER_TYPES.includes(type) ? refuse.unsupportedType() : refuse.orderType();
}

function readQty(params: RequestParams, symbol: PaperSymbol): number {
  const lots = readSteps(params, "quantity", symbol.lots, {
    offGrid: refuse.lot,
    tooLarge: refuse.qtyTooLarge,
  });
  const { minLots, maxLots } = symbol.limits;
  if (lots === 0) throw refuse.qtyNotPositive();
  if (lots < minLots) throw refuse.qtyTooSmall();
  if (lots > maxLots) throw refuse.qtyTooLarge();
  return lots;
}

function readPrice(params: RequestParams, symbol: PaperSymbol): number {
  const tick = readSteps(params, "price", symbol.prices, {
    offGrid: refuse.tick,
    tooLarge: refuse.priceTooHigh,
  });
  if (tick === 0) throw refuse.priceNotPositive();
  return tick;
}

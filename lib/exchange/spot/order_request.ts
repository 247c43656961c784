/**
 * New orders, as requests to the spot market ask for them.
 *
 * @module
 */

import { type ApiError, refuse } from "../binance/errors.ts";
import { readClientId, readSide, readSteps } from "../binance/order_fields.ts";
import type { RequestParams } from "../binance/params.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderTicket } from "../trading/order.ts";
import type { OrderRefusal } from "../trading/refusal.ts";
import type { SpotContext } from "./context.ts";

const SYMBOL = /^[A-Z0-9-_.]{1,20}$/;
const TIMES_IN_FORCE = ["GTC", "IOC", "FOK"] as const;
const OTHER_TYPES = ["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"];

/** The symbol that a request names. */
export function readSymbol(
  params: RequestParams,
  { markets, refuseLowerCase }: SpotContext,
): PaperSymbol {
  const name = params.required("symbol");
  if (refuseLowerCase && !SYMBOL.test(name)) {
    throw refuse.illegalCharacters("symbol", SYMBOL.source);
  }
  const symbol = markets.find(name);
  if (symbol === undefined) throw refuse.symbol();
  return symbol;
}

/**
 * Reads a new order. One that must not take is a LIMIT_MAKER here; the desk knows it as good till
 * crossing.
 *
 * @throws {ApiError} If something is missing or wrong.
 */
export function readNewOrder(params: RequestParams, context: SpotContext): OrderTicket {
  const symbol = readSymbol(params, context);
  const isBuy = readSide(params);
  const type = params.required("type");
  if (type !== "LIMIT" && type !== "MARKET" && type !== "LIMIT_MAKER") {
    throw OTHER_TYPES.includes(type) ? refuse.unsupportedType() : refuse.orderType();
  }
  for (const name of ["stopPrice", "icebergQty", "quoteOrderQty", "trailingDelta"]) {
    if (params.optional(name) !== undefined) throw refuse.notRequired(name);
  }
  const lots = readQty(params, symbol);
  const clientOrderId = readClientId(params, refuse.clientIdLength);
  const common = { symbol, isBuy, clientOrderId, lots, reduceOnly: false };
  const unneeded = type === "MARKET" ? ["timeInForce", "price"] : ["timeInForce"];
  if (type !== "LIMIT" && context.refuseUnneeded) {
    for (const name of unneeded) if (params.has(name)) throw refuse.notRequired(name);
  }
  if (type === "MARKET") return { ...common, orderType: "market", timeInForce: "GTC", tick: 0 };
  const tick = readPrice(params, symbol);
  if (type === "LIMIT_MAKER") return { ...common, orderType: "limit", timeInForce: "GTX", tick };
  const timeInForce = params.required("timeInForce");
  const known = TIMES_IN_FORCE.find((name) => name === timeInForce);
  if (known === undefined) throw refuse.timeInForce();
  return { ...common, orderType: "limit", timeInForce: known, tick };
}

/** What Binance says to a refusal. */
export function refusalError({ reason }: OrderRefusal): ApiError {
  switch (reason) {
    case "duplicateClientOrderId":
      return refuse.rejected("Duplicate order sent.");
    case "notCovered":
      return refuse.rejected("The account's balance is insufficient.");
    case "tooManyOpenOrders":
      return refuse.filter("MAX_NUM_ORDERS");
    case "belowMinNotional":
      return refuse.filter("NOTIONAL");
    case "wouldTake":
      return refuse.rejected("The order would immediately match and take.");
    case "reduceOnly":
    case "unchanged":
      return refuse.rejected("The order is not possible.");
    case "notOpen":
      return refuse.unknownOrder();
  }
}

function readQty(params: RequestParams, symbol: PaperSymbol): number {
  const outside = () => refuse.filter("LOT_SIZE");
  const lots = readSteps(params, "quantity", symbol.lots, { offGrid: outside, tooLarge: outside });
  const { minLots, maxLots } = symbol.limits;
  if (lots < minLots || lots > maxLots) throw outside();
  return lots;
}

function readPrice(params: RequestParams, symbol: PaperSymbol): number {
  const outside = () => refuse.filter("PRICE_FILTER");
  const tick = readSteps(params, "price", symbol.prices, { offGrid: outside, tooLarge: outside });
  if (tick === 0) throw outside();
  return tick;
}

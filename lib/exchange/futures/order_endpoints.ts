/**
 * Requests about orders.
 *
 * @module
 */

import { ApiError, refuse } from "../binance/errors.ts";
import type { RequestParams } from "../binance/params.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { Endpoints } from "../rest/router.ts";
import type { PaperOrder } from "../trading/order.ts";
import { OrderRefusal } from "../trading/refusal.ts";
import type { FuturesContext } from "./context.ts";
import { acknowledgementJson, orderJson } from "./order_json.ts";
import { readNewOrder, readSymbol, readTerms, refusalError } from "./order_request.ts";

/** Weight of a question that names no symbol. */
const ALL_SYMBOLS_WEIGHT = 40;

/** Most orders that one answer lists, unless a request asks for fewer. */
const MAX_LISTED = 1_000;
const DEFAULT_LISTED = 500;

/** New orders, changes, cancels, questions. */
export function orderEndpoints(context: FuturesContext): Endpoints {
  const { desk, markets } = context;
  return {
    "POST /fapi/v1/order": {
      security: "signed",
      weight: 0,
      countsAsOrder: true,
      handle: (params) => submit(params, context),
    },
    "PUT /fapi/v1/order": {
      security: "signed",
      weight: 0,
      countsAsOrder: true,
      handle: (params) => amend(params, context),
    },
    "DELETE /fapi/v1/order": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        const symbol = readSymbol(params, markets);
        const order = findOrder(params, symbol, context);
        if (order === undefined) throw refuse.unknownOrder();
        return orderJson(refusing(symbol, () => desk.cancel(order)));
      },
    },
    "DELETE /fapi/v1/allOpenOrders": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        desk.cancelAll(readSymbol(params, markets));
        return { code: 200, msg: "All open orders of the symbol are canceled." };
      },
    },
    "GET /fapi/v1/order": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        const order = findOrder(params, readSymbol(params, markets), context);
        if (order === undefined) throw refuse.noSuchOrder();
        return orderJson(order);
      },
    },
    "GET /fapi/v1/openOrder": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        const symbol = readSymbol(params, markets);
        const order = findOrder(params, symbol, context);
        if (order === undefined || !desk.orders.open(symbol).some((open) => open === order)) {
          throw refuse.noSuchOrder();
        }
        return orderJson(order);
      },
    },
    "GET /fapi/v1/openOrders": {
      security: "signed",
      weight: (params) => params.optional("symbol") === undefined ? ALL_SYMBOLS_WEIGHT : 1,
      handle: (params) => {
        const symbol = params.optional("symbol") === undefined
          ? undefined
          : readSymbol(params, markets);
        return desk.orders.open(symbol).map(orderJson);
      },
    },
    "GET /fapi/v1/allOrders": {
      security: "signed",
      weight: 5,
      handle: (params) => {
        const first = params.optionalInteger("orderId") ?? 0;
        const limit = params.optionalInteger("limit") ?? DEFAULT_LISTED;
        if (limit < 1 || limit > MAX_LISTED) throw refuse.invalid("limit");
        const orders = desk.orders.all(readSymbol(params, markets))
          .filter((order) => order.orderId >= first);
        return (first === 0 ? orders.slice(-limit) : orders.slice(0, limit)).map(orderJson);
      },
    },
  };
}

function submit(params: RequestParams, context: FuturesContext): unknown {
  const ticket = readNewOrder(params, context);
  const responseType = params.optional("newOrderRespType") ?? "ACK";
  if (responseType !== "ACK" && responseType !== "RESULT") throw refuse.responseType();
  const rejection = context.faults.takeRejection();
  if (rejection !== undefined) throw new ApiError(rejection.code, rejection.message);
  const order = refusing(ticket.symbol, () => context.desk.submit(ticket));
  return responseType === "ACK" ? acknowledgementJson(order) : orderJson(order);
}

function amend(params: RequestParams, context: FuturesContext): unknown {
  const symbol = readSymbol(params, context.markets);
  const order = findOrder(params, symbol, context);
  if (order === undefined) throw refuse.noSuchOrder();
  const { isBuy, tick, lots } = readTerms(params, symbol);
  if (isBuy !== order.isBuy) throw refuse.side();
  if (order.orderType !== "limit") throw refuse.orderType();
  const amended = refusing(symbol, () => context.desk.amend(order, { tick, lots }));
  return { ...orderJson(amended), pair: symbol.name };
}

function findOrder(
  params: RequestParams,
  symbol: PaperSymbol,
  { desk }: FuturesContext,
): PaperOrder | undefined {
  const orderId = params.optionalInteger("orderId");
  if (orderId !== undefined) return desk.orders.byId(symbol, orderId);
  const clientOrderId = params.optional("origClientOrderId");
  if (clientOrderId === undefined) throw refuse.missingOneOf("origClientOrderId", "orderId");
  return desk.orders.byClientId(symbol, clientOrderId);
}

function refusing<T>(symbol: PaperSymbol, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof OrderRefusal ? refusalError(error, symbol) : error;
  }
}

/**
 * Requests to the spot market.
 *
 * @module
 */

import { formatMoney } from "../account/money.ts";
import { ApiError, refuse } from "../binance/errors.ts";
import type { RequestParams } from "../binance/params.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { Endpoint, Endpoints } from "../rest/router.ts";
import type { PaperOrder } from "../trading/order.ts";
import { OrderRefusal } from "../trading/refusal.ts";
import type { SpotContext } from "./context.ts";
import { canceledJson, newOrderJson, orderJson } from "./order_json.ts";
import { readNewOrder, readSymbol, refusalError } from "./order_request.ts";

const DEFAULT_DEPTH = 100;
const MAX_DEPTH = 5_000;

/** Weights of a depth request, by the number of levels up to which they hold. */
const DEPTH_WEIGHTS = [[100, 5], [500, 25], [1_000, 50], [MAX_DEPTH, 250]] as const;

/** Time, symbols, books. */
export function marketEndpoints(context: SpotContext): Endpoints {
  const { markets, streams, limits } = context;
  const depth: Endpoint = {
    security: "none",
    weight: (params) => DEPTH_WEIGHTS.find(([most]) => depthLimit(params) <= most)?.[1] ?? 5,
    handle: (params) => streams.snapshot(readSymbol(params, context), depthLimit(params)),
  };
  return {
    "GET /api/v3/ping": { security: "none", weight: 1, handle: () => ({}) },
    "GET /api/v3/time": { security: "none", weight: 1, handle: () => ({ serverTime: Date.now() }) },
    "GET /api/v3/exchangeInfo": {
      security: "none",
      weight: 20,
      handle: () => ({
        timezone: "UTC",
        serverTime: Date.now(),
        rateLimits: limits.describe(),
        exchangeFilters: [],
        symbols: markets.symbols.map(symbolJson),
      }),
    },
    "GET /api/v3/depth": depth,
    // The path of before, which the connector asks for.
    "GET /api/v1/depth": depth,
  };
}

/** Account and orders. */
export function accountEndpoints(context: SpotContext): Endpoints {
  const { desk } = context;
  return {
    "GET /api/v3/account": {
      security: "signed",
      weight: 20,
      handle: () => accountJson(context),
    },
    "POST /api/v3/order": {
      security: "signed",
      weight: 1,
      countsAsOrder: true,
      handle: (params) => submit(params, context),
    },
    "DELETE /api/v3/order": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        const order = findOrder(params, context);
        if (order === undefined) throw refuse.unknownOrder();
        return canceledJson(refusing(() => desk.cancel(order)));
      },
    },
    "GET /api/v3/order": {
      security: "signed",
      weight: 4,
      handle: (params) => {
        const order = findOrder(params, context);
        if (order === undefined) throw refuse.noSuchOrder();
        return orderJson(order);
      },
    },
    "GET /api/v3/openOrders": {
      security: "signed",
      weight: (params) => params.optional("symbol") === undefined ? 80 : 6,
      handle: (params) => {
        const symbol = params.optional("symbol") === undefined
          ? undefined
          : readSymbol(params, context);
        return desk.orders.open(symbol).map(orderJson);
      },
    },
    "DELETE /api/v3/openOrders": {
      security: "signed",
      weight: 1,
      handle: (params) => {
        const canceled = desk.cancelAll(readSymbol(params, context));
        // As at Binance, there must be one.
        if (canceled.length === 0) throw refuse.unknownOrder();
        return canceled.map(canceledJson);
      },
    },
  };
}

function submit(params: RequestParams, context: SpotContext): unknown {
  const { desk, faults, newFills } = context;
  const ticket = readNewOrder(params, context);
  const kind = params.optional("newOrderRespType") ?? "FULL";
  if (kind !== "ACK" && kind !== "RESULT" && kind !== "FULL") throw refuse.responseType();
  const rejection = faults.takeRejection();
  if (rejection !== undefined) throw new ApiError(rejection.code, rejection.message);
  newFills.length = 0;
  return newOrderJson(refusing(() => desk.submit(ticket)), kind, newFills);
}

function findOrder(params: RequestParams, context: SpotContext): PaperOrder | undefined {
  const { orders } = context.desk;
  const symbol = readSymbol(params, context);
  const orderId = params.optionalInteger("orderId");
  if (orderId !== undefined) return orders.byId(symbol, orderId);
  const clientOrderId = params.optional("origClientOrderId");
  if (clientOrderId === undefined) throw refuse.missingOneOf("origClientOrderId", "orderId");
  return orders.byClientId(symbol, clientOrderId);
}

function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof OrderRefusal ? refusalError(error) : error;
  }
}

function depthLimit(params: RequestParams): number {
  const limit = params.optionalInteger("limit") ?? DEFAULT_DEPTH;
  if (limit < 1 || limit > MAX_DEPTH) throw refuse.invalid("limit");
  return limit;
}

function accountJson({ ledger, desk, fees }: SpotContext): Record<string, unknown> {
  const open = desk.orders.open();
  const rate = (share: number) => share.toFixed(8);
  return {
    makerCommission: Math.round(fees.maker * 10_000),
    takerCommission: Math.round(fees.taker * 10_000),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: rate(fees.maker),
      taker: rate(fees.taker),
      buyer: rate(0),
      seller: rate(0),
    },
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: Date.now(),
    accountType: "SPOT",
    balances: ledger.assets.map((asset) => {
      const { free, locked } = ledger.balance(asset, open);
      return { asset, free: formatMoney(free), locked: formatMoney(locked) };
    }),
    permissions: ["SPOT"],
    uid: 1,
  };
}

function symbolJson(symbol: PaperSymbol): Record<string, unknown> {
  const { prices, lots, limits } = symbol;
  return {
    symbol: symbol.name,
    status: "TRADING",
    baseAsset: symbol.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: symbol.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
    isSpotTradingAllowed: true,
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: prices.format(1),
        maxPrice: prices.format(Math.floor(Number.MAX_SAFE_INTEGER / prices.unitsPerStep)),
        tickSize: prices.format(1),
      },
      {
        filterType: "LOT_SIZE",
        minQty: lots.format(limits.minLots),
        maxQty: lots.format(limits.maxLots),
        stepSize: lots.format(1),
      },
      { filterType: "NOTIONAL", minNotional: formatMoney(limits.minNotional) },
      { filterType: "MAX_NUM_ORDERS", maxNumOrders: limits.maxOpenOrders },
    ],
  };
}

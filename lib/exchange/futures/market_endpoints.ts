/**
 * Requests that anybody may make.
 *
 * @module
 */

import { refuse } from "../binance/errors.ts";
import type { RequestParams } from "../binance/params.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { Endpoints } from "../rest/router.ts";
import type { FuturesContext } from "./context.ts";
import { formatMoney } from "../account/money.ts";
import { readSymbol } from "./order_request.ts";

/** Limits that a depth request may name, each with its weight. */
const DEPTH_WEIGHTS: Readonly<Record<number, number>> = {
  5: 2,
  10: 2,
  20: 2,
  50: 2,
  100: 5,
  500: 10,
  1000: 20,
};
const DEFAULT_DEPTH = 500;

/** Time, symbols, books. */
export function marketEndpoints(context: FuturesContext): Endpoints {
  const { markets, streams, limits } = context;
  return {
    "GET /fapi/v1/ping": { security: "none", weight: 1, handle: () => ({}) },
    "GET /fapi/v1/time": {
      security: "none",
      weight: 1,
      handle: () => ({ serverTime: Date.now() }),
    },
    "GET /fapi/v1/exchangeInfo": {
      security: "none",
      weight: 1,
      handle: () => ({
        timezone: "UTC",
        serverTime: Date.now(),
        futuresType: "U_MARGINED",
        rateLimits: limits.describe(),
        exchangeFilters: [],
        assets: [],
        symbols: markets.symbols.map(symbolJson),
      }),
    },
    "GET /fapi/v1/depth": {
      security: "none",
      weight: (params) => DEPTH_WEIGHTS[depthLimit(params)] ?? 1,
      handle: (params) => streams.snapshot(readSymbol(params, markets), depthLimit(params)),
    },
  };
}

function depthLimit(params: RequestParams): number {
  const limit = params.optionalInteger("limit") ?? DEFAULT_DEPTH;
  if (DEPTH_WEIGHTS[limit] === undefined) throw refuse.depthLimit(String(limit));
  return limit;
}

function symbolJson(symbol: PaperSymbol): Record<string, unknown> {
  const { prices, lots, limits } = symbol;
  const quantities = {
    minQty: lots.format(limits.minLots),
    maxQty: lots.format(limits.maxLots),
    stepSize: lots.format(1),
  };
  return {
    symbol: symbol.name,
    pair: symbol.name,
    contractType: "PERPETUAL",
    status: "TRADING",
    baseAsset: symbol.baseAsset,
    quoteAsset: symbol.quoteAsset,
    marginAsset: symbol.quoteAsset,
    pricePrecision: prices.decimals,
    quantityPrecision: lots.decimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: prices.format(1),
        maxPrice: prices.format(Math.floor(Number.MAX_SAFE_INTEGER / prices.unitsPerStep)),
        tickSize: prices.format(1),
      },
      { filterType: "LOT_SIZE", ...quantities },
      { filterType: "MARKET_LOT_SIZE", ...quantities },
      { filterType: "MAX_NUM_ORDERS", limit: limits.maxOpenOrders },
      { filterType: "MIN_NOTIONAL", notional: formatMoney(limits.minNotional) },
    ],
    orderTypes: ["LIMIT", "MARKET"],
    timeInForce: ["GTC", "IOC", "FOK", "GTX"],
  };
}

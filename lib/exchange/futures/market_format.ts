/**
 * Market data as Binance's USD-M futures write it.
 *
 * @module
 */

import type { MarketFormat } from "../binance/market_streams.ts";

/** Messages and snapshots of USD-M futures. */
export const FUTURES_FORMAT: MarketFormat = {
  depth: (symbol, { firstId, lastId, previousId, bids, asks }, now) =>
    `{"e":"depthUpdate","E":${now},"T":${now},"s":"${symbol}",` +
    `"U":${firstId},"u":${lastId},"pu":${previousId},"b":${bids},"a":${asks}}`,
  trade: (symbol, { tradeId, isBuy, price, qty }, now) =>
    `{"e":"trade","E":${now},"T":${now},"s":"${symbol}","t":${tradeId},` +
    `"p":"${price}","q":"${qty}","X":"MARKET","m":${!isBuy}}`,
  snapshot: (lastUpdateId, now) => ({ lastUpdateId, E: now, T: now }),
};

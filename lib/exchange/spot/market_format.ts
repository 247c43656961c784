/**
 * Market data as Binance's spot market writes it.
 *
 * @module
 */

import type { MarketFormat } from "../binance/market_streams.ts";

/** Messages and snapshots of the spot market. */
export const SPOT_FORMAT: MarketFormat = {
  depth: (symbol, { firstId, lastId, bids, asks }, now) =>
    `{"e":"depthUpdate","E":${now},"s":"${symbol}",` +
    `"U":${firstId},"u":${lastId},"b":${bids},"a":${asks}}`,
  // What M tells is nobody's business, says Binance; it is always true.
  trade: (symbol, { tradeId, isBuy, price, qty }, now) =>
    `{"e":"trade","E":${now},"s":"${symbol}","t":${tradeId},` +
    `"p":"${price}","q":"${qty}","T":${now},"m":${!isBuy},"M":true}`,
  snapshot: (lastUpdateId) => ({ lastUpdateId }),
};

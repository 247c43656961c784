/**
 * The paper exchange.
 *
 * @module
 */

export type { PaperFees } from "./account/ledger.ts";
export type { PaperRateLimits, RateLimitUse } from "./binance/rate_limits.ts";
export type { ActiveFaults, FaultTarget, PaperFault, StreamKind } from "./faults.ts";
export type { FeedState } from "./market/market_feed.ts";
export type { PaperExchangeOptions, PaperVenue } from "./options.ts";
export { PaperExchange } from "./paper_exchange.ts";
export type { PaperExchangeReport, PaperOrderCounts, PaperSymbolReport } from "./report.ts";
export type { StreamCounts } from "./ws/stream_connection.ts";
export type { UserStreamCounts } from "./ws/user_stream.ts";

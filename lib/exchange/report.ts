/**
 * What the paper exchange tells of itself.
 *
 * @module
 */

import type { RateLimitUse } from "./binance/rate_limits.ts";
import type { ActiveFaults } from "./faults.ts";
import type { FeedState } from "./market/market_feed.ts";
import type { StreamCounts } from "./ws/stream_connection.ts";
import type { UserStreamCounts } from "./ws/user_stream.ts";

/** One symbol of the account. Money is in the quote asset, quantities in base units. */
export interface PaperSymbolReport {
  /** The symbol, in upper case. */
  readonly symbol: string;
  /** Signed quantity held. */
  readonly position: number;
  /** Average entry price; 0 without a position. */
  readonly entryPrice: number;
  /** Price that the position is valued at; 0 before the market has one. */
  readonly markPrice: number;
  /** Profit realised, before fees. */
  readonly realizedProfit: number;
  /** Profit if the position were closed at the mark price. */
  readonly unrealizedProfit: number;
  /** Fees paid; negative for rebates. */
  readonly fees: number;
  /** Executions. */
  readonly fills: number;
  /** Executions that provided liquidity. */
  readonly makerFills: number;
  /** Quantity executed. */
  readonly volume: number;
  /** Value executed. */
  readonly turnover: number;
  /** Orders that are open. */
  readonly openOrders: number;
}

/** Orders by what has become of them. */
export interface PaperOrderCounts {
  /** New orders that were accepted. */
  accepted: number;
  /** Orders that were filled to their end. */
  filled: number;
  /** Orders that were cancelled. */
  canceled: number;
  /** Orders that expired. */
  expired: number;
  /** Changes of price or quantity. */
  amended: number;
}

/** The paper exchange at one moment. */
export interface PaperExchangeReport {
  /** How long it has run, ms. */
  readonly uptimeMs: number;
  /** Money in the wallet. */
  readonly balance: number;
  /** Wallet and unrealised profit. */
  readonly equity: number;
  /** The account, by symbol. */
  readonly symbols: readonly PaperSymbolReport[];
  /** Orders by what has become of them. */
  readonly orders: Readonly<PaperOrderCounts> & { readonly open: number };
  /** Requests: all, by method and path, by HTTP status, and refusals by code. */
  readonly requests: {
    readonly received: number;
    readonly byEndpoint: Readonly<Record<string, number>>;
    readonly byStatus: Readonly<Record<string, number>>;
    readonly byCode: Readonly<Record<string, number>>;
  };
  /** Use of the rate limits. */
  readonly rateLimit: RateLimitUse;
  /** Streams: connections that are open, what was sent and what was lost. */
  readonly streams: Readonly<StreamCounts> & {
    readonly market: number;
    readonly user: number;
    readonly depthUpdates: number;
    readonly trades: number;
    readonly skippedByFault: number;
    readonly withheldByFault: number;
    readonly droppedWhileDelayed: number;
  };
  /** Messages to the account. */
  readonly userUpdates: Readonly<UserStreamCounts>;
  /** The market: how far it has come, and its events by what became of them. */
  readonly market: {
    readonly state: FeedState;
    /** Why its bot failed, in one line; null if it has not. */
    readonly failure: string | null;
    readonly trades: number;
    readonly levels: number;
    readonly clears: number;
    readonly skipped: number;
  };
  /** What goes wrong on demand. */
  readonly faults: ActiveFaults;
}

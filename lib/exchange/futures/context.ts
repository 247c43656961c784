/**
 * What the endpoints share.
 *
 * @module
 */

import type { FuturesLedger } from "../account/futures_ledger.ts";
import type { BinanceMarketStreams } from "../binance/market_streams.ts";
import type { ListenKeys } from "../binance/listen_keys.ts";
import type { RateLimits } from "../binance/rate_limits.ts";
import type { Faults } from "../faults.ts";
import type { PaperMarkets } from "../market/paper_markets.ts";
import type { TradingDesk } from "../trading/desk.ts";
import type { UserStream } from "../ws/user_stream.ts";
import type { OrderRules } from "./order_request.ts";

/** The parts of the exchange that answer requests. */
export interface FuturesContext {
  /** What is traded. */
  readonly markets: PaperMarkets;
  /** What it is paid with. */
  readonly asset: string;
  /** Market data on its way out. */
  readonly streams: BinanceMarketStreams;
  /** Orders. */
  readonly desk: TradingDesk;
  /** Wallet and positions. */
  readonly ledger: FuturesLedger;
  /** Keys of the account's stream. */
  readonly listenKeys: ListenKeys;
  /** The account's stream. */
  readonly userStream: UserStream;
  /** How much may be asked for. */
  readonly limits: RateLimits;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** How orders are read. */
  readonly rules: OrderRules;
}

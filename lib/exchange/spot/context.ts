/**
 * What the endpoints share.
 *
 * @module
 */

import type { SpotLedger } from "../account/spot_ledger.ts";
import type { BinanceMarketStreams } from "../binance/market_streams.ts";
import type { RateLimits } from "../binance/rate_limits.ts";
import type { Faults } from "../faults.ts";
import type { PaperMarkets } from "../market/paper_markets.ts";
import type { Fill, TradingDesk } from "../trading/desk.ts";

/** The parts of the exchange that answer requests. */
export interface SpotContext {
  /** What is traded. */
  readonly markets: PaperMarkets;
  /** Market data on its way out. */
  readonly streams: BinanceMarketStreams;
  /** Orders. */
  readonly desk: TradingDesk;
  /** Amounts of assets. */
  readonly ledger: SpotLedger;
  /** How much may be asked for. */
  readonly limits: RateLimits;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Fees of executions, as shares. */
  readonly fees: { readonly maker: number; readonly taker: number };
  /** Whether a market order that brings a price or a time in force is refused, as by Binance. */
  readonly refuseUnneeded: boolean;
  /** Whether symbols in lower case are refused, as by Binance. */
  readonly refuseLowerCase: boolean;
  /** Executions of the order that is being accepted. */
  readonly newFills: Fill[];
}

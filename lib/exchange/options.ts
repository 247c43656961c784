/**
 * Options of the paper exchange.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import type { QueueModelOptions } from "../matching/queue_model.ts";
import type { PaperFees } from "./account/ledger.ts";
import type { PaperRateLimits } from "./binance/rate_limits.ts";

/** The exchanges that the paper exchange can stand for. */
export type PaperVenue = "binancefutures" | "binancespot";

/** Options of `PaperExchange.start`. */
export interface PaperExchangeOptions {
  /**
   * Whose events are the market: a bot on the wall clock, such as a stub with `clock: "real"` or a
   * replay at real pace. Nobody else may poll it. It stays the caller's, to be closed after the
   * exchange. Its instruments are the exchange's symbols.
   */
  readonly market: LiveBot;
  /**
   * Which exchange it stands for.
   *
   * @default {"binancefutures"}
   */
  readonly venue?: PaperVenue | undefined;
  /**
   * Whether the market waits until somebody has subscribed to it, so that a recording is not over
   * before a client is there.
   *
   * @default {false}
   */
  readonly waitForSubscriber?: boolean | undefined;
  /**
   * Port on 127.0.0.1; 0 for one that is free.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
  /**
   * API key that clients must have.
   *
   * @default a random one
   */
  readonly apiKey?: string | undefined;
  /**
   * What clients sign requests with: of futures a text, of the spot market an Ed25519 private key as
   * PKCS#8 PEM.
   *
   * @default a random one
   */
  readonly secret?: string | undefined;
  /**
   * What requests to `/admin` must have in the header "x-admin-token".
   *
   * @default a random one
   */
  readonly adminToken?: string | undefined;
  /**
   * Money in the wallet at the start, in the quote asset.
   *
   * @default {100000}
   */
  readonly balance?: number | undefined;
  /**
   * What else there is at the start, by asset, such as `{ BTC: 1 }`; for the spot market only.
   *
   * @default {{}}
   */
  readonly balances?: Readonly<Record<string, number>> | undefined;
  /**
   * Fees as a share of the value executed.
   *
   * @default {{ maker: 0.0002, taker: 0.0005 }}
   */
  readonly fees?: PaperFees | undefined;
  /**
   * Value of positions and orders that a unit of margin carries; for futures only.
   *
   * @default {20}
   */
  readonly leverage?: number | undefined;
  /**
   * How the place of resting orders in the queue of their price is estimated.
   *
   * @default {{ model: "riskAverse" }}
   */
  readonly queueModel?: QueueModelOptions | undefined;
  /**
   * Smallest value of an order that does not reduce, in the quote asset.
   *
   * @default {5}
   */
  readonly minNotional?: number | undefined;
  /**
   * Largest quantity of an order, in base units.
   *
   * @default a million lots
   */
  readonly maxQty?: number | undefined;
  /**
   * Most open orders of a symbol.
   *
   * @default {200}
   */
  readonly maxOpenOrders?: number | undefined;
  /**
   * What becomes of a market order that brings a price or a time in force: Binance refuses it with
   * -1106. hftbacktest's connector always sends both.
   *
   * @default {"refuse"}
   */
  readonly unneededParameters?: "refuse" | "ignore" | undefined;
  /**
   * What becomes of requests to the spot market that hftbacktest's connector makes and Binance
   * refuses: symbols in lower case (-1100), and a logon with a signature over something else (-1022).
   *
   * @default {"refuse"}
   */
  readonly connectorQuirks?: "refuse" | "accept" | undefined;
  /**
   * Whether the account's stream tells of a new order before the request is answered, or after.
   * Binance gives no order; the connector has been seen to mix up orders that were filled at once
   * if the answer comes last.
   *
   * @default {false}
   */
  readonly updatesFirst?: boolean | undefined;
  /** How much a client may ask for. */
  readonly rateLimits?: PaperRateLimits | undefined;
  /**
   * How long a listen key lives unless it is kept alive, ms.
   *
   * @default {3600000}
   */
  readonly listenKeyValidityMs?: number | undefined;
  /**
   * How often a silent client is pinged, ms; one that does not answer by the next time is closed.
   *
   * @default {180000}
   */
  readonly pingIntervalMs?: number | undefined;
  /**
   * Most bytes that may wait for a client of a stream that reads too slowly.
   *
   * @default {16777216}
   */
  readonly maxBufferedBytes?: number | undefined;
  /**
   * Most requests a second on a market stream; a client beyond it is closed.
   *
   * @default {10}
   */
  readonly streamRequestsPerSecond?: number | undefined;
}

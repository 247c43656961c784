/**
 * An exchange on loopback that moves no money.
 *
 * @module
 */

import { stringify } from "smol-toml";
import { type FaultActions, Faults, type PaperFault } from "./faults.ts";
import { FuturesVenue } from "./futures/futures_venue.ts";
import { MarketFeed } from "./market/market_feed.ts";
import type { PaperExchangeOptions, PaperVenue } from "./options.ts";
import { PaperServer } from "./paper_server.ts";
import type { PaperExchangeReport } from "./report.ts";
import { type PaperSettings, resolveSettings } from "./settings.ts";
import { SpotVenue } from "./spot/spot_venue.ts";
import type { Venue, VenueOptions } from "./venue.ts";

/**
 * An exchange in this process that hftbacktest's own connector, or any client of Binance's USD-M
 * futures or spot market, can trade on: requests and WebSockets on 127.0.0.1. Its market is that of a
 * bot; own orders are matched against that market's book, and the market takes no notice of them.
 *
 * There is one account with one key. Futures have one-way positions with cross margin, which is
 * checked when an order comes: there is no liquidation, no funding, and no limit of prices around
 * the mark. Own orders and their executions are not part of the market data.
 *
 * @example
 * ```ts
 * import { PaperExchange, StubBot } from "@hftlive/hftlive";
 *
 * using market = new StubBot({ seed: 7, clock: "real", maxFeeds: Infinity });
 * await using exchange = await PaperExchange.start({ market });
 * const response = await fetch(`${exchange.apiUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=5`);
 * const { bids } = await response.json();
 * console.assert(Array.isArray(bids));
 * ```
 */
export class PaperExchange implements AsyncDisposable {
  /** URL of its streams, without a stream's name. */
  readonly streamUrl: string;
  /** URL of its requests, without a path. */
  readonly apiUrl: string;
  /** URL for faults (`/faults`) and the report (`/report`). */
  readonly adminUrl: string;
  /** What requests to {@linkcode adminUrl} must have in the header "x-admin-token". */
  readonly adminToken: string;
  /** API key that clients must have. */
  readonly apiKey: string;
  /** What clients sign requests with. */
  readonly secret: string;
  /** Which exchange it stands for, as the connector names it. */
  readonly venue: PaperVenue;
  /** Settles when nothing more comes from the market: its data ended, it failed, or it was stopped. */
  readonly marketDone: Promise<void>;

  readonly #startedMs = performance.now();
  readonly #faults: Faults;
  readonly #venue: Venue;
  readonly #feed: MarketFeed;
  readonly #server: PaperServer;
  #closing: Promise<void> | undefined;

  private constructor(settings: PaperSettings) {
    const faults = this.#faults = new Faults((): FaultActions => this.#venue);
    const venue = this.#venue = makeVenue({
      settings,
      faults,
      onSubscribed: () => this.#feed.start(),
    });
    this.#feed = new MarketFeed(settings.market, venue.markets, venue.listener);
    this.#server = new PaperServer({ settings, venue, faults, report: () => this.report() });
    const { address } = this.#server;
    const { streamUrl, apiUrl } = venue.urls(address);
    this.streamUrl = streamUrl;
    this.apiUrl = apiUrl;
    this.adminUrl = `${address.http}/admin`;
    this.adminToken = settings.adminToken;
    this.apiKey = settings.apiKey;
    this.secret = settings.secret;
    this.venue = settings.venue;
    this.marketDone = this.#feed.done;
    if (!settings.waitForSubscriber) this.#feed.start();
  }

  /**
   * Starts an exchange; `await using` closes it.
   *
   * @param options Its market, and what may differ from the defaults.
   * @returns The exchange, which answers.
   * @throws {InvalidInputError} Naming the first option that cannot be used.
   * @throws {MissingPermissionError} If it may not listen on 127.0.0.1.
   */
  // deno-lint-ignore require-await -- a venue may have to wait for something, and errors reject
  static async start(options: PaperExchangeOptions): Promise<PaperExchange> {
    return new PaperExchange(resolveSettings(options));
  }

  /**
   * The connector's configuration file for this exchange. It holds the key and the secret: write
   * it with mode 0600.
   */
  connectorToml(): string {
    return stringify(this.#venue.connectorConfig(this.#server.address));
  }

  /**
   * Lets something go wrong.
   *
   * @param fault What.
   * @throws {InvalidInputError} Naming what cannot be used.
   */
  inject(fault: PaperFault): void {
    this.#faults.inject(fault);
  }

  /** What has happened so far. */
  report(): PaperExchangeReport {
    const venue = this.#venue.report();
    return {
      uptimeMs: Math.round(performance.now() - this.#startedMs),
      ...venue,
      streams: { ...this.#server.streamCounts, ...venue.streams },
      market: {
        state: this.#feed.state,
        failure: this.#feed.failure,
        ...this.#feed.counts,
      },
      faults: this.#faults.active(),
    };
  }

  /** Stops the market, closes every stream and stops listening; the market's bot stays open. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** The same as {@linkcode close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#feed.stop();
    this.#faults.close();
    await this.#server.close();
    this.#venue.close();
  }
}

function makeVenue(options: VenueOptions): Venue {
  switch (options.settings.venue) {
    case "binancefutures":
      return new FuturesVenue(options);
    case "binancespot":
      return new SpotVenue(options);
  }
}

/**
 * Binance USD-M futures.
 *
 * @module
 */

import { FuturesLedger } from "../account/futures_ledger.ts";
import { moneyValue } from "../account/money.ts";
import { ListenKeys } from "../binance/listen_keys.ts";
import { MarketHandlers } from "../binance/market_handlers.ts";
import { BinanceMarketStreams } from "../binance/market_streams.ts";
import { RateLimits } from "../binance/rate_limits.ts";
import { Gatekeeper, hmacVerifier } from "../binance/signature.ts";
import type { StreamKind } from "../faults.ts";
import { type MarketListener, PaperMarkets } from "../market/paper_markets.ts";
import type { PaperOrderCounts } from "../report.ts";
import { answerFirst } from "../rest/answer_first.ts";
import { Router } from "../rest/router.ts";
import type { PaperSettings } from "../settings.ts";
import { type OrderChange, TradingDesk } from "../trading/desk.ts";
import type { PaperOrder } from "../trading/order.ts";
import { countChange, noOrders } from "../trading/order_counts.ts";
import { symbolReport } from "../symbol_report.ts";
import {
  ORDER_PREFIX,
  type ServerAddress,
  type StreamHandler,
  type Venue,
  type VenueOptions,
  type VenueReport,
} from "../venue.ts";
import { StreamHub } from "../ws/stream_hub.ts";
import { UserStream } from "../ws/user_stream.ts";
import { accountEndpoints } from "./account_endpoints.ts";
import type { FuturesContext } from "./context.ts";
import { FUTURES_FORMAT } from "./market_format.ts";
import { marketEndpoints } from "./market_endpoints.ts";
import { orderEndpoints } from "./order_endpoints.ts";
import { accountUpdate, listenKeyExpired, orderTradeUpdate } from "./user_events.ts";

/** Markets, account and orders, in the language of Binance's USD-M futures. */
export class FuturesVenue implements Venue {
  /** What is traded. */
  readonly markets: PaperMarkets;
  /** Is told what happens in the markets. */
  readonly listener: MarketListener;

  readonly #settings: PaperSettings;
  readonly #desk: TradingDesk;
  readonly #ledger: FuturesLedger;
  readonly #streams: BinanceMarketStreams;
  readonly #userStream: UserStream;
  readonly #listenKeys: ListenKeys;
  readonly #limits: RateLimits;
  readonly #handlers: MarketHandlers;
  readonly #router: Router;
  readonly #counts: PaperOrderCounts = noOrders();

  /** @param options What it works with. */
  constructor(options: VenueOptions) {
    const { settings, faults } = options;
    const { symbols } = settings;
    const hub = new StreamHub();
    this.#settings = settings;
    const markets = this.markets = new PaperMarkets(symbols, () => this.listener);
    const streams = this.#streams = new BinanceMarketStreams(markets, {
      format: FUTURES_FORMAT,
      hub,
      faults,
    });
    const ledger = this.#ledger = new FuturesLedger(markets, settings);
    const desk = this.#desk = new TradingDesk({
      markets,
      ledger,
      queueModel: settings.queueModel,
      onOrder: (order, change) => this.#tell(order, change),
    });
    const userStream = this.#userStream = new UserStream(faults);
    const listenKeys = this.#listenKeys = new ListenKeys(
      settings.listenKeyValidityMs,
      (key) => userStream.end(key, listenKeyExpired(key)),
    );
    const limits = this.#limits = new RateLimits(settings.rateLimits);
    this.listener = {
      depth: (symbol, level) => {
        desk.depth(symbol, level);
        streams.depth(symbol, level);
      },
      flush: (symbol) => streams.flush(symbol),
      trade: (symbol, trade) => {
        desk.trade(symbol, trade);
        streams.trade(symbol, trade);
      },
    };
    this.#handlers = new MarketHandlers({
      hub,
      streams,
      requestsPerSecond: settings.streamRequestsPerSecond,
      onSubscribed: options.onSubscribed,
    });
    const context: FuturesContext = {
      markets,
      asset: settings.quoteAsset,
      streams,
      desk,
      ledger,
      listenKeys,
      userStream,
      limits,
      faults,
      rules: { refuseUnneeded: settings.refuseUnneeded },
    };
    const endpoints = {
      ...marketEndpoints(context),
      ...orderEndpoints(context),
      ...accountEndpoints(context),
    };
    this.#router = new Router({
      endpoints: settings.updatesFirst ? endpoints : answerFirst(endpoints, userStream.outbox),
      gatekeeper: new Gatekeeper(settings.apiKey, hmacVerifier(settings.secret)),
      limits,
    });
  }

  answer(request: Request): Promise<Response> {
    return this.#router.answer(request);
  }

  streamAt(url: URL): StreamHandler | undefined {
    return this.#handlers.at(url) ?? this.#userStreamAt(url);
  }

  urls({ http, ws }: ServerAddress): { readonly streamUrl: string; readonly apiUrl: string } {
    return { streamUrl: `${ws}/ws`, apiUrl: http };
  }

  connectorConfig(address: ServerAddress): Record<string, string> {
    const { streamUrl, apiUrl } = this.urls(address);
    return {
      stream_url: streamUrl,
      api_url: apiUrl,
      order_prefix: ORDER_PREFIX,
      api_key: this.#settings.apiKey,
      secret: this.#settings.secret,
    };
  }

  dropStreams(streams: StreamKind | "all"): void {
    if (streams !== "user") {
      for (const each of [...this.#handlers.connections]) {
        each.close();
      }
    }
    if (streams !== "market") { for (const each of this.#userStream.connections) each.close(); }
  }

  expireListenKey(): void {
    this.#listenKeys.expire();
  }

  delayStreams(streams: StreamKind, ms: number): void {
    const { outbox } = streams === "market" ? this.#streams : this.#userStream;
    outbox.delayMs = ms;
  }

  report(): VenueReport {
    return {
      balance: moneyValue(this.#ledger.wallet),
      equity: moneyValue(this.#ledger.wallet + this.#ledger.unrealizedProfit),
      symbols: this.markets.symbols.map((symbol) =>
        symbolReport(this.markets.of(symbol), this.#ledger.of(symbol), this.#desk.orders)
      ),
      orders: { ...this.#counts, open: this.#desk.orders.countOpen() },
      requests: this.#router.report(),
      rateLimit: this.#limits.use(Date.now()),
      streams: {
        market: this.#handlers.connections.size,
        user: this.#userStream.connections.length,
        ...this.#streams.report(),
      },
      userUpdates: { ...this.#userStream.counts },
    };
  }

  close(): void {
    this.#listenKeys.remove();
    this.#userStream.close();
    this.#streams.outbox.close();
  }

  #tell(order: PaperOrder, change: OrderChange): void {
    countChange(this.#counts, order, change);
    const { symbol } = order;
    if (change.type === "trade") {
      this.#userStream.publish(accountUpdate(symbol, this.#ledger));
    }
    const open = this.#desk.orders.open(symbol);
    this.#userStream.publish(orderTradeUpdate(order, change, open));
  }

  /** As at Binance, a wrong key is not refused: nothing ever comes. */
  #userStreamAt({ pathname }: URL): StreamHandler | undefined {
    const key = /^\/ws\/([A-Za-z0-9]+)$/.exec(pathname)?.[1];
    if (key === undefined) return undefined;
    return {
      opened: (connection) => {
        if (this.#listenKeys.isValid(key)) this.#userStream.add(connection, key);
      },
      message: () => {},
      closed: (connection) => this.#userStream.remove(connection),
    };
  }
}

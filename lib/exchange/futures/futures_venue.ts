/**
 * Binance USD-M futures.
 *
 * @module
 */

import { FuturesLedger } from "../account/futures_ledger.ts";
import { moneyValue } from "../account/money.ts";
import { ListenKeys } from "../binance/listen_keys.ts";
import { RateLimits } from "../binance/rate_limits.ts";
import { Gatekeeper } from "../binance/signature.ts";
import type { Faults, StreamKind } from "../faults.ts";
import { type MarketListener, PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { PaperOrderCounts, PaperSymbolReport } from "../report.ts";
import { type Endpoint, type Endpoints, Router } from "../rest/router.ts";
import type { PaperSettings } from "../settings.ts";
import { type OrderChange, TradingDesk } from "../trading/desk.ts";
import type { PaperOrder } from "../trading/order.ts";
import type { ServerAddress, StreamHandler, Venue, VenueReport } from "../venue.ts";
import { StreamHub } from "../ws/stream_hub.ts";
import { UserStream } from "../ws/user_stream.ts";
import { accountEndpoints } from "./account_endpoints.ts";
import type { FuturesContext } from "./context.ts";
import { marketEndpoints } from "./market_endpoints.ts";
import { FuturesMarketStreams } from "./market_streams.ts";
import { orderEndpoints } from "./order_endpoints.ts";
import { FuturesStreamHandlers } from "./stream_handlers.ts";
import { entryText, markText } from "./texts.ts";
import { accountUpdate, listenKeyExpired, orderTradeUpdate } from "./user_events.ts";

/** Prefix of the ids that the connector gives its orders. */
const ORDER_PREFIX = "paper";

/** Options of {@linkcode FuturesVenue}. */
export interface FuturesVenueOptions {
  /** The exchange's settings. */
  readonly settings: PaperSettings;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Is told that somebody has subscribed to a market stream. */
  readonly onSubscribed: () => void;
}

/** Markets, account and orders, in the language of Binance's USD-M futures. */
export class FuturesVenue implements Venue {
  /** What is traded. */
  readonly markets: PaperMarkets;
  /** Is told what happens in the markets. */
  readonly listener: MarketListener;

  readonly #settings: PaperSettings;
  readonly #desk: TradingDesk;
  readonly #ledger: FuturesLedger;
  readonly #streams: FuturesMarketStreams;
  readonly #userStream: UserStream;
  readonly #listenKeys: ListenKeys;
  readonly #limits: RateLimits;
  readonly #handlers: FuturesStreamHandlers;
  readonly #router: Router;
  readonly #counts: PaperOrderCounts = {
    accepted: 0,
    filled: 0,
    canceled: 0,
    expired: 0,
    amended: 0,
  };

  /** @param options What it works with. */
  constructor(options: FuturesVenueOptions) {
    const { settings, faults } = options;
    const { symbols } = settings;
    const hub = new StreamHub();
    this.#settings = settings;
    const markets = this.markets = new PaperMarkets(symbols, () => this.listener);
    const streams = this.#streams = new FuturesMarketStreams(markets, { hub, faults });
    const ledger = this.#ledger = new FuturesLedger(symbols, settings);
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
    this.#handlers = new FuturesStreamHandlers({
      hub,
      streams,
      userStream,
      listenKeys,
      requestsPerSecond: settings.streamRequestsPerSecond,
      onSubscribed: options.onSubscribed,
    });
    const context: FuturesContext = {
      markets,
      asset: symbols[0]?.quoteAsset ?? "USDT",
      streams,
      desk,
      ledger,
      listenKeys,
      userStream,
      limits,
      faults,
      rules: { refuseUnneeded: settings.refuseUnneeded },
    };
    this.#router = new Router({
      endpoints: this.#answerFirst({
        ...marketEndpoints(context),
        ...orderEndpoints(context),
        ...accountEndpoints(context),
      }),
      gatekeeper: new Gatekeeper(settings.apiKey, settings.secret),
      limits,
    });
  }

  answer(request: Request): Promise<Response> {
    return this.#router.answer(request);
  }

  streamAt(url: URL): StreamHandler | undefined {
    return this.#handlers.at(url);
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
      for (const each of [...this.#handlers.marketConnections]) {
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
    const { byStatus, byCode, received } = this.#router.counts;
    const { depthUpdates, trades, skipped, withheld } = this.#streams.counts;
    const unrealized = this.#ledger.unrealizedProfit((symbol) => this.markets.of(symbol).markTick);
    return {
      balance: moneyValue(this.#ledger.wallet),
      equity: moneyValue(this.#ledger.wallet + unrealized),
      symbols: this.markets.symbols.map((symbol) => this.#symbolReport(symbol)),
      orders: { ...this.#counts, open: this.#desk.orders.countOpen() },
      requests: {
        received,
        byStatus: Object.fromEntries(byStatus),
        byCode: Object.fromEntries(byCode),
      },
      rateLimit: this.#limits.use(Date.now()),
      streams: {
        market: this.#handlers.marketConnections.size,
        user: this.#userStream.connections.length,
        depthUpdates,
        trades,
        skippedByFault: skipped,
        withheldByFault: withheld,
        droppedWhileDelayed: this.#streams.outbox.dropped,
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
    const counts = this.#counts;
    if (change.type === "new") counts.accepted++;
    else if (change.type !== "trade") counts[change.type]++;
    else if (order.status === "filled") counts.filled++;
    const { symbol } = order;
    if (change.type === "trade") {
      const account = { ledger: this.#ledger, markets: this.markets };
      this.#userStream.publish(accountUpdate(symbol, account));
    }
    const open = this.#desk.orders.open(symbol);
    this.#userStream.publish(orderTradeUpdate(order, change, open));
  }

  /** Holds messages to the account back until the request that causes them is answered. */
  #answerFirst(endpoints: Endpoints): Endpoints {
    if (this.#settings.updatesFirst) return endpoints;
    const { outbox } = this.#userStream;
    const held = ({ handle, ...endpoint }: Endpoint): Endpoint => ({
      ...endpoint,
      handle(params) {
        outbox.hold();
        try {
          return handle(params);
        } finally {
          outbox.release();
        }
      },
    });
    return Object.fromEntries(
      Object.entries(endpoints).map(([name, endpoint]) => [name, held(endpoint)]),
    );
  }

  #symbolReport(symbol: PaperSymbol): PaperSymbolReport {
    const account = this.#ledger.of(symbol);
    const { position } = account;
    const { markTick } = this.markets.of(symbol);
    return {
      symbol: symbol.name,
      position: Number(symbol.lots.format(position.lots)),
      entryPrice: Number(entryText(symbol, position)),
      markPrice: Number(markText(symbol, markTick)),
      realizedProfit: moneyValue(account.realizedProfit),
      unrealizedProfit: moneyValue(this.#ledger.unrealizedProfitOf(symbol, markTick)),
      fees: moneyValue(account.fees),
      fills: account.fills,
      makerFills: account.makerFills,
      volume: Number(symbol.lots.format(account.volumeLots)),
      turnover: moneyValue(account.turnover),
      openOrders: this.#desk.orders.countOpen(symbol),
    };
  }
}

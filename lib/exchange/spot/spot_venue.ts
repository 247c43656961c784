/**
 * Binance's spot market.
 *
 * @module
 */

import { moneyValue } from "../account/money.ts";
import { SpotLedger } from "../account/spot_ledger.ts";
import { MarketHandlers } from "../binance/market_handlers.ts";
import { BinanceMarketStreams } from "../binance/market_streams.ts";
import { RateLimits } from "../binance/rate_limits.ts";
import { ed25519Verifier, Gatekeeper } from "../binance/signature.ts";
import type { StreamKind } from "../faults.ts";
import { type MarketListener, PaperMarkets } from "../market/paper_markets.ts";
import type { PaperOrderCounts } from "../report.ts";
import { answerFirst } from "../rest/answer_first.ts";
import { Router } from "../rest/router.ts";
import type { PaperSettings } from "../settings.ts";
import { symbolReport } from "../symbol_report.ts";
import { type Fill, type OrderChange, TradingDesk } from "../trading/desk.ts";
import type { PaperOrder } from "../trading/order.ts";
import { countChange, noOrders } from "../trading/order_counts.ts";
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
import type { SpotContext } from "./context.ts";
import { accountEndpoints, marketEndpoints } from "./endpoints.ts";
import { SPOT_FORMAT } from "./market_format.ts";
import { accountPosition, executionReport, streamTerminated } from "./user_events.ts";
import { WsApi } from "./ws_api.ts";

const WS_API_PATH = "/ws-api/v3";

/** Markets, account and orders, in the language of Binance's spot market. */
export class SpotVenue implements Venue {
  readonly markets: PaperMarkets;
  readonly listener: MarketListener;

  readonly #settings: PaperSettings;
  readonly #desk: TradingDesk;
  readonly #ledger: SpotLedger;
  readonly #streams: BinanceMarketStreams;
  readonly #userStream: UserStream;
  readonly #limits: RateLimits;
  readonly #handlers: MarketHandlers;
  readonly #wsApi: WsApi;
  readonly #router: Router;
  readonly #newFills: Fill[] = [];
  readonly #counts: PaperOrderCounts = noOrders();
  #executions = 0;

  /** @param options What it works with. */
  constructor(options: VenueOptions) {
    const { settings, faults } = options;
    const hub = new StreamHub();
    this.#settings = settings;
    const markets = this.markets = new PaperMarkets(settings.symbols, () => this.listener);
    const streams = this.#streams = new BinanceMarketStreams(markets, {
      format: SPOT_FORMAT,
      hub,
      faults,
    });
    const balances = new Map(settings.balances);
    balances.set(settings.quoteAsset, settings.balance);
    const ledger = this.#ledger = new SpotLedger(markets, { balances, fees: settings.fees });
    const desk = this.#desk = new TradingDesk({
      markets,
      ledger,
      queueModel: settings.queueModel,
      onOrder: (order, change) => this.#tell(order, change),
    });
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
    const userStream = this.#userStream = new UserStream(faults);
    const limits = this.#limits = new RateLimits(settings.rateLimits);
    const gatekeeper = new Gatekeeper(settings.apiKey, ed25519Verifier(settings.secret));
    this.#handlers = new MarketHandlers({
      hub,
      streams,
      requestsPerSecond: settings.streamRequestsPerSecond,
      onSubscribed: options.onSubscribed,
    });
    this.#wsApi = new WsApi({
      gatekeeper,
      limits,
      userStream,
      acceptsConnectorLogon: settings.acceptsConnector,
    });
    const context: SpotContext = {
      markets,
      streams,
      desk,
      ledger,
      limits,
      faults,
      fees: settings.fees,
      refuseUnneeded: settings.refuseUnneeded,
      refuseLowerCase: !settings.acceptsConnector,
      newFills: this.#newFills,
    };
    const endpoints = { ...marketEndpoints(context), ...accountEndpoints(context) };
    this.#router = new Router({
      endpoints: settings.updatesFirst ? endpoints : answerFirst(endpoints, userStream.outbox),
      gatekeeper,
      limits,
    });
  }

  answer(request: Request): Promise<Response> {
    return this.#router.answer(request);
  }

  streamAt(url: URL): StreamHandler | undefined {
    return url.pathname === WS_API_PATH ? this.#wsApi.handler() : this.#handlers.at(url);
  }

  urls({ http, ws }: ServerAddress): { readonly streamUrl: string; readonly apiUrl: string } {
    return { streamUrl: `${ws}/ws`, apiUrl: http };
  }

  connectorConfig(address: ServerAddress): Record<string, string> {
    const { streamUrl, apiUrl } = this.urls(address);
    return {
      stream_url: streamUrl,
      ws_api_url: `${address.ws}${WS_API_PATH}`,
      api_url: apiUrl,
      order_prefix: ORDER_PREFIX,
      api_key: this.#settings.apiKey,
      secret: this.#settings.secret,
    };
  }

  dropStreams(streams: StreamKind | "all"): void {
    if (streams !== "user") { for (const each of [...this.#handlers.connections]) each.close(); }
    if (streams !== "market") { for (const each of [...this.#wsApi.connections]) each.close(); }
  }

  /** The spot market has no listen keys: the account's stream ends. */
  expireListenKey(): void {
    this.#userStream.end("", streamTerminated());
  }

  delayStreams(streams: StreamKind, ms: number): void {
    const { outbox } = streams === "market" ? this.#streams : this.#userStream;
    outbox.delayMs = ms;
  }

  report(): VenueReport {
    const { quoteAsset } = this.#settings;
    return {
      balance: moneyValue(this.#ledger.total(quoteAsset)),
      equity: moneyValue(this.#ledger.equity(quoteAsset)),
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
    this.#userStream.close();
    this.#streams.outbox.close();
  }

  #tell(order: PaperOrder, change: OrderChange): void {
    countChange(this.#counts, order, change);
    if (change.type === "trade") this.#newFills.push(change.fill);
    const { symbol } = order;
    this.#userStream.publish(executionReport(order, change, ++this.#executions));
    const open = this.#desk.orders.open();
    this.#userStream.publish(accountPosition(symbol, this.#ledger, open));
  }
}

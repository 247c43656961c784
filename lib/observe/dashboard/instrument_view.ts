/**
 * What a dashboard keeps of one instrument.
 *
 * @module
 */

import type { EventBatch } from "../../bot/batch.ts";
import { Grid } from "../../bot/grid.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { EventKind } from "../../bot/record.ts";
import type { OrderUpdateEvent } from "../../model/events.ts";
import type { ClientSource } from "../metrics/client_source.ts";
import { Flow } from "./flow.ts";
import { topOfBook } from "./ladder.ts";
import type {
  BookPart,
  FillRow,
  InstrumentPart,
  LatencyPart,
  OrdersPart,
  SampleRow,
  TradeRow,
} from "./messages.ts";
import { OwnOrders } from "./own_orders.ts";
import { Part, Tail } from "./parts.ts";
import { RecentLatency } from "./recent_latency.ts";

/** Samples a second. */
export const SAMPLE_RATE = 4;
/** Samples kept: ten minutes of four a second. */
const SAMPLES = 2_400;
/** Trades kept: more than a page shows. */
const TRADES = 60;
/** Own executions kept. */
const FILLS = 200;

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** How much there was. */
export type Activity = Pick<
  InstrumentPart,
  "events" | "trades" | "eventsPerSecond" | "tradesPerSecond"
>;

/** What a dashboard keeps of one instrument. */
export class InstrumentView {
  /** The top of the book. */
  readonly book: Part<BookPart> = new Part();
  /** Latencies of the last minute. */
  readonly latency: Part<LatencyPart> = new Part();
  /** Own orders, and the position. */
  readonly orders: Part<OrdersPart> = new Part();
  /** Prices and counts over time. */
  readonly samples: Tail<SampleRow> = new Tail(SAMPLES);
  /** The last trades. */
  readonly trades: Tail<TradeRow> = new Tail(TRADES);
  /** Own executions. */
  readonly fills: Tail<FillRow> = new Tail(FILLS);

  readonly #bot: LiveBot;
  readonly #asset: number;
  readonly #ticks: Grid;
  readonly #lots: Grid;
  readonly #own: OwnOrders;
  readonly #feedLatency: RecentLatency;
  readonly #orderLatency: RecentLatency;
  readonly #bought: Flow = new Flow();
  readonly #sold: Flow = new Flow();
  readonly #ownBought: Flow = new Flow();
  readonly #ownSold: Flow = new Flow();
  /** The samples of the last second. */
  readonly #lastSecond: (readonly [ms: number, events: number, trades: number])[] = [];
  #sampledAt = performance.now();
  #trades = 0;
  #events = 0;
  #totalTrades = 0;
  #totalEvents = 0;
  #bookChanged = true;
  #ordersShown = -1;
  #positionShown = NaN;

  /**
   * @param bot The bot.
   * @param asset The instrument.
   * @param counts Counts its events and latencies.
   */
  constructor(bot: LiveBot, asset: number, counts: ClientSource) {
    const { tickSize, lotSize } = bot.instruments[asset]!;
    this.#bot = bot;
    this.#asset = asset;
    this.#ticks = new Grid(tickSize);
    this.#lots = new Grid(lotSize);
    this.#own = new OwnOrders(bot, asset);
    this.#feedLatency = new RecentLatency(counts.feedLatency(asset));
    this.#orderLatency = new RecentLatency(counts.orderLatency(asset));
    counts.onOrderLatency(asset, (ns) => this.#orderLatency.record(ns));
  }

  /** How many own orders can trade. */
  get openOrders(): number {
    return this.#own.count;
  }

  /** How much there was since the start, and in the last second. */
  get activity(): Activity {
    const sum = (at: 0 | 1 | 2): number =>
      this.#lastSecond.reduce((all, each) => all + each[at], 0);
    // A timer that is late makes a second longer.
    const seconds = Math.max(sum(0), 1) / 1e3;
    return {
      events: this.#totalEvents + this.#events,
      trades: this.#totalTrades + this.#trades,
      eventsPerSecond: Math.round(sum(1) / seconds),
      tradesPerSecond: Math.round(sum(2) / seconds),
    };
  }

  /** Takes in record `i` of a batch, one of this instrument. */
  add(batch: EventBatch, i: number, kind: number): void {
    this.#events++;
    switch (kind) {
      case EventKind.Trade:
        this.#addTrade(batch, i);
        this.#feedLatency.record(batch.latencyNs(i));
        break;
      case EventKind.Depth:
      case EventKind.Bbo:
        this.#feedLatency.record(batch.latencyNs(i));
        this.#bookChanged = true;
        break;
      case EventKind.Snapshot:
      case EventKind.DepthClear:
        this.#bookChanged = true;
        break;
      case EventKind.Order: {
        const event = batch.event(i);
        if (event.type === "order") this.#addOrder(event);
        break;
      }
    }
  }

  /** Brings the parts that change quickly up to date. */
  refresh(): void {
    if (this.#bookChanged) {
      this.#bookChanged = false;
      const { bids, asks } = topOfBook(this.#bot.depth(this.#asset));
      const snap = ([price, qty]: readonly [number, number]) =>
        [this.#ticks.snap(price), this.#lots.snap(qty)] as const;
      this.book.set({ bids: bids.map(snap), asks: asks.map(snap) });
    }
    const position = this.#position;
    if (this.#ordersShown !== this.#own.changes || this.#positionShown !== position) {
      this.#ordersShown = this.#own.changes;
      this.#positionShown = position;
      this.orders.set({ position, open: this.#own.newest, count: this.#own.count });
    }
  }

  /** Brings the latencies up to date. */
  refreshLatency(): void {
    this.latency.set({ feed: this.#feedLatency.figures, order: this.#orderLatency.figures });
  }

  /** Forgets the latencies of the oldest ten seconds of the minute. */
  stepLatency(): void {
    this.#feedLatency.step();
    this.#orderLatency.step();
  }

  /** Adds a sample of what was seen since the last one. */
  sample(): void {
    const bot = this.#bot;
    const { bestBid, bestAsk } = bot.depth(this.#asset);
    const { bid: ownBid, ask: ownAsk } = this.#own.quotes;
    this.samples.push([
      Number(bot.currentTimestamp()) / NS_PER_S,
      this.#price(bestBid),
      this.#price(bestAsk),
      ...this.#take(this.#bought),
      ...this.#take(this.#sold),
      this.#trades,
      this.#events,
      this.#position,
      ownBid,
      ownAsk,
      ...this.#take(this.#ownBought),
      ...this.#take(this.#ownSold),
    ]);
    const now = performance.now();
    this.#lastSecond.push([now - this.#sampledAt, this.#events, this.#trades]);
    this.#sampledAt = now;
    if (this.#lastSecond.length > SAMPLE_RATE) this.#lastSecond.shift();
    this.#totalTrades += this.#trades;
    this.#totalEvents += this.#events;
    this.#trades = 0;
    this.#events = 0;
  }

  get #position(): number {
    return this.#lots.snap(this.#bot.position(this.#asset));
  }

  #addOrder(update: OrderUpdateEvent): void {
    const fill = this.#own.update(update);
    if (fill === undefined) return;
    this.fills.push(fill);
    const [, side, price, qty] = fill;
    (side === "buy" ? this.#ownBought : this.#ownSold).add(price, qty);
  }

  #addTrade(batch: EventBatch, i: number): void {
    const side = batch.side(i);
    const price = batch.price(i);
    const qty = batch.qty(i);
    (side === "buy" ? this.#bought : this.#sold).add(price, qty);
    this.#trades++;
    const timeMs = Number(batch.localTimestamp(i)) / NS_PER_MS;
    this.trades.push([Math.floor(timeMs), side, this.#ticks.snap(price), this.#lots.snap(qty)]);
  }

  #take(flow: Flow): [price: number | null, qty: number] {
    const [price, qty] = flow.take();
    return [price, this.#lots.snap(qty)];
  }

  #price(value: number): number | null {
    return Number.isNaN(value) ? null : this.#ticks.snap(value);
  }
}

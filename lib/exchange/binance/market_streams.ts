/**
 * Market data on its way to those who have subscribed.
 *
 * @module
 */

import type { Faults } from "../faults.ts";
import type { BookLevel } from "../market/displayed_book.ts";
import type { MarketListener, PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import { Outbox } from "../ws/outbox.ts";
import type { StreamHub } from "../ws/stream_hub.ts";

/** One depth message. */
export interface DepthUpdate {
  /** Id of the first change in it. */
  readonly firstId: number;
  /** Id of the last change in it. */
  readonly lastId: number;
  /** Id of the last change in the message before. */
  readonly previousId: number;
  /** Changed bids, as JSON: pairs of price and quantity. */
  readonly bids: string;
  /** Changed asks, likewise. */
  readonly asks: string;
}

/** One trade message. */
export interface TradeMessage {
  /** Number of the trade in its symbol. */
  readonly tradeId: number;
  /** Whether the taker bought. */
  readonly isBuy: boolean;
  /** Price, as a decimal. */
  readonly price: string;
  /** Quantity, as a decimal. */
  readonly qty: string;
}

/** How an exchange writes market data. Times are ms since the Unix epoch. */
export interface MarketFormat {
  /** A depth message. */
  depth(symbol: string, update: DepthUpdate, now: number): string;
  /** A trade message. */
  trade(symbol: string, trade: TradeMessage, now: number): string;
  /** What a snapshot has beside its levels. */
  snapshot(lastUpdateId: number, now: number): Record<string, unknown>;
}

/** Speeds of the depth stream; here all are as fast as the market. */
const DEPTH_STREAMS = ["depth@0ms", "depth@100ms", "depth", "depth@500ms"];

/** What a name of a stream looks like; of which symbol is not looked at. */
const STREAM = /^[A-Za-z0-9_]{1,64}@(?:trade|depth(?:@(?:0|100|250|500)ms)?)$/;

/** What was sent of the markets' data. */
export interface MarketStreamCounts {
  /** Depth updates. */
  depthUpdates: number;
  /** Trades. */
  trades: number;
  /** Depth updates left out by a fault. */
  skipped: number;
  /** Messages that a silenced stream did not send. */
  withheld: number;
}

/** The update ids of one symbol, and what has changed since the last message. */
class SymbolStream {
  readonly depthStreams: readonly string[];
  readonly tradeStreams: readonly string[];
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  lastUpdateId = 1;
  flushedId = 1;
  lastTradeId = 0;

  constructor(readonly symbol: PaperSymbol) {
    this.depthStreams = DEPTH_STREAMS.map((name) => `${symbol.streamName}@${name}`);
    this.tradeStreams = [`${symbol.streamName}@trade`];
  }
}

/** Turns what happens in the markets into messages. */
export class BinanceMarketStreams implements MarketListener {
  /** What was sent. */
  readonly counts: MarketStreamCounts = { depthUpdates: 0, trades: 0, skipped: 0, withheld: 0 };
  /** Where messages wait when they are delayed. */
  readonly outbox: Outbox = new Outbox(true);

  readonly #format: MarketFormat;
  readonly #hub: StreamHub;
  readonly #faults: Faults;
  readonly #markets: PaperMarkets;
  readonly #streams: readonly SymbolStream[];

  /**
   * @param markets What is traded.
   * @param context How it is written, who is sent what, and what is to go wrong.
   */
  constructor(
    markets: PaperMarkets,
    context: { readonly format: MarketFormat; readonly hub: StreamHub; readonly faults: Faults },
  ) {
    this.#markets = markets;
    this.#format = context.format;
    this.#hub = context.hub;
    this.#faults = context.faults;
    this.#streams = markets.symbols.map((symbol) => new SymbolStream(symbol));
  }

  /** Whether a name could be that of a stream. As at Binance, that its symbol exists is not asked. */
  isStream(name: string): boolean {
    return STREAM.test(name);
  }

  /** Part of `MarketListener`. */
  depth(symbol: PaperSymbol, level: { isBid: boolean; tick: number; lots: number }): void {
    const stream = this.#streams[symbol.index]!;
    stream.lastUpdateId++;
    (level.isBid ? stream.bids : stream.asks).set(level.tick, level.lots);
  }

  /** Part of `MarketListener`: sends one message with all changes since the last. */
  flush(symbol: PaperSymbol): void {
    const stream = this.#streams[symbol.index]!;
    const { lastUpdateId, flushedId, bids, asks } = stream;
    if (lastUpdateId === flushedId) return;
    stream.flushedId = lastUpdateId;
    if (this.#faults.skipsDepthUpdate(symbol.name)) {
      this.counts.skipped++;
    } else if (this.#hub.hasSubscribers(stream.depthStreams)) {
      const update = {
        firstId: flushedId + 1,
        lastId: lastUpdateId,
        previousId: flushedId,
        bids: levels(symbol, bids),
        asks: levels(symbol, asks),
      };
      this.counts.depthUpdates++;
      this.#publish(stream.depthStreams, this.#format.depth(symbol.name, update, Date.now()));
    }
    bids.clear();
    asks.clear();
  }

  /** Part of `MarketListener`. */
  trade(symbol: PaperSymbol, trade: { isBuy: boolean; tick: number; lots: number }): void {
    const stream = this.#streams[symbol.index]!;
    const tradeId = ++stream.lastTradeId;
    if (!this.#hub.hasSubscribers(stream.tradeStreams)) return;
    const message = {
      tradeId,
      isBuy: trade.isBuy,
      price: symbol.prices.format(trade.tick),
      qty: symbol.lots.format(trade.lots),
    };
    this.counts.trades++;
    this.#publish(stream.tradeStreams, this.#format.trade(symbol.name, message, Date.now()));
  }

  /** The book as an answer to a request; later messages go on from its id. */
  snapshot(symbol: PaperSymbol, limit: number): Record<string, unknown> {
    const { bids, asks } = this.#markets.of(symbol).book.levels(limit);
    const text = ([tick, lots]: BookLevel) => [
      symbol.prices.format(tick),
      symbol.lots.format(lots),
    ];
    return {
      ...this.#format.snapshot(this.#streams[symbol.index]!.lastUpdateId, Date.now()),
      bids: bids.map(text),
      asks: asks.map(text),
    };
  }

  /** What was sent, for a report. */
  report(): {
    depthUpdates: number;
    trades: number;
    skippedByFault: number;
    withheldByFault: number;
    droppedWhileDelayed: number;
  } {
    const { depthUpdates, trades, skipped, withheld } = this.counts;
    return {
      depthUpdates,
      trades,
      skippedByFault: skipped,
      withheldByFault: withheld,
      droppedWhileDelayed: this.outbox.dropped,
    };
  }

  #publish(streams: readonly string[], text: string): void {
    if (this.#faults.isSilent("market")) {
      this.counts.withheld++;
      return;
    }
    this.outbox.push(() => this.#hub.publish(streams, text));
  }
}

function levels(symbol: PaperSymbol, changes: ReadonlyMap<number, number>): string {
  let text = "[";
  for (const [tick, lots] of changes) {
    if (text.length > 1) text += ",";
    text += `["${symbol.prices.format(tick)}","${symbol.lots.format(lots)}"]`;
  }
  return `${text}]`;
}

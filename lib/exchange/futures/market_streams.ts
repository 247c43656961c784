/**
 * Market data as Binance's USD-M futures send it.
 *
 * @module
 */

import type { Faults } from "../faults.ts";
import type { BookLevel } from "../market/displayed_book.ts";
import type { MarketListener, PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import { Outbox } from "../ws/outbox.ts";
import type { StreamHub } from "../ws/stream_hub.ts";

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
export class FuturesMarketStreams implements MarketListener {
  /** What was sent. */
  readonly counts: MarketStreamCounts = { depthUpdates: 0, trades: 0, skipped: 0, withheld: 0 };
  /** Where messages wait when they are delayed. */
  readonly outbox: Outbox = new Outbox(true);

  readonly #hub: StreamHub;
  readonly #faults: Faults;
  readonly #markets: PaperMarkets;
  readonly #streams: readonly SymbolStream[];

  /**
   * @param markets What is traded.
   * @param context Who is sent what, and what is to go wrong.
   */
  constructor(
    markets: PaperMarkets,
    context: { readonly hub: StreamHub; readonly faults: Faults },
  ) {
    this.#markets = markets;
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
      const now = Date.now();
      const text = `{"e":"depthUpdate","E":${now},"T":${now},"s":"${symbol.name}",` +
        `"U":${flushedId + 1},"u":${lastUpdateId},"pu":${flushedId},` +
        `"b":[${levels(symbol, bids)}],"a":[${levels(symbol, asks)}]}`;
      this.counts.depthUpdates++;
      this.#publish(stream.depthStreams, text);
    }
    bids.clear();
    asks.clear();
  }

  /** Part of `MarketListener`. */
  trade(symbol: PaperSymbol, trade: { isBuy: boolean; tick: number; lots: number }): void {
    const stream = this.#streams[symbol.index]!;
    const tradeId = ++stream.lastTradeId;
    if (!this.#hub.hasSubscribers(stream.tradeStreams)) return;
    const now = Date.now();
    const price = symbol.prices.format(trade.tick);
    const qty = symbol.lots.format(trade.lots);
    this.counts.trades++;
    this.#publish(
      stream.tradeStreams,
      `{"e":"trade","E":${now},"T":${now},"s":"${symbol.name}","t":${tradeId},` +
        `"p":"${price}","q":"${qty}","X":"MARKET","m":${!trade.isBuy}}`,
    );
  }

  /** The book as an answer to a request; later messages go on from its id. */
  snapshot(symbol: PaperSymbol, limit: number): Record<string, unknown> {
    const { bids, asks } = this.#markets.of(symbol).book.levels(limit);
    const text = ([tick, lots]: BookLevel) => [
      symbol.prices.format(tick),
      symbol.lots.format(lots),
    ];
    const now = Date.now();
    return {
      lastUpdateId: this.#streams[symbol.index]!.lastUpdateId,
      E: now,
      T: now,
      bids: bids.map(text),
      asks: asks.map(text),
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
  let text = "";
  for (const [tick, lots] of changes) {
    text += `${text === "" ? "" : ","}["${symbol.prices.format(tick)}","${
      symbol.lots.format(lots)
    }"]`;
  }
  return text;
}

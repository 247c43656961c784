/**
 * What happened in one market, in numbers.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { Grid } from "../bot/grid.ts";
import { EventKind } from "../bot/record.ts";
import { checkNumber } from "../model/check.ts";
import { CompensatedSum } from "./compensated_sum.ts";
import { Histogram } from "./histogram.ts";

const NS_PER_S = 1e9;

/** Which market to count. */
export interface MarketStatisticsOptions {
  /**
   * Asset number; records of other instruments are not counted.
   *
   * @default {0}
   */
  readonly asset?: number | undefined;
}

/** What a caller knows better than the records tell; see {@linkcode MarketStatistics.sample}. */
export interface StatisticsSample {
  /** Seconds since the start, in place of the bot's clock. */
  readonly elapsedS?: number | undefined;
  /** Events dropped between the bot and the statistics, such as `client.dropped`. */
  readonly dropped?: number | undefined;
}

/** The numbers of a {@linkcode MarketStatistics}; null where there is nothing to tell. */
export interface MarketSummary {
  /** Time covered, in seconds. */
  readonly durationS: number;
  /** Number of trades. */
  readonly totalTrades: number;
  /** Quantity bought by takers, in base units. */
  readonly buyVolume: number;
  /** Quantity sold by takers, in base units. */
  readonly sellVolume: number;
  /** Best bid of the last sample that had one, in quote currency. */
  readonly lastBid: number | null;
  /** Best ask of the last sample that had one, in quote currency. */
  readonly lastAsk: number | null;
  /** Smallest sampled spread, in quote currency. */
  readonly minSpread: number | null;
  /** Largest sampled spread, in quote currency. */
  readonly maxSpread: number | null;
  /** Trades per second of the time covered; 0 when that is none. */
  readonly tradesPerSecond: number;
  /** Number of book records: level changes, best bids and offers, levels of whole books. */
  readonly depthUpdates: number;
  /** Events lost on the way, as far as they could be counted. */
  readonly dropped: number;
  /** Time from the exchange to the bot, ns; negative where their clocks disagree. */
  readonly feedLatencyNs: {
    /** Half of the events took no longer. */
    readonly p50: number | null;
    /** 99 in 100 events took no longer. */
    readonly p99: number | null;
    /** The longest. */
    readonly max: number | null;
  };
}

/**
 * Counts trades, volumes, spreads and latencies of one instrument from the records of its bot.
 *
 * Spreads are those of the bot's book, sampled once a batch after all of it was handled: what a
 * strategy that acts once a batch can see. Time is the bot's clock, so that a
 * simulation is measured in its own time. Latencies are those of trades and book changes; levels of a
 * book sent anew have none.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { LiveClient, MarketStatistics, StubBot } from "@hftlive/hftlive";
 *
 * const bot = new StubBot({ seed: 7, maxFeeds: 500 });
 * await using client = await LiveClient.start(bot);
 * const statistics = new MarketStatistics(bot);
 * for await (const batch of client.batches()) statistics.add(batch);
 * console.log(JSON.stringify(statistics));
 * assert(statistics.totalTrades > 0);
 * ```
 */
export class MarketStatistics {
  /** Number of trades. */
  totalTrades = 0;
  /** Number of book records: level changes, best bids and offers, levels of whole books. */
  depthUpdates = 0;
  /** How often events were, or may have been, lost on the way to the bot. */
  overflows = 0;
  readonly #bot: LiveBot;
  readonly #asset: number;
  readonly #ticks: Grid;
  readonly #lots: Grid;
  readonly #startedAt: bigint;
  readonly #bought = new CompensatedSum();
  readonly #sold = new CompensatedSum();
  readonly #latency = new Histogram();
  #now: bigint;
  #elapsedS: number | undefined;
  #lost = 0;
  #droppedElsewhere = 0;
  #lastBid = NaN;
  #lastAsk = NaN;
  #minSpreadTicks = NaN;
  #maxSpreadTicks = NaN;

  /**
   * Starts to count.
   *
   * @param bot The open bot whose batches will be added; the time covered starts now.
   * @param options Which of its instruments.
   * @throws {BotError} "instrumentNotFound", "closed".
   */
  constructor(bot: LiveBot, options: MarketStatisticsOptions = {}) {
    this.#bot = bot;
    this.#asset = options.asset ?? 0;
    const { tickSize, lotSize } = bot.depth(this.#asset);
    this.#ticks = new Grid(tickSize);
    this.#lots = new Grid(lotSize);
    this.#startedAt = bot.currentTimestamp();
    this.#now = this.#startedAt;
  }

  /** Quantity bought by takers, in base units. */
  get buyVolume(): number {
    return this.#lots.snap(this.#bought.value);
  }

  /** Quantity sold by takers, in base units. */
  get sellVolume(): number {
    return this.#lots.snap(this.#sold.value);
  }

  /** Best bid of the last sample that had one, in quote currency; NaN before one. */
  get lastBid(): number {
    return this.#ticks.snap(this.#lastBid);
  }

  /** Best ask of the last sample that had one, in quote currency; NaN before one. */
  get lastAsk(): number {
    return this.#ticks.snap(this.#lastAsk);
  }

  /** Smallest sampled spread, in quote currency; NaN before one. */
  get minSpread(): number {
    return this.#ticks.value(this.#minSpreadTicks);
  }

  /** Largest sampled spread, in quote currency; NaN before one. */
  get maxSpread(): number {
    return this.#ticks.value(this.#maxSpreadTicks);
  }

  /** Time covered, in seconds: up to the last batch or sample. */
  get durationS(): number {
    return this.#elapsedS ?? Number(this.#now - this.#startedAt) / NS_PER_S;
  }

  /** Trades per second of the time covered; 0 when that is none. */
  get tradesPerSecond(): number {
    const { durationS } = this;
    return durationS > 0 ? this.totalTrades / durationS : 0;
  }

  /** Events lost on the way, as far as they could be counted; see also {@linkcode overflows}. */
  get dropped(): number {
    return this.#lost + this.#droppedElsewhere;
  }

  /** Time from the exchange to the bot, ns. */
  get feedLatencyNs(): Histogram {
    return this.#latency;
  }

  /**
   * Counts all records of a batch, then samples the bot's book.
   *
   * @param batch What the bot has just filled, before its next poll.
   * @throws {BotError} "closed" if the bot is.
   */
  add(batch: EventBatch): void {
    const { length } = batch;
    for (let i = 0; i < length; i++) this.addRecord(batch, i);
    this.#advance(batch.timestamp);
    this.#sampleBook();
  }

  /**
   * Counts one record, without looking at the book.
   *
   * @param batch Where it is.
   * @param i Its index.
   */
  addRecord(batch: EventBatch, i: number): void {
    const asset = batch.asset(i);
    const kind = batch.kind(i);
    if (asset !== this.#asset && !(kind === EventKind.Overflow && asset === -1)) return;
    switch (kind) {
      case EventKind.Trade:
        this.totalTrades++;
        if (batch.isBuy(i)) this.#bought.add(batch.qty(i));
        else if (batch.side(i) === "sell") this.#sold.add(batch.qty(i));
        this.#latency.record(batch.latencyNs(i));
        break;
      case EventKind.Depth:
      case EventKind.Bbo:
        this.depthUpdates++;
        this.#latency.record(batch.latencyNs(i));
        break;
      case EventKind.Snapshot:
        this.depthUpdates++;
        break;
      case EventKind.Overflow: {
        this.overflows++;
        const lost = batch.qty(i);
        if (lost > 0) this.#lost += lost;
        break;
      }
    }
  }

  /**
   * Samples the bot's clock and book now, and takes over what the caller knows better. Call
   * it before reading the numbers when no batch has come for a while.
   *
   * @param known Elapsed time and events dropped, each kept until given anew.
   * @throws {BotError} "closed" if the bot is.
   * @throws {InvalidInputError} If a number cannot be used.
   */
  sample(known: StatisticsSample = {}): void {
    if (known.elapsedS !== undefined) {
      this.#elapsedS = checkNumber("elapsedS", known.elapsedS, { min: 0 });
    }
    if (known.dropped !== undefined) {
      this.#droppedElsewhere = checkNumber("dropped", known.dropped, { min: 0, integer: true });
    }
    this.#advance(this.#bot.currentTimestamp());
    this.#sampleBook();
  }

  /** The numbers as a plain object, which `JSON.stringify` calls for. */
  toJSON(): MarketSummary {
    const latency = this.#latency;
    return {
      durationS: this.durationS,
      totalTrades: this.totalTrades,
      buyVolume: this.buyVolume,
      sellVolume: this.sellVolume,
      lastBid: orNull(this.lastBid),
      lastAsk: orNull(this.lastAsk),
      minSpread: orNull(this.minSpread),
      maxSpread: orNull(this.maxSpread),
      tradesPerSecond: this.tradesPerSecond,
      depthUpdates: this.depthUpdates,
      dropped: this.dropped,
      feedLatencyNs: {
        p50: orNull(latency.quantile(0.5)),
        p99: orNull(latency.quantile(0.99)),
        max: orNull(latency.max),
      },
    };
  }

  #advance(timestamp: bigint): void {
    if (timestamp > this.#now) this.#now = timestamp;
  }

  #sampleBook(): void {
    const depth = this.#bot.depth(this.#asset);
    const { bestBid, bestAsk } = depth;
    if (!Number.isNaN(bestBid)) this.#lastBid = bestBid;
    if (!Number.isNaN(bestAsk)) this.#lastAsk = bestAsk;
    const ticks = this.#ticks.steps(bestAsk - bestBid);
    if (Number.isNaN(ticks)) return;
    if (!(ticks >= this.#minSpreadTicks)) this.#minSpreadTicks = ticks;
    if (!(ticks <= this.#maxSpreadTicks)) this.#maxSpreadTicks = ticks;
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * Options of the replay bot.
 *
 * @module
 */

import type { QueueModelOptions } from "../matching/queue_model.ts";
import type { Instrument } from "../model/instrument.ts";
import type { MarketSource } from "./market_source.ts";

/** Recorded market data: the path of a file, or a source that is open already, which the bot closes. */
export type Recording = string | MarketSource;

/** An instrument, and the recordings of its market. */
export interface ReplayInstrument extends Instrument {
  /**
   * Its market data: hftbacktest's `.npz`, the collector's `.gz`, or open sources. Several are
   * read one after the other. Of a file with several symbols, the instrument's is taken.
   */
  readonly recording: Recording | readonly Recording[];
  /** Trades kept for `lastTrades`. */
  readonly lastTradesCapacity?: number | undefined;
}

/** How long one order request took. */
export interface OrderLatencyRow {
  /** When the request was sent, ns since the Unix epoch. */
  readonly requestTimestamp: bigint;
  /** When the exchange handled it, ns since the Unix epoch; 0n if it did not, being overloaded. */
  readonly exchTimestamp: bigint;
  /** When the answer came, ns since the Unix epoch. */
  readonly responseTimestamp: bigint;
}

/**
 * How long requests travel to the exchange, and answers back.
 *
 * - "constant": always as long.
 * - "recorded": as long as the last market event of the instrument took to come, times a factor.
 * - "interpolated": between two measured requests, as upstream's `IntpOrderLatency`; before the first
 *   and after the last, as long as those. Where the exchange did not handle one of the
 *   two, the request is rejected, and that answer takes their whole round trip.
 *
 * No request and no answer overtakes another of its instrument.
 */
export type ReplayOrderLatency =
  | {
    readonly model: "constant";
    /** To the exchange, ns. */
    readonly entryNs: number;
    /** Back, ns. */
    readonly responseNs: number;
  }
  | {
    readonly model: "recorded";
    /**
     * Times the feed latency, to the exchange.
     * @default {1}
     */
    readonly entryFactor?: number | undefined;
    /**
     * Times the feed latency, back.
     * @default {1}
     */
    readonly responseFactor?: number | undefined;
  }
  | {
    readonly model: "interpolated";
    /** Measured requests, in the order of their request times. */
    readonly rows: readonly OrderLatencyRow[];
  };

/** Options of `ReplayBot`; all but the instruments have a default. */
export interface ReplayBotOptions {
  /** What is traded, and where its market was recorded. They are merged by time. */
  readonly instruments: readonly ReplayInstrument[];
  /**
   * "virtual": time jumps from event to event, as fast as the bot polls. "real": time passes as on
   * the wall clock, times `speed`; waits block the thread.
   * @default {"virtual"}
   */
  readonly clock?: "virtual" | "real" | undefined;
  /**
   * How much faster than the wall clock time passes; only with the real clock.
   * @default {1}
   */
  readonly speed?: number | undefined;
  /**
   * Where to begin, ns since the Unix epoch: earlier events only build the book, which the first
   * answer to the registration then brings. Default: with the first event.
   */
  readonly startTime?: bigint | undefined;
  /** Where the data ends, ns since the Unix epoch: the first event that is left out. Default: its end. */
  readonly endTime?: bigint | undefined;
  /**
   * What one poll covers on the virtual clock, ns: it goes on to whatever comes next, and so
   * much further. A decision is taken up to this much later than the event behind it; with 0,
   * each poll brings one moment. A poll that delivers what a wait handled lets no time pass.
   * @default {100_000}
   */
  readonly pollIntervalNs?: number | undefined;
  /**
   * How far the exchange's clock was ahead of the recording's, ns. "auto" measures it where
   * events came before their own exchange time, so that the quickest of them took `baseLatencyNs`;
   * it rises when a quicker one follows. "none" is 0.
   *
   * Events keep the times they were recorded with. Those of the exchange are moved by it, so
   * that it is known when its book changed by the bot's clock: never after the bot saw it.
   * @default {"auto"}
   */
  readonly clockSkewNs?: number | "auto" | "none" | undefined;
  /**
   * Feed latency of the quickest event of a recording whose clocks disagree, ns.
   * @default {1_000_000}
   */
  readonly baseLatencyNs?: number | undefined;
  /** How long requests and answers travel. Default: "constant", 5 ms each way. */
  readonly orderLatency?: ReplayOrderLatency | undefined;
  /** How resting orders move forward in their queue. Default: "riskAverse". */
  readonly queueModel?: QueueModelOptions | undefined;
  /**
   * Fee of executions as maker, as a share of their value; negative for a rebate.
   * @default {0.0002}
   */
  readonly makerFee?: number | undefined;
  /**
   * Fee of executions as taker, as a share of their value.
   * @default {0.0005}
   */
  readonly takerFee?: number | undefined;
  /**
   * Whether to go on behind damaged pieces of a file, and count them.
   * @default {false}
   */
  readonly skipDamaged?: boolean | undefined;
  /**
   * Trades kept for `lastTrades`, per instrument; the newest stay.
   * @default {0}
   */
  readonly lastTradesCapacity?: number | undefined;
  /**
   * Market events kept for the next poll while waits handle them.
   * @default {65_536}
   */
  readonly journalCapacity?: number | undefined;
}

/**
 * Options of the stub bot.
 *
 * @module
 */

import type { Instrument } from "../model/instrument.ts";

/** A range of whole numbers; both ends are included. */
export interface StubRange {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
}

/** An instrument of the stub, with what may differ from the bot's options. */
export interface StubInstrument extends Instrument {
  /** Where its price starts, in quote currency. */
  readonly basePrice?: number | undefined;
  /** Trades kept for `lastTrades`. */
  readonly lastTradesCapacity?: number | undefined;
}

/**
 * When a resting order is filled.
 *
 * "probability": at each step with this probability while it is at the touch (the best
 * price of its own side) or better. "touch": when the market trades through its price,
 * that is when a trade prints beyond it or the other side of the book comes to it.
 */
export type StubFillModel =
  | { readonly model: "probability"; readonly probability: number }
  | { readonly model: "touch" };

/** How long a request travels to the exchange, and its answer back, ns. */
export interface StubOrderLatency {
  /** To the exchange, ns. */
  readonly entryNs: number;
  /** Back, ns. */
  readonly responseNs: number;
}

/**
 * A time in which no connector runs, as if it had died: no event comes, and requests are refused.
 * The market goes on meanwhile, and so do orders that rest there. When another connector takes its
 * place it has open orders cancelled, as hftbacktest's does; the bot is told that it knows none of
 * them (status "none"), what the position is, and the whole book.
 */
export interface StubOutage {
  /** When it begins, ns after the market's start. */
  readonly startNs: number;
  /** How long it takes, ns. */
  readonly durationNs: number;
  /** Whose instruments it is about. Default: every connector's. */
  readonly connector?: string | undefined;
}

/** Options of `StubBot`; each has a default. */
export interface StubBotOptions {
  /**
   * What everything random follows from, 0 to 2^32-1.
   * @default {42}
   */
  readonly seed?: number | undefined;
  /** What is traded. Default: one, "btcusdt" on connector "stub", tick size 0.1, lot size 0.001. */
  readonly instruments?: readonly StubInstrument[] | undefined;
  /**
   * Where prices start, in quote currency.
   * @default {60_000}
   */
  readonly basePrice?: number | undefined;
  /**
   * The fair price moves by up to this many ticks a step, up or down.
   * @default {1}
   */
  readonly volatilityTicks?: number | undefined;
  /** The spread stays within this range, in ticks. Default: 1 to 5. */
  readonly spreadTicks?: StubRange | undefined;
  /**
   * Price levels on each side of the book.
   * @default {20}
   */
  readonly depthLevels?: number | undefined;
  /**
   * Probability of a trade, each step.
   * @default {0.7}
   */
  readonly tradeProbability?: number | undefined;
  /**
   * Probability that the displayed book changes, each step.
   * @default {0.8}
   */
  readonly depthProbability?: number | undefined;
  /** Lots of a trade. Default: 1 to 200. */
  readonly tradeLots?: StubRange | undefined;
  /** Lots at a level. Default: 1 to 5,000. */
  readonly levelLots?: StubRange | undefined;
  /**
   * Time from one step of the market to the next, ns.
   * @default {1_000_000}
   */
  readonly stepIntervalNs?: number | undefined;
  /**
   * "virtual": time stands still but for waits and polls, and nothing depends on the
   * machine. "real": the wall clock; waits block the thread.
   * @default {"virtual"}
   */
  readonly clock?: "virtual" | "real" | undefined;
  /**
   * Where the virtual clock starts, ns since the Unix epoch.
   * @default {1_700_000_000_000_000_000n}
   */
  readonly startTime?: bigint | undefined;
  /**
   * Time from the exchange to the bot, ns.
   * @default {100_000}
   */
  readonly feedLatencyNs?: number | undefined;
  /**
   * Up to this much is added to the feed latency at random, ns; events keep their order.
   * @default {0}
   */
  readonly feedLatencyJitterNs?: number | undefined;
  /**
   * Round trip of an order request, ns: half of it there, half back, if it is one number.
   * @default {1_000_000}
   */
  readonly orderLatencyNs?: number | StubOrderLatency | undefined;
  /** When a resting order is filled. Default: "probability" of 0.3. */
  readonly fill?: StubFillModel | undefined;
  /**
   * Probability that the fill of a resting order is only a part of it.
   * @default {0.2}
   */
  readonly partialFillProbability?: number | undefined;
  /**
   * Probability that the exchange rejects a new order.
   * @default {0}
   */
  readonly rejectProbability?: number | undefined;
  /** When connectors are away, in order; those of one connector must not overlap. Default: never. */
  readonly outages?: readonly StubOutage[] | undefined;
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
   * Steps of the market, each of which moves every instrument, until the data ends;
   * Infinity for no end.
   * @default {1_000}
   */
  readonly maxFeeds?: number | undefined;
  /**
   * Steps that a poll lets pass on the virtual clock.
   * @default {1}
   */
  readonly stepsPerPoll?: number | undefined;
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

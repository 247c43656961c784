/**
 * What a strategy is.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import type { LiveClient } from "../client/live_client.ts";
import type { BotEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { AnyParams, ParamsOf } from "./params.ts";

/** A repeated call that can be ended. */
export interface StrategyTimer extends Disposable {
  /** Ends it. */
  cancel(): void;
}

/** What `setup` gets: everything but the state that it makes. */
export interface SetupContext<P = AnyParams> {
  /** The asynchronous way to trade: streams, and orders that resolve with the exchange's answer. */
  readonly client: LiveClient;
  /** The synchronous way to trade. Never poll it: the client does. */
  readonly bot: LiveBot;
  /** What is traded; an instrument's index is its asset number. */
  readonly instruments: readonly Instrument[];
  /** The strategy's parameters, with what the run set instead. */
  readonly params: P;
  /** Aborted when the run is to end; `teardown` follows. */
  readonly signal: AbortSignal;
  /** The bot's clock, ns since the Unix epoch: the data's time in a simulation. */
  now(): bigint;
  /** An id for an order, which no other gives out. */
  nextOrderId(): bigint;
  /** Writes a line for whoever runs the strategy. */
  log(message: string): void;
  /**
   * Calls a function again and again, by the bot's clock, until the run ends. It is called
   * at the first poll after its time, once even if several times have passed, and not again
   * before what it returned has settled.
   *
   * @param intervalNs Time between two calls, ns.
   * @param body What to do. An error in it ends the run.
   * @returns Ends the calls.
   * @throws {InvalidInputError} If the interval is not a number above 0.
   */
  every(intervalNs: number, body: () => void | Promise<void>): StrategyTimer;
  /**
   * Waits by the bot's clock.
   *
   * @param durationNs How long, ns.
   * @returns Resolves at the first poll after that time.
   * @throws The signal's reason, when the run ends before.
   * @throws {InvalidInputError} If the duration is not a number of at least 0.
   */
  sleep(durationNs: number): Promise<void>;
}

/** What the functions of a strategy get. */
export interface StrategyContext<P = AnyParams, S = unknown> extends SetupContext<P> {
  /** What `setup` returned. */
  readonly state: S;
}

/**
 * A strategy: the default export of a module that `trade --strategy FILE` runs, or what
 * `runStrategy` is given. Make one with {@linkcode defineStrategy}.
 *
 * It has at most one of `onEvent`, `onBatch` and `run`. One that has `setup` alone lives on
 * timers. State belongs into what `setup` returns, not into variables of the module, so that a
 * strategy can run several times in one process.
 *
 * When a function throws, the run ends: orders are cancelled, and the report names the
 * function and the line. `teardown` is called all the same, if `setup` had returned.
 */
export interface Strategy<P extends ParamsOf<P> = AnyParams, S = unknown> {
  /** Name in reports. Default: the name of its file. */
  readonly name?: string;
  /** Parameters and their defaults, which tell names and kinds. Default: none. */
  readonly params?: P;
  /** Called once every instrument is registered and has data. Returns the state. */
  setup?(context: SetupContext<P>): S | Promise<S>;
  /** Called for each event, in order; what it returns is awaited before the next. */
  onEvent?(event: BotEvent, context: StrategyContext<P, S>): void | Promise<void>;
  /**
   * Called with all events of a poll, read in place: no object is made for an event that is not
   * asked for. What it returns is awaited before the next; the batch is valid until then.
   */
  onBatch?(batch: EventBatch, context: StrategyContext<P, S>): void | Promise<void>;
  /** Called once; the run ends when it returns. It reads the client's streams. */
  run?(context: StrategyContext<P, S>): Promise<void>;
  /** Called at the end, before orders that are still open are cancelled. */
  teardown?(context: StrategyContext<P, S>): void | Promise<void>;
}

/**
 * Gives a strategy its types: those of the parameters come from their defaults, that of the
 * state from what `setup` returns.
 *
 * @param strategy The strategy.
 * @returns The same.
 *
 * @example A strategy that buys one lot and sells it ten seconds later
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineStrategy, runStrategy, StubBot } from "@hftlive/hftlive";
 *
 * const roundTrip = defineStrategy({
 *   name: "round-trip",
 *   params: { lots: 1, holdS: 10 },
 *   async run({ client, instruments, params, sleep }) {
 *     const qty = instruments[0]!.lotSize * params.lots;
 *     await client.submitOrder({ side: "buy", qty, orderType: "market" });
 *     await sleep(params.holdS * 1e9);
 *     await client.submitOrder({ side: "sell", qty, orderType: "market" });
 *   },
 * });
 *
 * const bot = new StubBot({ seed: 7, maxFeeds: Infinity });
 * const { report } = await runStrategy(bot, roundTrip, { virtualTime: true, params: { lots: 2 } });
 * assertEquals(report.instruments[0]!.fills.count, 2);
 * assertEquals(report.instruments[0]!.position, 0);
 * ```
 */
export function defineStrategy<P extends ParamsOf<P> = AnyParams, S = undefined>(
  strategy: Strategy<P, S>,
): Strategy<P, S> {
  return strategy;
}

/**
 * A bot on a random market.
 *
 * @module
 */

import { RealClock, VirtualClock } from "../bot/clock.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { SimulatedBot } from "../bot/simulated_bot.ts";
import { Exchange } from "./exchange.ts";
import type { StubBotOptions } from "./options.ts";
import { resolveOptions } from "./settings.ts";

/** A {@linkcode LiveBot} on a random market in this process. */
export interface StubBot extends LiveBot {
  /** What everything random followed from. */
  readonly seed: number;
}

/**
 * Makes a bot on a random market, for tests and first steps: no exchange, no
 * connector, no permission. On the virtual clock, the default, the same seed and the
 * same calls give the same events, byte for byte.
 *
 * The market moves in steps on a timeline of its own; events reach the bot after the
 * feed latency, requests and their answers travel too. The bot's own orders are
 * matched against the displayed book and leave no trace in it.
 *
 * @example A passive order and its fill
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StubBot } from "@hftlive/hftlive";
 *
 * using bot = new StubBot({ seed: 7, fill: { model: "probability", probability: 1 } });
 * bot.waitNextFeed(false, 1_000_000_000);
 * const { bestBid } = bot.depth(0);
 * bot.submitBuyOrder(0, 1n, bestBid + 1, 0.01, "GTC", "limit", true);
 * bot.elapse(10_000_000);
 * assertEquals(bot.order(0, 1n)?.status, "filled");
 * assertEquals(bot.position(0), 0.01);
 * ```
 *
 * @example Trades, read in place
 * ```ts
 * import { assert } from "@std/assert";
 * import { EventBatch, EventKind, StubBot } from "@hftlive/hftlive";
 *
 * using bot = new StubBot({ maxFeeds: 100 });
 * const batch = new EventBatch();
 * let volume = 0;
 * while (bot.poll(batch) >= 0) {
 *   for (let i = 0; i < batch.length; i++) {
 *     if (batch.kind(i) === EventKind.Trade) volume += batch.qty(i);
 *   }
 * }
 * assert(volume > 0);
 * ```
 */
export const StubBot: new (options?: StubBotOptions) => StubBot = class extends SimulatedBot
  implements StubBot {
  readonly seed: number;

  /**
   * Makes a bot with a market of its own.
   *
   * @param options What the market is like.
   * @throws {InvalidInputError} Naming the first option that cannot be used.
   */
  constructor(options: StubBotOptions = {}) {
    const settings = resolveOptions(options);
    const clock = settings.clock === "real"
      ? new RealClock()
      : new VirtualClock(settings.startTime, settings.stepIntervalNs * settings.stepsPerPoll);
    super(new Exchange(settings, clock.base), clock, {
      instruments: settings.assets.map((asset) => asset.instrument),
      lastTradesCapacities: settings.assets.map((asset) => asset.lastTradesCapacity),
      journalCapacity: settings.journalCapacity,
      fees: settings,
    });
    this.seed = settings.seed;
  }
};

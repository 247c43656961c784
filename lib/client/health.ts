/**
 * What is proven about the way to each exchange.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import type { Instrument } from "../model/instrument.ts";

/**
 * How much is proven about an instrument, each level on top of the one before: nothing, a living
 * connector on the channel, its answer to a registration, market data in time.
 */
export type HealthLevel = "none" | "attached" | "registered" | "fresh";

/** All levels, from the least. */
export const HEALTH_LEVELS: readonly HealthLevel[] = ["none", "attached", "registered", "fresh"];

/** What is proven about one instrument. */
export interface InstrumentHealth {
  /** Asset number. */
  readonly asset: number;
  /** Symbol as the connector spells it. */
  readonly symbol: string;
  /** Name of its connector. */
  readonly connector: string;
  /** How much is proven. */
  readonly level: HealthLevel;
  /** Whether the level is "fresh". */
  readonly healthy: boolean;
  /** What is missing, as a sentence for an operator; undefined when it is healthy. */
  readonly reason: string | undefined;
  /**
   * Time since the client received its last market event, ms; undefined before the first one, and
   * before the first one of a connector that came back.
   */
  readonly lastFeedAgeMs: number | undefined;
}

/** What is proven about a client and its instruments. */
export interface Health {
  /** Whether the client runs and every instrument is healthy. */
  readonly healthy: boolean;
  /** What is missing; undefined when it is healthy. */
  readonly reason: string | undefined;
  /** Time since the client was started, ms. */
  readonly uptimeMs: number;
  /** Events dropped since the start: by queues of this client, and by the bot. */
  readonly dropped: number;
  /** How often a channel may have overflowed since the bot was made. */
  readonly overflows: number;
  /** One entry an instrument, in order. */
  readonly instruments: readonly InstrumentHealth[];
}

/** An instrument that became healthy or stopped being so. */
export interface HealthChange {
  /** What is proven now. */
  readonly health: InstrumentHealth;
  /** Whether the connection was lost, else restored. */
  readonly lost: boolean;
}

/**
 * Watches the instruments of a bot. The age of a feed counts from when the client received
 * it, so that a bot whose clock is not the wall clock is judged alike.
 */
export class HealthMonitor {
  readonly #bot: LiveBot;
  readonly #feedTimeoutMs: number;
  /** When the connector's last market event came, by `performance.now()`; NaN before the first. */
  readonly #lastFeed: Float64Array;
  readonly #states: ("unproven" | "healthy" | "lost")[];

  /**
   * @param bot The bot to watch.
   * @param feedTimeoutMs How old the last market event may be, ms.
   */
  constructor(bot: LiveBot, feedTimeoutMs: number) {
    this.#bot = bot;
    this.#feedTimeoutMs = feedTimeoutMs;
    this.#lastFeed = new Float64Array(bot.numAssets).fill(NaN);
    this.#states = new Array(bot.numAssets).fill("unproven");
  }

  /** Whether a market event could make an instrument healthy. */
  get anyUnhealthy(): boolean {
    return this.#states.some((state) => state !== "healthy");
  }

  /** Takes note of a market event. */
  feed(asset: number, now: number): void {
    this.#lastFeed[asset] = now;
  }

  /** Takes note that the connector went away or was replaced: what it sent proves nothing now. */
  detached(asset: number): void {
    this.#lastFeed[asset] = NaN;
  }

  /**
   * What is proven about each instrument.
   *
   * @param now By `performance.now()`.
   */
  instruments(now: number): InstrumentHealth[] {
    return this.#bot.instruments.map((instrument, asset) =>
      this.#instrument(instrument, asset, now)
    );
  }

  /** The instruments, when the bot cannot be asked any more. */
  gone(now: number, reason: string): InstrumentHealth[] {
    return this.#bot.instruments.map(({ symbol, connector }, asset) => {
      const lastFeedAgeMs = this.#age(asset, now);
      return { asset, symbol, connector, level: "none", healthy: false, reason, lastFeedAgeMs };
    });
  }

  /**
   * Compares with the last call. An instrument is lost only after it was healthy, and restored
   * only after it was lost.
   *
   * @param now By `performance.now()`.
   * @returns What changed.
   */
  changes(now: number): HealthChange[] {
    const changes: HealthChange[] = [];
    for (const health of this.instruments(now)) {
      const before = this.#states[health.asset];
      if (health.healthy) {
        this.#states[health.asset] = "healthy";
        if (before === "lost") changes.push({ health, lost: false });
      } else if (before === "healthy") {
        this.#states[health.asset] = "lost";
        changes.push({ health, lost: true });
      }
    }
    return changes;
  }

  #instrument(instrument: Instrument, asset: number, now: number): InstrumentHealth {
    const { symbol, connector } = instrument;
    const { attached, registered } = this.#bot.connection(asset);
    const lastFeedAgeMs = this.#age(asset, now);
    let level: HealthLevel = "fresh";
    let reason: string | undefined;
    if (!attached) {
      level = "none";
      reason = `no connector is attached to "${connector}"`;
    } else if (!registered) {
      level = "attached";
      reason = `connector "${connector}" has not answered the registration of "${symbol}"`;
    } else if (lastFeedAgeMs === undefined) {
      level = "registered";
      reason = `no market data of "${symbol}" has come from connector "${connector}" yet`;
    } else if (lastFeedAgeMs > this.#feedTimeoutMs) {
      level = "registered";
      reason = `no market data of "${symbol}" for ${seconds(lastFeedAgeMs)}: ` +
        `if it stays away, restart connector "${connector}"`;
    }
    return {
      asset,
      symbol,
      connector,
      level,
      healthy: level === "fresh",
      reason,
      lastFeedAgeMs,
    };
  }

  #age(asset: number, now: number): number | undefined {
    const last = this.#lastFeed[asset]!;
    return Number.isNaN(last) ? undefined : now - last;
  }
}

/**
 * Whether instruments have all reached a level.
 *
 * @param instruments What is proven.
 * @param level What is asked for.
 */
export function reached(instruments: readonly InstrumentHealth[], level: HealthLevel): boolean {
  const least = HEALTH_LEVELS.indexOf(level);
  return instruments.every((health) => HEALTH_LEVELS.indexOf(health.level) >= least);
}

/** A time in seconds, for people. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

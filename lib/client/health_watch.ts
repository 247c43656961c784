/**
 * Health of a running client: asked for, waited for, and told when it changes.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import { checkOneOf } from "../model/check.ts";
import { NotReadyError } from "./errors.ts";
import {
  type Health,
  HEALTH_LEVELS,
  type HealthChange,
  type HealthLevel,
  HealthMonitor,
  type InstrumentHealth,
  reached,
  seconds,
} from "./health.ts";
import { checkWait, Waiter, type WaitOptions } from "./wait.ts";

/** Options of `LiveClient.ready`. */
export interface ReadyOptions extends WaitOptions {
  /**
   * What every instrument has to reach.
   *
   * @default {"fresh"}
   */
  readonly level?: HealthLevel | undefined;
}

/** What a watch asks its client. */
export interface ClientFacts {
  /** Why the client does not poll any more; undefined while it does. */
  readonly stopReason: string | undefined;
  /** Since when a consumer has held a batch, by `performance.now()`; undefined if none does. */
  readonly heldSince: number | undefined;
  /** Market events that the client's queues have dropped. */
  readonly dropped: number;
}

interface ReadyWait {
  readonly waiter: Waiter<Health>;
  readonly level: HealthLevel;
}

/** Judges the health of a client and of each of its instruments. */
export class HealthWatch {
  /** Keeps the ages of feeds. */
  readonly monitor: HealthMonitor;
  readonly #bot: LiveBot;
  readonly #feedTimeoutMs: number;
  readonly #facts: () => ClientFacts;
  readonly #startedAt = performance.now();
  readonly #waits = new Set<ReadyWait>();

  /**
   * @param bot The bot.
   * @param feedTimeoutMs How old the last market event may be, ms.
   * @param facts Tells the client's state.
   */
  constructor(bot: LiveBot, feedTimeoutMs: number, facts: () => ClientFacts) {
    this.#bot = bot;
    this.#feedTimeoutMs = feedTimeoutMs;
    this.#facts = facts;
    this.monitor = new HealthMonitor(bot, feedTimeoutMs);
  }

  /** How many wait for {@linkcode ready}. */
  get waiting(): number {
    return this.#waits.size;
  }

  /** Whether a market event could change the health, or is waited for. */
  get unsettled(): boolean {
    return this.#waits.size > 0 || this.monitor.anyUnhealthy;
  }

  /** What is proven now. A bot that has been closed is no error here, but unhealthy. */
  get health(): Health {
    const now = performance.now();
    const { stopReason, heldSince, dropped: droppedHere } = this.#facts();
    let dropped = droppedHere;
    let overflows = 0;
    let instruments: readonly InstrumentHealth[];
    try {
      instruments = this.monitor.instruments(now);
      for (const { asset } of instruments) {
        const status = this.#bot.connection(asset);
        dropped += status.dropped;
        overflows += status.overflows;
      }
    } catch (error) {
      instruments = this.monitor.gone(now, stopReason ?? messageOf(error));
    }
    const reason = stopReason ?? this.#holdReason(now, heldSince) ??
      instruments.find(({ healthy }) => !healthy)?.reason;
    return {
      healthy: reason === undefined,
      reason,
      uptimeMs: now - this.#startedAt,
      dropped,
      overflows,
      instruments,
    };
  }

  /** Waits for a level; see `LiveClient.ready`. */
  ready(options: ReadyOptions): Promise<Health> {
    checkWait(options);
    const level = checkOneOf("level", options.level ?? "fresh", HEALTH_LEVELS);
    options.signal?.throwIfAborted();
    const { health } = this;
    const { stopReason } = this.#facts();
    if (stopReason !== undefined) throw new NotReadyError(stopReason, health);
    if (reached(health.instruments, level)) return Promise.resolve(health);
    const { timeoutMs, signal } = options;
    const waiter = new Waiter<Health>({
      timeoutMs,
      signal,
      onTimeout: (late) => late.reject(this.#notReady(level, timeoutMs)),
      onSettled: () => this.#waits.delete(wait),
    });
    const wait: ReadyWait = { waiter, level };
    this.#waits.add(wait);
    return waiter.promise;
  }

  /**
   * Judges anew: settles those who wait for a level that is reached.
   *
   * @returns Which instruments were lost or restored since the last call.
   */
  check(): readonly HealthChange[] {
    if (this.#waits.size > 0) {
      const { health } = this;
      for (const { waiter, level } of this.#waits) {
        if (reached(health.instruments, level)) waiter.resolve(health);
      }
    }
    return this.monitor.changes(performance.now());
  }

  /** Gives up on those who wait, since the client has ended. */
  end(): void {
    for (const { waiter, level } of this.#waits) waiter.reject(this.#notReady(level));
  }

  #notReady(level: HealthLevel, timeoutMs?: number): NotReadyError {
    const { health } = this;
    const { stopReason } = this.#facts();
    const missing =
      health.instruments.find((instrument) => !reached([instrument], level))?.reason ??
        health.reason ?? "";
    const ending = timeoutMs === undefined ? stopReason : `waited ${seconds(timeoutMs)}`;
    const message = ending === undefined || ending === missing ? missing : `${missing} (${ending})`;
    return new NotReadyError(message, health);
  }

  #holdReason(now: number, heldSince: number | undefined): string | undefined {
    if (heldSince === undefined || now - heldSince <= this.#feedTimeoutMs) return undefined;
    return `a consumer of batches() has held one for ${seconds(now - heldSince)}`;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

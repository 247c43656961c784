/**
 * What is proven about a connector that was started.
 *
 * @module
 */

import { checkOneOf } from "../model/check.ts";
import { BotError, InvalidInputError } from "../model/errors.ts";
import { ChannelProbe } from "./channel_probe.ts";
import { checkSymbol } from "./config/mod.ts";
import { type RegisteredSymbol, RegistrationBot } from "./registration_bot.ts";
import type { ConnectorRun } from "./run.ts";
import { milliseconds, type RunnerSettings } from "./runner_options.ts";
import { startupError } from "./startup_error.ts";

/**
 * What can be proven about a connector, each after the one before: its process is "alive"; that
 * very process publishes on the channel, "attached"; it answered the registration of a symbol,
 * "registered"; it sent a market event of the symbol after that, "fresh".
 */
export const READINESS_LEVELS = ["alive", "attached", "registered", "fresh"] as const;

/** A level of readiness. */
export type ReadinessLevel = typeof READINESS_LEVELS[number];

/** What to wait for. */
export interface ReadinessOptions {
  /**
   * The level to wait for.
   *
   * @default {"attached"}
   */
  readonly level?: ReadinessLevel | undefined;
  /**
   * How long to wait, in ms.
   *
   * @default the runner's startupTimeoutMs
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The symbol to prove "registered" and "fresh" with, which need it. With an API key, the real
   * connector cancels all open orders of a symbol that is registered.
   */
  readonly symbol?: string | undefined;
  /** The symbol's price step; the connector keeps its book with what the first bot says. */
  readonly tickSize?: number | undefined;
  /** The symbol's quantity step. */
  readonly lotSize?: number | undefined;
  /** Ends the wait: its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What was proven. */
export interface Readiness {
  /** The level that was waited for. */
  readonly level: ReadinessLevel;
  /** The highest level that was proven. */
  readonly reached: ReadinessLevel;
  /** Whether that is the level waited for. */
  readonly ready: boolean;
  /** What stands in the way of the next level; undefined when it is ready. */
  readonly reason: string | undefined;
  /** How long it took, in ms. */
  readonly elapsedMs: number;
}

/** What a wait was asked for, checked. */
interface Wanted {
  readonly level: ReadinessLevel;
  readonly timeoutMs: number;
  readonly instrument: RegisteredSymbol | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Time between two looks, in ms. */
const STEP_MS = 20;

/**
 * Waits until a level is proven or the time is over.
 *
 * @param run The connector.
 * @param settings The runner's settings.
 * @param options What to wait for.
 * @returns What was proven, and what stands in the way of more.
 * @throws {ConnectorStartupError} If the process ends meanwhile; it holds the last lines.
 * @throws {InvalidInputError} If an option cannot be used.
 * @throws {MissingPermissionError} If more than "alive" is asked for without `--allow-ffi`.
 */
export async function proveReadiness(
  run: ConnectorRun,
  settings: RunnerSettings,
  options: ReadinessOptions,
): Promise<Readiness> {
  const wanted = checkReadinessOptions(options, settings);
  const { level, timeoutMs, signal } = wanted;
  signal?.throwIfAborted();
  const start = performance.now();
  const report = (reached: ReadinessLevel, reason?: string): Readiness => ({
    level,
    reached,
    ready: reached === level,
    reason,
    elapsedMs: performance.now() - start,
  });

  using proof = new Proof(run, settings, wanted);
  let reached: ReadinessLevel = "alive";
  for (;;) {
    if (!run.isRunning) {
      const { output, channel } = run;
      throw startupError(settings, { exit: await run.exited, output, channel });
    }
    signal?.throwIfAborted();
    if (reached === level) return report(reached);
    const step = proof.next(reached);
    if (step.reached !== undefined) reached = step.reached;
    else if (step.isFinal || performance.now() - start >= timeoutMs) {
      return report(reached, step.reason);
    } else await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/**
 * Checks what is to be waited for.
 *
 * @param options What the caller gave.
 * @param settings The runner's settings.
 * @returns The options with their defaults.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
export function checkReadinessOptions(
  options: ReadinessOptions,
  settings: RunnerSettings,
): Wanted {
  const level = checkOneOf("level", options.level ?? "attached", READINESS_LEVELS);
  const { timeoutMs = settings.startupTimeoutMs, signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidInputError("signal", signal, "an AbortSignal");
  }
  const needsSymbol = level === "registered" || level === "fresh";
  return {
    level,
    timeoutMs: milliseconds("timeoutMs", timeoutMs),
    instrument: needsSymbol ? checkInstrument(options, level, settings) : undefined,
    signal,
  };
}

function checkInstrument(
  options: ReadinessOptions,
  level: ReadinessLevel,
  settings: RunnerSettings,
): RegisteredSymbol {
  const { symbol, tickSize, lotSize } = options;
  if (typeof symbol !== "string") {
    throw new InvalidInputError("symbol", symbol, `a symbol, which the level "${level}" needs`);
  }
  return {
    symbol: checkSymbol(settings.connectorType, symbol),
    tickSize: checkStep("tickSize", tickSize, level),
    lotSize: checkStep("lotSize", lotSize, level),
  };
}

function checkStep(field: string, value: unknown, level: ReadinessLevel): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    const expected = `a positive number, which the level "${level}" needs`;
    throw new InvalidInputError(field, value, expected);
  }
  return value;
}

/** One attempt at the next level: it is reached, or there is a reason why not. */
type Step =
  | { readonly reached: ReadinessLevel }
  | { readonly reached?: undefined; readonly reason: string; readonly isFinal: boolean };

/** The attempts at each level, and what they hold open between two of them. */
class Proof implements Disposable {
  readonly #run: ConnectorRun;
  readonly #settings: RunnerSettings;
  readonly #wanted: Wanted;
  #probe: ChannelProbe | string | undefined;
  #bot: RegistrationBot | undefined;

  constructor(run: ConnectorRun, settings: RunnerSettings, wanted: Wanted) {
    this.#run = run;
    this.#settings = settings;
    this.#wanted = wanted;
  }

  /** Tries to prove the level after the one that is reached. */
  next(reached: ReadinessLevel): Step {
    return reached === "alive"
      ? this.#attached()
      : reached === "attached"
      ? this.#registered()
      : this.#fresh();
  }

  [Symbol.dispose](): void {
    if (typeof this.#probe === "object") this.#probe[Symbol.dispose]();
    this.#bot?.[Symbol.dispose]();
  }

  #attached(): Step {
    const { connectorName, libraryPath } = this.#settings;
    this.#probe ??= ChannelProbe.open(connectorName, libraryPath);
    if (typeof this.#probe === "string") {
      const reason = `only that the process lives can be proven: ${this.#probe}`;
      return { reason, isFinal: true };
    }
    let publisher: number | undefined;
    try {
      publisher = this.#probe.publisher();
    } catch (error) {
      // A channel that is just being made cannot be looked at for a moment.
      if (!(error instanceof BotError)) throw error;
      return { reason: error.message, isFinal: false };
    }
    if (publisher === this.#run.pid) return { reached: "attached" };
    const reason = publisher === undefined
      ? `nothing publishes on channel ${connectorName}`
      : `process ${publisher} publishes on channel ${connectorName}, not the connector's process ` +
        `${this.#run.pid}; a script that starts the connector must end in exec`;
    return { reason, isFinal: false };
  }

  #registered(): Step {
    const { instrument } = this.#wanted;
    if (instrument === undefined) return { reason: "no symbol was given", isFinal: true };
    try {
      this.#bot ??= new RegistrationBot(instrument, this.#settings, this.#run.channel);
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      return { reason: error.message, isFinal: true };
    }
    this.#bot.poll();
    if (this.#bot.isRegistered) return { reached: "registered" };
    const reason = `the connector has not answered the registration of ${instrument.symbol}`;
    return { reason: this.#bot.explain(reason), isFinal: false };
  }

  #fresh(): Step {
    const bot = this.#bot;
    if (bot === undefined) return { reason: "nothing is registered", isFinal: true };
    bot.poll();
    if (bot.isFresh) return { reached: "fresh" };
    const reason = `no market event of ${this.#wanted.instrument?.symbol} has come`;
    return { reason: bot.explain(reason), isFinal: false };
  }
}

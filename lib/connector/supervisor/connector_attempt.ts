/**
 * One run of a supervised connector: from its build to the end of its process.
 *
 * @module
 */

import { InvalidInputError, MissingPermissionError } from "../../model/errors.ts";
import type { ConnectorChannel } from "../channel/run_channel.ts";
import { isLibraryUnusable } from "../channel_probe.ts";
import {
  ConnectorBuildError,
  ConnectorConfigError,
  ConnectorNotFoundError,
  ConnectorStartupError,
} from "../errors.ts";
import { exchangeAbsence } from "../exchange_absence.ts";
import { type ConnectorExit, describeExit } from "../exit.ts";
import type { LogBuffer } from "../logs/log_buffer.ts";
import { parseLogLine } from "../logs/log_line.ts";
import type { RotatingFile } from "../logs/rotating_file.ts";
import { ConnectorRunner } from "../runner.ts";
import { ConnectorNotExecutableError } from "../runner_errors.ts";
import type { RunEnd, RunEndCause } from "./restart_policy.ts";
import type { ConnectorSettings } from "./settings.ts";
import type { SupervisedState } from "./state.ts";
import { type FeedStatus, FeedWatchdog } from "./watchdog.ts";

/** Pause before feeds are watched again after that has failed, ms. */
const WATCH_AGAIN_MS = 5_000;

/** What an attempt needs. */
export interface ConnectorAttemptOptions {
  /** The connector. */
  readonly settings: ConnectorSettings;
  /** A file for its output; undefined for memory only. */
  readonly logFile: RotatingFile | undefined;
  /** Path of the native library; undefined for the usual one. */
  readonly libraryPath: string | undefined;
  /** Gets what it prints. */
  readonly output: LogBuffer;
  /** Is told each state that it comes to. */
  readonly enter: (state: SupervisedState) => void;
  /** Is told what should be looked at. */
  readonly warn: (message: string) => void;
}

/** How an attempt ended. */
export interface AttemptEnd extends RunEnd {
  /** Whether another attempt would end the same way: something has to be put right by hand. */
  readonly isFinal: boolean;
}

/** One run of a connector. */
export class ConnectorAttempt {
  readonly #options: ConnectorAttemptOptions;
  readonly #runner: ConnectorRunner;
  #watchdog: FeedWatchdog | undefined;
  #watchAgain: ReturnType<typeof setTimeout> | undefined;
  #printing: Promise<void> | undefined;

  /**
   * Makes an attempt that has not begun.
   *
   * @param options What it needs.
   */
  constructor(options: ConnectorAttemptOptions) {
    const { settings, logFile, libraryPath, enter, warn } = options;
    this.#options = options;
    this.#runner = new ConnectorRunner({
      connectorName: settings.name,
      connectorType: settings.type,
      configPath: settings.configPath,
      projectRoot: settings.projectRoot,
      binaryPath: settings.binaryPath,
      buildFeatures: settings.buildFeatures,
      shutdownTimeoutMs: settings.stopTimeoutMs,
      env: settings.env,
      clearEnv: settings.clearEnv,
      validateConfig: settings.validateConfig,
      logFile,
      libraryPath,
    });
    this.#runner.addEventListener("warning", ({ detail }) => warn(detail));
    this.#runner.addEventListener("statechange", ({ detail: { state } }) => {
      if (state === "building" || state === "starting") enter({ status: state });
    });
  }

  /** Its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#runner.pid;
  }

  /** Its channel; undefined until its process was started. */
  get channel(): ConnectorChannel | undefined {
    return this.#runner.channel;
  }

  /** The feeds that are watched. */
  get feeds(): FeedStatus[] {
    return this.#watchdog?.feeds ?? [];
  }

  /**
   * Builds the program if it is missing, starts it, proves it ready, and watches it to its end.
   *
   * @param signal Ends it: its process is stopped.
   * @returns How it ended; its process is reaped by then.
   */
  async run(signal: AbortSignal): Promise<AttemptEnd> {
    let end: AttemptEnd;
    try {
      await this.#start(signal);
      end = await this.#watch(signal);
    } catch (error) {
      this.#keepTail(error);
      end = this.#failureOf(error);
    }
    await this.#stop(signal.aborted ? String(signal.reason) : end.reason);
    return end;
  }

  /** Starts the connector; throws whatever keeps it from being ready. */
  async #start(signal: AbortSignal): Promise<void> {
    const { level, symbol, timeoutMs } = this.#options.settings.ready;
    await this.#runner.start({ signal });
    this.#printing = this.#copyOutput();
    const readiness = await this.#runner.waitForReady({ level, timeoutMs, signal, ...symbol });
    if (readiness.ready) return;
    const { reached, reason = "no reason is known" } = readiness;
    throw new NotReadyError(
      `not ${level} after ${timeoutMs / 1_000} s, only ${reached}: ${reason}`,
      // It does all that it can without market data.
      reached === "registered" ? "exchange" : "connector",
    );
  }

  /** Watches a connector that is ready, until it ends, falls silent, or is to be stopped. */
  async #watch(signal: AbortSignal): Promise<AttemptEnd> {
    const { settings: { restart, ready }, enter } = this.#options;
    const ended = Promise.withResolvers<AttemptEnd>();
    const onAbort = (): void => ended.resolve(endOf({ failed: false, reason: "stopped" }));
    signal.addEventListener("abort", onAbort, { once: true });
    this.#runner.exited.then((exit) => ended.resolve(this.#endOfProcess(exit)));
    enter({ status: "ready", level: ready.level });
    try {
      this.#watchFeeds((silent) => {
        if (silent.length === 0) return enter({ status: "ready", level: ready.level });
        enter({ status: "silent", symbols: silent.map(({ symbol }) => symbol) });
        // Without restarts there is nothing better than a connector that may come back by itself.
        if (restart.policy === "never") return;
        ended.resolve(endOf({ failed: true, reason: describeSilence(silent), cause: "exchange" }));
      });
      if (signal.aborted) onAbort();
      return await ended.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The end of a process that was ready. */
  #endOfProcess(exit: ConnectorExit): AttemptEnd {
    const failed = exit.reason === "crashed";
    const absence = failed ? exchangeAbsence(this.#runner.output) : undefined;
    return absence === undefined
      ? endOf({ failed, reason: describeExit(exit) })
      : endOf({ failed, reason: `${describeExit(exit)}: ${absence}`, cause: "exchange" });
  }

  /** The end of an attempt that did not come to be ready. */
  #failureOf(error: unknown): AttemptEnd {
    const isFinal = FINAL_ERRORS.some((type) => error instanceof type) || isLibraryUnusable(error);
    const cause = error instanceof NotReadyError
      ? error.blames
      : exchangeAbsence(this.#runner.output) === undefined
      ? "connector"
      : "exchange";
    // Whose attempt it was is known already.
    const action = `Cannot start connector ${this.#options.settings.name}: it `;
    return { failed: true, reason: messageOf(error).replace(action, ""), cause, isFinal };
  }

  #watchFeeds(onChange: (silent: readonly FeedStatus[]) => void): void {
    const { settings: { name, watchdog }, libraryPath } = this.#options;
    if (watchdog === undefined) return;
    const { symbols } = watchdog;
    this.#watchdog = new FeedWatchdog({
      connector: name,
      symbols,
      channel: this.channel?.sizes,
      libraryPath,
      onChange,
      onError: (error) => this.#watchLater(error, onChange),
    });
  }

  /** A watchdog that fails is no reason to stop a connector that bots may trade through. */
  #watchLater(error: unknown, onChange: (silent: readonly FeedStatus[]) => void): void {
    this.#endWatch();
    this.#options.warn(`Feeds cannot be watched, trying again: ${messageOf(error)}`);
    this.#watchAgain = setTimeout(() => {
      try {
        this.#watchFeeds(onChange);
      } catch (cause) {
        this.#watchLater(cause, onChange);
      }
    }, WATCH_AGAIN_MS);
  }

  #endWatch(): void {
    clearTimeout(this.#watchAgain);
    this.#watchdog?.[Symbol.dispose]();
    this.#watchdog = undefined;
  }

  async #stop(reason: string): Promise<void> {
    if (this.#runner.isRunning) this.#options.enter({ status: "stopping", reason });
    this.#endWatch();
    await this.#runner.stop();
    await this.#printing;
  }

  async #copyOutput(): Promise<void> {
    const tail = this.#runner.logs();
    for await (const line of tail) this.#options.output.add(line);
    if (tail.dropped > 0) {
      this.#options.warn(`${tail.dropped} lines of output came too fast to be kept`);
    }
  }

  /** Keeps the last lines of a process that had ended before its output could be followed. */
  #keepTail(error: unknown): void {
    if (this.#printing !== undefined || !(error instanceof ConnectorStartupError)) return;
    for (const raw of error.outputTail) {
      this.#options.output.add(parseLogLine(raw, { stream: "stderr", cutBytes: 0 }));
    }
  }
}

/** A connector that runs has not proven what it has to. */
class NotReadyError extends Error {
  /** What is to blame. */
  readonly blames: RunEndCause;

  constructor(message: string, blames: RunEndCause) {
    super(message);
    this.blames = blames;
  }
}

/** An end after which it may be started again. */
function endOf(end: Pick<RunEnd, "failed" | "reason"> & Partial<RunEnd>): AttemptEnd {
  return { cause: "connector", isFinal: false, ...end };
}

function describeSilence(silent: readonly FeedStatus[]): string {
  const feeds = silent.map(({ symbol, timeoutMs }) => `${symbol} for ${timeoutMs / 1_000} s`);
  return `no market data of ${feeds.join(", ")}`;
}

/** Errors that only a person can do something about. */
const FINAL_ERRORS = [
  ConnectorBuildError,
  ConnectorConfigError,
  ConnectorNotExecutableError,
  ConnectorNotFoundError,
  InvalidInputError,
  MissingPermissionError,
];

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

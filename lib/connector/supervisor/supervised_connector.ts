/**
 * The life of one connector under a supervisor: started, watched, restarted, given up, stopped.
 *
 * @module
 */

import { getLogger } from "../../log.ts";
import { HftliveError, MissingPermissionError } from "../../model/errors.ts";
import { channelEnvironment } from "../channel/channel_config.ts";
import { writeChannelFile } from "../channel/channel_file.ts";
import { privateDirectory, type PrivateFile } from "../config/private_file.ts";
import { LogBuffer } from "../logs/log_buffer.ts";
import type { RotatingFile } from "../logs/rotating_file.ts";
import type { ConnectorChannelStatus, ConnectorStatus } from "./control_messages.ts";
import { toChannelStatus } from "./control_wire.ts";
import { type AttemptEnd, ConnectorAttempt } from "./connector_attempt.ts";
import { type RestartDecision, RestartPolicy, type RunEnd } from "./restart_policy.ts";
import type { ConnectorSettings } from "./settings.ts";
import { describeState, type SupervisedState, type SupervisorStateChange } from "./state.ts";
import { supervisorLine } from "./supervisor_line.ts";

/** Why a connector that nobody has started does not run. */
const NOT_STARTED = "not started yet";

const log = getLogger("supervisor");

/** What a supervised connector needs of its supervisor. */
export interface SupervisedConnectorOptions {
  /** The connector. */
  readonly settings: ConnectorSettings;
  /** A file for its output; undefined for memory only. */
  readonly logFile: RotatingFile | undefined;
  /** Path of the native library; undefined for the usual one. */
  readonly libraryPath: string | undefined;
  /** Gives numbers from 0 to 1, 1 excluded, for pauses. */
  readonly random: () => number;
  /** Is told each change of state. */
  readonly onChange: (change: SupervisorStateChange) => void;
  /** The names of those that are not ready, of some connectors. */
  readonly notReady: (names: readonly string[]) => string[];
  /** Resolves at the next change of state of any connector, or when the signal is aborted. */
  readonly nextChange: (signal: AbortSignal) => Promise<void>;
}

/** One connector, over all its restarts. */
export class SupervisedConnector implements Disposable {
  /** The connector. */
  readonly settings: ConnectorSettings;
  /** What it has printed, and what its supervisor has done with it. */
  readonly output: LogBuffer = new LogBuffer();
  readonly #options: SupervisedConnectorOptions;
  readonly #policy: RestartPolicy;
  #state: SupervisedState = { status: "stopped", reason: NOT_STARTED };
  #since = new Date();
  #starts = 0;
  #lastFailure: string | undefined;
  #attempt: ConnectorAttempt | undefined;
  /** The sizes of its channel, over all restarts: bots may come while it does not run. */
  #channelFile: PrivateFile | undefined;
  #life: Promise<void> | undefined;
  #ending = new AbortController();
  /** Whether it is stopped since someone asked for it. */
  #stoppedOnRequest = false;

  /**
   * Makes one that does not run.
   *
   * @param options What it needs.
   */
  constructor(options: SupervisedConnectorOptions) {
    const { settings, random } = options;
    this.settings = settings;
    this.#options = options;
    this.#policy = new RestartPolicy(settings.restart, random);
  }

  /** Its name. */
  get name(): string {
    return this.settings.name;
  }

  /** What it is doing. */
  get state(): SupervisedState {
    return this.#state;
  }

  /** Whether nobody has asked for anything yet. */
  get isUntouched(): boolean {
    return this.#state.status === "stopped" && this.#state.reason === NOT_STARTED;
  }

  /** Whether it has ended for good, without anyone having asked for it. */
  get isAtRest(): boolean {
    const { status } = this.#state;
    return status === "failed" ||
      (status === "stopped" && !this.#stoppedOnRequest && !this.isUntouched);
  }

  /** What there is to know about it. */
  status(): ConnectorStatus {
    const { name, type, network = null } = this.settings;
    return {
      name,
      type,
      network,
      state: this.#state,
      since: this.#since.toISOString(),
      pid: this.#attempt?.pid ?? null,
      channel: this.#channelStatus(),
      restarts: Math.max(0, this.#starts - 1),
      lastFailure: this.#lastFailure ?? null,
      feeds: this.#attempt?.feeds ?? [],
    };
  }

  /** Begins its life, unless it has one already. */
  start(): void {
    if (this.#life !== undefined) return;
    this.#policy.reset();
    this.#stoppedOnRequest = false;
    this.#ending = new AbortController();
    this.#life = this.#live(this.#ending.signal).catch((error) => {
      log.error(`Connector ${this.name} cannot be supervised any more`, { error });
      this.#enter({ status: "failed", reason: `unexpected failure: ${error}` });
    }).finally(() => this.#life = undefined);
    // Unless it waits for others, which it has found out by now.
    if (this.#state.status !== "waiting") this.#enter({ status: "starting" });
  }

  /**
   * Ends its life, and its process.
   *
   * @param reason Why, such as "on request".
   */
  async stop(reason: string): Promise<void> {
    this.#stoppedOnRequest = true;
    this.#ending.abort(reason);
    await this.#life;
    if (this.#state.status !== "stopped" || this.isUntouched) {
      this.#enter({ status: "stopped", reason });
    }
  }

  /** Ends its output, and gives back what is held for it over restarts. It must not run any more. */
  [Symbol.dispose](): void {
    this.output.close();
    this.#channelFile?.[Symbol.dispose]();
  }

  /** The channel as it is, or as it will be if that is known. */
  #channelStatus(): ConnectorChannelStatus | null {
    const running = this.#attempt?.channel;
    if (running !== undefined) return toChannelStatus(running);
    const { channel: sizes } = this.settings;
    const configPath = this.#channelFile?.path;
    return sizes === undefined ? null : toChannelStatus({ sizes, configPath });
  }

  async #live(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#awaitDependencies(signal);
      if (signal.aborted) break;
      const end = await this.#runOnce(signal);
      if (signal.aborted) break;
      if (end.failed) this.#lastFailure = end.reason;
      const decision = end.isFinal
        ? { action: "fail", reason: end.reason } as const
        : this.#policy.decide(end, performance.now());
      if (decision.action !== "restart") {
        const status = decision.action === "fail" ? "failed" : "stopped";
        return this.#enter({ status, reason: decision.reason });
      }
      await this.#backOff(end, decision, signal);
      if (signal.aborted) break;
    }
    this.#enter({ status: "stopped", reason: String(signal.reason) });
  }

  async #awaitDependencies(signal: AbortSignal): Promise<void> {
    const { notReady, nextChange } = this.#options;
    while (!signal.aborted) {
      const waitingFor = notReady(this.settings.dependsOn);
      if (waitingFor.length === 0) return;
      const changed = nextChange(signal);
      this.#enter({ status: "waiting", waitingFor });
      await changed;
    }
  }

  async #runOnce(signal: AbortSignal): Promise<AttemptEnd> {
    const { settings, logFile, libraryPath } = this.#options;
    this.#starts++;
    let env: ConnectorSettings["env"];
    try {
      env = await this.#provideEnvironment();
    } catch (error) {
      if (!(error instanceof HftliveError)) throw error;
      const isFinal = error instanceof MissingPermissionError;
      return { failed: true, reason: error.message, cause: "connector", isFinal };
    }
    this.#attempt = new ConnectorAttempt({
      settings: { ...settings, env },
      logFile,
      libraryPath,
      output: this.output,
      enter: (state) => this.#enter(state),
      warn: (message) => this.#tell("warn", message),
    });
    try {
      return await this.#attempt.run(signal);
    } finally {
      this.#attempt = undefined;
    }
  }

  /** Its environment, with the file that holds the sizes of its channel. */
  async #provideEnvironment(): Promise<ConnectorSettings["env"]> {
    const { name, channel, env } = this.settings;
    if (channel === undefined) return env;
    this.#channelFile ??= await writeChannelFile(name, channel, privateDirectory());
    return { ...env, ...channelEnvironment(this.#channelFile.path) };
  }

  async #backOff(
    { reason }: RunEnd,
    { delayMs, attempt }: Extract<RestartDecision, { action: "restart" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const until = Date.now() + delayMs;
    this.#enter({ status: "backingOff", reason, attempt, delayMs, until });
    await pause(delayMs, signal);
  }

  #enter(state: SupervisedState): void {
    const previous = this.#state;
    if (JSON.stringify(state) === JSON.stringify(previous)) return;
    this.#state = state;
    this.#since = new Date();
    const isBad = state.status === "failed" || state.status === "backingOff" ||
      state.status === "silent";
    this.#tell(isBad ? "warn" : "info", describeState(state));
    const time = this.#since.toISOString();
    this.#options.onChange({ connector: this.name, state, previous, time });
  }

  /** Notes what the supervisor does beside what the connector prints. */
  #tell(level: "info" | "warn", message: string): void {
    const line = supervisorLine(level, message);
    this.output.add(line);
    this.#options.logFile?.write(line.raw);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = setTimeout(end, ms);
  signal.addEventListener("abort", end, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}

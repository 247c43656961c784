/**
 * Building, starting, watching and stopping a connector.
 *
 * @module
 */

import { TypedEventTarget } from "../model/typed_event_target.ts";
import { isExecutable } from "./binary.ts";
import type { ConnectorChannel } from "./channel/run_channel.ts";
import { ConnectorRunnerError, ConnectorStartupError } from "./errors.ts";
import type { ConnectorExit } from "./exit.ts";
import type { LogCounts, LogLine, LogTail, TailOptions } from "./logs/mod.ts";
import { type ConnectorBuild, type ConnectorBuildOptions, ConnectorProgram } from "./program.ts";
import {
  checkReadinessOptions,
  proveReadiness,
  type Readiness,
  type ReadinessOptions,
} from "./readiness.ts";
import { ConnectorRun } from "./run.ts";
import { openRunConfig } from "./run_config.ts";
import {
  type ConnectorRunnerEventMap,
  type ConnectorRunnerState,
  ConnectorStateEvent,
  ConnectorWarningEvent,
} from "./runner_events.ts";
import {
  checkRunnerOptions,
  type ConnectorRunnerOptions,
  type ConnectorStartOptions,
  type ConnectorStopOptions,
  milliseconds,
  type RunnerSettings,
} from "./runner_options.ts";
import { requireStartPermissions } from "./start_permissions.ts";
import { describeStaleness, findStaleness, type StaleBinary } from "./staleness.ts";

/** What {@linkcode ConnectorRunner.launch} waits for, and who may end it. */
export type ConnectorLaunchOptions = ReadinessOptions & ConnectorStartOptions;

/**
 * One connector process: builds its program, starts it, proves that it is ready, follows its
 * output, and ends it. Whatever ends this program, its connectors end too. A runner can be started
 * again after its connector has ended.
 *
 * @example A connector for as long as a block runs
 * ```ts ignore
 * import { ConnectorRunner } from "@hftlive/hftlive";
 *
 * await using runner = new ConnectorRunner({
 *   connectorName: "bf",
 *   connectorType: "binancefutures",
 *   configPath: "binancefutures.toml",
 * });
 * await runner.start();
 * const { ready, reason } = await runner.waitForReady({ level: "attached" });
 * if (!ready) throw new Error(reason);
 * for await (const { level, message } of runner.logs()) console.log(level, message);
 * ```
 */
export class ConnectorRunner extends TypedEventTarget<ConnectorRunnerEventMap>
  implements AsyncDisposable {
  readonly #settings: RunnerSettings;
  readonly #program: ConnectorProgram;
  #state: ConnectorRunnerState = "idle";
  #run: ConnectorRun | undefined;
  #exited = Promise.withResolvers<ConnectorExit>();
  #warnings: string[] = [];
  /** What is being done before there is a process; `settled` never rejects. */
  #work: { readonly cancel: () => void; readonly settled: Promise<void> } | undefined;

  /**
   * Makes a runner; nothing is started.
   *
   * @param options Which connector, and how to run it.
   * @throws {InvalidInputError} Naming the first option that cannot be used.
   * @throws {MissingPermissionError} If a path is relative and the working directory is hidden.
   */
  constructor(options: ConnectorRunnerOptions) {
    super();
    this.#settings = checkRunnerOptions(options);
    this.#program = new ConnectorProgram(this.#settings);
  }

  /**
   * Starts a connector and waits until it is ready; if it does not get there, it is stopped.
   *
   * @param options Which connector, and how to run it.
   * @param launch The level to wait for, and for how long.
   * @returns The runner, to be disposed of.
   * @throws {ConnectorStartupError} If it ends or is not ready in time.
   * @throws All that {@linkcode ConnectorRunner.start} throws.
   */
  static async launch(
    options: ConnectorRunnerOptions,
    launch: ConnectorLaunchOptions = {},
  ): Promise<ConnectorRunner> {
    const runner = new ConnectorRunner(options);
    checkReadinessOptions(launch, runner.#settings);
    try {
      await runner.start(launch);
      const { ready, level, reason } = await runner.waitForReady(launch);
      if (ready) return runner;
      throw new ConnectorStartupError(
        `Cannot start connector ${runner.connectorName}: it is not ${level}: ${reason}`,
        { outputTail: runner.output.slice(-20).map(({ raw }) => raw) },
      );
    } catch (error) {
      await runner.stop();
      throw error;
    }
  }

  /** Name under which bots find the connector. */
  get connectorName(): string {
    return this.#settings.connectorName;
  }

  /** What the runner does. */
  get state(): ConnectorRunnerState {
    return this.#state;
  }

  /** The channel of the connector; of the last process, if none runs, and undefined before the first. */
  get channel(): ConnectorChannel | undefined {
    return this.#run?.channel;
  }

  /** Whether there is a process that has not ended. */
  get isRunning(): boolean {
    return this.#run?.isRunning ?? false;
  }

  /** Id of the process; undefined while none runs. */
  get pid(): number | undefined {
    return this.#run?.isRunning ? this.#run.pid : undefined;
  }

  /** Settles when the process has ended and nothing of it is left; before a start it is pending. */
  get exited(): Promise<ConnectorExit> {
    return this.#exited.promise;
  }

  /** How the last process ended; undefined before the first has. */
  get exit(): ConnectorExit | undefined {
    return this.#run?.exit;
  }

  /** The lines of output that are kept, the oldest first; of the last process, if none runs. */
  get output(): readonly LogLine[] {
    return this.#run?.output.last() ?? [];
  }

  /** What has become of the output: lines, and those that were dropped or cut. */
  get outputCounts(): LogCounts {
    return this.#run?.output.counts ?? { lines: 0, dropped: 0, cutLines: 0, cutBytes: 0 };
  }

  /** What should be looked at since the last start, or build: one line each. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /**
   * Follows the output: the lines that are kept, then each one as it comes, until the process ends.
   *
   * @param options Where to start, and what ends it early.
   * @returns The lines, without secrets.
   * @throws {ConnectorRunnerError} If no process was started.
   */
  logs(options?: TailOptions): LogTail {
    return this.#started("read the output of").output.tail(options);
  }

  /**
   * Whether the connector's program is there.
   *
   * @returns False if there is nothing.
   * @throws {ConnectorNotExecutableError} If what is there cannot be run.
   * @throws {ConnectorNotFoundError} If neither a program nor a project is named or found.
   * @throws {MissingPermissionError} If its place may not be read.
   */
  async binaryExists(): Promise<boolean> {
    return await this.#program.exists();
  }

  /**
   * Whether the program is older than its source.
   *
   * @returns What is newer; undefined when nothing is known to be.
   * @throws {ConnectorNotFoundError} If neither a program nor a project is named or found.
   */
  async findStaleness(): Promise<StaleBinary | undefined> {
    return await this.#program.findStaleness();
  }

  /**
   * Builds the program, unless it is there and as new as its source.
   *
   * @param options Whether to run cargo in any case; how to follow and end it.
   * @returns Where the program is.
   * @throws {ConnectorBuildError} If cargo fails; it holds the first error.
   * @throws {ConnectorNotFoundError} If there is no source.
   * @throws {ConnectorRunnerError} If the connector runs.
   * @throws {MissingPermissionError} If cargo may not be run.
   * @throws The signal's reason, if it was aborted.
   */
  async build(options: ConnectorBuildOptions = {}): Promise<ConnectorBuild> {
    return await this.#doWork("build", "building", options.signal, (signal) => {
      return this.#program.build({ ...options, signal });
    });
  }

  /**
   * Builds the program if it is missing, however old it is.
   *
   * @param options How to follow and end the build.
   * @returns Where the program is.
   * @throws All that {@linkcode ConnectorRunner.build} throws.
   */
  async buildIfMissing(
    options: Omit<ConnectorBuildOptions, "force"> = {},
  ): Promise<ConnectorBuild> {
    return await this.#doWork("build", "building", options.signal, (signal) => {
      return this.#program.buildIfMissing({ ...options, signal });
    });
  }

  /**
   * Starts the connector, and builds its program if that is missing.
   *
   * A process that ends a moment after its start, for a mistake in its configuration, shows in
   * {@linkcode ConnectorRunner.waitForReady}, or in `exited`.
   *
   * @param options How to end it, also later.
   * @throws {ConnectorConfigError} If the configuration, or the file of sizes that `env` names, cannot
   * be used.
   * @throws {ConnectorNotFoundError} If there is no program, and none may or can be built.
   * @throws {ConnectorNotExecutableError} If the program cannot be run.
   * @throws {ConnectorBuildError} If the build fails.
   * @throws {ConnectorNameInUseError} If another process has the connector's name.
   * @throws {ConnectorStartupError} If the process ends at once, or is stopped meanwhile.
   * @throws {ConnectorRunnerError} If it is started already.
   * @throws {MissingPermissionError} Naming all flags that are missing.
   * @throws The signal's reason, if it was aborted.
   */
  async start(options: ConnectorStartOptions = {}): Promise<void> {
    const { signal } = options;
    await this.#doWork("start", "starting", signal, async (startSignal) => {
      this.#warnings = [];
      const warn = (message: string): void => this.#warn(message);
      requireStartPermissions(this.#settings, (await this.#program.locate()).path);
      await using unused = new AsyncDisposableStack();
      const config = unused.use(await openRunConfig(this.#settings, warn));
      const binary = await this.#provideProgram({ ...options, signal: startSignal });
      startSignal.throwIfAborted();
      unused.move();
      const settings = this.#settings;
      const run = await ConnectorRun.start({ settings, binary, config, signal: startSignal, warn });
      this.#follow(run, signal);
    });
  }

  /**
   * Waits until something is proven about the connector.
   *
   * The levels "registered" and "fresh" register a symbol: with an API key, the real connector
   * then **cancels all open orders of that symbol**. It keeps its book on the tick size of the first
   * registration, so `tickSize` and `lotSize` have to be the instrument's own.
   *
   * @param options The level, and how long to wait.
   * @returns Which level was reached, and why not the next.
   * @throws {ConnectorStartupError} If the process ends meanwhile; it holds code and last lines.
   * @throws {ConnectorRunnerError} If no process was started.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {MissingPermissionError} If more than "alive" is asked for without `--allow-ffi`.
   * @throws The signal's reason, if it was aborted.
   */
  async waitForReady(options: ReadinessOptions = {}): Promise<Readiness> {
    return await proveReadiness(this.#started("wait for"), this.#settings, options);
  }

  /**
   * Ends the connector: SIGTERM, and SIGKILL when it takes too long. Ends a build or a start that
   * is under way. Further calls wait with the first; of their time limits the earliest counts.
   *
   * @param options How long it may take.
   * @returns How the process ended; undefined when there was none.
   * @throws {InvalidInputError} If the time limit is none.
   */
  async stop(options: ConnectorStopOptions = {}): Promise<ConnectorExit | undefined> {
    const { timeoutMs = this.#settings.shutdownTimeoutMs } = options;
    milliseconds("timeoutMs", timeoutMs);
    const work = this.#work;
    work?.cancel();
    await work?.settled;
    const run = this.#run;
    if (run === undefined || run.exit !== undefined) return run?.exit;
    if (this.#state === "running") this.#setState("stopping");
    await run.stop(timeoutMs);
    return await this.exited;
  }

  /** The same as {@linkcode stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Does what comes before a process, one thing at a time. */
  async #doWork<T>(
    action: "build" | "start",
    state: "building" | "starting",
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const before = this.#state;
    if (before !== "idle" && before !== "ended") {
      throw new ConnectorRunnerError(
        `Cannot ${action} connector ${this.connectorName}: it is ${before}`,
      );
    }
    const abort = new AbortController();
    const cancel = (): void => {
      const ErrorType = action === "start" ? ConnectorStartupError : ConnectorRunnerError;
      abort.abort(
        new ErrorType(`Cannot ${action} connector ${this.connectorName}: it was stopped`),
      );
    };
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    this.#work = { cancel, settled };
    try {
      this.#setState(state);
      return await work(signal ? AbortSignal.any([signal, abort.signal]) : abort.signal);
    } finally {
      this.#work = undefined;
      if (this.#state === "building" || this.#state === "starting") {
        this.#setState(state === "building" ? before : "ended");
      }
      settle();
    }
  }

  /** Makes a run the current one, until it ends. */
  #follow(run: ConnectorRun, signal: AbortSignal | undefined): void {
    const stop = (): void => void this.stop();
    signal?.addEventListener("abort", stop, { once: true });
    if (this.#run !== undefined) this.#exited = Promise.withResolvers();
    const { resolve } = this.#exited;
    this.#run = run;
    this.#setState("running");
    run.exited.then((exit) => {
      signal?.removeEventListener("abort", stop);
      this.#setState("ended", exit);
      resolve(exit);
    });
    if (signal?.aborted) stop();
  }

  /** The program, built if it has to and may be. */
  async #provideProgram(options: ConnectorBuildOptions): Promise<string> {
    const binary = await this.#program.locate();
    if (await isExecutable(binary.path)) {
      const stale = await findStaleness(binary);
      if (stale !== undefined) this.#warn(describeStaleness(stale));
      return binary.path;
    }
    if (!this.#settings.autoBuild || binary.projectRoot === undefined) {
      throw this.#program.notFound(binary.path);
    }
    this.#setState("building");
    const { path } = await this.#program.buildIfMissing(options);
    this.#setState("starting");
    return path;
  }

  #started(action: string): ConnectorRun {
    if (this.#run !== undefined) return this.#run;
    throw new ConnectorRunnerError(
      `Cannot ${action} connector ${this.connectorName}: it was not started`,
    );
  }

  #warn(message: string): void {
    this.#warnings.push(message);
    this.dispatchEvent(new ConnectorWarningEvent(message));
  }

  #setState(state: ConnectorRunnerState, exit?: ConnectorExit): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.dispatchEvent(new ConnectorStateEvent({ state, previous, exit }));
  }
}

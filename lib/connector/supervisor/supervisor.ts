/**
 * Keeping many connectors running.
 *
 * @module
 */

import { join } from "@std/path";
import { NativeLibrary } from "../../native/library.ts";
import { VERSION } from "../../version.ts";
import type { LogBuffer } from "../logs/log_buffer.ts";
import { RotatingFile } from "../logs/rotating_file.ts";
import { ControlError, type SupervisorStatus } from "./control_messages.ts";
import { SupervisorEvents } from "./events.ts";
import type { SupervisorSettings } from "./settings.ts";
import type { SupervisedState, SupervisorStateChange } from "./state.ts";
import { SupervisedConnector } from "./supervised_connector.ts";

/** Why a connector was stopped that somebody wanted to be. */
const ON_REQUEST = "on request";

/** Options of {@linkcode Supervisor}. */
export interface SupervisorOptions {
  /**
   * Path of the native library.
   *
   * @default the variable HFTLIVE_LIB, else the package's own places
   */
  readonly libraryPath?: string | undefined;
  /**
   * Gives numbers from 0 to 1, 1 excluded, for the pauses before restarts.
   *
   * @default {Math.random}
   */
  readonly random?: (() => number) | undefined;
}

/**
 * Keeps connectors running: starts each when those it depends on are ready, proves that it is ready,
 * watches its process and its feeds, restarts it after pauses that grow, and gives it up in a crash
 * loop. Bots need not do anything: they come back by themselves when their connector does.
 *
 * @example Connectors for as long as a block runs
 * ```ts no-assert
 * import { describeState, loadSupervisorSettings, Supervisor } from "@hftlive/hftlive";
 *
 * async function run(): Promise<void> {
 *   const settings = await loadSupervisorSettings("connectors.toml");
 *   await using supervisor = await Supervisor.create(settings);
 *   supervisor.start();
 *   for await (const { connector, state } of supervisor.changes()) {
 *     console.log(connector, describeState(state));
 *   }
 * }
 * ```
 */
export class Supervisor extends SupervisorEvents implements AsyncDisposable {
  /** What it was told to do. */
  readonly settings: SupervisorSettings;
  readonly #connectors: ReadonlyMap<string, SupervisedConnector>;
  readonly #logFiles: readonly RotatingFile[];
  readonly #library: NativeLibrary | undefined;
  readonly #startedAt = new Date();
  readonly #finished = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();
  #stopping: Promise<void> | undefined;

  private constructor(
    settings: SupervisorSettings,
    options: SupervisorOptions & { readonly library: NativeLibrary | undefined },
    logFiles: ReadonlyMap<string, RotatingFile>,
  ) {
    super();
    const { libraryPath, library, random = Math.random } = options;
    this.#library = library;
    this.settings = settings;
    this.#logFiles = [...logFiles.values()];
    this.#connectors = new Map(settings.connectors.map((connector) => [
      connector.name,
      new SupervisedConnector({
        settings: connector,
        logFile: logFiles.get(connector.name),
        libraryPath,
        random,
        onChange: (change) => this.#onChange(change),
        notReady: (names) => names.filter((name) => !this.#isReady(name)),
        nextChange: (signal) => this.#nextChange(signal),
      }),
    ]));
  }

  /**
   * Makes a supervisor; nothing is started.
   *
   * @param settings What it is to do, from {@linkcode loadSupervisorSettings}.
   * @param options How to reach the native library.
   * @returns The supervisor, to be disposed of.
   * @throws {ConnectorRunnerError} If a log file cannot be opened.
   * @throws {NativeLibraryNotFoundError} If more than "alive" is to be proven without the library.
   * @throws {MissingPermissionError} If a log file may not be written, or `--allow-ffi` is missing.
   */
  static async create(
    settings: SupervisorSettings,
    options: SupervisorOptions = {},
  ): Promise<Supervisor> {
    // Held open, so that it is not loaded again for each look at a channel.
    const library = needsLibrary(settings)
      ? NativeLibrary.open({ libraryPath: options.libraryPath })
      : undefined;
    try {
      return new Supervisor(settings, { ...options, library }, await openLogFiles(settings));
    } catch (error) {
      library?.close();
      throw error;
    }
  }

  /**
   * Resolves when nothing is left to do: each connector has failed for good or ended by itself, or
   * waits for one that has. A connector that was stopped on request may be wanted again.
   */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Resolves when the whole supervisor was stopped. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Starts all connectors, each when those it depends on are ready; does not wait for them. */
  start(): void {
    if (this.#stopping !== undefined) return;
    this.#connectors.forEach((connector) => connector.start());
  }

  /**
   * Waits until the first attempt of each connector has come to something: it is ready, has failed,
   * or waits for one that has. Before {@linkcode start}, that is not so.
   *
   * @param options `signal` ends the wait, and stops no connector.
   * @throws The signal's reason after an abort.
   */
  async settled(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal = new AbortController().signal } = options;
    while (![...this.#connectors.values()].every((connector) => this.#isSettled(connector))) {
      signal.throwIfAborted();
      await this.#nextChange(signal);
    }
  }

  /**
   * What the supervisor and its connectors are doing.
   *
   * @param name Name of a connector; undefined for all.
   * @returns Their status, without secrets.
   * @throws {ControlError} "unknownConnector".
   */
  status(name?: string): SupervisorStatus {
    return {
      pid: Deno.pid,
      version: VERSION,
      file: this.settings.path,
      startedAt: this.#startedAt.toISOString(),
      connectors: this.namesOf(name).map((each) => this.#find(each).status()),
    };
  }

  /**
   * Stops a connector, which stays stopped until it is restarted, or all of them, those that others
   * depend on last; then the supervisor has stopped as well.
   *
   * @param name Name of a connector; undefined for all.
   * @throws {ControlError} "unknownConnector".
   */
  async stop(name?: string): Promise<void> {
    if (name !== undefined) return await this.#find(name).stop(ON_REQUEST);
    this.#stopping ??= this.#stopAll();
    await this.#stopping;
  }

  /**
   * Stops a connector if it runs, and starts it, whatever became of it before.
   *
   * @param name Its name.
   * @returns What came of the first attempt.
   * @throws {ControlError} "unknownConnector", or "failed" if the supervisor is stopping.
   */
  async restart(name: string): Promise<SupervisedState> {
    const connector = this.#find(name);
    await connector.stop("restart on request");
    if (this.#stopping !== undefined) {
      throw new ControlError(
        "failed",
        `Cannot restart connector ${name}: the supervisor is stopping`,
      );
    }
    connector.start();
    const signal = new AbortController().signal;
    while (!this.#isSettled(connector)) await this.#nextChange(signal);
    return connector.state;
  }

  /**
   * What a connector has printed, and what was done with it.
   *
   * @param name Its name.
   * @returns The last lines, over all restarts.
   * @throws {ControlError} "unknownConnector".
   */
  logs(name: string): LogBuffer {
    return this.#find(name).output;
  }

  /**
   * The connectors that a request is about.
   *
   * @param name Name of a connector; undefined for all.
   * @returns Their names, in the order of the file.
   * @throws {ControlError} "unknownConnector".
   */
  namesOf(name: string | undefined): string[] {
    return name === undefined ? [...this.#connectors.keys()] : [this.#find(name).name];
  }

  /** Stops everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #find(name: string): SupervisedConnector {
    const connector = this.#connectors.get(name);
    if (connector !== undefined) return connector;
    const names = [...this.#connectors.keys()].join(", ");
    throw new ControlError(
      "unknownConnector",
      `Cannot find connector ${JSON.stringify(name)}: there are ${names}`,
    );
  }

  async #stopAll(): Promise<void> {
    const stopped = new Map<string, Promise<void>>();
    const stop = (connector: SupervisedConnector): Promise<void> => {
      const known = stopped.get(connector.name);
      if (known !== undefined) return known;
      const dependents = [...this.#connectors.values()].filter(({ settings }) =>
        settings.dependsOn.includes(connector.name)
      );
      const promise = Promise.all(dependents.map(stop)).then(() => connector.stop(ON_REQUEST));
      stopped.set(connector.name, promise);
      return promise;
    };
    try {
      await Promise.all([...this.#connectors.values()].map(stop));
    } finally {
      this.#connectors.forEach((connector) => connector[Symbol.dispose]());
      await Promise.all(this.#logFiles.map((file) => file.close()));
      this.#library?.close();
      this.closeChanges();
      this.#stopped.resolve();
    }
  }

  #isReady(name: string): boolean {
    const status = this.#connectors.get(name)?.state.status;
    return status === "ready" || status === "silent";
  }

  /** Whether an attempt has come to something, for now or for good. */
  #isSettled(connector: SupervisedConnector): boolean {
    const { state } = connector;
    switch (state.status) {
      case "ready":
      case "silent":
      case "backingOff":
      case "failed":
        return true;
      case "stopped":
        return !connector.isUntouched;
      case "waiting":
        return state.waitingFor.some((name) => {
          const other = this.#connectors.get(name);
          return other !== undefined && !this.#isReady(name) && this.#isSettled(other);
        });
      default:
        return false;
    }
  }

  /** Whether a connector has ended for good, or waits for one that has. */
  #isAtRest(connector: SupervisedConnector): boolean {
    const { state } = connector;
    if (state.status !== "waiting") return connector.isAtRest;
    return state.waitingFor.some((name) => {
      const other = this.#connectors.get(name);
      return other !== undefined && this.#isAtRest(other);
    });
  }

  #onChange(change: SupervisorStateChange): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
    this.tell(change);
    if ([...this.#connectors.values()].every((connector) => this.#isAtRest(connector))) {
      this.#finished.resolve();
    }
  }

  async #nextChange(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const onAbort = (): void => aborted.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    await Promise.race([this.#changed.promise, aborted.promise]);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Whether anything is to be proven, or watched, on a channel. */
function needsLibrary({ connectors }: SupervisorSettings): boolean {
  return connectors.some(({ ready, watchdog }) =>
    ready.level !== "alive" || watchdog !== undefined
  );
}

async function openLogFiles({
  connectors,
  logFiles,
}: SupervisorSettings): Promise<Map<string, RotatingFile>> {
  const files = new Map<string, RotatingFile>();
  if (logFiles === undefined) return files;
  const { directory, maxBytes, maxFiles } = logFiles;
  try {
    for (const { name } of connectors) {
      const path = join(directory, `${name}.log`);
      files.set(name, await RotatingFile.open(path, { maxBytes, maxFiles }));
    }
    return files;
  } catch (error) {
    await Promise.all([...files.values()].map((file) => file.close()));
    throw error;
  }
}

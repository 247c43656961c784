/**
 * One run of a connector: its process, and all that is held for it.
 *
 * @module
 */

import { BotError, MissingPermissionError } from "../model/errors.ts";
import { ChannelProbe } from "./channel_probe.ts";
import { channelEnvironment } from "./channel/channel_config.ts";
import { type ConnectorChannel, type RunChannel, settleChannel } from "./channel/run_channel.ts";
import { ConnectorChild } from "./child.ts";
import { privateDirectory, type ResolvedConfig } from "./config/mod.ts";
import type { ConnectorStartupError } from "./errors.ts";
import type { ConnectorExit } from "./exit.ts";
import type { ConnectorOutput } from "./logs/mod.ts";
import { NameLock } from "./name_lock.ts";
import { ParentWatch } from "./parent_watch.ts";
import { ConnectorNameInUseError } from "./runner_errors.ts";
import type { RunnerSettings } from "./runner_options.ts";
import { removeStaleFiles } from "./stale_files.ts";
import { startupError } from "./startup_error.ts";

/** What a run is started with. */
export interface RunRequest {
  /** The runner's settings. */
  readonly settings: RunnerSettings;
  /** The program. */
  readonly binary: string;
  /** The configuration to give to it, disposed of when it has ended or was not started. */
  readonly config: ResolvedConfig;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** Is told what should be looked at. */
  readonly warn: (message: string) => void;
}

/** A connector process and what is held for it: lock, secrets, watch. All goes with the process. */
export class ConnectorRun {
  /** Settles when the process is reaped and nothing of it is left. */
  readonly exited: Promise<ConnectorExit>;
  /** Its channel. */
  readonly channel: ConnectorChannel;
  readonly #child: ConnectorChild;
  #exit: ConnectorExit | undefined;

  private constructor(
    child: ConnectorChild,
    held: AsyncDisposableStack,
    { request, channel }: { request: RunRequest; channel: RunChannel },
  ) {
    this.#child = child;
    this.channel = channel;
    this.exited = child.exited.then(async (exit) => {
      const { settings: { connectorName }, warn } = request;
      if (child.readError !== undefined) {
        warn(`Cannot read the output of connector ${connectorName}: ${child.readError}`);
      }
      try {
        await held.disposeAsync();
      } catch (error) {
        warn(`Cannot clear up after connector ${connectorName}: ${error}`);
      }
      this.#exit = exit;
      return exit;
    });
  }

  /**
   * Starts a connector.
   *
   * @param request What to start.
   * @returns The run, with the process alive.
   * @throws {ConnectorNameInUseError} If another process has the name.
   * @throws {ConnectorStartupError} If the process cannot be started, or ends at once.
   * @throws {MissingPermissionError} If something may not be run, read or written.
   * @throws The signal's reason, if it was aborted.
   */
  static async start(request: RunRequest): Promise<ConnectorRun> {
    const { settings, config, signal, warn } = request;
    const { connectorName, shutdownTimeoutMs, libraryPath, ownGroup } = settings;
    // Released in reverse order: first of all the process ends.
    await using held = new AsyncDisposableStack();
    held.use(config);
    const directory = settings.runtimeDirectory ?? privateDirectory();
    const lock = held.use(await NameLock.acquire(connectorName, directory));
    refuseSecond(settings, warn);
    const channel = await settleChannel(settings, { directory, warn });
    if (channel.file !== undefined) held.use(channel.file);
    signal.throwIfAborted();

    const watch = held.use(ParentWatch.start(shutdownTimeoutMs, ownGroup));
    const child = ConnectorChild.spawn({
      ...request,
      settings: withChannel(settings, channel),
      configPath: config.path,
      secrets: config.secrets,
    });
    held.defer(() => removeStaleFiles(child.pid, libraryPath).forEach(warn));
    held.defer(async () => {
      await child.stop(shutdownTimeoutMs);
    });
    const failure = (exit: ConnectorExit): ConnectorStartupError =>
      startupError(settings, { exit, output: child.output, channel });
    const born = await watch.watch(child.pid);
    if (born === undefined) throw failure(await child.exited);
    await lock.record({ pid: child.pid, born });
    signal.throwIfAborted();
    if (child.exit !== undefined) throw failure(child.exit);
    return new ConnectorRun(child, held.move(), { request, channel });
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What the process prints. */
  get output(): ConnectorOutput {
    return this.#child.output;
  }

  /** Whether the process has not ended. */
  get isRunning(): boolean {
    return this.#child.exit === undefined;
  }

  /** How the process ended; undefined until nothing of it is left. */
  get exit(): ConnectorExit | undefined {
    return this.#exit;
  }

  /**
   * Ends the process.
   *
   * @param timeoutMs When it gets SIGKILL.
   * @returns How it ended.
   */
  async stop(timeoutMs: number): Promise<ConnectorExit> {
    await this.#child.stop(timeoutMs);
    return await this.exited;
  }
}

/** The settings with a file of sizes in the connector's environment. */
function withChannel(settings: RunnerSettings, { file }: RunChannel): RunnerSettings {
  return file === undefined
    ? settings
    : { ...settings, env: { ...settings.env, ...channelEnvironment(file.path) } };
}

/** Refuses to start beside a connector that no lock tells of, such as one started by hand. */
function refuseSecond(settings: RunnerSettings, warn: (message: string) => void): void {
  const { connectorName, libraryPath } = settings;
  let publisher: number | undefined;
  try {
    const opened = ChannelProbe.open(connectorName, libraryPath);
    if (typeof opened === "string") return;
    using probe = opened;
    publisher = probe.publisher();
  } catch (error) {
    // Without the library the lock is all there is.
    if (error instanceof MissingPermissionError) return;
    if (!(error instanceof BotError)) throw error;
    warn(error.message);
  }
  if (publisher !== undefined) {
    throw new ConnectorNameInUseError(connectorName, publisher, "publishes on its channel");
  }
}

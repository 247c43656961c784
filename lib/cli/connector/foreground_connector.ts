/**
 * One connector that a command runs itself, as a dashboard shows and controls it.
 *
 * @module
 */

import { type ConnectorExit, describeExit } from "../../connector/exit.ts";
import { LogBuffer } from "../../connector/logs/log_buffer.ts";
import type { Readiness, ReadinessOptions } from "../../connector/readiness.ts";
import { ConnectorRunner } from "../../connector/runner.ts";
import type {
  ConnectorRunnerOptions,
  ConnectorStartOptions,
} from "../../connector/runner_options.ts";
import type { ControlLogOptions, ControlLogs } from "../../connector/supervisor/control_client.ts";
import {
  ControlError,
  type SupervisorStatus,
} from "../../connector/supervisor/control_messages.ts";
import { toChannelStatus, toLogLine } from "../../connector/supervisor/control_wire.ts";
import type { SupervisedState } from "../../connector/supervisor/state.ts";
import type { ConnectorDirectory } from "../../observe/connectors/connector_monitor.ts";
import { VERSION } from "../../version.ts";

/** What is run, and what has to be proven about it. */
export interface ForegroundOptions {
  /** The connector. */
  readonly runner: ConnectorRunnerOptions;
  /** What has to be proven, and who may end the wait for it. */
  readonly ready: ReadinessOptions;
  /** Where its orders go; undefined where that is not known. */
  readonly network?: string | undefined;
}

/** A connector of this process, over the restarts that somebody asks for. */
export class ForegroundConnector implements ConnectorDirectory, AsyncDisposable {
  /** Builds, starts and stops it. */
  readonly runner: ConnectorRunner;
  /** What it has printed, over all restarts. */
  readonly output: LogBuffer = new LogBuffer();

  readonly #options: ForegroundOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #ended = Promise.withResolvers<ConnectorExit>();
  #state: SupervisedState = { status: "stopped", reason: "not started yet" };
  #since = this.#startedAt;
  #starts = 0;
  #lastFailure: string | null = null;
  #dropped = 0;
  #copying: Promise<void> = Promise.resolve();

  /**
   * Makes one that does not run.
   *
   * @param options What is run.
   * @throws {InvalidInputError} If an option cannot be used.
   */
  constructor(options: ForegroundOptions) {
    this.#options = options;
    this.runner = new ConnectorRunner(options.runner);
    this.runner.addEventListener("statechange", ({ detail: { state } }) => {
      if (state === "building" || state === "starting") this.#enter({ status: state });
    });
  }

  /** Lines that came too fast to be kept. */
  get droppedLines(): number {
    return this.#dropped;
  }

  /** Resolves when it ends by itself: not on request. */
  get ended(): Promise<ConnectorExit> {
    return this.#ended.promise;
  }

  /**
   * Starts it, and proves what has to be.
   *
   * @param options What ends it, and who follows a build.
   * @returns What was proven; it runs on if that is less than asked for.
   * @throws All that `ConnectorRunner.start` and `waitForReady` throw.
   */
  async start(options: ConnectorStartOptions = {}): Promise<Readiness> {
    this.#starts++;
    try {
      await this.runner.start(options);
      this.#copying = this.#copyOutput();
      const readiness = await this.runner.waitForReady(this.#options.ready);
      const { ready, level, reached, reason = "no reason is known" } = readiness;
      if (ready) this.#watch(level);
      else this.#fail(`not ${level}, only ${reached}: ${reason}`);
      return readiness;
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** What it is doing. */
  status(): Promise<SupervisorStatus> {
    const { connectorName: name, connectorType: type, configPath: file } = this.#options.runner;
    const connector = {
      name,
      type,
      network: this.#options.network ?? null,
      state: this.#state,
      since: this.#since,
      pid: this.runner.pid ?? null,
      channel: this.runner.channel === undefined ? null : toChannelStatus(this.runner.channel),
      restarts: Math.max(0, this.#starts - 1),
      lastFailure: this.#lastFailure,
      feeds: [],
    };
    const { pid } = Deno;
    return Promise.resolve({
      ...{ pid, file, version: VERSION, startedAt: this.#startedAt },
      connectors: [connector],
    });
  }

  /** What it prints. */
  logs({ last, follow = false, signal }: ControlLogOptions): ControlLogs {
    const name = this.runner.connectorName;
    const tail = follow
      ? this.output.tail({ ...last !== undefined && { last }, ...signal && { signal } })
      : undefined;
    const lines = tail ?? this.output.last(last);
    return {
      get dropped() {
        return tail?.dropped ?? 0;
      },
      async *[Symbol.asyncIterator]() {
        for await (const line of lines) yield toLogLine(name, line);
      },
    };
  }

  /** Stops it on request; it stays so until it is started again. */
  async stop(connector: string): Promise<void> {
    this.#check(connector);
    await this.#stop("on request");
  }

  /** Stops it if it runs, and starts it. */
  async restart(connector: string): Promise<SupervisedState> {
    this.#check(connector);
    await this.#stop("restart on request");
    try {
      const { ready } = await this.start();
      if (!ready) await this.runner.stop();
    } catch {
      // Its state tells.
    }
    return this.#state;
  }

  /** Ends it for good, and its output. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop("on request");
    this.output.close();
  }

  async #stop(reason: string): Promise<void> {
    if (this.runner.isRunning) this.#enter({ status: "stopping", reason });
    await this.runner.stop();
    await this.#copying;
    this.#enter({ status: "stopped", reason });
  }

  /** Follows one that is ready to its end. */
  #watch(level: Readiness["level"]): void {
    this.#enter({ status: "ready", level });
    this.runner.exited.then(async (exit) => {
      await this.#copying;
      if (exit.reason === "stopped" || exit.reason === "killed") return;
      const reason = describeExit(exit);
      if (exit.reason === "crashed") this.#fail(reason);
      else this.#enter({ status: "stopped", reason });
      this.#ended.resolve(exit);
    });
  }

  #fail(reason: string): void {
    this.#lastFailure = reason;
    this.#enter({ status: "failed", reason });
  }

  #enter(state: SupervisedState): void {
    this.#state = state;
    this.#since = new Date().toISOString();
  }

  async #copyOutput(): Promise<void> {
    const lines = this.runner.logs();
    for await (const line of lines) this.output.add(line);
    this.#dropped += lines.dropped;
  }

  #check(connector: string): void {
    const { connectorName } = this.runner;
    if (connector === connectorName) return;
    throw new ControlError(
      "unknownConnector",
      `Cannot find connector ${JSON.stringify(connector)}: there is ${connectorName}`,
    );
  }
}

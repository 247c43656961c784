/**
 * A connector that is started for a paper exchange.
 *
 * @module
 */

import { privateDirectory, PrivateFile } from "../../connector/config/private_file.ts";
import { ConnectorBuildError } from "../../connector/errors.ts";
import { describeExit } from "../../connector/exit.ts";
import { ConnectorRunner } from "../../connector/runner.ts";
import type { PaperVenue } from "../../exchange/options.ts";
import { BuildProgressLine } from "../connector/build_progress.ts";
import { logText } from "../connector/log_text.ts";
import { CommandError } from "../exit.ts";
import type { Output } from "../output.ts";
import type { PaperEnd } from "./end.ts";
import type { PaperChainPlan } from "./plan.ts";
import type { ConnectorFigures } from "./report.ts";
import type { StatusLine } from "./status_line.ts";

/** The connector hangs after SIGTERM until its exchange says something: nothing is to be waited for. */
const SHUTDOWN_TIMEOUT_MS = 1_000;

/** How a connector is started. */
export interface ConnectorLinkOptions {
  /** Which connector. */
  readonly plan: PaperChainPlan;
  /** The exchange that it is for. */
  readonly venue: PaperVenue;
  /** Its configuration. */
  readonly toml: string;
  /** Is ended when the connector ends by itself. */
  readonly end: PaperEnd;
  /** Where warnings and, if asked for, its output go. */
  readonly status: StatusLine;
  /** Where the progress of a build goes; undefined for nowhere. */
  readonly progress: Output | undefined;
}

/** A running connector, its private configuration and its output. */
export class ConnectorLink implements AsyncDisposable {
  readonly #runner: ConnectorRunner;
  readonly #config: PrivateFile;
  readonly #options: ConnectorLinkOptions;
  #complaints = 0;
  #reading: Promise<void> | undefined;

  private constructor(config: PrivateFile, options: ConnectorLinkOptions) {
    const { plan, venue, status } = options;
    this.#config = config;
    this.#options = options;
    const name = plan.name ?? `paper-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    this.#runner = new ConnectorRunner({
      connectorName: name,
      connectorType: venue,
      configPath: config.path,
      binaryPath: plan.binaryPath,
      projectRoot: plan.projectRoot,
      shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
      // Ctrl+C is for the strategy first: it needs the connector to cancel its orders.
      ownGroup: true,
      libraryPath: plan.libraryPath,
    });
    this.#runner.addEventListener("warning", ({ detail }) => status.note(`warning: ${detail}`));
  }

  /**
   * Starts a connector and proves that it publishes.
   *
   * @param options Which, and who is told.
   * @returns The connector, to be disposed of.
   * @throws {CommandError} If it does not publish in time.
   * @throws All that `ConnectorRunner.start` throws.
   */
  static async start(options: ConnectorLinkOptions): Promise<ConnectorLink> {
    const directory = privateDirectory();
    const config = await PrivateFile.create(options.toml, { directory, name: "paper" });
    const link = new ConnectorLink(config, options);
    try {
      await link.#start();
      return link;
    } catch (error) {
      await link.stop();
      throw error;
    }
  }

  /** What bots find it under. */
  get name(): string {
    return this.#runner.connectorName;
  }

  /** What has become of it. */
  get figures(): ConnectorFigures {
    const { exit = null, outputCounts } = this.#runner;
    return { name: this.name, exit, lines: outputCounts.lines, complaints: this.#complaints };
  }

  /** Ends it and removes its configuration; more calls do nothing. */
  async stop(): Promise<void> {
    await this.#runner.stop();
    await this.#reading;
    this.#config[Symbol.dispose]();
  }

  /** The same as {@linkcode stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(): Promise<void> {
    const { plan, end, progress } = this.#options;
    const { signal } = end;
    using line = new BuildProgressLine(progress);
    try {
      await this.#runner.start({ onProgress: (state) => line.update(state) });
    } catch (error) {
      if (error instanceof ConnectorBuildError) {
        progress?.line((error.firstError || error.outputTail.join("\n")).trimEnd());
      }
      throw error;
    }
    this.#reading = this.#read();
    const { ready, level, reason } = await this.#runner.waitForReady({
      level: "attached",
      timeoutMs: plan.readyTimeoutMs,
      signal,
    });
    if (!ready) throw new CommandError(`Connector ${this.name} is not ${level}: ${reason}`);
    this.#endWithConnector();
  }

  #endWithConnector(): void {
    this.#runner.exited.then((exit) => {
      if (exit.reason === "stopped" || exit.reason === "killed") return;
      const last = this.#runner.output.slice(-3).map(({ raw }) => raw);
      const told = last.length === 0 ? "" : `: ${last.join(" | ")}`;
      this.#options.end.fail(
        new CommandError(`Connector ${this.name} ${describeExit(exit)}${told}`),
      );
    });
  }

  /** Counts what it complains about, and shows its output if asked to. */
  async #read(): Promise<void> {
    const { plan, status } = this.#options;
    for await (const line of this.#runner.logs()) {
      if (line.level === "error" || line.level === "warn") this.#complaints++;
      if (plan.showLog) status.print(logText(line, status.style));
    }
  }
}

/**
 * A connector that is started for a paper exchange.
 *
 * @module
 */

import { channelEnvironment } from "../../connector/channel/channel_config.ts";
import { privateDirectory, PrivateFile } from "../../connector/config/private_file.ts";
import { ConnectorBuildError } from "../../connector/errors.ts";
import { describeExit } from "../../connector/exit.ts";
import type { PaperVenue } from "../../exchange/options.ts";
import { BuildProgressLine } from "../connector/build_progress.ts";
import { ForegroundConnector } from "../connector/foreground_connector.ts";
import { logText } from "../connector/log_text.ts";
import { CommandError } from "../exit.ts";
import type { Output } from "../output.ts";
import type { RunDisplay } from "../run_display.ts";
import type { PaperEnd } from "./end.ts";
import type { PaperChainPlan } from "./plan.ts";
import type { ConnectorFigures } from "./report.ts";

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
  readonly status: RunDisplay;
  /** Where the progress of a build goes; undefined for nowhere. */
  readonly progress: Output | undefined;
}

/** A running connector, its private configuration and its output. */
export class ConnectorLink implements AsyncDisposable {
  /** What a page shows and controls. */
  readonly connector: ForegroundConnector;
  readonly #config: PrivateFile;
  readonly #options: ConnectorLinkOptions;
  readonly #reading: Promise<void>;
  #complaints = 0;

  private constructor(config: PrivateFile, options: ConnectorLinkOptions) {
    const { plan, venue, status, end } = options;
    this.#config = config;
    this.#options = options;
    const name = plan.name ?? `paper-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    this.connector = new ForegroundConnector({
      runner: {
        connectorName: name,
        connectorType: venue,
        configPath: config.path,
        binaryPath: plan.binaryPath,
        projectRoot: plan.projectRoot,
        shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
        // Ctrl+C is for the strategy first: it needs the connector to cancel its orders.
        ownGroup: true,
        env: channelEnvironment(plan.channelConfig),
        libraryPath: plan.libraryPath,
      },
      ready: { level: "attached", timeoutMs: plan.readyTimeoutMs, signal: end.signal },
      network: "paper",
    });
    this.connector.runner
      .addEventListener("warning", ({ detail }) => status.notice(detail, false));
    this.#reading = this.#read();
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
    return this.connector.runner.connectorName;
  }

  /** What has become of it. */
  get figures(): ConnectorFigures {
    const { runner: { exit = null }, output } = this.connector;
    return { name: this.name, exit, lines: output.counts.lines, complaints: this.#complaints };
  }

  /** Ends it and removes its configuration; more calls do nothing. */
  async stop(): Promise<void> {
    await this.connector[Symbol.asyncDispose]();
    await this.#reading;
    this.#config[Symbol.dispose]();
  }

  /** The same as {@linkcode stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(): Promise<void> {
    const { progress } = this.#options;
    using line = new BuildProgressLine(progress);
    try {
      const { ready, level, reason } = await this.connector.start({
        onProgress: (state) => line.update(state),
      });
      if (!ready) throw new CommandError(`Connector ${this.name} is not ${level}: ${reason}`);
    } catch (error) {
      if (error instanceof ConnectorBuildError) {
        progress?.line((error.firstError || error.outputTail.join("\n")).trimEnd());
      }
      throw error;
    }
    this.connector.ended.then((exit) => {
      const last = this.connector.output.last(3).map(({ raw }) => raw);
      const told = last.length === 0 ? "" : `: ${last.join(" | ")}`;
      this.#options.end.fail(
        new CommandError(`Connector ${this.name} ${describeExit(exit)}${told}`),
      );
    });
  }

  /** Counts what it complains about, and shows its output if asked to. */
  async #read(): Promise<void> {
    const { plan, status } = this.#options;
    for await (const line of this.connector.output.tail()) {
      if (line.level === "error" || line.level === "warn") this.#complaints++;
      if (plan.showLog) status.print(logText(line, status.style));
    }
  }
}

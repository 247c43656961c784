/**
 * Looking after the connectors of a supervisor from outside.
 *
 * @module
 */

import type {
  ConnectorLogLine,
  SupervisorStatus,
} from "../../connector/supervisor/control_messages.ts";
import type { SupervisedState } from "../../connector/supervisor/state.ts";
import { pause, type Polled, Poller } from "../poller.ts";
import type { ControlLogOptions, ControlLogs } from "../../connector/supervisor/control_client.ts";

/** Time between two looks, ms: a connector that goes down is to be seen within a second. */
const PROBE_MS = 500;

/** Time after which a supervisor that does not answer counts as gone, ms. */
const ANSWER_MS = 5_000;

/** Time before output is followed again after its end, ms. */
const FOLLOW_AGAIN_MS = 1_000;

/** Lines of each connector's past that are shown at the start. */
const FIRST_LINES = 200;

/** Who tells about connectors: a `ControlClient`, or anything that speaks like one. */
export interface ConnectorDirectory {
  /** What the supervisor and its connectors are doing. */
  status(): Promise<SupervisorStatus>;
  /** What connectors print. */
  logs(options: ControlLogOptions): ControlLogs;
  /** Stops a connector. */
  stop(connector: string): Promise<void>;
  /** Stops a connector if it runs, and starts it. */
  restart(connector: string): Promise<SupervisedState>;
}

/** Options of {@linkcode ConnectorMonitor}. */
export interface ConnectorMonitorOptions {
  /** Is given each line that a connector prints; without it, output is not read. */
  readonly onLine?: ((line: ConnectorLogLine) => void) | undefined;
}

/** Asks a supervisor about its connectors until it is disposed. */
export class ConnectorMonitor implements AsyncDisposable {
  /** Lines that the supervisor dropped because they were not read in time. */
  droppedLines = 0;

  readonly #directory: ConnectorDirectory;
  readonly #onLine: ((line: ConnectorLogLine) => void) | undefined;
  readonly #controller = new AbortController();
  readonly #poller: Poller<SupervisorStatus>;
  readonly #following: Promise<void> | undefined;
  /** When the supervisor was started whose lines were shown. */
  #followed: string | undefined;

  /**
   * Begins to ask.
   *
   * @param directory Who tells.
   * @param options Where output goes.
   */
  constructor(directory: ConnectorDirectory, options: ConnectorMonitorOptions = {}) {
    this.#directory = directory;
    this.#onLine = options.onLine;
    this.#poller = new Poller({
      ask: () => directory.status(),
      name: "supervisor",
      periodMs: PROBE_MS,
      timeoutMs: ANSWER_MS,
    });
    this.#following = this.#onLine && this.#follow(this.#onLine);
  }

  /** What is known now; what a supervisor told that does not answer any more proves nothing. */
  get view(): Polled<SupervisorStatus> {
    return this.#poller.polled;
  }

  /** Stops asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.#poller[Symbol.asyncDispose]();
    await this.#following;
  }

  async #follow(onLine: (line: ConnectorLogLine) => void): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      let logs: ControlLogs | undefined;
      try {
        const { startedAt } = await this.#directory.status();
        // After a break, lines that were shown before must not come again.
        const last = startedAt === this.#followed ? 0 : FIRST_LINES;
        this.#followed = startedAt;
        logs = this.#directory.logs({ last, follow: true, signal });
        for await (const line of logs) onLine(line);
      } catch {
        // The probe tells why the supervisor cannot be reached.
      }
      this.droppedLines += logs?.dropped ?? 0;
      await pause(FOLLOW_AGAIN_MS, signal);
    }
  }
}

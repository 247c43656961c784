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

/** What is known of the connectors. */
export interface ConnectorView {
  /** What the supervisor told last; undefined before it first answered. */
  readonly status: SupervisorStatus | undefined;
  /** Time since then, ms; undefined before. */
  readonly ageMs: number | undefined;
  /** Why the supervisor does not answer now; undefined while it does. */
  readonly failure: string | undefined;
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
  readonly #work: Promise<unknown>;
  #status: SupervisorStatus | undefined;
  #answeredAt: number | undefined;
  #failure: string | undefined = "it was not asked yet";
  #lines = FIRST_LINES;

  /**
   * Begins to ask.
   *
   * @param directory Who tells.
   * @param options Where output goes.
   */
  constructor(directory: ConnectorDirectory, options: ConnectorMonitorOptions = {}) {
    this.#directory = directory;
    this.#onLine = options.onLine;
    this.#work = Promise.all([
      this.#probe(),
      ...this.#onLine === undefined ? [] : [this.#follow(this.#onLine)],
    ]);
  }

  /** What is known now. */
  get view(): ConnectorView {
    return {
      status: this.#status,
      ageMs: this.#answeredAt === undefined ? undefined : performance.now() - this.#answeredAt,
      failure: this.#failure,
    };
  }

  /** Stops asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.#work;
  }

  async #probe(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      try {
        this.#status = await within(this.#directory.status(), ANSWER_MS, signal);
        this.#answeredAt = performance.now();
        this.#failure = undefined;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
      }
      await pause(PROBE_MS, signal);
    }
  }

  async #follow(onLine: (line: ConnectorLogLine) => void): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      const logs = this.#directory.logs({ last: this.#lines, follow: true, signal });
      try {
        for await (const line of logs) {
          // After a break, lines that were shown before must not come again.
          this.#lines = 0;
          onLine(line);
        }
      } catch {
        // The probe tells why the supervisor cannot be reached.
      }
      this.droppedLines += logs.dropped;
      await pause(FOLLOW_AGAIN_MS, signal);
    }
  }
}

/** A promise, or an error when it takes too long or nobody wants it any more. */
async function within<T>(promise: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const onAbort = (): void => late.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  const timer = setTimeout(
    () => late.reject(new Error(`the supervisor has not answered in ${timeoutMs / 1_000} s`)),
    timeoutMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

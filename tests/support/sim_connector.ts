/**
 * Starts sim-connector, the connector for tests, as a process of its own.
 *
 * @module
 */

import { stringify } from "smol-toml";
import { NativeLibrary } from "../../lib/native/library.ts";
import { probeChannel } from "../../lib/native/probe.ts";
import { simConnectorPath } from "./native_ready.ts";
import { OutputTail } from "./output_tail.ts";

export { nativeReady } from "./native_ready.ts";

const POLL_MS = 20;

const running = new Set<SimConnector>();

// A test file that ends in the middle of a test leaves no process behind.
globalThis.addEventListener("unload", () => {
  for (const sim of running) sim.kill("SIGKILL");
});

/** Options of {@linkcode startSimConnector}. */
export interface SimConnectorOptions {
  /**
   * Name of the connector.
   *
   * @default a name that no other run uses
   */
  name?: string;
  /** Second argument of the command line. @default "binancefutures" */
  type?: string;
  /**
   * Its TOML file: text, or a table to be written as TOML.
   *
   * @default a synthetic market of btcusdt, tick size 0.1, lot size 0.001
   */
  config?: string | Record<string, unknown>;
  /** More environment variables; RUST_LOG is "info" unless given. */
  env?: Record<string, string>;
  /** Whether to wait until it publishes on its channel. @default true */
  waitUntilAttached?: boolean;
  /** How long to wait for that, ms. @default 20000 */
  startTimeoutMs?: number;
  /** How long after SIGTERM to send SIGKILL, ms. @default 5000 */
  stopTimeoutMs?: number;
}

/** A running sim-connector; `await using` ends and reaps it and removes its files. */
export class SimConnector implements AsyncDisposable {
  /** Name of the connector, to be used in instruments. */
  readonly name: string;
  /** Settles when the process has ended and is reaped. */
  readonly status: Promise<Deno.CommandStatus>;

  readonly #child: Deno.ChildProcess;
  readonly #output = new OutputTail();
  readonly #reading: Promise<unknown>;
  readonly #directory: string;
  readonly #stopTimeoutMs: number;
  #ended = false;
  #stopping: Promise<Deno.CommandStatus> | undefined;

  constructor(
    name: string,
    child: Deno.ChildProcess,
    directory: string,
    stopTimeoutMs: number,
  ) {
    this.name = name;
    this.#child = child;
    this.#directory = directory;
    this.#stopTimeoutMs = stopTimeoutMs;
    running.add(this);
    this.status = child.status.then((status) => {
      this.#ended = true;
      running.delete(this);
      return status;
    });
    this.#reading = Promise.all([
      this.#output.read(child.stdout),
      this.#output.read(child.stderr),
    ]);
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether the process has not ended. */
  get running(): boolean {
    return !this.#ended;
  }

  /** The last lines of what it printed, for messages. */
  get output(): string {
    return this.#output.text;
  }

  /** Sends a signal without waiting; nothing happens when it has ended. */
  kill(signal: Deno.Signal = "SIGKILL"): void {
    if (this.#ended) return;
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It may have ended since the status was looked at.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Ends it with SIGTERM, with SIGKILL if that does not help, and reaps it. */
  stop(): Promise<Deno.CommandStatus> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Waits until it publishes on its channel. */
  async waitUntilAttached(timeoutMs: number): Promise<void> {
    // Held open, so that the library is not loaded again for each look.
    using _library = NativeLibrary.open();
    const deadline = performance.now() + timeoutMs;
    while (!probeChannel(this.name).publishers.some(({ alive }) => alive)) {
      if (this.#ended) {
        const { code, signal } = await this.status;
        await this.#reading;
        throw new Error(
          `sim-connector ended with ${signal ?? `code ${code}`} before it was attached:\n` +
            this.output,
        );
      }
      if (performance.now() > deadline) {
        throw new Error(`sim-connector is not attached after ${timeoutMs} ms:\n${this.output}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** The same as {@linkcode stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<Deno.CommandStatus> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), this.#stopTimeoutMs);
    try {
      const status = await this.status;
      await this.#reading;
      return status;
    } finally {
      clearTimeout(timer);
      await Deno.remove(this.#directory, { recursive: true });
    }
  }
}

/**
 * Starts sim-connector.
 *
 * @param options Its configuration, and how long to wait for it.
 * @returns The running connector, attached to its channel.
 * @throws {Error} If it ends or is not attached in time, with what it printed.
 *
 * @example
 * ```ts ignore
 * await using sim = await startSimConnector({ config: { source: { kind: "synthetic" } } });
 * const btcusdt = { connector: sim.name, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
 * using bot = new NativeBot({ instruments: [btcusdt] });
 * ```
 */
export async function startSimConnector(
  options: SimConnectorOptions = {},
): Promise<SimConnector> {
  const {
    name = uniqueConnectorName(),
    type = "binancefutures",
    config = { source: { kind: "synthetic" } },
    env = {},
    waitUntilAttached = true,
    startTimeoutMs = 20_000,
    stopTimeoutMs = 5_000,
  } = options;
  const directory = await Deno.makeTempDir({ prefix: "hftlive-sim-" });
  let child: Deno.ChildProcess;
  try {
    const path = `${directory}/config.toml`;
    await Deno.writeTextFile(path, typeof config === "string" ? config : stringify(config));
    child = new Deno.Command(simConnectorPath(), {
      args: [name, type, path],
      env: { RUST_LOG: "info", NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    await Deno.remove(directory, { recursive: true });
    throw error;
  }
  const sim = new SimConnector(name, child, directory, stopTimeoutMs);
  try {
    if (waitUntilAttached) await sim.waitUntilAttached(startTimeoutMs);
    return sim;
  } catch (error) {
    await sim.stop();
    throw error;
  }
}

/** A connector name that no other run uses. */
export function uniqueConnectorName(): string {
  return `test-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

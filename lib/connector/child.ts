/**
 * One connector process: its output, its end.
 *
 * @module
 */

import { MissingPermissionError } from "../model/errors.ts";
import { childEnvironment } from "./child_environment.ts";
import type { Secret } from "./config/mod.ts";
import { environmentSecrets } from "./environment_secrets.ts";
import { ConnectorStartupError } from "./errors.ts";
import { type ConnectorExit, exitReason } from "./exit.ts";
import { interruptible } from "./interruptible.ts";
import { ConnectorOutput } from "./logs/mod.ts";
import type { RunnerSettings } from "./runner_options.ts";
import { Stopper } from "./stop.ts";

/** How long the output of an ended process is read on, if other processes hold it open. */
const DRAIN_MS = 1_000;

/** What a connector is started with. */
export interface ChildRequest {
  /** The runner's settings. */
  readonly settings: RunnerSettings;
  /** The program. */
  readonly binary: string;
  /** The configuration file to give to it. */
  readonly configPath: string;
  /** What must not appear in its output. */
  readonly secrets: readonly Secret[];
}

/** A connector process. Its status is awaited from its first moment, so that it is always reaped. */
export class ConnectorChild {
  /** Its process id. */
  readonly pid: number;
  /** What it prints; empty when that is not captured. */
  readonly output: ConnectorOutput;
  /** Settles when it is reaped and its output is read. */
  readonly exited: Promise<ConnectorExit>;
  readonly #stopper: Stopper;
  #exit: ConnectorExit | undefined;
  #readError: unknown;

  private constructor(child: Deno.ChildProcess, output: ConnectorOutput, isCaptured: boolean) {
    this.pid = child.pid;
    this.output = output;
    this.#stopper = new Stopper(child);
    const read = isCaptured ? this.#readOutput(child) : Promise.resolve();
    this.exited = this.#awaitEnd(child, read);
  }

  /**
   * Starts a connector.
   *
   * @param request What to start.
   * @returns The process.
   * @throws {ConnectorStartupError} If the system cannot run the program.
   * @throws {MissingPermissionError} If it may not be run.
   */
  static spawn(request: ChildRequest): ConnectorChild {
    const { settings, binary, configPath, secrets } = request;
    const { connectorName, connectorType, captureOutput } = settings;
    const action = `Cannot start connector ${connectorName}`;
    const stream = captureOutput ? "piped" : "inherit";
    // Before the process is there: it takes options that may be wrong.
    const output = new ConnectorOutput({
      ...settings.logLimits,
      secrets: [...secrets, ...environmentSecrets(settings.env)],
      ...(settings.logFile === undefined ? {} : { file: settings.logFile }),
    });
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(binary, {
        args: [connectorName, connectorType, configPath],
        ...childEnvironment(settings.env, settings.clearEnv),
        stdin: "null",
        stdout: stream,
        stderr: stream,
        detached: settings.ownGroup,
      }).spawn();
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      if (!(cause instanceof Deno.errors.NotCapable)) {
        throw new ConnectorStartupError(`${action}: ${cause.message}`, { cause });
      }
      // Deno hands on variables that change which code is loaded only with the whole permission.
      const isVariable = /environment variable/.test(cause.message);
      throw isVariable
        ? new MissingPermissionError(
          `${action} with LD_* or DYLD_* variables in its environment (or set clearEnv)`,
          ["--allow-run"],
          { cause },
        )
        : new MissingPermissionError(action, [`--allow-run=${binary}`], { cause });
    }
    return new ConnectorChild(child, output, captureOutput);
  }

  /** Why its output could not be read to the end; undefined when it was. */
  get readError(): unknown {
    return this.#readError;
  }

  /** How it ended; undefined while it runs. */
  get exit(): ConnectorExit | undefined {
    return this.#exit;
  }

  /**
   * Asks it to end.
   *
   * @param timeoutMs When it gets SIGKILL.
   * @returns How it ended.
   */
  stop(timeoutMs: number): Promise<ConnectorExit> {
    this.#stopper.stop(timeoutMs);
    return this.exited;
  }

  async #awaitEnd(child: Deno.ChildProcess, read: Promise<void>): Promise<ConnectorExit> {
    const status = await child.status;
    const exit = {
      pid: child.pid,
      code: status.code,
      signal: status.signal ?? undefined,
      reason: exitReason(status, this.#stopper),
    };
    try {
      await read;
    } catch (error) {
      this.#readError = error;
    }
    this.output.close();
    this.#exit = exit;
    return exit;
  }

  async #readOutput(child: Deno.ChildProcess): Promise<void> {
    const streams = (["stdout", "stderr"] as const).map((name) => {
      const { stream, end } = interruptible(child[name]);
      return { end, read: this.output.read(stream, name) };
    });
    const read = Promise.all(streams.map(({ read }) => read));
    await child.status;
    const timer = setTimeout(() => streams.forEach(({ end }) => end()), DRAIN_MS);
    try {
      await read;
    } finally {
      clearTimeout(timer);
    }
  }
}

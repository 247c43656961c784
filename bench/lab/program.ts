/**
 * Programs that print a JSON value a line, each where possible on a core of its own.
 *
 * @module
 */

import { readLines } from "../../lib/connector/lines.ts";

/** Puts a program before all others; empty where that is not allowed. */
const PRIORITY: readonly string[] = await firstInLine();

/** Where a program runs. */
export interface ProgramOptions {
  /** The core to run on; undefined for any. */
  readonly core?: number | undefined;
  /** Variables of its environment, beside those of this process. */
  readonly env?: Record<string, string>;
}

/** A running program. It is ended with its scope. */
export class Program implements AsyncDisposable {
  readonly #name: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;

  /**
   * @param name Name for messages.
   * @param command The program and its arguments.
   * @param options Where it runs.
   */
  constructor(name: string, command: readonly string[], { core, env = {} }: ProgramOptions = {}) {
    const [program, ...args] = [
      ...PRIORITY,
      ...(core === undefined ? [] : ["taskset", "--cpu-list", `${core}`]),
      ...command,
    ];
    this.#name = name;
    this.#child = new Deno.Command(program!, { args, env, stdout: "piped" }).spawn();
    this.#lines = readLines(this.#child.stdout);
  }

  /** The value of its next line. */
  async line<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    const { code } = await this.#child.status;
    throw new Error(`Cannot measure: ${this.#name} exited with code ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const done = this.#child.status;
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#lines.return(undefined);
    await done;
    clearTimeout(timer);
  }
}

/** The cores that programs are put on: one for the connector, one for the bot; none without taskset. */
export async function cores(): Promise<{ connector?: number; bot?: number }> {
  if (navigator.hardwareConcurrency < 2) return {};
  return await outputOf("taskset", "--version") === undefined ? {} : { connector: 0, bot: 1 };
}

async function firstInLine(): Promise<readonly string[]> {
  const prefix = ["nice", "-n", "-20"] as const;
  // Without the right to do so, nice runs the program all the same: as itself it tells.
  return await outputOf(...prefix, "nice") === "-20" ? prefix : [];
}

/** What a program prints; undefined if it is not there or fails. */
async function outputOf(program: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

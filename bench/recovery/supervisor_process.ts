/**
 * A supervisor in a process of its own, as operators run it.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { readLines } from "../../lib/connector/lines.ts";
import type { StateLine } from "./supervisor.ts";

const DENOW = fromFileUrl(new URL("../../denow", import.meta.url));
const PROGRAM = fromFileUrl(new URL("supervisor.ts", import.meta.url));

/** How long it may take to stop its connector and end, ms. */
const STOP_MS = 20_000;

/** A supervisor of one connector; ends with its scope. */
export class SupervisorProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #status: Promise<Deno.CommandStatus>;
  readonly #reading: Promise<void>;
  #state: StateLine | undefined;
  #ended = false;
  #starts = 0;

  /** @param path A file of connectors with one connector. */
  constructor(path: string) {
    this.#child = new Deno.Command(DENOW, {
      args: ["run", "-A", "--quiet", PROGRAM, path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#status = this.#child.status.finally(() => this.#ended = true);
    this.#reading = this.#read();
  }

  /** How often the connector became ready after its first time. */
  get restarts(): number {
    return Math.max(0, this.#starts - 1);
  }

  /** The connector's process, when it is ready. */
  get readyPid(): number | undefined {
    return this.#state?.status === "ready" ? this.#state.pid : undefined;
  }

  /** Why there will be no connector any more; undefined while there may. */
  get failure(): string | undefined {
    if (this.#ended) return "the supervisor has ended";
    return this.#state?.status === "failed" ? `it has failed: ${this.#state.reason}` : undefined;
  }

  /** Ends the connector and the supervisor. */
  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    if (!this.#ended) await this.#child.stdin.close();
    await this.#status;
    await this.#reading;
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    for await (const line of readLines(this.#child.stdout)) {
      const state: StateLine = JSON.parse(line);
      this.#state = state;
      if (state.status === "ready") this.#starts++;
    }
  }
}

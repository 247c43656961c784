/**
 * A shell block as a process of its own group, so that all that it starts can be ended.
 *
 * @module
 */

import { endGroups } from "../../tasks/process_groups.ts";

/** Where a block runs. */
export interface Surroundings {
  /** The folder. */
  readonly cwd: string;
  /** All environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a block ended. */
export interface ShellResult {
  /** Its exit code; that of a signal as shells tell it. */
  readonly code: number;
  /** Whether it left processes behind, which were ended. */
  readonly left: boolean;
  /** Whether it had to be killed. */
  readonly hung: boolean;
  /** What it printed last, on both streams. */
  readonly output: string;
}

/** After that a block hangs, which would tell nothing. */
const HANG_MS = 120_000;

const INTERRUPT_MS = 30_000;

/** What a program has started may end just after it. */
const PARTING_MS = 3000;

const KEPT_CHARACTERS = 64 * 1024;

const running = new Set<ShellProcess>();

// A test that ends in the middle leaves no process behind.
globalThis.addEventListener("unload", () => {
  for (const shell of running) shell.send("SIGKILL");
});

/** A shell block that runs; `await using` ends it whatever happens. */
export class ShellProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly #looks = new Set<() => void>();
  readonly #ended: Promise<ShellResult>;
  #output = "";
  #done = false;
  #hung = false;

  /**
   * Starts a block with `bash -euo pipefail`.
   *
   * @param text The block.
   * @param surroundings Where it runs.
   */
  constructor(text: string, { cwd, env }: Surroundings) {
    this.#child = new Deno.Command("bash", {
      args: ["-euo", "pipefail", "-c", text],
      cwd,
      env,
      clearEnv: true,
      detached: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    running.add(this);
    this.#reading = Promise.all([this.#read(this.#child.stdout), this.#read(this.#child.stderr)]);
    this.#ended = this.#end();
  }

  /** What it has printed last. */
  get output(): string {
    return this.#output;
  }

  /** Waits for its end; ends it if it hangs. */
  async finish(limitMs: number = HANG_MS): Promise<ShellResult> {
    const timer = setTimeout(() => {
      this.#hung = true;
      this.send("SIGKILL");
    }, limitMs);
    try {
      return await this.#ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Waits until it has printed a text.
   *
   * @throws {Error} If it ends before, or hangs.
   */
  async prints(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (what: string) =>
      reject(new Error(`${what} without printing ${JSON.stringify(text)}:\n${this.output}`));
    const look = (): void => {
      if (this.output.includes(text)) resolve();
      else if (this.#done) fail("it ended");
    };
    const timer = setTimeout(() => fail("it goes on"), HANG_MS);
    this.#looks.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#looks.delete(look);
    });
  }

  /** Sends its whole group SIGINT, as Ctrl+C does, and waits for its end. */
  async interrupt(): Promise<ShellResult> {
    this.send("SIGINT");
    return await this.finish(INTERRUPT_MS);
  }

  /** Sends its whole group a signal; nothing happens when it has ended. */
  send(signal: Deno.Signal): void {
    try {
      Deno.kill(-this.#child.pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#done) await endGroups(this.#child.pid, "SIGTERM");
    await this.#ended;
  }

  async #end(): Promise<ShellResult> {
    const { code } = await this.#child.status;
    const left = !await isGroupGone(this.#child.pid);
    if (left) await endGroups(this.#child.pid, "SIGTERM");
    await this.#reading;
    this.#done = true;
    running.delete(this);
    this.#look();
    return { code, left, hung: this.#hung, output: this.output };
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
      this.#look();
    }
  }

  #look(): void {
    for (const look of this.#looks) look();
  }
}

/** Waits a moment for the rest of a group; false if something of it goes on. */
async function isGroupGone(group: number): Promise<boolean> {
  for (const deadline = performance.now() + PARTING_MS; performance.now() < deadline;) {
    if (!await isGroupAlive(group)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Whether a process of a group lives; one that nobody reaped does not. */
async function isGroupAlive(group: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pgid=,stat="] }).output();
  return new TextDecoder().decode(stdout).split("\n").some((line) => {
    const [id, state = ""] = line.trim().split(/\s+/);
    return Number(id) === group && !state.startsWith("Z");
  });
}

/**
 * Runs the real command line in a process of its own.
 *
 * @module
 */

import { inCheckout } from "../support/checkout.ts";

/** How a command line ended. */
export interface CliResult {
  /** Exit code. */
  readonly code: number;
  /** All of standard output. */
  readonly stdout: string;
  /** All of standard error. */
  readonly stderr: string;
}

/** Options of {@linkcode runCli} and {@linkcode startCli}. */
export interface CliOptions {
  /** Flags of `deno run`, such as permissions; none by default. */
  readonly permissions?: readonly string[];
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program, a path in the checkout. @default "cli.ts" */
  readonly script?: string;
}

/** A command line that runs; `await using` ends it whatever happens. */
export class RunningCli implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<CliResult>;
  readonly #looks = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  #done = false;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#ended = Promise.all([
      child.status,
      this.#read(child.stdout, (text) => this.#stdout += text),
      this.#read(child.stderr, (text) => this.#stderr += text),
    ]).then(([{ code }]) => {
      this.#done = true;
      this.#look();
      return { code, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** What it has printed on standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** How it ended. */
  get ended(): Promise<CliResult> {
    return this.#ended;
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits until what it has printed matches, and gives the match; fails if it ends before. */
  async prints(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpMatchArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>();
    const look = (): void => {
      const text = stream === "stdout" ? this.#stdout : this.#stderr;
      const match = text.match(pattern);
      if (match !== null) resolve(match);
      else if (this.#done) reject(new Error(`ended without ${pattern} on ${stream}:\n${text}`));
    };
    this.#looks.add(look);
    look();
    return await promise.finally(() => this.#looks.delete(look));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#done) this.kill("SIGKILL");
    await this.#ended;
  }

  async #read(
    stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    add: (text: string) => void,
  ): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      add(text);
      this.#look();
    }
  }

  #look(): void {
    for (const look of this.#looks) look();
  }
}

/** Runs the command line to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Starts the command line; await how it {@linkcode RunningCli.ended}. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  return new RunningCli(spawnCli(args, options));
}

/** Starts the command line without reading what it prints. */
export function spawnCli(args: readonly string[], options: CliOptions = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: cliCommand(args, options).slice(1),
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The whole command that {@linkcode spawnCli} runs. */
export function cliCommand(args: readonly string[], options: CliOptions = {}): string[] {
  // Where the tests themselves run on the stand-ins, JSR is out of reach for a child too.
  const offline = import.meta.resolve("@std/cli").startsWith("file:");
  return [
    Deno.execPath(),
    "run",
    "--no-prompt",
    ...(offline ? [`--import-map=${inCheckout("offline/import_map.json")}`] : []),
    ...(options.permissions ?? []),
    inCheckout(options.script ?? "cli.ts"),
    ...args,
  ];
}

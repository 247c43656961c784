/**
 * One measurement: a publisher process and a reader process on a channel of their own.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { readLines } from "../lib/connector/lines.ts";
import type { ReaderReport } from "./readers/report.ts";

const BENCH = fromFileUrl(
  new URL("../native/target/release/hftlive-bench", import.meta.url),
);

/** A way to read the channel. */
export interface Reader {
  /** Name in tables and ratios. */
  readonly name: string;
  /** What it is. */
  readonly description: string;
  /** Program and arguments; the channel's name is added. */
  readonly command: readonly string[];
}

/** The readers that are compared: first the limit, then upstream, then ours. */
export const READERS: readonly Reader[] = [
  rust("raw", "Rust, bare iceoryx2 subscriber"),
  rust("upstream", "Rust, upstream's LiveBot on its own channel"),
  rust("spin", "Rust, upstream's LiveBot on our channel"),
  typescript("nativePoll", "native_poll.ts", "TypeScript, NativeBot.poll"),
  typescript("clientBatches", "client_batches.ts", "TypeScript, LiveClient.batches()"),
  typescript("clientEvents", "client_events.ts", "TypeScript, LiveClient.events()"),
];

/** What one run gives. */
export interface Run extends ReaderReport {
  /** Events published. */
  readonly published: number;
  /** Events per second that the reader handled. */
  readonly perSecond: number;
  /** Events published that the reader did not handle. */
  readonly lost: number;
}

/**
 * Runs one reader against one publisher.
 *
 * @param reader The reader.
 * @param load `events` in all, `rate` a second (0: as fast as possible).
 * @returns What the reader measured.
 */
export async function run(
  reader: Reader,
  load: { events: number; rate: number },
): Promise<Run> {
  const channel = `bench-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  await using publisher = new Program("publisher", [
    ...[BENCH, "publish", channel, `${load.events}`, `${load.rate}`],
  ]);
  await publisher.line();
  await using reading = new Program(reader.name, [...reader.command, channel]);
  const { published } = await publisher.line() as { published: number };
  const report = await reading.line() as ReaderReport;
  return {
    ...report,
    published,
    perSecond: report.received / report.seconds,
    lost: published - report.received,
  };
}

/** A program that prints a JSON value a line; ends with its scope. */
class Program implements AsyncDisposable {
  readonly #name: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;

  constructor(name: string, [program, ...args]: readonly string[]) {
    this.#name = name;
    this.#child = new Deno.Command(program!, { args, stdout: "piped" }).spawn();
    this.#lines = readLines(this.#child.stdout);
  }

  /** The value of its next line. */
  async line(): Promise<unknown> {
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

function rust(name: string, description: string): Reader {
  return { name, description, command: [BENCH, "read", name] };
}

function typescript(name: string, file: string, description: string): Reader {
  const path = fromFileUrl(new URL(`readers/${file}`, import.meta.url));
  const denow = fromFileUrl(new URL("../denow", import.meta.url));
  return { name, description, command: [denow, "run", "-A", "--quiet", path] };
}

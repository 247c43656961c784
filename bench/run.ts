/**
 * One measurement: a publisher process and a reader process on a channel of their own.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
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
  const publisher = spawn([BENCH, "publish", channel, `${load.events}`, `${load.rate}`]);
  const reading = spawn([...reader.command, channel]);
  try {
    const [published, report] = await Promise.all([
      output<{ published: number }>(publisher, "publisher"),
      output<ReaderReport>(reading, reader.name),
    ]);
    return {
      ...report,
      published: published.published,
      perSecond: report.received / report.seconds,
      lost: published.published - report.received,
    };
  } finally {
    await Promise.all([end(publisher), end(reading)]);
  }
}

function spawn(command: readonly string[]): Deno.ChildProcess {
  const [program, ...args] = command;
  return new Deno.Command(program!, { args, stdout: "piped", stderr: "inherit" }).spawn();
}

async function output<T>(child: Deno.ChildProcess, name: string): Promise<T> {
  const [text, status] = await Promise.all([new Response(child.stdout).text(), child.status]);
  if (!status.success) throw new Error(`Cannot measure: ${name} exited with code ${status.code}`);
  return JSON.parse(text);
}

async function end(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  await child.status;
}

function rust(name: string, description: string): Reader {
  return { name, description, command: [BENCH, "read", name] };
}

function typescript(name: string, file: string, description: string): Reader {
  const path = fromFileUrl(new URL(`readers/${file}`, import.meta.url));
  const denow = fromFileUrl(new URL("../denow", import.meta.url));
  return { name, description, command: [denow, "run", "-A", "--quiet", path] };
}

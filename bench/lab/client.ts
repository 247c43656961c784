/**
 * What a LiveClient is to the rest of its process: what waiting costs, whether timers and sockets are served
 * beside it, and how it stands a load for long.
 *
 * @module
 */

import type { ReaderReport } from "./figures.ts";
import { cores, Program } from "./program.ts";
import { BENCH, script } from "./subjects.ts";

/** Events of the runs on an idle market, and how many come in a second. */
const IDLE = { events: 24, rate: 4 };
/** Events of the runs beside timers and sockets, and how many come in a second. */
const BUSY = { events: 300_000, rate: 100_000 };

/** Events of the runs that count what is made on the heap, and how many come in a second. */
const LONG = { events: 10_000_000, rate: 500_000 };

/** A client, as bench/readers/client_loop.ts names it: idle strategy, and how it is read. */
export type ClientKind = readonly ["busySpin" | "yielding" | "backoff", "batches" | "events"];

/** Clients whose event loop is measured. */
export const CLIENTS: readonly ClientKind[] = [
  ["busySpin", "batches"],
  ["yielding", "batches"],
  ["backoff", "batches"],
  ["backoff", "events"],
];

/** What waiting costs with one idle strategy. */
export interface IdleRun {
  /** The strategy. */
  readonly idle: string;
  /** Share of a core. */
  readonly cpuShare: number;
  /** From publish to the reader's hands, median and longest, ms. */
  readonly reactionMs: { readonly p50: number; readonly max: number };
}

/** How late something is served, ms. */
export type Lateness = Readonly<Record<"p50" | "p99" | "max", number>>;

/** How late timers and sockets are beside a client. */
export interface LoopRun {
  /** Idle strategy, and how it is read. */
  readonly client: string;
  /** From when a timer of a millisecond was due to its call. */
  readonly timerLateMs: Lateness;
  /** From when a datagram was sent to the process itself to its arrival. */
  readonly socketMs: Lateness;
  /** Events not handled. */
  readonly lost: number;
}

/** Lets a client wait on an instrument where almost nothing happens. */
export async function idleRun(idle: ClientKind[0]): Promise<IdleRun> {
  const { cpuSeconds, seconds, latencyNs } = await read<ReaderReport>(IDLE, [
    "client_idle.ts",
    idle,
  ]);
  return {
    idle,
    cpuShare: cpuSeconds / seconds,
    reactionMs: { p50: latencyNs.p50 / 1e6, max: latencyNs.max / 1e6 },
  };
}

/** Times timers and sockets beside a client under load. */
export async function loopRun([idle, kind]: ClientKind): Promise<LoopRun> {
  const report = await read<Omit<LoopRun, "client" | "lost"> & { received: number }>(BUSY, [
    "client_loop.ts",
    idle,
    kind,
  ]);
  const { timerLateMs, socketMs, received } = report;
  return { client: `${idle}, ${kind}`, timerLateMs, socketMs, lost: BUSY.events - received };
}

/** Name of the run of timers and sockets without a client. */
export const BARE = "no client";

/** Times timers and sockets in a process that does nothing else. */
export async function bareLoopRun(): Promise<LoopRun> {
  const core = (await cores()).bot;
  await using bare = new Program("bare_loop.ts", script("bare_loop.ts"), { core });
  const figures = await bare.line<Omit<LoopRun, "client" | "lost">>();
  return { client: BARE, ...figures, lost: 0 };
}

async function read<T>(
  { events, rate }: { readonly events: number; readonly rate: number },
  [file, ...args]: readonly [string, ...string[]],
): Promise<T> {
  const pinned = await cores();
  const channel = `client-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  await using publisher = new Program(
    "publisher",
    [BENCH, "publish", channel, `${events}`, `${rate}`, "1", "1"],
    { core: pinned.connector },
  );
  await publisher.line();
  await using reader = new Program(file, [...script(file), channel, ...args], { core: pinned.bot });
  await publisher.line();
  return await reader.line<T>();
}

/** What JavaScript's heap grew by under a load. */
export interface HeapRun {
  /** How events were read. */
  readonly kind: "poll" | "batches";
  /** Events handled. */
  readonly events: number;
  /** Polls, or batches, that brought them. */
  readonly polls: number;
  /** Bytes that were made, as V8 counts them. */
  readonly bytes: number;
}

/** Counts what is made on the heap while ten million events are read. */
export async function heapRun(kind: HeapRun["kind"]): Promise<HeapRun> {
  return { kind, ...await read<Omit<HeapRun, "kind">>(LONG, ["allocation.ts", kind]) };
}

/** Events a second of a StubBot. */
export async function stubRun(): Promise<number> {
  await using stub = new Program("stub", script("stub_poll.ts"), { core: (await cores()).bot });
  const { events, seconds } = await stub.line<{ events: number; seconds: number }>();
  return events / seconds;
}

/**
 * Everything that a run of the laboratory has measured.
 *
 * @module
 */

import type { HeapRun, IdleRun, Lateness, LoopRun } from "./client.ts";
import { median, medianQuantiles, type OrderReport, type Quantiles } from "./figures.ts";
import type { OrderRun, Run } from "./run.ts";

/** A row of a table: the medians of several runs of one program on one load. */
export interface Row {
  /** Name of the program. */
  readonly subject: string;
  /** What it is. */
  readonly description: string;
  /** From publish to the reader's hands, ns. */
  readonly latencyNs: Quantiles;
  /** Events that a reader handled in a second. */
  readonly perSecond: number;
  /** Processor time per event, ns: all of it, what is spent spinning included. */
  readonly cpuNsPerEvent: number;
  /** Bytes that JavaScript's heap grew by per event; NaN for Rust. */
  readonly heapBytesPerEvent: number;
  /** Events published, in all runs together. */
  readonly published: number;
  /** Events not handled, in all runs and by all readers together. */
  readonly lost: number;
}

/** A row of the table of orders, ns. */
export interface OrderRow {
  /** Name of the program. */
  readonly subject: string;
  /** What it is. */
  readonly description: string;
  /** From submit to the connector's receipt. */
  readonly submitNs: Quantiles;
  /** From submit to the answer in the bot's hands. */
  readonly roundTripNs: Quantiles;
}

/** What was measured of clients beside latency. */
export interface ClientFigures {
  /** Waiting, by idle strategy. */
  readonly idle: readonly IdleRun[];
  /** Timers and sockets, by client. */
  readonly loops: readonly LoopRun[];
  /** What was made on the heap. */
  readonly heap: readonly HeapRun[];
  /** Events a second of a StubBot. */
  readonly stub: number;
  /** A minute at 500,000 events a second. */
  readonly soak: { readonly lost: number; readonly heapGrowth: number };
}

/** The medians of runs. */
export function idleRow(runs: readonly IdleRun[]): IdleRun {
  return {
    idle: runs[0]!.idle,
    cpuShare: median(runs.map(({ cpuShare }) => cpuShare)),
    reactionMs: {
      p50: median(runs.map(({ reactionMs }) => reactionMs.p50)),
      max: median(runs.map(({ reactionMs }) => reactionMs.max)),
    },
  };
}

/** The medians of runs; what they lost together. */
export function loopRow(runs: readonly LoopRun[]): LoopRun {
  const middle = (of: (run: LoopRun) => Lateness): Lateness => ({
    p50: median(runs.map((run) => of(run).p50)),
    p99: median(runs.map((run) => of(run).p99)),
    max: median(runs.map((run) => of(run).max)),
  });
  return {
    client: runs[0]!.client,
    timerLateMs: middle(({ timerLateMs }) => timerLateMs),
    socketMs: middle(({ socketMs }) => socketMs),
    lost: runs.reduce((sum, { lost }) => sum + lost, 0),
  };
}

/** The medians of runs. */
export function row(subject: { name: string; description: string }, runs: readonly Run[]): Row {
  const middle = (value: (run: Run) => number): number => median(runs.map(value));
  return {
    subject: subject.name,
    description: subject.description,
    latencyNs: medianQuantiles(runs.map(({ latencyNs }) => latencyNs)),
    perSecond: middle(({ received, seconds }) => received / seconds),
    cpuNsPerEvent: middle(({ cpuSeconds, received }) => cpuSeconds * 1e9 / received),
    heapBytesPerEvent: middle(({ heapBytes = NaN, received }) => heapBytes / received),
    published: runs.reduce((sum, { published }) => sum + published, 0),
    lost: runs.reduce((sum, { lost }) => sum + lost, 0),
  };
}

/** The medians of runs. */
export function orderRow(
  subject: { name: string; description: string },
  runs: readonly OrderRun[],
): OrderRow {
  const quantiles = (report: (run: OrderRun) => OrderReport): Quantiles =>
    medianQuantiles(runs.map((run) => report(run).latencyNs));
  return {
    subject: subject.name,
    description: subject.description,
    submitNs: quantiles(({ submit }) => submit),
    roundTripNs: quantiles(({ roundTrip }) => roundTrip),
  };
}

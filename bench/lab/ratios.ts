/**
 * The goals, as ratios between what was measured in one run.
 *
 * @module
 */

import { BARE } from "./client.ts";
import { median } from "./figures.ts";
import { FLAT_OUT, REFERENCE } from "./plan.ts";
import type { ClientFigures } from "./results.ts";
import type { OrderRun, Run } from "./run.ts";

/** What the heap of a long run may end with, in terms of what it was at the start. */
export const MAX_HEAP_GROWTH = 1.2;

/** A measured ratio and its goal. */
export interface Ratio {
  /** What was measured. */
  readonly value: number;
  /** The goal in words. */
  readonly goal: string;
  /** Whether it is met. */
  readonly holds: boolean;
}

/**
 * The ratios of a run that measured at least {@linkcode REFERENCE} and {@linkcode FLAT_OUT}: the medians of
 * the rounds' ratios. A virtual machine's cores move closer to one another and apart within seconds, so that only
 * runs that follow one another can be compared.
 *
 * @param runs The runs of a program on a load, one a round.
 * @param orderRuns The runs of a trader, one a round.
 * @returns Ratios by name.
 */
export function ratios(
  runs: (load: string, subject: string) => readonly Run[],
  orderRuns: (subject: string) => readonly OrderRun[],
): Record<string, Ratio> {
  const latency = (quantile: "p50" | "p99", a: string, b: string): number =>
    medianRatio(
      runs(REFERENCE, a).map((run) => run.latencyNs[quantile]),
      runs(REFERENCE, b).map((run) => run.latencyNs[quantile]),
    );
  const p50 = (a: string, b: string): number => latency("p50", a, b);
  const p99 = (a: string, b: string): number => latency("p99", a, b);
  const perSecond = (subject: string): number[] =>
    runs(FLAT_OUT, subject).map(({ received, seconds }) => received / seconds);
  const throughput = (a: string, b: string): number => medianRatio(perSecond(a), perSecond(b));
  const submitNs = (subject: string): number[] =>
    orderRuns(subject).map(({ submit }) => submit.latencyNs.p50);
  return {
    "poll p50 / raw p50": atMost(1.3, p50("nativePoll", "raw")),
    "poll p50 / upstream p50": atMost(1 / 20, p50("nativePoll", "upstream")),
    "poll p99 / upstream p99": atMost(1 / 20, p99("nativePoll", "upstream")),
    "client events p50 / poll p50": atMost(3, p50("clientEvents", "nativePoll")),
    "poll throughput / raw": atLeast(0.9, throughput("nativePoll", "raw")),
    "batches throughput / raw": atLeast(0.9, throughput("clientBatches", "raw")),
    "poll throughput / upstream": atLeast(50, throughput("nativePoll", "upstream")),
    "batches throughput / upstream": atLeast(50, throughput("clientBatches", "upstream")),
    "submit p50 / Rust submit p50": atMost(
      1.5,
      medianRatio(submitNs("nativeOrders"), submitNs("spinOrders")),
    ),
  };
}

/**
 * The goals of what was measured of clients beside latency.
 *
 * @param figures The medians, and what was measured once.
 * @returns Ratios by name.
 */
export function clientRatios({ idle, loops, heap, stub, soak }: ClientFigures): Record<
  string,
  Ratio
> {
  const backoff = idle.find((run) => run.idle === "backoff")!;
  const poll = heap.find(({ kind }) => kind === "poll")!;
  const worst = (value: (run: ClientFigures["loops"][number]) => number): number =>
    Math.max(...loops.filter(({ client }) => client !== BARE).map(value));
  return {
    "idle client, share of a core": atMost(0.02, backoff.cpuShare),
    "idle client, reaction p50 in ms": atMost(2, backoff.reactionMs.p50),
    "timer beside 100,000/s, lateness p99 in ms": atMost(1, worst((run) => run.timerLateMs.p99)),
    "socket beside 100,000/s, echo p99 in ms": atMost(1, worst((run) => run.socketMs.p99)),
    "poll, bytes on the heap per event": atMost(0.5, poll.bytes / poll.events),
    "StubBot.poll, events/s": atLeast(10_000_000, stub),
    "lost of 500,000/s for a minute": atMost(0, soak.lost),
    "heap after 30 million events / at the start": atMost(MAX_HEAP_GROWTH, soak.heapGrowth),
  };
}

function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, round) => value / b[round]!));
}

/** A ratio that should not be more. */
export function atMost(goal: number, value: number): Ratio {
  return { value, goal: `at most ${goal}`, holds: value <= goal };
}

/** A ratio that should not be less. */
export function atLeast(goal: number, value: number): Ratio {
  return { value, goal: `at least ${goal}`, holds: value >= goal };
}

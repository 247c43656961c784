/**
 * The goals, as ratios between what was measured in one run.
 *
 * @module
 */

import { FLAT_OUT, REFERENCE } from "./plan.ts";
import type { OrderRow, Row } from "./results.ts";

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
 * The ratios that what was measured allows.
 *
 * @param tables Rows by the name of their load.
 * @param orders Rows of orders.
 * @returns Ratios by name.
 */
export function ratios(
  tables: ReadonlyMap<string, readonly Row[]>,
  orders: readonly OrderRow[],
): Record<string, Ratio> {
  const row = (load: string, subject: string): Row | undefined =>
    tables.get(load)?.find((each) => each.subject === subject);
  const p50 = (subject: string) => row(REFERENCE, subject)?.latencyNs.p50;
  const p99 = (subject: string) => row(REFERENCE, subject)?.latencyNs.p99;
  const throughput = (subject: string) => row(FLAT_OUT, subject)?.perSecond;
  const submit = (subject: string) => orders.find((each) => each.subject === subject)?.submitNs.p50;
  const all: Record<string, Ratio | undefined> = {
    "poll p50 / raw p50": atMost(1.3, p50("nativePoll"), p50("raw")),
    "poll p50 / upstream p50": atMost(1 / 20, p50("nativePoll"), p50("upstream")),
    "poll p99 / upstream p99": atMost(1 / 20, p99("nativePoll"), p99("upstream")),
    "client events p50 / poll p50": atMost(3, p50("clientEvents"), p50("nativePoll")),
    "poll throughput / raw": atLeast(0.9, throughput("nativePoll"), throughput("raw")),
    "batches throughput / raw": atLeast(0.9, throughput("clientBatches"), throughput("raw")),
    "poll throughput / upstream": atLeast(50, throughput("nativePoll"), throughput("upstream")),
    "batches throughput / upstream": atLeast(
      50,
      throughput("clientBatches"),
      throughput("upstream"),
    ),
    "submit p50 / Rust submit p50": atMost(1.5, submit("nativeOrders"), submit("spinOrders")),
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, Ratio] => entry[1] !== undefined),
  );
}

/** A ratio that should not be more. */
function atMost(goal: number, a?: number, b?: number): Ratio | undefined {
  return ratio(a, b, `at most ${goal}`, (value) => value <= goal);
}

/** A ratio that should not be less. */
function atLeast(goal: number, a?: number, b?: number): Ratio | undefined {
  return ratio(a, b, `at least ${goal}`, (value) => value >= goal);
}

function ratio(
  a: number | undefined,
  b: number | undefined,
  goal: string,
  holds: (value: number) => boolean,
): Ratio | undefined {
  if (a === undefined || b === undefined) return undefined;
  const value = a / b;
  return { value, goal, holds: holds(value) };
}

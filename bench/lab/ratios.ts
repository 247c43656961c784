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
 * The ratios of a run that measured at least {@linkcode REFERENCE} and {@linkcode FLAT_OUT}.
 *
 * @param tables Rows by the name of their load.
 * @param orders Rows of orders.
 * @returns Ratios by name.
 */
export function ratios(
  tables: ReadonlyMap<string, readonly Row[]>,
  orders: readonly OrderRow[],
): Record<string, Ratio> {
  const row = (load: string, subject: string): Row =>
    tables.get(load)!.find((each) => each.subject === subject)!;
  const submitNs = (subject: string): number =>
    orders.find((each) => each.subject === subject)!.submitNs.p50;
  const p50 = (a: string, b: string): number =>
    row(REFERENCE, a).latencyNs.p50 / row(REFERENCE, b).latencyNs.p50;
  const p99 = (a: string, b: string): number =>
    row(REFERENCE, a).latencyNs.p99 / row(REFERENCE, b).latencyNs.p99;
  const throughput = (a: string, b: string): number =>
    row(FLAT_OUT, a).perSecond / row(FLAT_OUT, b).perSecond;
  return {
    "poll p50 / raw p50": atMost(1.3, p50("nativePoll", "raw")),
    "poll p50 / upstream p50": atMost(1 / 20, p50("nativePoll", "upstream")),
    "poll p99 / upstream p99": atMost(1 / 20, p99("nativePoll", "upstream")),
    "client events p50 / poll p50": atMost(3, p50("clientEvents", "nativePoll")),
    "poll throughput / raw": atLeast(0.9, throughput("nativePoll", "raw")),
    "batches throughput / raw": atLeast(0.9, throughput("clientBatches", "raw")),
    "poll throughput / upstream": atLeast(50, throughput("nativePoll", "upstream")),
    "batches throughput / upstream": atLeast(50, throughput("clientBatches", "upstream")),
    "submit p50 / Rust submit p50": atMost(1.5, submitNs("nativeOrders") / submitNs("spinOrders")),
  };
}

/** A ratio that should not be more. */
export function atMost(goal: number, value: number): Ratio {
  return { value, goal: `at most ${goal}`, holds: value <= goal };
}

/** A ratio that should not be less. */
export function atLeast(goal: number, value: number): Ratio {
  return { value, goal: `at least ${goal}`, holds: value >= goal };
}

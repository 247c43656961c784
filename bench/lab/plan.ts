/**
 * What a run of the laboratory measures.
 *
 * @module
 */

import type { Load } from "./run.ts";

/** How long, and how much, to measure. */
export interface Effort {
  /** Seconds of each paced load. */
  readonly seconds: number;
  /** Events of the load that goes as fast as possible. */
  readonly flatOutEvents: number;
}

/** Events a second of the load that ratios of latency are taken from. Upstream's bot can just follow it. */
export const REFERENCE_RATE = 5_000;
/** Name of the load that ratios of latency are taken from. */
export const REFERENCE: string = `${REFERENCE_RATE.toLocaleString("en")}/s`;
/** Name of the load that ratios of throughput are taken from. */
export const FLAT_OUT = "flat out";

const BURST_SIZE = 20_000;
const BURST_PAUSE_MS = 300;
const BURSTS = 3;
const CROWD_RATE = 10_000;

/** Loads of one instrument and one bot. */
export function singleLoads({ seconds, flatOutEvents }: Effort): Load[] {
  const single = { instruments: 1, bots: 1 };
  const paced = [1_000, REFERENCE_RATE, 10_000, 100_000].map((rate) => ({
    ...single,
    name: `${rate.toLocaleString("en")}/s`,
    events: Math.round(rate * seconds),
    pace: `${rate}`,
  }));
  const burst = {
    ...single,
    name: `bursts of ${BURST_SIZE.toLocaleString("en")}`,
    events: BURST_SIZE * BURSTS,
    pace: `burst:${BURST_SIZE}:${BURST_PAUSE_MS}`,
  };
  return [...paced, burst, { ...single, name: FLAT_OUT, events: flatOutEvents, pace: "flat" }];
}

/** Loads of many instruments, and of many bots on one connector. */
export function crowdLoads({ seconds }: Effort): Load[] {
  const load = { events: Math.round(CROWD_RATE * seconds), pace: `${CROWD_RATE}` };
  return [
    ...[5, 50].map((instruments) => ({
      ...load,
      name: `${instruments} instruments`,
      instruments,
      bots: 1,
    })),
    ...[2, 4, 8].map((bots) => ({ ...load, name: `${bots} bots`, instruments: 1, bots })),
  ];
}

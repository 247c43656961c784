/**
 * The replay bot's options, checked.
 *
 * @module
 */

import { checkInstruments } from "../bot/simulated_instruments.ts";
import { MAX_DURATION_NS } from "../bot/time_base.ts";
import { checkQueueModel, type QueueModelOptions } from "../matching/queue_model.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import { checkOrderLatency } from "./latency_settings.ts";
import type { Recording, ReplayBotOptions, ReplayOrderLatency } from "./options.ts";

const MAX_TIMESTAMP = 2n ** 63n - 1n;
const MAX_CAPACITY = 16_777_216;
const NAMES: readonly (keyof ReplayBotOptions)[] = [
  "instruments",
  "clock",
  "speed",
  "startTime",
  "endTime",
  "pollIntervalNs",
  "clockSkewNs",
  "baseLatencyNs",
  "orderLatency",
  "queueModel",
  "makerFee",
  "takerFee",
  "skipDamaged",
  "lastTradesCapacity",
  "journalCapacity",
];

/** One instrument's settings. */
export interface ReplayAsset {
  /** What is traded. */
  readonly instrument: Instrument;
  /** Its recordings, in their order. */
  readonly recordings: readonly Recording[];
  /** Trades kept for `lastTrades`. */
  readonly lastTradesCapacity: number;
}

/** Checked options, with every default in place. */
export interface ReplaySettings {
  /** What is traded, by asset number. */
  readonly assets: readonly ReplayAsset[];
  /** Whether time passes as on the wall clock. */
  readonly isPaced: boolean;
  /** How much faster than the wall clock. */
  readonly speed: number;
  /** Where to begin, ns since the Unix epoch. */
  readonly startTime: bigint | undefined;
  /** Where the data ends, ns since the Unix epoch. */
  readonly endTime: bigint | undefined;
  /** What a poll covers after the next event, ns. */
  readonly pollIntervalNs: number;
  /** How far the exchange's clock is ahead, ns; "auto" to measure it. */
  readonly clockSkewNs: number | "auto";
  /** What the quickest event takes where that is measured, ns. */
  readonly baseLatencyNs: number;
  /** How long requests and answers travel. */
  readonly orderLatency: ReplayOrderLatency;
  /** How resting orders queue. */
  readonly queueModel: QueueModelOptions;
  /** Fee of executions as maker. */
  readonly makerFee: number;
  /** Fee of executions as taker. */
  readonly takerFee: number;
  /** Whether to go on behind damaged pieces. */
  readonly skipDamaged: boolean;
  /** Market events kept for the next poll. */
  readonly journalCapacity: number;
}

/**
 * Checks the options and fills in what is missing. No file is opened.
 *
 * @param options The options as their user wrote them.
 * @returns Every setting.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
export function resolveOptions(options: ReplayBotOptions): ReplaySettings {
  checkNames(options);
  const {
    clock = "virtual",
    speed = 1,
    pollIntervalNs = 100_000,
    clockSkewNs = "auto",
    baseLatencyNs = 1_000_000,
    queueModel = { model: "riskAverse" },
    makerFee = 0.0002,
    takerFee = 0.0005,
    skipDamaged = false,
    lastTradesCapacity = 0,
    journalCapacity = 65_536,
  } = options;
  const duration = { min: 0, max: MAX_DURATION_NS, integer: true } as const;
  const fee = { min: -1, max: 1 } as const;
  const capacity = { min: 1, max: MAX_CAPACITY, integer: true } as const;
  const isPaced = checkOneOf("clock", clock, ["virtual", "real"]) === "real";
  if (!isPaced && options.speed !== undefined) {
    throw new InvalidInputError("speed", speed, "none with the virtual clock");
  }
  if (typeof skipDamaged !== "boolean") {
    throw new InvalidInputError("skipDamaged", skipDamaged, "true or false");
  }
  const startTime = checkTime("startTime", options.startTime, 0n);
  return {
    assets: checkInstruments(
      options.instruments,
      lastTradesCapacity,
      ({ recording }, at) => ({ recordings: checkRecordings(`${at}.recording`, recording) }),
    ),
    isPaced,
    speed: checkNumber("speed", speed, { min: 0.001, max: 1_000_000 }),
    startTime,
    endTime: checkTime("endTime", options.endTime, startTime ?? 0n),
    pollIntervalNs: checkNumber("pollIntervalNs", pollIntervalNs, duration),
    clockSkewNs: checkSkew(clockSkewNs),
    baseLatencyNs: checkNumber("baseLatencyNs", baseLatencyNs, duration),
    orderLatency: checkOrderLatency("orderLatency", options.orderLatency),
    queueModel: checkQueueModel("queueModel", queueModel),
    makerFee: checkNumber("makerFee", makerFee, fee),
    takerFee: checkNumber("takerFee", takerFee, fee),
    skipDamaged,
    journalCapacity: checkNumber("journalCapacity", journalCapacity, capacity),
  };
}

function checkNames(options: ReplayBotOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError("options", options, "an object");
  }
  for (const [name, value] of Object.entries(options)) {
    if (!NAMES.some((known) => known === name)) {
      throw new InvalidInputError(name, value, `one of ${NAMES.join(", ")}`);
    }
  }
}

function checkTime(field: string, time: bigint | undefined, min: bigint): bigint | undefined {
  if (time === undefined) return undefined;
  if (typeof time !== "bigint" || time < min || time > MAX_TIMESTAMP) {
    throw new InvalidInputError(field, time, `a bigint from ${min}n to 2n ** 63n - 1n`);
  }
  return time;
}

function checkSkew(skew: number | "auto" | "none"): number | "auto" {
  if (skew === "auto") return skew;
  if (skew === "none") return 0;
  if (typeof skew !== "number") {
    throw new InvalidInputError("clockSkewNs", skew, "auto, none or nanoseconds");
  }
  const bounds = { min: -MAX_DURATION_NS, max: MAX_DURATION_NS, integer: true };
  return checkNumber("clockSkewNs", skew, bounds);
}

function checkRecordings(
  field: string,
  recording: Recording | readonly Recording[],
): readonly Recording[] {
  const recordings = isList(recording) ? recording : [recording];
  if (recordings.length === 0) {
    throw new InvalidInputError(field, recording, "at least one path or source");
  }
  for (const [index, one] of recordings.entries()) {
    const isPath = typeof one === "string" && one !== "";
    const isSource = typeof one === "object" && one !== null && typeof one.next === "function";
    if (isPath || isSource) continue;
    const at = isList(recording) ? `${field}[${index}]` : field;
    throw new InvalidInputError(at, one, "a path or a source");
  }
  return recordings;
}

function isList(recording: Recording | readonly Recording[]): recording is readonly Recording[] {
  return Array.isArray(recording);
}

/**
 * The stub bot's options, checked.
 *
 * @module
 */

import { checkInstruments } from "../bot/simulated_instruments.ts";
import { MAX_DURATION_NS } from "../bot/time_base.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import type {
  StubBotOptions,
  StubFillModel,
  StubInstrument,
  StubOrderLatency,
  StubOutage,
  StubRange,
} from "./options.ts";

const MAX_SEED = 2 ** 32 - 1;
const MAX_PRICE_TICKS = 2 ** 40;
const MAX_LOTS = 1_000_000_000;
const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** One instrument's settings. */
export interface StubAsset {
  /** What is traded. */
  readonly instrument: Instrument;
  /** Where its price starts, in quote currency. */
  readonly basePrice: number;
  /** Trades kept for `lastTrades`. */
  readonly lastTradesCapacity: number;
}

/** Options with nothing left out. */
type CompleteOptions = {
  readonly [K in keyof StubBotOptions]-?: NonNullable<StubBotOptions[K]>;
};

/** Checked options, with every default in place. */
export interface StubSettings extends
  Omit<
    CompleteOptions,
    "instruments" | "basePrice" | "orderLatencyNs" | "lastTradesCapacity"
  > {
  /** What is traded, by asset number. */
  readonly assets: readonly StubAsset[];
  /** Time of a request to the exchange, ns. */
  readonly entryLatencyNs: number;
  /** Time of an answer back, ns. */
  readonly responseLatencyNs: number;
}

const DEFAULT_INSTRUMENT: StubInstrument = {
  connector: "stub",
  symbol: "btcusdt",
  tickSize: 0.1,
  lotSize: 0.001,
};

const DEFAULTS = {
  seed: 42,
  instruments: [DEFAULT_INSTRUMENT],
  basePrice: 60_000,
  volatilityTicks: 1,
  spreadTicks: { min: 1, max: 5 },
  depthLevels: 20,
  tradeProbability: 0.7,
  depthProbability: 0.8,
  tradeLots: { min: 1, max: 200 },
  levelLots: { min: 1, max: 5_000 },
  stepIntervalNs: 1_000_000,
  clock: "virtual",
  startTime: 1_700_000_000_000_000_000n,
  feedLatencyNs: 100_000,
  feedLatencyJitterNs: 0,
  orderLatencyNs: 1_000_000,
  fill: { model: "probability", probability: 0.3 },
  partialFillProbability: 0.2,
  rejectProbability: 0,
  outages: [],
  makerFee: 0.0002,
  takerFee: 0.0005,
  maxFeeds: 1_000,
  stepsPerPoll: 1,
  lastTradesCapacity: 0,
  journalCapacity: 65_536,
} as const satisfies CompleteOptions;

/**
 * Checks the options and fills in what is missing.
 *
 * @param options The options as their user wrote them.
 * @returns Every setting.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
export function resolveOptions(options: StubBotOptions): StubSettings {
  checkNames(options);
  const given: CompleteOptions = { ...DEFAULTS, ...definedOf(options) };
  const whole = { min: 0, integer: true } as const;
  const duration = { min: 0, max: MAX_DURATION_NS, integer: true } as const;
  const probability = { min: 0, max: 1 } as const;
  const depthLevels = checkNumber("depthLevels", given.depthLevels, {
    min: 1,
    max: 10_000,
    integer: true,
  });
  const spreadTicks = checkRange("spreadTicks", given.spreadTicks, 1_000_000);
  const minTicks = depthLevels + spreadTicks.max;
  const stepIntervalNs = checkNumber("stepIntervalNs", given.stepIntervalNs, {
    ...duration,
    min: 1,
  });
  const assets = checkInstruments(
    given.instruments,
    given.lastTradesCapacity,
    ({ basePrice, tickSize }, at) => ({
      basePrice: basePrice === undefined
        ? checkPrice("basePrice", given.basePrice, tickSize, minTicks)
        : checkPrice(`${at}.basePrice`, basePrice, tickSize, minTicks),
    }),
  );
  return {
    seed: checkNumber("seed", given.seed, { ...whole, max: MAX_SEED }),
    assets,
    volatilityTicks: checkNumber("volatilityTicks", given.volatilityTicks, {
      ...whole,
      max: 1_000_000,
    }),
    spreadTicks,
    depthLevels,
    tradeProbability: checkNumber("tradeProbability", given.tradeProbability, probability),
    depthProbability: checkNumber("depthProbability", given.depthProbability, probability),
    tradeLots: checkRange("tradeLots", given.tradeLots, MAX_LOTS),
    levelLots: checkRange("levelLots", given.levelLots, MAX_LOTS),
    stepIntervalNs,
    clock: checkOneOf("clock", given.clock, ["virtual", "real"]),
    startTime: checkStartTime(given, options),
    feedLatencyNs: checkNumber("feedLatencyNs", given.feedLatencyNs, duration),
    feedLatencyJitterNs: checkNumber("feedLatencyJitterNs", given.feedLatencyJitterNs, {
      ...duration,
      max: 2_000_000_000,
    }),
    ...checkOrderLatency(given.orderLatencyNs),
    fill: checkFill(given.fill),
    partialFillProbability: checkNumber(
      "partialFillProbability",
      given.partialFillProbability,
      probability,
    ),
    rejectProbability: checkNumber("rejectProbability", given.rejectProbability, probability),
    outages: checkOutages(given.outages, assets),
    makerFee: checkNumber("makerFee", given.makerFee, { min: -1, max: 1 }),
    takerFee: checkNumber("takerFee", given.takerFee, { min: -1, max: 1 }),
    maxFeeds: given.maxFeeds === Infinity ? Infinity : checkNumber(
      "maxFeeds",
      given.maxFeeds,
      whole,
    ),
    stepsPerPoll: checkNumber("stepsPerPoll", given.stepsPerPoll, {
      min: 1,
      max: Math.floor(MAX_DURATION_NS / stepIntervalNs),
      integer: true,
    }),
    journalCapacity: checkNumber("journalCapacity", given.journalCapacity, {
      min: 1,
      max: 16_777_216,
      integer: true,
    }),
  };
}

function checkNames(options: StubBotOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError("options", options, "an object");
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new InvalidInputError(name, value, `one of ${Object.keys(DEFAULTS).join(", ")}`);
    }
  }
}

/** The options without those given as undefined, which stand for the default. */
function definedOf(options: StubBotOptions): Partial<CompleteOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function checkRange(field: string, range: StubRange, max: number): StubRange {
  if (typeof range !== "object" || range === null) {
    throw new InvalidInputError(field, range, "an object with min and max");
  }
  const low = checkNumber(`${field}.min`, range.min, { min: 1, max, integer: true });
  return {
    min: low,
    max: checkNumber(`${field}.max`, range.max, { min: low, max, integer: true }),
  };
}

/** The book's lowest bid must stay above 0, and ticks must stay exact. */
function checkPrice(field: string, price: number, tickSize: number, minTicks: number): number {
  return checkNumber(field, price, {
    min: (minTicks + 1) * tickSize,
    max: MAX_PRICE_TICKS * tickSize,
  });
}

function checkStartTime(given: CompleteOptions, options: StubBotOptions): bigint {
  const { startTime } = given;
  if (given.clock === "real" && options.startTime !== undefined) {
    throw new InvalidInputError("startTime", startTime, "none with the real clock");
  }
  if (typeof startTime !== "bigint" || startTime < 0n || startTime > MAX_TIMESTAMP) {
    throw new InvalidInputError("startTime", startTime, "a bigint from 0n to 2n ** 63n - 1n");
  }
  return startTime;
}

function checkOrderLatency(
  latency: number | StubOrderLatency,
): { entryLatencyNs: number; responseLatencyNs: number } {
  const bounds = { min: 0, max: MAX_DURATION_NS, integer: true };
  if (typeof latency === "object" && latency !== null) {
    return {
      entryLatencyNs: checkNumber("orderLatencyNs.entryNs", latency.entryNs, bounds),
      responseLatencyNs: checkNumber("orderLatencyNs.responseNs", latency.responseNs, bounds),
    };
  }
  const roundTrip = checkNumber("orderLatencyNs", latency, bounds);
  const entryLatencyNs = Math.floor(roundTrip / 2);
  return { entryLatencyNs, responseLatencyNs: roundTrip - entryLatencyNs };
}

function checkOutages(
  outages: readonly StubOutage[],
  assets: readonly StubAsset[],
): readonly StubOutage[] {
  if (!Array.isArray(outages)) throw new InvalidInputError("outages", outages, "a list");
  const connectors = [...new Set(assets.map(({ instrument }) => instrument.connector))];
  const endedAt = new Map<string, number>();
  return outages.map((outage: StubOutage, index) => {
    const at = `outages[${index}]`;
    if (typeof outage !== "object" || outage === null) {
      throw new InvalidInputError(at, outage, "an object with startNs and durationNs");
    }
    const { connector } = outage;
    if (connector !== undefined) checkOneOf(`${at}.connector`, connector, connectors);
    const affected = connector === undefined ? connectors : [connector];
    const bounds = { max: MAX_DURATION_NS, integer: true };
    const earliest = Math.max(...affected.map((name) => endedAt.get(name) ?? 0)) + 1;
    const startNs = checkNumber(`${at}.startNs`, outage.startNs, { ...bounds, min: earliest });
    const durationNs = checkNumber(`${at}.durationNs`, outage.durationNs, { ...bounds, min: 1 });
    for (const name of affected) endedAt.set(name, startNs + durationNs);
    return { startNs, durationNs, connector };
  });
}

function checkFill(fill: StubFillModel): StubFillModel {
  if (typeof fill !== "object" || fill === null) {
    throw new InvalidInputError("fill", fill, "an object with a model");
  }
  if (checkOneOf("fill.model", fill.model, ["probability", "touch"]) === "touch") {
    return { model: "touch" };
  }
  const probability = "probability" in fill ? fill.probability : undefined;
  return {
    model: "probability",
    probability: checkNumber("fill.probability", probability, { min: 0, max: 1 }),
  };
}

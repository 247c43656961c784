/**
 * The flags of `watch`, and what they ask for.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { NativeInstrument } from "../../native/native_bot_options.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import { INSTRUMENT_FLAGS, liveInstruments, stubInstruments } from "../instruments.ts";

const SOURCE_FLAGS = {
  stub: { kind: "switch", description: "Watch a random market made here; needs no permission" },
  live: { kind: "switch", description: "Watch the market of a running connector" },
} as const;

const RUN_FLAGS = {
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    // A timer cannot wait for longer.
    max: 2_147_483,
    description: "Time to watch; until Ctrl+C when left out",
  },
  "feed-timeout": {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    default: 10,
    description:
      "Age at which a feed counts as lost, and time to wait for a connector at the start",
  },
  json: { kind: "switch", description: "Print one JSON object at the end, and nothing before it" },
  seed: {
    kind: "number",
    placeholder: "N",
    min: 0,
    max: 4_294_967_295,
    integer: true,
    description: "Seed of the random market; --stub only (default: another one each time)",
  },
  idle: {
    kind: "choice",
    words: ["busySpin", "yielding", "backoff"],
    default: "backoff",
    description: "What to do while nothing comes, from lowest latency to least CPU",
  },
  depth: {
    kind: "choice",
    words: ["hashmap", "roivec"],
    description: "How books are kept; --live only (default: hashmap)",
  },
  "roi-lower": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Lowest price that a roivec book keeps",
  },
  "roi-upper": {
    kind: "number",
    placeholder: "PRICE",
    positive: true,
    description: "Highest price that a roivec book keeps",
  },
  library: {
    kind: "text",
    placeholder: "FILE",
    description: "The native library to use, instead of the one that would be found; --live only",
  },
} as const;

/** The flags of `watch`. */
export const WATCH_FLAGS: typeof SOURCE_FLAGS & typeof INSTRUMENT_FLAGS & typeof RUN_FLAGS = {
  ...SOURCE_FLAGS,
  ...INSTRUMENT_FLAGS,
  ...RUN_FLAGS,
};

/** The values of the flags of `watch`. */
export type WatchValues = FlagValues<typeof WATCH_FLAGS>;

/** Which bot to watch through. */
export type WatchSource =
  | {
    /** A market made here. */
    readonly mode: "stub";
    /** What is traded in it. */
    readonly instruments: readonly Instrument[];
    /** Makes it the same each time. */
    readonly seed: number;
  }
  | {
    /** The market of a running connector. */
    readonly mode: "live";
    /** What to ask it for. */
    readonly instruments: readonly NativeInstrument[];
    /** How books are kept. */
    readonly depth: "hashmap" | "roivec";
    /** The native library; undefined to look for it. */
    readonly libraryPath: string | undefined;
  };

/**
 * What the flags ask for.
 *
 * @param flags The values of {@linkcode WATCH_FLAGS}.
 * @returns The source.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function watchSource(flags: WatchValues): WatchSource {
  if (flags.stub === flags.live) {
    throw new UsageError(
      flags.stub
        ? "Flags --stub and --live exclude each other"
        : "Nothing to watch: give --stub for a random market, or --live for a running connector",
    );
  }
  if (flags.stub) {
    refuse(flags, ["depth", "roi-lower", "roi-upper", "library"], "--live");
    const seed = flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    return { mode: "stub", instruments: stubInstruments(flags), seed };
  }
  refuse(flags, ["seed"], "--stub");
  const { depth = "hashmap", library: libraryPath } = flags;
  return { mode: "live", instruments: rangedInstruments(flags, depth), depth, libraryPath };
}

function rangedInstruments(flags: WatchValues, depth: "hashmap" | "roivec"): NativeInstrument[] {
  const instruments = liveInstruments(flags);
  const { "roi-lower": roiLowerBound, "roi-upper": roiUpperBound } = flags;
  if (depth === "hashmap") {
    refuse(flags, ["roi-lower", "roi-upper"], "--depth roivec");
    return instruments;
  }
  if (roiLowerBound === undefined || roiUpperBound === undefined) {
    throw new UsageError("Missing flags: --depth roivec needs --roi-lower and --roi-upper");
  }
  if (roiUpperBound <= roiLowerBound) {
    throw new InvalidInputError(
      "--roi-upper",
      roiUpperBound,
      `more than --roi-lower ${roiLowerBound}`,
    );
  }
  return instruments.map((instrument) => ({ ...instrument, roiLowerBound, roiUpperBound }));
}

/** Refuses flags that mean nothing without another one, rather than ignore them. */
function refuse(
  flags: WatchValues,
  names: readonly (keyof WatchValues)[],
  goesWith: string,
): void {
  for (const name of names) {
    if (flags[name] !== undefined) throw new UsageError(`Flag --${name} needs ${goesWith}`);
  }
}

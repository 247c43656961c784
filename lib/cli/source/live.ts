/**
 * The market of a running connector.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { NativeInstrument } from "../../native/native_bot_options.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import { type InstrumentValues, liveInstruments } from "../instruments.ts";
import type { LIVE_FLAGS } from "./flags.ts";
import { refuse } from "./refuse.ts";

/** The market of a running connector. */
export interface LiveSource {
  /** Tells it apart. */
  readonly mode: "live";
  /** What to ask it for. */
  readonly instruments: readonly NativeInstrument[];
  /** How books are kept. */
  readonly depth: "hashmap" | "roivec";
  /** The native library; undefined to look for it. */
  readonly libraryPath: string | undefined;
  /** The file with the least sizes of channels; undefined for that of the environment, if any. */
  readonly channelConfig: string | undefined;
}

type LiveValues = Omit<FlagValues<typeof LIVE_FLAGS>, "live"> & InstrumentValues;

/**
 * The market that the flags ask for.
 *
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function liveSource(flags: LiveValues): LiveSource {
  const { depth = "hashmap", library: libraryPath, "channel-config": channelConfig } = flags;
  const instruments = rangedInstruments(flags, depth);
  return { mode: "live", instruments, depth, libraryPath, channelConfig };
}

function rangedInstruments(flags: LiveValues, depth: "hashmap" | "roivec"): NativeInstrument[] {
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

/**
 * A recorded market.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { Instrument } from "../../model/instrument.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import { type InstrumentValues, parseInstrument, unique } from "../instruments.ts";
import type { REPLAY_FLAGS, SPEED_FLAGS } from "./flags.ts";
import { speedFactor } from "./speed.ts";
import { timeOf } from "./time.ts";

/** A recording on the command line. */
export interface ReplayFile {
  /** Its path. */
  readonly path: string;
  /** The instrument that its events are of; undefined where the file tells, or there is one only. */
  readonly symbol: string | undefined;
}

/** The steps of instruments whose symbols the files tell. */
export interface ReplaySteps {
  /** Name of the connector that they stand for. */
  readonly connector: string;
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units. */
  readonly lotSize: number;
}

/** A recorded market. */
export interface ReplaySource {
  /** Tells it apart. */
  readonly mode: "replay";
  /** The recordings. */
  readonly files: readonly ReplayFile[];
  /** What is traded; empty for all that is in the files, with the steps in `steps`. */
  readonly instruments: readonly Instrument[];
  /** Steps of what is in the files, where no instrument is named. */
  readonly steps: ReplaySteps | undefined;
  /** A multiple of real time; Infinity for as fast as possible. */
  readonly speed: number;
  /** Where to begin, ns since the Unix epoch. */
  readonly startTime: bigint | undefined;
  /** Where to end, ns since the Unix epoch. */
  readonly endTime: bigint | undefined;
  /** Whether to go on behind damaged pieces. */
  readonly skipDamaged: boolean;
}

/** The flags that a recorded market is read from. */
export type ReplayValues =
  & FlagValues<typeof REPLAY_FLAGS>
  & FlagValues<typeof SPEED_FLAGS>
  & InstrumentValues;

const CONNECTOR = "replay";

/**
 * The recorded market that the flags ask for.
 *
 * @param flags The flags.
 * @param options How fast it runs when nothing is said.
 * @returns The source; no file is opened yet.
 * @throws {UsageError} If flags are missing.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function replaySource(
  flags: ReplayValues,
  options: { readonly speed: number },
): ReplaySource {
  const { instruments, steps } = replayInstruments(flags);
  const startTime = timeOf("--start", flags.start);
  const endTime = timeOf("--end", flags.end);
  if (startTime !== undefined && endTime !== undefined && endTime <= startTime) {
    throw new InvalidInputError("--end", flags.end, `a time after --start ${flags.start}`);
  }
  return {
    mode: "replay",
    files: flags.replay.map((text) => replayFile(text, instruments)),
    instruments,
    steps,
    speed: speedFactor(flags.speed, options.speed),
    startTime,
    endTime,
    skipDamaged: flags["skip-damaged"],
  };
}

function replayInstruments(
  flags: InstrumentValues,
): Pick<ReplaySource, "instruments" | "steps"> {
  const { connector = CONNECTOR, symbol: symbols } = flags;
  const { "tick-size": tickSize, "lot-size": lotSize } = flags;
  const named = flags.instrument.map(parseInstrument);
  if (tickSize === undefined || lotSize === undefined) {
    if (named.length > 0 && symbols.length === 0 && tickSize === lotSize) {
      return { instruments: unique(named), steps: undefined };
    }
    const missing = [
      ...tickSize === undefined ? ["--tick-size"] : [],
      ...lotSize === undefined ? ["--lot-size"] : [],
    ];
    throw new UsageError(
      `Missing ${missing.length > 1 ? "flags" : "flag"}: --replay needs ${missing.join(", ")} ` +
        "(or --instrument NAME:SYMBOL:TICK:LOT), since no recording tells them",
    );
  }
  const instruments = unique([
    ...symbols.map((symbol) => ({ connector, symbol, tickSize, lotSize })),
    ...named,
  ]);
  const steps = instruments.length === 0 ? { connector, tickSize, lotSize } : undefined;
  return { instruments, steps };
}

/** Takes SYMBOL=FILE apart; what stands before a "=" and is no symbol belongs to the path. */
function replayFile(text: string, instruments: readonly Instrument[]): ReplayFile {
  const [, symbol, path] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  return path !== undefined && instruments.some((instrument) => instrument.symbol === symbol)
    ? { path, symbol }
    : { path: text, symbol: undefined };
}

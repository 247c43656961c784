/**
 * Which bot the flags of a command ask for.
 *
 * @module
 */

import type { Instrument } from "../../model/instrument.ts";
import { UsageError } from "../exit.ts";
import { stubInstruments } from "../instruments.ts";
import type { SourceValues } from "./flags.ts";
import { type LiveSource, liveSource } from "./live.ts";
import { refuse } from "./refuse.ts";
import { type ReplaySource, replaySource } from "./replay.ts";
import { speedFactor } from "./speed.ts";

/** Flags that mean nothing to other sources. */
const LIVE_ONLY = ["depth", "roi-lower", "roi-upper", "library", "channel-config"] as const;

/** A market made here. */
export interface StubSource {
  /** Tells it apart. */
  readonly mode: "stub";
  /** What is traded in it. */
  readonly instruments: readonly Instrument[];
  /** Makes it the same each time. */
  readonly seed: number;
  /** 1 for the wall clock, Infinity for as fast as possible on a virtual one. */
  readonly speed: number;
}

/** Which bot to open. */
export type BotSource = StubSource | ReplaySource | LiveSource;

/** Where a bot's market comes from. */
export type SourceMode = BotSource["mode"];

/** What a command wants of its source. */
export interface SourceOptions {
  /** What the command does, for a message: "watch". */
  readonly verb: string;
  /** How fast simulated markets run when nothing is said: 1 for real time, Infinity for no limit. */
  readonly speed: number;
}

/**
 * What the flags ask for.
 *
 * @param flags The values of `SOURCE_FLAGS`.
 * @param options What the command wants.
 * @returns The source; nothing is opened or read yet.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function botSource(flags: SourceValues, options: SourceOptions): BotSource {
  const { stub, replay, live } = flags;
  const given = [
    ...stub ? ["--stub"] : [],
    ...replay.length > 0 ? ["--replay"] : [],
    ...live ? ["--live"] : [],
  ];
  if (given.length > 1) {
    throw new UsageError(`Flags ${given.join(" and ")} exclude each other`);
  }
  const [mode] = given;
  if (mode === undefined) {
    throw new UsageError(
      `Nothing to ${options.verb}: give --stub for a random market, --replay FILE for a recording, ` +
        "or --live for a running connector",
    );
  }
  if (mode !== "--live") refuse(flags, LIVE_ONLY, "--live");
  if (mode !== "--stub") refuse(flags, ["seed"], "--stub");
  if (mode !== "--replay") refuse(flags, ["start", "end", "skip-damaged"], "--replay");
  if (mode === "--live") {
    refuse(flags, ["speed"], "--stub or --replay");
    return liveSource(flags);
  }
  return mode === "--stub" ? stubSource(flags, options) : replaySource(flags, options);
}

/**
 * The random market that the flags ask for.
 *
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function stubSource(
  flags: Omit<SourceValues, "replay" | "live">,
  options: Pick<SourceOptions, "speed">,
): StubSource {
  const seed = flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const speed = speedFactor(flags.speed, options.speed);
  if (speed !== 1 && speed !== Infinity) {
    throw new UsageError(`Flag --speed ${speed} needs --replay: --stub knows 1 and max`);
  }
  return { mode: "stub", instruments: stubInstruments(flags), seed, speed };
}

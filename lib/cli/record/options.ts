/**
 * The flags of `record`, and what they ask for.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { RecorderOptions } from "../../replay/record/options.ts";
import { UsageError } from "../exit.ts";
import type { FlagGroup } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { SOURCE_FLAGS, SOURCE_GROUPS } from "../source/flags.ts";
import { type BotSource, botSource } from "../source/source.ts";

const MB = 1_000_000;

const FILE_FLAGS = {
  output: {
    kind: "text",
    alias: "o",
    placeholder: "DIRECTORY",
    description: "Directory of the files; made if it is not there",
  },
  format: {
    kind: "choice",
    words: ["npz", "gz"],
    description: "hftbacktest's npz, or its collector's lines as gz (default: npz)",
  },
  prefix: {
    kind: "text",
    placeholder: "TEXT",
    description: "Start of each file's name",
  },
  "rotate-mb": {
    kind: "number",
    placeholder: "N",
    min: 1,
    max: 4000,
    description: "Size at which the next file is begun, in MB (default: 1000)",
  },
  "rotate-minutes": {
    kind: "number",
    placeholder: "N",
    min: 1,
    max: 525_600,
    integer: true,
    description: "Minutes, from midnight UTC, after which the next file is begun (default: 1440)",
  },
  compress: {
    kind: "switch",
    description: "Compress npz files to about a fifth; gz files always are compressed",
  },
  "buffer-mb": {
    kind: "number",
    placeholder: "N",
    min: 1,
    max: 1_000_000,
    description: "Memory for what waits for the disk, in MB; more is dropped (default: 64)",
  },
  recover: {
    kind: "text",
    placeholder: "FILE.part",
    repeatable: true,
    description: "Complete a file that a crash has left behind, instead of recording",
  },
} as const;

const RUN_FLAGS = {
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    // A timer cannot wait for longer.
    max: 2_147_483,
    description: "Time to record; until Ctrl+C, or the end of the data, when left out",
  },
  "feed-timeout": {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    description:
      "Age at which a feed counts as lost, and time to wait for a connector (default: 10)",
  },
  idle: {
    kind: "choice",
    words: ["busySpin", "yielding", "backoff"],
    description:
      "What to do while nothing comes, from lowest latency to least CPU (default: backoff)",
  },
} as const;

/** The flags of `record`. */
export const RECORD_FLAGS:
  & typeof FILE_FLAGS
  & typeof SOURCE_FLAGS
  & typeof RUN_FLAGS
  & typeof JSON_FLAG = { ...FILE_FLAGS, ...SOURCE_FLAGS, ...RUN_FLAGS, ...JSON_FLAG };

/** The same in groups. */
export const RECORD_GROUPS: readonly FlagGroup[] = [
  { title: "FILE FLAGS", flags: Object.keys(FILE_FLAGS) },
  ...SOURCE_GROUPS,
  { title: "RUN FLAGS", flags: Object.keys({ ...RUN_FLAGS, ...JSON_FLAG }) },
];

/** The values of {@linkcode RECORD_FLAGS}. */
export type RecordValues = FlagValues<typeof RECORD_FLAGS>;

/** Files to complete, or a market to record. */
export type RecordPlan =
  | {
    /** Tells it apart. */
    readonly kind: "recover";
    /** The `.part` files. */
    readonly paths: readonly string[];
  }
  | {
    /** Tells it apart. */
    readonly kind: "record";
    /** Where the market comes from. */
    readonly source: BotSource;
    /** Where the files go. */
    readonly options: RecorderOptions;
  };

/**
 * What the flags ask for. A random market runs at the pace of real time, and a recording as fast
 * as possible, unless told otherwise.
 *
 * @param flags The values of {@linkcode RECORD_FLAGS}.
 * @returns The plan; nothing is opened or written yet.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function recordPlan(flags: RecordValues): RecordPlan {
  if (flags.recover.length > 0) return recoverPlan(flags);
  const speed = flags.replay.length > 0 ? Infinity : 1;
  const source = botSource(flags, { verb: "record", speed });
  const { output: directory, format, prefix, compress } = flags;
  if (directory === undefined) {
    throw new UsageError("Missing flag: record needs --output DIRECTORY, where the files go");
  }
  if (format === "gz" && compress) {
    throw new UsageError("Flag --compress needs --format npz: gz files always are compressed");
  }
  if (prefix !== undefined && !/^[\w.-]{0,100}$/.test(prefix)) {
    throw new InvalidInputError(
      "--prefix",
      prefix,
      "at most 100 letters, digits, dots, dashes and underscores",
    );
  }
  const { "rotate-mb": rotateMb, "buffer-mb": bufferMb } = flags;
  return {
    kind: "record",
    source,
    options: {
      ...{ directory, format, prefix, compress },
      rotateBytes: rotateMb && rotateMb * MB,
      rotateMinutes: flags["rotate-minutes"],
      maxBufferedBytes: bufferMb && bufferMb * MB,
    },
  };
}

/** Refuses what means nothing to files that are only completed. */
function recoverPlan(flags: RecordValues): RecordPlan {
  const { recover, json: _, ...others } = flags;
  const given = Object.entries(others).find(([name, value]) =>
    name in RECORD_FLAGS &&
    (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false)
  );
  if (given) throw new UsageError(`Flag --${given[0]} does not go with --recover`);
  for (const path of recover) {
    if (!/\.(npz|gz)\.part$/.test(path)) {
      throw new InvalidInputError("--recover", path, "a file that ends with .npz.part or .gz.part");
    }
  }
  return { kind: "recover", paths: recover };
}

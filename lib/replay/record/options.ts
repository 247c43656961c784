/**
 * Options of a recorder, with their defaults.
 *
 * @module
 */

import { checkNumber, checkOneOf } from "../../model/check.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { RECORDING_FORMATS, type RecordingFormat } from "./container.ts";

/** Largest file, in bytes: a zip entry without extensions ends at 4 GiB, and so does a gzip's count. */
export const MAX_FILE_BYTES = 4_000_000_000;

/** Smallest size at which a file may be ended: less would hold little more than a book. */
const MIN_ROTATE_BYTES = 65_536;

const MINUTES_PER_YEAR = 525_600;

/** Options of a `Recorder`. */
export interface RecorderOptions {
  /** Directory of the files; made if it is not there. */
  readonly directory: string;
  /**
   * Format of the files: hftbacktest's npz, or the collector's gz.
   *
   * @default {"npz"}
   */
  readonly format?: RecordingFormat | undefined;
  /**
   * Start of each file's name: letters, digits, dots, dashes and underscores.
   *
   * @default {""}
   */
  readonly prefix?: string | undefined;
  /**
   * Size at which a file is ended and the next one begun, in bytes, 65,536 to 4,000,000,000.
   * Of a compressed file what is on the disk counts, which is half a second behind.
   *
   * @default {1_000_000_000}
   */
  readonly rotateBytes?: number | undefined;
  /**
   * Minutes after which a file is ended and the next one begun, counted by the events' local
   * times from midnight UTC; a day by default.
   *
   * @default {1440}
   */
  readonly rotateMinutes?: number | undefined;
  /**
   * Whether npz files are compressed: a fifth of the size, for more work on the bot's thread.
   * Files of lines always are.
   *
   * @default {false}
   */
  readonly compress?: boolean | undefined;
  /**
   * Time between two moments at which all that was taken is put on the disk, in ms, 10 to 60,000:
   * what a crash can lose.
   *
   * @default {500}
   */
  readonly flushIntervalMs?: number | undefined;
  /**
   * Most bytes that wait for the disk, of all instruments together; what comes on top is
   * dropped, and counted.
   *
   * @default {67_108_864}
   */
  readonly maxBufferedBytes?: number | undefined;
}

/** {@linkcode RecorderOptions} with nothing left out. */
export type ResolvedOptions = {
  readonly [K in keyof RecorderOptions]-?: NonNullable<RecorderOptions[K]>;
};

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidInputError} Naming the first that cannot be used.
 */
export function resolveOptions(options: RecorderOptions): ResolvedOptions {
  const { directory, prefix = "", compress = false } = options;
  if (typeof directory !== "string" || directory === "" || directory.includes("\0")) {
    throw new InvalidInputError("directory", directory, "the path of a directory");
  }
  if (typeof prefix !== "string" || !/^[\w.-]{0,100}$/.test(prefix)) {
    throw new InvalidInputError(
      "prefix",
      prefix,
      "at most 100 letters, digits, dots, dashes and underscores",
    );
  }
  if (typeof compress !== "boolean") {
    throw new InvalidInputError("compress", compress, "true or false");
  }
  return {
    directory,
    prefix,
    compress,
    format: checkOneOf("format", options.format ?? "npz", RECORDING_FORMATS),
    rotateBytes: checkNumber("rotateBytes", options.rotateBytes ?? 1_000_000_000, {
      min: MIN_ROTATE_BYTES,
      max: MAX_FILE_BYTES,
    }),
    rotateMinutes: checkNumber("rotateMinutes", options.rotateMinutes ?? 1440, {
      min: 1,
      max: MINUTES_PER_YEAR,
      integer: true,
    }),
    flushIntervalMs: checkNumber("flushIntervalMs", options.flushIntervalMs ?? 500, {
      min: 10,
      max: 60_000,
    }),
    maxBufferedBytes: checkNumber(
      "maxBufferedBytes",
      options.maxBufferedBytes ?? 64 * 1024 * 1024,
      {
        min: 262_144,
        max: 2 ** 40,
      },
    ),
  };
}

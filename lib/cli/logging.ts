/**
 * The flags of logging, which every command has.
 *
 * @module
 */

import { getLogger, type LogLevel, type LogOptions, setup } from "../log.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { CommonValues } from "./common_flags.ts";
import { plain } from "./ansi.ts";
import { UsageError } from "./exit.ts";
import { checkPermissions } from "./permissions.ts";

/** The logger of what a user is shown anyway. */
const SHOWN = "cli";

const shown = getLogger(SHOWN);

/** How logging is set up before the command line is read. */
const BEFORE: LogOptions = { level: "warn", fileOnly: [SHOWN] };

setup(BEFORE);

/**
 * Sets up logging as the command line tells.
 *
 * @param flags The values of the flags that every command has.
 * @param write Shows a line.
 * @throws {UsageError} If flags exclude each other.
 * @throws {InvalidInputError} If the log file cannot be opened.
 * @throws {MissingPermissionError} If the log file may not be written.
 */
export function setupLog(flags: CommonValues, write: (line: string) => void): void {
  const { quiet, verbose, "log-level": level, "log-file": file } = flags;
  if (verbose && quiet) throw exclusive("--quiet");
  if (verbose && level !== undefined) throw exclusive("--log-level");
  if (file !== undefined) {
    checkPermissions(`Cannot write the log file ${file}`, [{ name: "write", path: file }]);
  }
  try {
    setup({
      ...BEFORE,
      level: level ?? (verbose ? "info" : "warn"),
      fileLevel: level ?? "info",
      write,
      ...(file !== undefined && { file }),
    });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError("--log-file", error.value, error.expected);
  }
}

/** Has the log file keep what a user was shown. */
export function logShown(text: string, level: LogLevel): void {
  const line = plain(text).trim();
  if (line !== "") shown[level](line);
}

function exclusive(other: string): UsageError {
  return new UsageError(`Flags ${other} and --verbose exclude each other`);
}

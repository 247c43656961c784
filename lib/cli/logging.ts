/**
 * The flags of logging, which every command has.
 *
 * @module
 */

import { setup } from "../log.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { CommonValues } from "./common_flags.ts";
import { UsageError } from "./exit.ts";
import { checkPermissions } from "./permissions.ts";

/**
 * Sets up logging as the command line tells.
 *
 * @param flags The values of the flags that every command has.
 * @throws {UsageError} If flags exclude each other.
 * @throws {InvalidInputError} If the log file cannot be opened.
 * @throws {MissingPermissionError} If the log file may not be written.
 */
export function setupLog(flags: CommonValues): void {
  const { quiet, verbose, "log-level": level, "log-file": file } = flags;
  if (verbose && quiet) throw exclusive("--quiet");
  if (verbose && level !== undefined) throw exclusive("--log-level");
  if (file !== undefined) {
    checkPermissions(`Cannot write the log file ${file}`, [{ name: "write", path: file }]);
  }
  try {
    setup({ level: level ?? (verbose ? "info" : "warn"), ...(file !== undefined && { file }) });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError("--log-file", error.value, error.expected);
  }
}

function exclusive(other: string): UsageError {
  return new UsageError(`Flags ${other} and --verbose exclude each other`);
}

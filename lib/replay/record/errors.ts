/**
 * Why a recording cannot be written, or recovered.
 *
 * @module
 */

import { HftliveError } from "../../model/errors.ts";

/** A recording cannot be written or recovered: a full disk, a directory that is gone. */
export class RecorderError extends HftliveError {
  /** Name of the class. */
  override name = "RecorderError";
  /** The file. */
  readonly path: string;

  /**
   * Makes the error.
   *
   * @param action What was being done, such as "Cannot write recording".
   * @param path The file.
   * @param problem What stood in the way.
   * @param options The standard error options, such as `cause`.
   */
  constructor(action: string, path: string, problem: string, options?: ErrorOptions) {
    super(`${action} ${path}: ${problem}`, options);
    this.path = path;
  }
}

/** The words of an error, whatever was thrown. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

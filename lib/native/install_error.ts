/**
 * Why the native library of a release was not installed.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";

/**
 * What went wrong: the file is not to be had ("unavailable"), is not the one that was released
 * ("mismatch"), or has no place to go to ("unwritable").
 */
export type NativeInstallFailure = "unavailable" | "mismatch" | "unwritable";

/** The native library of a release was not installed; what was there before is unchanged. */
export class NativeInstallError extends HftliveError {
  /** Name of the class. */
  override name = "NativeInstallError";
  /** What went wrong. */
  readonly reason: NativeInstallFailure;

  /**
   * Makes the error.
   *
   * @param reason What went wrong.
   * @param message What went wrong, for its reader.
   * @param options The standard error options, such as `cause`.
   */
  constructor(reason: NativeInstallFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Exit codes, and how a failure becomes one.
 *
 * @module
 */

import { ConnectorConfigError } from "../connector/errors.ts";
import { StrategyLoadError } from "../strategy/errors.ts";
import { HftliveError, InvalidInputError, MissingPermissionError } from "../model/errors.ts";

/** What the process answers with. */
export const ExitCode = {
  /** Done. */
  Done: 0,
  /** It failed. */
  Failed: 1,
  /** The command line or the configuration is wrong. */
  Usage: 2,
  /** A permission is missing. */
  Permission: 3,
  /** Ended by Ctrl+C or SIGTERM. */
  Interrupted: 130,
  /** Ended since nobody reads standard output any more, as a shell reports it. */
  Unread: 141,
} as const;

/** A number from {@linkcode ExitCode}. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/** The command line does not say anything that can be done. */
export class UsageError extends HftliveError {
  override name = "UsageError";
}

/** A command ended without doing its work, and its message says all there is to say. */
export class CommandError extends HftliveError {
  override name = "CommandError";
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (
    error instanceof UsageError || error instanceof InvalidInputError ||
    error instanceof ConnectorConfigError || error instanceof StrategyLoadError
  ) return ExitCode.Usage;
  if (error instanceof MissingPermissionError || error instanceof Deno.errors.NotCapable) {
    return ExitCode.Permission;
  }
  return ExitCode.Failed;
}

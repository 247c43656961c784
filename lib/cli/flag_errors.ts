/**
 * Errors in the words of the command line.
 *
 * @module
 */

import { InvalidInputError } from "../model/errors.ts";
import { UsageError } from "./exit.ts";

/** The flags, or arguments, that options of other parts of the program come from, by option. */
export type OptionFlags = Readonly<Record<string, string>>;

/**
 * Lets an error about an option speak of the flag that it comes from.
 *
 * @param error Any error.
 * @param flags The flags.
 * @returns A {@linkcode UsageError} for one about an option that is named there, else the same.
 */
export function inFlags(error: unknown, flags: OptionFlags): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  const { field, message } = error;
  // Such as "instruments[0].tickSize", "buildFeatures[1]" and "environment.HOME".
  const option = field.replace(/^instruments\[\d+\]\./, "").replace(/[.[].*$/s, "");
  const flag = flags[option];
  return flag === undefined
    ? error
    : new UsageError(message.replace(field, flag), { cause: error });
}

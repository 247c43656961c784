/**
 * Keys of the paper exchange from the command line.
 *
 * @module
 */

import { MissingPermissionError } from "../../model/errors.ts";
import { isGranted } from "../../permissions.ts";
import { UsageError } from "../exit.ts";

/**
 * The key that a flag gives.
 *
 * @param flag The flag.
 * @param text Its value: the key, or env:NAME for the variable that holds it; undefined for none.
 * @returns The key; undefined for none.
 * @throws {UsageError} If the variable is not set. No message shows a key.
 * @throws {MissingPermissionError} If the variable may not be read.
 */
export function keyOf(flag: string, text: string | undefined): string | undefined {
  const variable = variableOf(text);
  if (variable === undefined) return text;
  if (!isGranted({ name: "env", variable })) {
    throw new MissingPermissionError(`Cannot read ${flag}`, [`--allow-env=${variable}`]);
  }
  const key = Deno.env.get(variable);
  if (!key) throw new UsageError(`Cannot use ${flag} = env:${variable}: it is not set, or empty`);
  return key;
}

/** The environment variable that a flag's value names, if it names one. */
export function variableOf(text: string | undefined): string | undefined {
  return /^env:(.+)$/s.exec(text ?? "")?.[1];
}

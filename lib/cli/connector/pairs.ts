/**
 * Flags of the form `NAME=VALUE`.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";

/**
 * Reads flags of the form `NAME=VALUE`.
 *
 * @param flag The flag, such as "--env".
 * @param texts What was given for it.
 * @returns Values by name.
 * @throws {InvalidInputError} If one has no "=", or a name comes twice. Values are not shown.
 */
export function namedValues(flag: string, texts: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    if (at < 1) throw new InvalidInputError(flag, name, "NAME=VALUE");
    if (Object.hasOwn(values, name)) throw new InvalidInputError(flag, name, "each name once");
    values[name] = text.slice(at + 1);
  }
  return values;
}

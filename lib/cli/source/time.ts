/**
 * Points in time on the command line.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";

const NS_PER_MS = 1_000_000n;

/**
 * Reads a point in time.
 *
 * @param flag The flag it was given for, for the message.
 * @param text An ISO 8601 date and time with its zone, up to nine digits behind the seconds, or
 * nanoseconds since the Unix epoch; undefined for none.
 * @returns Nanoseconds since the Unix epoch; undefined for none.
 * @throws {InvalidInputError} If the text is no such time.
 */
export function timeOf(flag: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (/^\d{16,19}$/.test(text)) return BigInt(text);
  const [, seconds, fraction = "", zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  const ms = seconds === undefined ? NaN : Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(ms)) {
    throw new InvalidInputError(
      flag,
      text,
      "a time such as 2024-08-08T12:00:00Z, or nanoseconds since 1970",
    );
  }
  return BigInt(ms) * NS_PER_MS + BigInt(fraction.padEnd(9, "0"));
}

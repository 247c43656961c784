/**
 * How fast a simulated market runs.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import { numberOf } from "../flags.ts";

/**
 * Reads the value of `--speed`.
 *
 * @param text What was given; undefined for nothing.
 * @param otherwise What nothing means.
 * @returns A multiple of real time; Infinity for as fast as possible.
 * @throws {InvalidInputError} If it is neither "max" nor a number above 0.
 */
export function speedFactor(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (text === "max") return Infinity;
  const speed = numberOf(text);
  if (speed === undefined || !(speed > 0 && Number.isFinite(speed))) {
    throw new InvalidInputError("--speed", text, "a number above 0, or max");
  }
  return speed;
}

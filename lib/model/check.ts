/**
 * Checks of options, with one wording for all of them.
 *
 * @module
 */

import { InvalidInputError } from "./errors.ts";

/** Bounds of {@linkcode checkNumber}; both are inclusive. */
export interface NumberBounds {
  /** Smallest accepted value. */
  readonly min?: number;
  /** Largest accepted value. */
  readonly max?: number;
  /** Whether only whole numbers are accepted. */
  readonly integer?: boolean;
}

/**
 * Checks a number.
 *
 * @param field Name of the option as its user wrote it.
 * @param value The value given.
 * @param bounds What is accepted.
 * @returns The value.
 * @throws {InvalidInputError} If it is not a finite number within the bounds.
 */
export function checkNumber(field: string, value: unknown, bounds: NumberBounds = {}): number {
  const { min = -Infinity, max = Infinity, integer = false } = bounds;
  if (
    typeof value !== "number" || !Number.isFinite(value) || value < min || value > max ||
    (integer && !Number.isInteger(value))
  ) {
    throw new InvalidInputError(field, value, describe(min, max, integer));
  }
  return value;
}

/**
 * Checks that a value is one of some words.
 *
 * @param field Name of the option as its user wrote it.
 * @param value The value given.
 * @param words What is accepted.
 * @returns The value.
 * @throws {InvalidInputError} If it is none of them.
 */
export function checkOneOf<T extends string>(
  field: string,
  value: unknown,
  words: readonly T[],
): T {
  if (!words.includes(value as T)) {
    throw new InvalidInputError(field, value, `one of ${words.join(", ")}`);
  }
  return value as T;
}

function describe(min: number, max: number, integer: boolean): string {
  const what = integer ? "a whole number" : "a number";
  if (min !== -Infinity && max !== Infinity) return `${what} from ${min} to ${max}`;
  if (min !== -Infinity) return `${what} of at least ${min}`;
  if (max !== Infinity) return `${what} of at most ${max}`;
  return what;
}

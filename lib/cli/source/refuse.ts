/**
 * Flags that mean nothing without another one.
 *
 * @module
 */

import { UsageError } from "../exit.ts";

/**
 * Refuses flags that mean nothing here, rather than ignore them.
 *
 * @param flags The values of all flags.
 * @param names Those that mean nothing.
 * @param goesWith The flag that would give them a meaning.
 * @throws {UsageError} Naming the first that was given.
 */
export function refuse<T extends object>(
  flags: T,
  names: readonly (keyof T & string)[],
  goesWith: string,
): void {
  for (const name of names) {
    const value = flags[name];
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    if (given) throw new UsageError(`Flag --${name} needs ${goesWith}`);
  }
}

/**
 * Reading a benchmark's command line.
 *
 * @module
 */

/**
 * Ends a benchmark that was called wrongly.
 *
 * @param bench Its name.
 * @param message What is wrong.
 */
export function fail(bench: string, message: string): never {
  console.error(`${bench}: ${message}`);
  Deno.exit(2);
}

/** A flag's value as a whole number from 1; ends the benchmark if it is none. */
export function wholeNumber(bench: string, flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    fail(bench, `${flag} needs a whole number from 1, not ${text}`);
  }
  return value;
}

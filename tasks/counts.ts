/**
 * Reads the closing lines of test runners.
 *
 * @module
 */

/** How many tests did what. */
export interface Counts {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** Tests that were not run. */
  skipped: number;
}

/** Adds counts up. */
export function addCounts(all: Iterable<Counts>): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/** The closing line of a run, such as "12 passed, 0 failed, 3 skipped". */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : "");
}

/**
 * Reads a line of `deno test`: "ok | 5 passed (2 steps) | 0 failed | 1 ignored (12ms)".
 *
 * @param line The line, without escape sequences.
 * @returns The counts, or undefined if it is another line.
 */
export function readDenoLine(line: string): Counts | undefined {
  if (!/^(ok|FAILED) \| /.test(line)) return undefined;
  return {
    passed: numberBefore(line, "passed"),
    failed: numberBefore(line, "failed"),
    skipped: numberBefore(line, "ignored"),
  };
}

/**
 * Reads a line of `cargo test`: "test result: ok. 5 passed; 0 failed; 1 ignored; ...".
 *
 * @param line The line, without escape sequences.
 * @returns The counts, or undefined if it is another line.
 */
export function readCargoLine(line: string): Counts | undefined {
  if (!line.startsWith("test result: ")) return undefined;
  return {
    passed: numberBefore(line, "passed"),
    failed: numberBefore(line, "failed"),
    skipped: numberBefore(line, "ignored"),
  };
}

/** A line without the escape sequences that colour it. */
export function stripColour(line: string): string {
  // deno-lint-ignore no-control-regex -- escape sequences start with one
  return line.replace(/\x1b\[[0-9;]*m/g, "");
}

function numberBefore(line: string, word: string): number {
  return Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
}

/**
 * Warnings: what will most likely not go as its user wants.
 *
 * @module
 */

import type { Output } from "./output.ts";

/** Where warnings go. */
export interface WarningOptions {
  /** Where they are written. */
  readonly stderr: Output;
  /** Whether nothing but results and errors is shown. */
  readonly quiet: boolean;
}

/** Shows warnings, each on a line of its own. */
export function warn(texts: readonly string[], { stderr, quiet }: WarningOptions): void {
  if (quiet) return;
  for (const text of texts) stderr.line(`${stderr.style.yellow("warning:")} ${text}`, "warn");
}

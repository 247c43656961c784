/**
 * Tells the user what went wrong.
 *
 * @module
 */

import { HftliveError, MissingPermissionError } from "../model/errors.ts";
import type { PermissionSet } from "./command.ts";
import { type ExitCode, exitCodeOf } from "./exit.ts";
import type { Output } from "./output.ts";
import { flagsWithSet } from "./permission_sets.ts";

/** What to know about the failed call. */
export interface ReportOptions {
  /** Whether to show the stack. */
  readonly debug: boolean;
  /** The permission set that the command needs; undefined when it needs none. */
  readonly set: PermissionSet | undefined;
}

/**
 * Writes an error as its user should see it: what hftlive throws on purpose as its message, what
 * it did not foresee with its name and the way to its stack.
 *
 * @param error What was thrown.
 * @param stderr Where to write.
 * @param options What to know about the failed call.
 * @returns The exit code for it.
 */
export function report(error: unknown, stderr: Output, options: ReportOptions): ExitCode {
  const { red } = stderr.style;
  stderr.line(`${red("hftlive:")} ${describe(error, options)}`, "error");
  if (options.debug && error instanceof Error) stderr.line(stackOf(error), "error");
  return exitCodeOf(error);
}

function describe(error: unknown, { debug, set }: ReportOptions): string {
  if (error instanceof MissingPermissionError) return error.message + hint(set, error.flags);
  if (error instanceof Deno.errors.NotCapable) {
    return `Permission is missing: ${error.message}${hint(set, [])}`;
  }
  if (error instanceof HftliveError) return error.message;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Unexpected failure: ${text}${debug ? "" : " (--debug shows where)"}`;
}

/** The permission set that would do as well; a run from a registry has none. */
function hint(set: PermissionSet | undefined, flags: readonly string[]): string {
  if (set === undefined || Deno.build.standalone || !import.meta.url.startsWith("file:")) return "";
  return ` (or ${flagsWithSet(set, flags).join(" ")})`;
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackOf(error.cause)}` : stack;
}

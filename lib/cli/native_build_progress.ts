/**
 * Building the native library, shown to its user.
 *
 * @module
 */

import { CargoBuildError } from "../connector/cargo.ts";
import { buildNativeLibrary, type NativeBuildProgress } from "./native_build.ts";
import type { Output } from "./output.ts";
import { Progress, type ProgressState } from "./progress.ts";

/** Options of {@linkcode buildShown}. */
export interface BuildShownOptions {
  /** Whether to build again a library of the cache that is there. */
  readonly force: boolean;
  /** Whether to show no progress. */
  readonly quiet: boolean;
  /** Where progress and cargo's first error go. */
  readonly stderr: Output;
  /** Ends the build. */
  readonly signal: AbortSignal;
}

/**
 * Builds the native library, showing progress and cargo's first error.
 *
 * @param options How to build it, and where to show it.
 * @returns The path of the library.
 * @throws What {@linkcode buildNativeLibrary} throws.
 */
export async function buildShown(
  { force, quiet, stderr, signal }: BuildShownOptions,
): Promise<string> {
  try {
    using progress = quiet ? undefined : new Progress(stderr, { what: "Waiting for cargo" });
    return await buildNativeLibrary({
      force,
      signal,
      onProgress: (state) => progress?.update(stateOf(state)),
    });
  } catch (error) {
    if (error instanceof CargoBuildError) {
      stderr.line((error.firstError || error.outputTail).trimEnd());
    }
    throw error;
  }
}

function stateOf({ phase, done, total, name }: NativeBuildProgress): ProgressState {
  if (phase === "wait") return { what: `Waiting for another cargo: ${name}` };
  return { what: `${phase === "fetch" ? "Fetched" : "Compiled"} ${name}`, done, total };
}

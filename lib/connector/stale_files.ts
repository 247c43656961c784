/**
 * Clearing up what a connector that was killed, or panicked, left behind in iceoryx2.
 *
 * @module
 */

import { HftliveError, MissingPermissionError } from "../model/errors.ts";
import { cleanUpAfter } from "../native/cleanup.ts";
import { isLibraryUnusable } from "./channel_probe.ts";

/**
 * Removes the iceoryx2 files and shared memory of one dead process, where the native library lets
 * it. Otherwise the next program on iceoryx2 to start does.
 *
 * @param pid The process, reaped.
 * @param libraryPath Path of the native library, if not the usual one.
 * @returns What should be looked at: files that could not be removed.
 */
export function removeStaleFiles(pid: number, libraryPath: string | undefined): string[] {
  const action = `Cannot clear up after process ${pid}`;
  try {
    const { alive, failures } = cleanUpAfter(pid, { libraryPath });
    const left = alive > 0 ? [...failures, `${alive} nodes are in use`] : failures;
    return left.map((reason) => `${action}: ${reason}`);
  } catch (error) {
    if (isLibraryUnusable(error) || error instanceof MissingPermissionError) return [];
    if (error instanceof HftliveError) return [error.message];
    throw error;
  }
}

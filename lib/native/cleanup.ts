/**
 * Clearing up after a process that was killed.
 *
 * @module
 */

import { checkNumber } from "../model/check.ts";
import { BotError, botErrorReason } from "../model/errors.ts";
import { type FindLibraryOptions, NativeLibrary } from "./library.ts";
import { toJsonBytes } from "./text.ts";

/** Room for the report: what did not fit would be lost, since a second call finds nothing left. */
const REPORT_BYTES = 64 * 1024;

const MAX_PID = 2 ** 31 - 1;

/** What became of the nodes that a process had in iceoryx2. */
export interface CleanupReport {
  /** Nodes that were removed, with their shared memory and their places in services. */
  readonly removed: number;
  /** Nodes that were left alone, since the process lives. */
  readonly alive: number;
  /** Why nodes could not be removed, one text each. */
  readonly failures: readonly string[];
}

/**
 * Removes the iceoryx2 files and shared memory of one dead process. Nothing of a living process, or
 * of any other one, is touched.
 *
 * @param pid Process id; the process must have been awaited by its parent.
 * @param options Which native library to use, if not the usual one.
 * @returns What was removed and what was not.
 * @throws {InvalidInputError} If it is no process id.
 * @throws {BotError} If nothing could be looked at.
 */
export function cleanUpAfter(pid: number, options: FindLibraryOptions = {}): CleanupReport {
  checkNumber("pid", pid, { min: 1, max: MAX_PID, integer: true });
  using library = NativeLibrary.open(options);
  const json = toJsonBytes({ pid });
  const out = new Uint8Array(REPORT_BYTES);
  const length = Number(
    library.functions.hftlive_cleanup(json, BigInt(json.length), out, BigInt(out.length)),
  );
  if (length <= 0 || length > out.length) {
    const reason = library.lastError() || `Cannot clean up after process ${pid}: code ${-length}`;
    throw new BotError(botErrorReason(-length), reason);
  }
  return JSON.parse(new TextDecoder().decode(out.subarray(0, length)));
}

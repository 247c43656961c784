/**
 * Completing a file that a crash has left behind.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import { InvalidInputError } from "../../model/errors.ts";
import { requirePath } from "../../permissions.ts";
import { RecordingError } from "../errors.ts";
import { problemOf, RecorderError } from "./errors.ts";
import { PartContent } from "./part_content.ts";
import { RecordingFile } from "./recording_file.ts";

const ACTION = "Cannot recover recording";

/** What {@linkcode recoverRecording} made. */
export interface RecoveredRecording {
  /** The complete file. */
  readonly path: string;
  /** Bytes of it. */
  readonly bytes: number;
  /** Whole records in an npz, or whole lines in a gz. */
  readonly entries: number;
  /** Bytes of content behind the last whole one, which are left out. */
  readonly leftOutBytes: number;
}

/** Options of {@linkcode recoverRecording}. */
export interface RecoverOptions {
  /** Ends the work; the `.part` file is left as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Is called now and then with the number of whole records, or lines, so far. */
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/**
 * Makes a complete file of one that a crash has left behind under the name `FILE.part`, and removes
 * that one. It has all whole records or lines: what was recorded until half a second before the
 * crash, or whatever the recorder's `flushIntervalMs` was.
 *
 * @param path The `.npz.part` or `.gz.part` file.
 * @param options What ends it, and who follows it.
 * @returns What was made.
 * @throws {InvalidInputError} If that is not its name, or there is no such file.
 * @throws {RecorderError} If a process is writing it, there is nothing in it, or the complete
 * file cannot be written; it is left as it is.
 * @throws {MissingPermissionError} If its directory may not be read or written.
 */
export async function recoverRecording(
  path: string,
  options: RecoverOptions = {},
): Promise<RecoveredRecording> {
  const [, stem, extension] = /^(.*)\.(npz|gz)\.part$/s.exec(resolve(path)) ?? [];
  if (stem === undefined) {
    throw new InvalidInputError("recording", path, "a file that ends with .npz.part or .gz.part");
  }
  const directory = dirname(stem);
  requirePath(`${ACTION} ${path}`, "read", directory);
  requirePath(`${ACTION} ${path}`, "write", directory);
  using _lock = await lockFile(path);
  try {
    using part = extension === "npz" ? PartContent.openArray(path) : PartContent.openLines(path);
    return await rewrite(part, { ...options, path, stem });
  } catch (cause) {
    if (!(cause instanceof RecordingError)) throw cause;
    throw new RecorderError(ACTION, path, `it is damaged at its beginning (${cause.message})`, {
      cause,
    });
  }
}

/** Holds the lock of a file until it is disposed of. */
async function lockFile(path: string): Promise<Disposable> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true, write: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new InvalidInputError("recording", path, "the path of an existing file");
    }
    throw new RecorderError(ACTION, path, problemOf(cause), { cause });
  }
  if (!await file.tryLock(true)) {
    file.close();
    throw new RecorderError(ACTION, path, "a process is still writing it");
  }
  return file;
}

async function rewrite(
  part: PartContent,
  { path, stem, signal, onProgress }: RecoverOptions & { path: string; stem: string },
): Promise<RecoveredRecording> {
  const target = await RecordingFile.replace(`${stem}.recovering`, stem, part.container);
  let entries = 0;
  try {
    for (let piece = part.next(); piece !== undefined; piece = part.next()) {
      signal?.throwIfAborted();
      entries += piece.entries;
      onProgress?.(entries);
      await target.write(piece.bytes, piece.entries);
    }
    const finished = await target.finish();
    if (finished === undefined) {
      throw new RecorderError(ACTION, path, "there is no whole record in it");
    }
    await Deno.remove(path);
    return { path: finished.path, bytes: finished.bytes, entries, leftOutBytes: part.left };
  } catch (error) {
    await target.discard();
    throw error;
  }
}

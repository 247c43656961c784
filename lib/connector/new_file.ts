/**
 * Writing files that must not take the place of others.
 *
 * @module
 */

import { dirname } from "@std/path";
import { ConnectorConfigError } from "./errors.ts";
import { requirePath } from "../permissions.ts";

/**
 * Writes a file that does not exist; one that does is left as it is.
 *
 * @param path The file.
 * @param text Its content.
 * @param options `action`, what is being done, for messages; `mode`, who may read it: only its owner
 * unless given; `makeDirectory`, whether its directory is made if it is not there.
 * @throws {ConnectorConfigError} If it exists, or cannot be written.
 * @throws {MissingPermissionError} If it may not be written.
 */
export async function writeNewFile(
  path: string,
  text: string,
  options: { action: string; mode?: number; makeDirectory?: boolean },
): Promise<void> {
  const { action, mode = 0o600, makeDirectory = false } = options;
  requirePath(`${action} ${path}`, "write", path);
  try {
    if (makeDirectory) await provideDirectory(dirname(path));
    await Deno.writeTextFile(path, text, { createNew: true, mode });
  } catch (cause) {
    const message = cause instanceof Deno.errors.AlreadyExists
      ? "exists already, and is left as it is"
      : cause instanceof Deno.errors.NotFound
      ? "there is no such directory"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorConfigError(path, [{ file: path, message }], { action, cause });
  }
}

async function provideDirectory(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new Error(`${path} is not a directory`, { cause });
  }
}

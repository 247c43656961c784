/**
 * Writing files that must not take the place of others.
 *
 * @module
 */

import { ConnectorConfigError } from "./errors.ts";
import { requirePath } from "../permissions.ts";

/**
 * Writes a file that does not exist; one that does is left as it is.
 *
 * @param path The file.
 * @param text Its content.
 * @param options `action`, what is being done, for the permission's message; `mode`, who may read
 * it: only its owner unless given.
 * @throws {ConnectorConfigError} If it exists, or cannot be written.
 * @throws {MissingPermissionError} If it may not be written.
 */
export async function writeNewFile(
  path: string,
  text: string,
  options: { action: string; mode?: number },
): Promise<void> {
  const { action, mode = 0o600 } = options;
  requirePath(`${action} ${path}`, "write", path);
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode });
  } catch (cause) {
    const message = cause instanceof Deno.errors.AlreadyExists
      ? "exists already, and is left as it is"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorConfigError(path, [{ file: path, message }], { cause });
  }
}

/**
 * Files that must be there.
 *
 * @module
 */

import { InvalidInputError } from "../model/errors.ts";
import { requirePath } from "../permissions.ts";

/**
 * Checks that a file is there and may be read.
 *
 * @param field What it is, such as "recording".
 * @param path The file.
 * @throws {InvalidInputError} If there is no such file.
 * @throws {MissingPermissionError} If it may not be read.
 */
export function requireFile(field: string, path: string): void {
  requirePath(`Cannot read the ${field} ${path}`, "read", path);
  let isFile: boolean;
  try {
    isFile = Deno.statSync(path).isFile;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
    isFile = false;
  }
  if (!isFile) throw new InvalidInputError(field, path, "the path of an existing file");
}

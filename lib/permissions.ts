/**
 * Asking for permissions before they are needed, so that Deno never prompts.
 *
 * @module
 */

import { MissingPermissionError } from "./model/errors.ts";

/** Whether a permission is granted now. */
export function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/**
 * The value of an environment variable, as far as it may be read.
 *
 * @param name Name of the variable.
 * @param hidden Gets the name when the permission is missing.
 * @returns The value, or undefined when it is not set or may not be read.
 */
export function readVariable(name: string, hidden?: Set<string>): string | undefined {
  if (isGranted({ name: "env", variable: name })) return Deno.env.get(name);
  hidden?.add(name);
  return undefined;
}

/**
 * Checks that a path may be read or written.
 *
 * @param action What needs it, such as "Cannot read the configuration bf.toml".
 * @param kind What is to be done with the path.
 * @param path The path.
 * @throws {MissingPermissionError} Naming the flag, if the permission is missing.
 */
export function requirePath(action: string, kind: "read" | "write", path: string): void {
  if (!isGranted({ name: kind, path })) {
    throw new MissingPermissionError(action, [`--allow-${kind}=${path}`]);
  }
}

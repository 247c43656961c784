/**
 * Asks which permissions are there before anything needs them, so that Deno
 * never has to prompt.
 *
 * @module
 */

import { MissingPermissionError } from "../model/errors.ts";
import { isGranted } from "../permissions.ts";

/**
 * Checks that all permissions were given.
 *
 * @param action What needs them, such as "Cannot run watch --live".
 * @param permissions The permissions.
 * @throws {MissingPermissionError} Naming the flags of those that are missing.
 */
export function checkPermissions(
  action: string,
  permissions: readonly Deno.PermissionDescriptor[],
): void {
  const missing = permissions.filter((permission) => !isGranted(permission));
  if (missing.length > 0) throw new MissingPermissionError(action, permissionFlags(missing));
}

/** The command line flags that give these permissions. */
export function permissionFlags(permissions: readonly Deno.PermissionDescriptor[]): string[] {
  const values = new Map<string, Set<string> | undefined>();
  for (const permission of permissions) {
    const value = valueOf(permission);
    const known = values.get(permission.name);
    if (value === undefined) values.set(permission.name, undefined);
    else if (known) known.add(value);
    else if (!values.has(permission.name)) values.set(permission.name, new Set([value]));
  }
  return [...values].map(([name, only]) =>
    `--allow-${name}` + (only ? `=${[...only].join(",")}` : "")
  );
}

/** What a permission is limited to; undefined for all of its kind. */
function valueOf(permission: Deno.PermissionDescriptor): string | undefined {
  switch (permission.name) {
    case "read":
    case "write":
    case "ffi":
      return permission.path?.toString();
    case "run":
      return permission.command?.toString();
    case "env":
      return permission.variable;
    case "net":
    case "import":
      return permission.host;
    case "sys":
      return permission.kind;
    default:
      return undefined;
  }
}

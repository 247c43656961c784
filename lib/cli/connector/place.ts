/**
 * Where supervisors and runners keep sockets, locks and secrets, as far as it may be known.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { privateDirectory } from "../../connector/config/private_file.ts";
import { isGranted } from "../../permissions.ts";

const RUNTIME_VARIABLE = "XDG_RUNTIME_DIR";

/** What has to be looked at to know the place. */
const CLUES: readonly Deno.PermissionDescriptor[] = [
  { name: "env", variable: RUNTIME_VARIABLE },
  { name: "env", variable: "TMPDIR" },
  { name: "sys", kind: "uid" },
];

/** The permissions without which the place cannot be known. */
export function placePermissions(): Deno.PermissionDescriptor[] {
  const runtime = runtimeDirectory();
  // Whether it exists decides if it is the place.
  return runtime === undefined ? [...CLUES] : [...CLUES, { name: "read", path: runtime }];
}

/**
 * The place, before it may be read.
 *
 * @returns The directory; undefined where it cannot be known yet.
 */
export function privatePlace(): string | undefined {
  if (!CLUES.every(isGranted)) return undefined;
  const runtime = runtimeDirectory();
  return runtime !== undefined && !isGranted({ name: "read", path: runtime })
    ? join(runtime, "hftlive")
    : privateDirectory();
}

function runtimeDirectory(): string | undefined {
  if (!isGranted({ name: "env", variable: RUNTIME_VARIABLE })) return undefined;
  const path = Deno.env.get(RUNTIME_VARIABLE);
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

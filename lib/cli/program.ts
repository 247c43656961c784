/**
 * How this program is called.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { PermissionSet } from "./command.ts";

/** What the program calls itself in its help. */
export const PROGRAM: string = Deno.build.standalone ? "hftlive" : "cli.ts";

/**
 * A whole command line to type, for help and advice.
 *
 * @param args What follows the program.
 * @param permissions The permission set it needs; none when it needs no permission.
 */
export function commandLine(args: string, permissions?: PermissionSet): string {
  const tail = args === "" ? "" : ` ${args}`;
  if (Deno.build.standalone) return `hftlive${tail}`;
  // Permission sets live in this project's deno.json, which a run from a registry does not read.
  return import.meta.url.startsWith("file:")
    ? `deno run ${localPermissions(permissions)}cli.ts${tail}`
    : `deno run ${permissions ? "-A " : ""}jsr:@hftlive/hftlive@${VERSION}/cli${tail}`;
}

function localPermissions(set: PermissionSet | undefined): string {
  return set === undefined ? "" : set === "dev" ? "-A " : `-P=${set} `;
}

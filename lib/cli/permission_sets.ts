/**
 * The permission sets of deno.json.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };
import { suggest } from "../suggest.ts";
import type { PermissionSet } from "./command.ts";

const SETS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = manifest.permissions;

/**
 * Says what is wrong with the name of a set.
 *
 * @param name The name.
 * @returns What to do about it; undefined if there is such a set.
 */
export function wrongSet(name: string): string | undefined {
  const names = Object.keys(SETS);
  if (names.includes(name)) return undefined;
  const near = suggest(name, names);
  return near === undefined
    ? `no permission set is called ${name}, there are ${names.join(", ")}`
    : `no permission set is called ${name}, did you mean -P=${near}?`;
}

/**
 * The flags that give these permissions by way of a set. A flag takes the place of all that a set has
 * of its kind, so that it has to repeat that.
 *
 * @param set Name of the set.
 * @param flags Flags for deno, such as "--allow-env=HOME,USER".
 * @returns The set as a flag, then a flag for each kind of which the set does not hold all.
 */
export function flagsWithSet(set: PermissionSet, flags: readonly string[]): string[] {
  const held = SETS[set] ?? {};
  return [`-P=${set}`, ...flags.flatMap((flag) => beside(held, flag) ?? [])];
}

/** What has to be given beside a set, for the permissions of a flag; undefined for nothing. */
function beside(set: Readonly<Record<string, unknown>>, flag: string): string | undefined {
  const [, kind = "", values] = /^--allow-(\w+)(?:=(.*))?$/s.exec(flag) ?? [];
  const held = set.all === true || set[kind];
  if (held === true) return undefined;
  if (!Array.isArray(held) || values === undefined) return flag;
  const missing = values.split(",").filter((value) =>
    // A host that is given holds each of its ports.
    !held.includes(value) && !(kind === "net" && held.includes(value.replace(/:\d+$/, "")))
  );
  return missing.length === 0 ? undefined : `--allow-${kind}=${[...held, ...missing].join(",")}`;
}

/**
 * What the process really has around it, as far as its permissions let it see.
 *
 * @module
 */

import { isGranted } from "../permissions.ts";
import { VERSION } from "../version.ts";
import type { LibrarySurroundings } from "./library_path.ts";

/** The surroundings of this process, and the variables that it was not allowed to read. */
export interface ProcessSurroundings extends LibrarySurroundings {
  /** Names of environment variables that were asked for without permission. */
  readonly hidden: ReadonlySet<string>;
}

/** Looks around, without ever making Deno ask the user for a permission. */
export function processSurroundings(libraryPath?: string): ProcessSurroundings {
  const hidden = new Set<string>();
  return {
    os: Deno.build.os,
    target: Deno.build.target,
    version: VERSION,
    moduleUrl: import.meta.url,
    moduleDir: import.meta.dirname,
    libraryPath,
    hidden,
    env(name) {
      if (isGranted({ name: "env", variable: name })) return Deno.env.get(name);
      hidden.add(name);
      return undefined;
    },
  };
}

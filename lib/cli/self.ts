/**
 * How this program can be started again, by others.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { VERSION } from "../version.ts";

/**
 * The whole command that runs this program, as files that outlive this process need it.
 *
 * @param args What follows the program.
 * @returns Absolute path of the executable, and its arguments.
 */
export function selfCommand(args: readonly string[]): [string, ...string[]] {
  const program = Deno.execPath();
  if (Deno.build.standalone) return [program, ...args];
  const run = [program, "run", "--no-prompt", "-A"] as const;
  if (!import.meta.url.startsWith("file:")) {
    return [...run, `jsr:@hftlive/hftlive@${VERSION}/cli`, ...args];
  }
  const root = new URL("../../", import.meta.url);
  // A checkout that runs without JSR has to go on doing so.
  const isOffline = import.meta.resolve("@std/cli").startsWith("file:");
  const importMap = fromFileUrl(new URL("offline/import_map.json", root));
  return [
    ...run,
    ...isOffline ? [`--import-map=${importMap}`] : [],
    fromFileUrl(new URL("cli.ts", root)),
    ...args,
  ];
}

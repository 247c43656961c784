/**
 * The permissions that starting a connector needs.
 *
 * @module
 */

import { MissingPermissionError } from "../model/errors.ts";
import { privateDirectory } from "./config/mod.ts";
import { isGranted } from "../permissions.ts";
import { SHELL } from "./process_identity.ts";
import type { RunnerSettings } from "./runner_options.ts";

/**
 * Checks all permissions at once, before anything is done.
 *
 * @param settings The runner's settings.
 * @param binary The program.
 * @throws {MissingPermissionError} Naming the flags of all that are missing.
 */
export function requireStartPermissions(settings: RunnerSettings, binary: string): void {
  const directory = settings.runtimeDirectory ?? privateDirectory();
  const run = [binary, SHELL].filter((command) => !isGranted({ name: "run", command }));
  const read = [settings.configPath, binary, directory]
    .filter((path) => !isGranted({ name: "read", path }));
  const write = [directory].filter((path) => !isGranted({ name: "write", path }));
  const flags = Object.entries({ run, read, write })
    .filter(([, values]) => values.length > 0)
    .map(([kind, values]) => `--allow-${kind}=${values.join(",")}`);
  if (flags.length > 0) {
    throw new MissingPermissionError(`Cannot start connector ${settings.connectorName}`, flags);
  }
}

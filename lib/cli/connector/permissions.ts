/**
 * The permissions of commands that start connectors.
 *
 * @module
 */

import { CHANNEL_VARIABLE } from "../../connector/channel/channel_config.ts";
import { KEPT_VARIABLES } from "../../connector/child_environment.ts";
import { SHELL } from "../../connector/process_identity.ts";
import { controlSocketPermissions } from "../../connector/supervisor/control_socket.ts";
import type { SupervisorSettings } from "../../connector/supervisor/settings.ts";
import { readVariable } from "../../permissions.ts";
import { libraryPermission } from "../library_permission.ts";
import { placePermissions, privatePlace } from "./place.ts";

/** Environment variables that say where a connector's program is. */
const PROGRAM_VARIABLES = ["CARGO_TARGET_DIR", "HFTBACKTEST_ROOT"];

/** Environment variables that say where the native library is. */
const LIBRARY_VARIABLES = ["HFTLIVE_LIB", "HOME", "XDG_CACHE_HOME"];

/** Environment variables that a connector is started with. */
const START_VARIABLES = ["RUST_LOG", CHANNEL_VARIABLE];

/** Environment variable by which systemd tells a service where to report to. */
const NOTIFY_VARIABLE = "NOTIFY_SOCKET";

/** Those that it sets beside. */
const WATCHDOG_VARIABLES = ["WATCHDOG_PID", "WATCHDOG_USEC"];

/** What the permissions to start connectors are for. */
export const START_WHY = {
  read: "configurations, programs, locks, and the source to build from",
  write: "secrets, locks and sockets in a private directory, log files",
  env: "where programs, library and private directory are; secrets that a configuration names",
  sys: "whose private directory it is",
  run: "cargo, the connector, and the shell that ends it when this program dies",
  ffi: "the native library, which proves that the connector is ready",
} as const;

/** What a command that starts connectors is told about them. */
export interface StartPlan {
  /** Their programs; undefined while it is not known which. */
  readonly binaries: readonly string[] | undefined;
  /** Files to read; undefined for any. */
  readonly files: readonly string[] | undefined;
  /** Directories to write to, beside the private one. */
  readonly writable?: readonly string[];
  /** Path of the native library; undefined for the usual one. */
  readonly library: string | undefined;
  /** Whether one of them gets only some of this process's environment. */
  readonly clearsEnv?: boolean;
}

/**
 * The permissions that starting connectors needs.
 *
 * @param plan What is known about them.
 * @returns The narrowest permissions that can be named by now.
 */
export function startPermissions(plan: StartPlan): Deno.PermissionDescriptor[] {
  const { binaries, files, writable = [], library, clearsEnv = false } = plan;
  const variables = [
    ...binaries === undefined ? PROGRAM_VARIABLES : [],
    ...library === undefined ? LIBRARY_VARIABLES : [],
    ...START_VARIABLES,
    ...clearsEnv ? KEPT_VARIABLES : [],
  ];
  const directory = privatePlace();
  return [
    ...files === undefined || directory === undefined
      ? [{ name: "read" } as const]
      : [...files, directory].map((path) => ({ name: "read", path }) as const),
    ...directory === undefined
      ? [{ name: "write" } as const]
      : [directory, ...writable].map((path) => ({ name: "write", path }) as const),
    ...variables.map((variable) => ({ name: "env", variable }) as const),
    ...placePermissions(),
    ...binaries === undefined
      ? [{ name: "run" } as const]
      : [SHELL, ...binaries].map((command) => ({ name: "run", command }) as const),
    libraryPermission(library),
  ];
}

/**
 * The permissions that a supervisor needs.
 *
 * @param settings What it is to do.
 * @param options `socket`, its control socket; `library`, the native library, if not the usual one.
 * @returns The narrowest permissions.
 */
export function supervisePermissions(
  settings: SupervisorSettings,
  options: { socket: string; library: string | undefined },
): Deno.PermissionDescriptor[] {
  const { socket, library } = options;
  const { connectors, logFiles } = settings;
  const binaries = connectors.flatMap(({ binaryPath }) => binaryPath ?? []);
  return [
    ...startPermissions({
      binaries: binaries.length === connectors.length ? [...new Set(binaries)] : undefined,
      files: undefined,
      writable: logFiles === undefined ? [] : [logFiles.directory],
      library,
      clearsEnv: connectors.some(({ clearEnv }) => clearEnv),
    }),
    ...controlSocketPermissions(socket),
    ...serviceVariables().map((variable) => ({ name: "env", variable }) as const),
  ];
}

function serviceVariables(): string[] {
  const isService = readVariable(NOTIFY_VARIABLE) !== undefined;
  return [NOTIFY_VARIABLE, ...isService ? WATCHDOG_VARIABLES : []];
}

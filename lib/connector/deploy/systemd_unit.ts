/**
 * A systemd unit that keeps connectors running.
 *
 * @module
 */

import { checkNumber } from "../../model/check.ts";
import { InvalidInputError } from "../../model/errors.ts";
import {
  checkAbsolutePath,
  checkEnvironment,
  checkPattern,
  checkText,
  USER_NAME,
} from "./check.ts";

/** Options of {@linkcode systemdUnit}. */
export interface SystemdUnitOptions {
  /** The program, as an absolute path, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** User that connectors and bots run as: only processes of one user can share a channel. */
  readonly user: string;
  /**
   * Group that they run as.
   *
   * @default the user's own
   */
  readonly group?: string;
  /**
   * What `systemctl` calls the service.
   *
   * @default {"hftlive connectors"}
   */
  readonly description?: string;
  /**
   * Directory that relative paths in the command start from.
   *
   * @default the root directory
   */
  readonly workingDirectory?: string;
  /** Environment variables; no secrets, since every user can see them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** File with more of them, as `NAME=value`, that only root and the user can read. */
  readonly environmentFile?: string;
  /** Files with secrets by name; the service finds them in `/run/credentials/UNIT/NAME`. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Directories that the service may write to, beside those of its channels, such as for logs. */
  readonly writablePaths?: readonly string[];
  /**
   * Who may talk to systemd: "all" is needed for messages by the program systemd-notify.
   *
   * @default {"main"}
   */
  readonly notifyAccess?: "main" | "all";
  /**
   * Without a sign of life for this long, the service is restarted.
   *
   * @default {30000}
   */
  readonly watchdogMs?: number;
  /**
   * How long it has for its start.
   *
   * @default {120000}
   */
  readonly startTimeoutMs?: number;
  /**
   * How long it has to stop its connectors before all are killed.
   *
   * @default {30000}
   */
  readonly stopTimeoutMs?: number;
  /**
   * Pause before a restart.
   *
   * @default {5000}
   */
  readonly restartDelayMs?: number;
  /**
   * Restarts within ten minutes after which the service stays failed.
   *
   * @default {10}
   */
  readonly maxRestarts?: number;
}

/**
 * Writes a unit for a supervisor of connectors: it tells systemd when it is ready and that it is
 * alive, is restarted when it fails, and can do little beside its work.
 *
 * @param options What is to run, and as whom.
 * @returns The text of a file for `/etc/systemd/system`.
 * @throws {InvalidInputError} If an option cannot stand in a unit, or would put a secret there.
 *
 * @example A unit
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { systemdUnit } from "@hftlive/hftlive";
 *
 * const unit = systemdUnit({ command: ["/usr/bin/deno", "run", "100%.ts"], user: "trader" });
 * assertStringIncludes(unit, 'ExecStart=/usr/bin/deno "run" "100%%.ts"\n');
 * ```
 */
export function systemdUnit(options: SystemdUnitOptions): string {
  const {
    command: [program, ...args],
    user,
    group,
    description = "hftlive connectors",
    workingDirectory,
    environment = {},
    environmentFile,
    credentials = {},
    writablePaths = [],
    notifyAccess = "main",
    watchdogMs = 30_000,
    startTimeoutMs = 120_000,
    stopTimeoutMs = 30_000,
    restartDelayMs = 5_000,
    maxRestarts = 10,
  } = options;
  const writable = ["/tmp", "/dev/shm", ...writablePaths].map((path) =>
    quote(checkAbsolutePath("writablePaths", path))
  );
  const lines = [
    "[Unit]",
    `Description=${plain("description", description)}`,
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=10min",
    `StartLimitBurst=${checkNumber("maxRestarts", maxRestarts, { min: 1, integer: true })}`,
    "",
    "[Service]",
    "Type=notify",
    `NotifyAccess=${notifyAccess}`,
    `ExecStart=${[executable(program), ...args.map(argument)].join(" ")}`,
    `User=${checkPattern("user", user, USER_NAME)}`,
    ...group === undefined ? [] : [`Group=${checkPattern("group", group, USER_NAME)}`],
    ...workingDirectory === undefined
      ? []
      : [`WorkingDirectory=${directory("workingDirectory", workingDirectory)}`],
    ...checkEnvironment(environment).map(([name, value]) =>
      `Environment=${quote(`${name}=${value}`)}`
    ),
    ...environmentFile === undefined
      ? []
      : [`EnvironmentFile=${directory("environmentFile", environmentFile)}`],
    ...Object.entries(credentials).map(credential),
    "",
    "# A supervisor that hangs is restarted, one that is asked to stop first stops its connectors.",
    `WatchdogSec=${milliseconds("watchdogMs", watchdogMs)}`,
    "Restart=on-failure",
    "# What it answers when it was asked to end, as after Ctrl+C.",
    "SuccessExitStatus=130",
    `RestartSec=${milliseconds("restartDelayMs", restartDelayMs)}`,
    `TimeoutStartSec=${milliseconds("startTimeoutMs", startTimeoutMs)}`,
    `TimeoutStopSec=${milliseconds("stopTimeoutMs", stopTimeoutMs)}`,
    "KillMode=mixed",
    "",
    "# Bots reach a connector through files in /tmp/iceoryx2 and shared memory in /dev/shm, so it must",
    "# see the same ones as they do, and they must not be removed with it.",
    "PrivateTmp=no",
    "PrivateIPC=no",
    "RemoveIPC=no",
    "# If bots run in login sessions of this user, set RemoveIPC=no in /etc/systemd/logind.conf too:",
    "# by default the end of the last session removes the shared memory of a user who is not a system user.",
    "",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    `ReadWritePaths=${writable.join(" ")}`,
    "ProtectHome=read-only",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "DevicePolicy=closed",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "LockPersonality=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    "SystemCallArchitectures=native",
    "# V8 compiles JavaScript while it runs.",
    "MemoryDenyWriteExecute=no",
    "# A dump of the memory would hold the keys.",
    "LimitCORE=0",
    "LimitNOFILE=65536",
    "UMask=0077",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ];
  return lines.join("\n");
}

/** The program to run: systemd expands specifiers in it, but no variables. */
function executable(path: string): string {
  checkAbsolutePath("command", path);
  checkPattern("command", path, {
    pattern: /^[^"'\\]+$/,
    expected: "a program without quotation marks and backslashes in its path",
  });
  return /^[\w./+-]+$/.test(path) ? path : quote(path);
}

/** An argument: quoted, so that spaces, specifiers and variables stay what they are. */
function argument(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw new InvalidInputError("command", text, "arguments without control characters");
  }
  return quote(text).replaceAll("$", "$$$$");
}

/** A word between quotation marks, for settings that take several. */
function quote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return `"${escaped}"`;
}

/** A value that reaches to the end of its line, for settings that take one. */
function plain(field: string, text: string): string {
  checkText(field, text);
  // At the end of a line a backslash would pull up the next one.
  if (text.endsWith("\\") || text !== text.trim()) {
    throw new InvalidInputError(field, text, "a text without a space or backslash at its ends");
  }
  return text.replaceAll("%", "%%");
}

/** A path that reaches to the end of its line, where systemd knows no quotation marks. */
function directory(field: string, path: string): string {
  checkAbsolutePath(field, path);
  // EnvironmentFile takes the first ones as wildcards.
  return plain(
    field,
    checkPattern(field, path, {
      pattern: /^[^*?[\]]+$/,
      expected: 'a path without "*", "?", "[" and "]"',
    }),
  );
}

function credential([name, path]: [string, string]): string {
  checkPattern("credentials", name, {
    pattern: /^[A-Za-z0-9_.-]{1,100}$/,
    expected: "names of letters, digits and ._-",
  });
  checkAbsolutePath(`credentials.${name}`, path);
  if (path.includes(":")) {
    throw new InvalidInputError(`credentials.${name}`, path, 'a path without ":"');
  }
  return `LoadCredential=${name}:${plain(`credentials.${name}`, path)}`;
}

function milliseconds(field: string, value: number): string {
  return `${checkNumber(field, value, { min: 1, max: 86_400_000, integer: true })}ms`;
}

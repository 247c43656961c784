/**
 * The environment variables and the files of the user that commands look at, for their help texts.
 *
 * @module
 */

/** What each variable is for. */
export const ENVIRONMENT = {
  CARGO_TARGET_DIR: "Where cargo puts what it builds, as cargo itself knows it",
  HFTBACKTEST_CHANNEL_CONFIG: "TOML file with the size of channels, as for the connector itself",
  HFTBACKTEST_ROOT: "hftbacktest's source, if it is not above the working directory",
  HFTLIVE_LIB: "The native library to load",
  HOME: "Where the user's cache is, unless XDG_CACHE_HOME tells",
  NOTIFY_SOCKET: "Where systemd wants to be told that the service is ready",
  NO_COLOR: "If it is set, nothing is coloured",
  OTEL_DENO: "If it is true, Deno sends metrics through OpenTelemetry",
  RUST_LOG: "What the connector logs (default: info)",
  TERM: "If it is dumb, nothing is coloured or drawn anew",
  TMPDIR: "Where the private directory is, without XDG_RUNTIME_DIR",
  USER: "The user to run as, without --user",
  WATCHDOG_PID: "The process that systemd watches over",
  WATCHDOG_USEC: "How often systemd wants a sign of life",
  XDG_CACHE_HOME: "The user's cache, where the native library may be installed",
  XDG_RUNTIME_DIR: "Where the private directory is, for sockets, locks and secrets",
} as const;

/** A variable that {@linkcode ENVIRONMENT} explains. */
export type EnvironmentVariable = keyof typeof ENVIRONMENT;

/** Those that every command looks at. */
export const COMMON_VARIABLES: readonly EnvironmentVariable[] = ["NO_COLOR", "TERM"];

/** Those that tell where the native library is. */
export const LIBRARY_VARIABLES: readonly EnvironmentVariable[] = [
  "HFTLIVE_LIB",
  "XDG_CACHE_HOME",
  "HOME",
];

/** Those of a bot that may be a live one. */
export const BOT_VARIABLES: readonly EnvironmentVariable[] = [
  ...LIBRARY_VARIABLES,
  "HFTBACKTEST_CHANNEL_CONFIG",
];

/** Those that tell where the private directory is. */
export const PLACE_VARIABLES: readonly EnvironmentVariable[] = ["XDG_RUNTIME_DIR", "TMPDIR"];

/** Those that tell how a connector is found, built and started. */
export const START_VARIABLES: readonly EnvironmentVariable[] = [
  ...BOT_VARIABLES,
  ...PLACE_VARIABLES,
  "CARGO_TARGET_DIR",
  "HFTBACKTEST_ROOT",
  "RUST_LOG",
];

/** Where the library is installed, unless `XDG_CACHE_HOME` tells. */
export const NATIVE_CACHE = "~/.cache/hftlive/VERSION/TARGET/";

/**
 * Options of a connector runner, with their defaults.
 *
 * @module
 */

import { isAbsolute, resolve } from "@std/path";
import {
  type ChannelSizes,
  type ChannelSizesOptions,
  checkChannelSizes,
} from "../model/channel_sizes.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError, MissingPermissionError } from "../model/errors.ts";
import { CHANNEL_VARIABLE } from "./channel/channel_config.ts";
import { CONNECTOR_TYPES, type ConnectorType } from "./config/mod.ts";
import { ConnectorOutput, type LogBufferOptions, RotatingFile } from "./logs/mod.ts";
import type { BuildProgress } from "./progress.ts";

/** The longest time that a timer keeps; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/** A channel's name, which is the connector's with a few letters more, has at most 255 bytes. */
const MAX_NAME_BYTES = 200;

/** Options of a `ConnectorRunner`. */
export interface ConnectorRunnerOptions {
  /** Name under which bots find the connector. */
  readonly connectorName: string;
  /** The exchange. */
  readonly connectorType: ConnectorType;
  /** The connector's TOML file. */
  readonly configPath: string;
  /**
   * Directory of hftbacktest's source.
   *
   * @default looked for from the working directory upwards, then in `HFTBACKTEST_ROOT`
   */
  readonly projectRoot?: string | undefined;
  /**
   * The connector's program.
   *
   * @default `target/release/connector` of the project, or where `CARGO_TARGET_DIR` says
   */
  readonly binaryPath?: string | undefined;
  /**
   * Cargo features to build with, beside the default ones.
   *
   * @default the connector's type
   */
  readonly buildFeatures?: readonly string[] | undefined;
  /**
   * How long `waitForReady` waits unless told, in ms.
   *
   * @default {10000}
   */
  readonly startupTimeoutMs?: number | undefined;
  /**
   * How long after SIGTERM a connector that still runs gets SIGKILL, in ms.
   *
   * @default {5000}
   */
  readonly shutdownTimeoutMs?: number | undefined;
  /**
   * Environment variables of the connector, beside those of this process. `RUST_LOG` is "info"
   * unless it stands here or in this process's environment.
   *
   * @default {{}}
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the connector gets, of this process's environment, only what it may need: paths,
   * proxies, certificates, logging, and `HFTBACKTEST_CHANNEL_CONFIG`.
   *
   * @default {false}
   */
  readonly clearEnv?: boolean | undefined;
  /**
   * Sizes of its channel. They are written to a private file that goes with the connector; its path,
   * for bots in other languages, is `ConnectorRunner.channel`'s.
   *
   * @default those of the file that `HFTBACKTEST_CHANNEL_CONFIG` names in `env` or this process's
   * environment, else 10,000 messages for each of at most 200 bots
   */
  readonly channel?: ChannelSizesOptions | undefined;
  /**
   * Whether the connector gets a process group of its own, so that Ctrl+C on a terminal does not
   * reach it, and only `stop` decides when it ends.
   *
   * @default {false}
   */
  readonly ownGroup?: boolean | undefined;
  /**
   * Whether `start` builds a program that is missing.
   *
   * @default {true}
   */
  readonly autoBuild?: boolean | undefined;
  /**
   * Whether the connector's output is read, redacted and kept. Without, it goes where this
   * process's output goes, as it is: it holds request signatures.
   *
   * @default {true}
   */
  readonly captureOutput?: boolean | undefined;
  /**
   * Whether the configuration must be one for hftbacktest's own connector. Without, the file is
   * handed over as it is, for a program that reads another format: no secrets are fetched.
   *
   * @default {true}
   */
  readonly validateConfig?: boolean | undefined;
  /**
   * How much of the output is kept.
   *
   * @default 2,000 lines, 4 MiB of characters
   */
  readonly logLimits?: LogBufferOptions | undefined;
  /** A file that gets the output as well; it stays open when the connector ends. */
  readonly logFile?: RotatingFile | undefined;
  /**
   * Path of the native library, which proves readiness.
   *
   * @default the variable HFTLIVE_LIB, else the package's own places
   */
  readonly libraryPath?: string | undefined;
  /**
   * Private directory for the lock on the connector's name and for files with secrets. Runners
   * that share it notice each other at once.
   *
   * @default `$XDG_RUNTIME_DIR/hftlive`, else a directory of this user's under the temporary one
   */
  readonly runtimeDirectory?: string | undefined;
}

/** Options of `ConnectorRunner.start`. */
export interface ConnectorStartOptions {
  /** Ends the start, and the connector if it is started already. */
  readonly signal?: AbortSignal | undefined;
  /** Is called for each crate that is finished, if the program has to be built. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

/** Options of `ConnectorRunner.stop`. */
export interface ConnectorStopOptions {
  /**
   * How long after SIGTERM the connector gets SIGKILL, in ms.
   *
   * @default the runner's shutdownTimeoutMs
   */
  readonly timeoutMs?: number | undefined;
}

/** Options that were checked, with their defaults and with absolute paths. */
export interface RunnerSettings {
  /** Name under which bots find the connector. */
  readonly connectorName: string;
  /** The exchange. */
  readonly connectorType: ConnectorType;
  /** The connector's TOML file. */
  readonly configPath: string;
  /** Directory of hftbacktest's source; undefined to look for it. */
  readonly projectRoot: string | undefined;
  /** The connector's program; undefined for the project's. */
  readonly binaryPath: string | undefined;
  /** Cargo features to build with. */
  readonly buildFeatures: readonly string[];
  /** How long `waitForReady` waits unless told. */
  readonly startupTimeoutMs: number;
  /** How long after SIGTERM comes SIGKILL. */
  readonly shutdownTimeoutMs: number;
  /** Environment variables to add. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether to leave out most of this process's environment. */
  readonly clearEnv: boolean;
  /** Sizes of its channel; undefined for those of its environment. */
  readonly channel: ChannelSizes | undefined;
  /** Whether it gets a process group of its own. */
  readonly ownGroup: boolean;
  /** Whether `start` builds a program that is missing. */
  readonly autoBuild: boolean;
  /** Whether the output is read. */
  readonly captureOutput: boolean;
  /** Whether the configuration is checked. */
  readonly validateConfig: boolean;
  /** How much of the output is kept. */
  readonly logLimits: LogBufferOptions;
  /** A file that gets the output as well. */
  readonly logFile: RotatingFile | undefined;
  /** Path of the native library; undefined for the usual one. */
  readonly libraryPath: string | undefined;
  /** Private directory; undefined for the usual one. */
  readonly runtimeDirectory: string | undefined;
}

/**
 * Checks options and fills in defaults.
 *
 * @param options What the caller gave.
 * @returns The settings.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 * @throws {MissingPermissionError} If a path is relative and the working directory may not be read.
 */
export function checkRunnerOptions(options: ConnectorRunnerOptions): RunnerSettings {
  const connectorType = checkOneOf("connectorType", options.connectorType, CONNECTOR_TYPES);
  return {
    connectorName: checkName(options.connectorName),
    connectorType,
    configPath: path("configPath", options.configPath),
    projectRoot: optionalPath("projectRoot", options.projectRoot),
    binaryPath: optionalPath("binaryPath", options.binaryPath),
    buildFeatures: features(options.buildFeatures ?? [connectorType]),
    startupTimeoutMs: milliseconds("startupTimeoutMs", options.startupTimeoutMs ?? 10_000),
    shutdownTimeoutMs: milliseconds("shutdownTimeoutMs", options.shutdownTimeoutMs ?? 5_000),
    env: environment(options.env ?? {}),
    channel: channelSizes(options),
    clearEnv: boolean("clearEnv", options.clearEnv ?? false),
    ownGroup: boolean("ownGroup", options.ownGroup ?? false),
    autoBuild: boolean("autoBuild", options.autoBuild ?? true),
    captureOutput: boolean("captureOutput", options.captureOutput ?? true),
    validateConfig: boolean("validateConfig", options.validateConfig ?? true),
    logLimits: limits(options.logLimits ?? {}),
    logFile: logFile(options.logFile),
    libraryPath: optionalPath("libraryPath", options.libraryPath),
    runtimeDirectory: optionalPath("runtimeDirectory", options.runtimeDirectory),
  };
}

/**
 * Checks a time limit.
 *
 * @param field Name of the option as its user wrote it.
 * @param value The value given.
 * @returns The value.
 * @throws {InvalidInputError} If it is no time that a timer keeps.
 */
export function milliseconds(field: string, value: unknown): number {
  return checkNumber(field, value, { min: 0, max: MAX_TIMEOUT_MS });
}

function checkName(value: unknown): string {
  // It is the first argument of the program's command line: "-x" would be an option.
  if (
    typeof value !== "string" || !/^(?!-)[^\s/\p{Cc}]+$/u.test(value) ||
    new TextEncoder().encode(value).length > MAX_NAME_BYTES
  ) {
    throw new InvalidInputError(
      "connectorName",
      value,
      `a name of 1 to ${MAX_NAME_BYTES} bytes without spaces and slashes that does not begin ` +
        'with "-"',
    );
  }
  return value;
}

function path(field: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value.includes("\0")) {
    throw new InvalidInputError(field, value, "a path");
  }
  if (isAbsolute(value)) return value;
  try {
    return resolve(value);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotCapable)) throw cause;
    throw new MissingPermissionError(`Cannot use ${field} = ${value}`, ["--allow-read"], { cause });
  }
}

function optionalPath(field: string, value: unknown): string | undefined {
  return value === undefined ? undefined : path(field, value);
}

function features(value: readonly string[]): readonly string[] {
  if (!Array.isArray(value)) {
    throw new InvalidInputError("buildFeatures", value, "a list of cargo features");
  }
  for (const [index, feature] of value.entries()) {
    if (typeof feature !== "string" || !/^[\p{L}\p{N}_][\p{L}\p{N}_+.?/-]*$/u.test(feature)) {
      throw new InvalidInputError(`buildFeatures[${index}]`, feature, "the name of a feature");
    }
  }
  return [...value];
}

/** Messages name a variable, but never show its value: it may be a secret. */
function environment(value: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) {
    throw new InvalidInputError("env", typeof value, "variables by their names");
  }
  for (const [name, text] of Object.entries(value)) {
    if (!/^[^=\0]+$/.test(name)) {
      throw new InvalidInputError("env", name, 'names of variables without "="');
    }
    if (typeof text !== "string" || text.includes("\0")) {
      throw new InvalidInputError(`env.${name}`, typeof text, "a text without zero characters");
    }
  }
  return { ...value };
}

function channelSizes({ channel, env }: ConnectorRunnerOptions): ChannelSizes | undefined {
  if (channel === undefined) return undefined;
  if (env?.[CHANNEL_VARIABLE] !== undefined) {
    throw new InvalidInputError(
      `env.${CHANNEL_VARIABLE}`,
      env[CHANNEL_VARIABLE],
      "no such variable beside the option channel",
    );
  }
  return checkChannelSizes("channel", channel);
}

function limits(value: LogBufferOptions): LogBufferOptions {
  if (typeof value !== "object" || value === null) {
    throw new InvalidInputError("logLimits", value, "maxLines and maxCharacters");
  }
  const { maxLines, maxCharacters } = value;
  const checked = {
    ...(maxLines === undefined ? {} : { maxLines }),
    ...(maxCharacters === undefined ? {} : { maxCharacters }),
  };
  // It knows best which ones it takes.
  new ConnectorOutput(checked);
  return checked;
}

function logFile(value: unknown): RotatingFile | undefined {
  if (value === undefined || value instanceof RotatingFile) return value;
  throw new InvalidInputError("logFile", value, "an open RotatingFile");
}

function boolean(field: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new InvalidInputError(field, value, "true or false");
  return value;
}

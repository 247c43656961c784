/**
 * The keys of a `connectors.toml`, and what each may hold.
 *
 * @module
 */

import { z } from "zod";
import { CHANNEL_SIZE_BOUNDS } from "../../model/channel_sizes.ts";
import { CONNECTOR_TYPES, type ConnectorType } from "../config/types.ts";
import { READINESS_LEVELS, type ReadinessLevel } from "../readiness.ts";
import { MAX_DELAY_MS, RESTART_POLICIES, type RestartPolicyName } from "./restart_policy.ts";

/** A symbol as it is written; what is left out is the table's or the ready symbol's. */
export interface RawWatchedSymbol {
  readonly symbol: string;
  readonly "tick_size"?: number | undefined;
  readonly "lot_size"?: number | undefined;
  readonly "feed_timeout_s"?: number | undefined;
}

/** A `[channel]` or `[connector.channel]` as it is written; what is left out is from elsewhere. */
export interface RawChannel {
  readonly "buffer_size"?: number | undefined;
  readonly "max_bots"?: number | undefined;
}

/** A `[[connector]]` as it is written, with defaults. */
export interface RawConnector {
  readonly name: string;
  readonly type: ConnectorType;
  readonly config: string;
  readonly "validate_config": boolean;
  readonly binary?: string | undefined;
  readonly "project_root"?: string | undefined;
  readonly "build_features"?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly "clear_env": boolean;
  readonly channel?: RawChannel | undefined;
  readonly "depends_on": readonly string[];
  readonly restart: {
    readonly policy: RestartPolicyName;
    readonly "first_delay_s": number;
    readonly "max_delay_s": number;
    readonly jitter: number;
    readonly "max_restarts": number;
    readonly "window_s": number;
  };
  readonly ready: {
    readonly level?: ReadinessLevel | undefined;
    readonly symbol?: string | undefined;
    readonly "tick_size"?: number | undefined;
    readonly "lot_size"?: number | undefined;
    readonly "timeout_s": number;
  };
  readonly watchdog?: {
    readonly symbols: readonly RawWatchedSymbol[];
    readonly "feed_timeout_s": number;
  } | undefined;
  readonly "stop_timeout_s": number;
}

/** The file as it is written, with defaults. */
export interface RawSettings {
  readonly supervisor: {
    readonly "control_socket"?: string | undefined;
    readonly "log_dir"?: string | undefined;
    readonly "log_max_bytes": number;
    readonly "log_max_files": number;
  };
  readonly channel?: RawChannel | undefined;
  readonly connector: readonly RawConnector[];
}

/** Message of the problem of a key that is not there. */
export const MISSING = "missing";

const NAME = /^[\w.-]{1,100}$/;
const SYMBOL = /^[^\s\p{Cc}]{1,100}$/u;

/** A value that `accepts` takes; others are told what was expected. */
function value<T>(expected: string, accepts: (value: unknown) => value is T): z.ZodType<T> {
  return z.custom<T>(accepts, {
    error: ({ input }) => input === undefined ? MISSING : `expected ${expected}`,
  });
}

function text(expected: string, pattern: RegExp): z.ZodType<string> {
  return value(
    expected,
    (input): input is string => typeof input === "string" && pattern.test(input),
  );
}

function oneOf<T extends string>(words: readonly T[]): z.ZodType<T> {
  return value(
    `one of ${words.join(", ")}`,
    (input): input is T => words.some((word) => word === input),
  );
}

function number(
  expected: string,
  bounds: { min: number; max: number; integer?: boolean; above?: boolean },
): z.ZodType<number> {
  const { min, max, integer = false, above = false } = bounds;
  return value(
    expected,
    (input): input is number =>
      typeof input === "number" && input <= max && (above ? input > min : input >= min) &&
      (!integer || Number.isInteger(input)),
  );
}

function wholeNumber(max: number): z.ZodType<number> {
  return number(`a whole number from 1 to ${max}`, { min: 1, max, integer: true });
}

const path = text("the path of a file", /^[^\p{Cc}]+$/u);
const name = text('a name of at most 100 letters, digits and "._-"', NAME);
const symbol = text("a symbol", SYMBOL);
const step = number("a number above 0", { min: 0, max: Number.MAX_VALUE, above: true });

const seconds = number(`a number of seconds above 0 and at most ${MAX_DELAY_MS / 1000}`, {
  min: 0,
  max: MAX_DELAY_MS / 1000,
  above: true,
});

const switchValue = value("true or false", (input): input is boolean => typeof input === "boolean");

const supervisor = z.strictObject({
  "control_socket": path.optional(),
  "log_dir": path.optional(),
  "log_max_bytes": wholeNumber(2 ** 40).default(10 * 1024 * 1024),
  "log_max_files": wholeNumber(1_000).default(5),
});

const channel = z.strictObject({
  "buffer_size": wholeNumber(CHANNEL_SIZE_BOUNDS.bufferSize.max).optional(),
  "max_bots": wholeNumber(CHANNEL_SIZE_BOUNDS.maxBots.max).optional(),
});

const restart = z.strictObject({
  policy: oneOf<RestartPolicyName>(RESTART_POLICIES).default("on-failure"),
  "first_delay_s": seconds.default(1),
  "max_delay_s": seconds.default(60),
  jitter: number("a number from 0 to 1", { min: 0, max: 1 }).default(0.2),
  "max_restarts": wholeNumber(1_000_000).default(5),
  "window_s": seconds.default(600),
});

const ready = z.strictObject({
  level: oneOf<ReadinessLevel>(READINESS_LEVELS).optional(),
  symbol: symbol.optional(),
  "tick_size": step.optional(),
  "lot_size": step.optional(),
  "timeout_s": seconds.default(30),
});

const watchedSymbol = z.strictObject({
  symbol,
  "tick_size": step.optional(),
  "lot_size": step.optional(),
  "feed_timeout_s": seconds.optional(),
}, { error: "expected a symbol in quotes, or a table" });

const watchdog = z.strictObject({
  symbols: z.array(z.preprocess(fromName, watchedSymbol), {
    error: ({ input }) => input === undefined ? MISSING : "expected an array of symbols",
  }).min(1, "expected at least one symbol"),
  "feed_timeout_s": seconds.default(60),
});

/** A symbol that is only named has everything else from elsewhere. */
function fromName(input: unknown): unknown {
  return typeof input === "string" ? { symbol: input } : input;
}

const environment = z.record(
  z.string(),
  value(
    "a text in quotes",
    (input): input is string => typeof input === "string" && !input.includes("\0"),
  ),
);

const connector = z.strictObject({
  name,
  type: oneOf<ConnectorType>(CONNECTOR_TYPES),
  config: path,
  "validate_config": switchValue.default(true),
  binary: path.optional(),
  "project_root": path.optional(),
  "build_features": z.array(text("the name of a cargo feature", /^[\w./+-]+$/)).optional(),
  env: environment.default({}),
  "clear_env": switchValue.default(false),
  channel: channel.optional(),
  "depends_on": z.array(name).default([]),
  restart: restart.prefault({}),
  ready: ready.prefault({}),
  watchdog: watchdog.optional(),
  "stop_timeout_s": seconds.default(10),
});

const file = z.strictObject({
  supervisor: supervisor.prefault({}),
  channel: channel.optional(),
  connector: z.array(connector, {
    error: ({ input }) =>
      input === undefined ? MISSING : "expected tables that start with [[connector]]",
  }).min(1, "expected at least one [[connector]]"),
});

/** The whole file. */
export const SETTINGS_SCHEMA: z.ZodType<RawSettings> = file;

/** The keys of each table, by the table's path without numbers. */
export const SETTINGS_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(file.shape),
  supervisor: Object.keys(supervisor.shape),
  channel: Object.keys(channel.shape),
  connector: Object.keys(connector.shape),
  "connector.channel": Object.keys(channel.shape),
  "connector.restart": Object.keys(restart.shape),
  "connector.ready": Object.keys(ready.shape),
  "connector.watchdog": Object.keys(watchdog.shape),
  "connector.watchdog.symbols": Object.keys(watchedSymbol.shape),
};

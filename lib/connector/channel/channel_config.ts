/**
 * The TOML file with the sizes of channels that `HFTBACKTEST_CHANNEL_CONFIG` names, for hftbacktest's
 * connector and for bots in any language.
 *
 * @module
 */

import { stringify } from "smol-toml";
import { CHANNEL_SIZE_BOUNDS, type ChannelSizes } from "../../model/channel_sizes.ts";
import { requirePath } from "../../permissions.ts";
import { locateKeys } from "../config/key_lines.ts";
import { parseToml } from "../config/parse.ts";
import { type ConfigProblem, ConnectorConfigError } from "../errors.ts";

/** The variable that names the file. */
export const CHANNEL_VARIABLE = "HFTBACKTEST_CHANNEL_CONFIG";

const ACTION = "Cannot read the sizes of channels";

/** Keys of the file. */
const KEYS = { bufferSize: "buffer_size", maxBots: "max_bots" } as const;

/**
 * The environment of a process that is to use a file.
 *
 * @param path The file; undefined for none.
 * @returns Variables by their names.
 */
export function channelEnvironment(path: string | undefined): Record<string, string> {
  return path === undefined ? {} : { [CHANNEL_VARIABLE]: path };
}

/**
 * Reads the sizes of channels from a file such as `HFTBACKTEST_CHANNEL_CONFIG` names. hftbacktest
 * itself takes its defaults without a word when it cannot use the file.
 *
 * @param path The file.
 * @returns The sizes.
 * @throws {ConnectorConfigError} If it cannot be read, lacks a size, or has one that cannot be used.
 * @throws {MissingPermissionError} If it may not be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readChannelConfig } from "@hftlive/hftlive";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "buffer_size = 50000\nmax_bots = 8\n");
 * assertEquals(readChannelConfig(path), { bufferSize: 50_000, maxBots: 8 });
 * await Deno.remove(path);
 * ```
 */
export function readChannelConfig(path: string): ChannelSizes {
  requirePath(`${ACTION} ${path}`, "read", path);
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    const message = cause instanceof Deno.errors.NotFound
      ? "no such file"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConnectorConfigError(path, [{ file: path, message }], { action: ACTION, cause });
  }
  return parseChannelConfig(text, path);
}

/**
 * Reads the sizes of channels from the text of a file.
 *
 * @param text The TOML document.
 * @param file The file it came from, for messages.
 * @returns The sizes.
 * @throws {ConnectorConfigError} If it is no TOML, lacks a size, or has one that cannot be used.
 */
export function parseChannelConfig(text: string, file: string): ChannelSizes {
  const table = parseToml(text, file);
  const lineOf = locateKeys(text);
  const problems: ConfigProblem[] = [];
  const size = (name: keyof ChannelSizes): number => {
    const field = KEYS[name];
    const value = table[field];
    const { min, max } = CHANNEL_SIZE_BOUNDS[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    const line = lineOf([field]);
    const message = value === undefined
      ? `missing key "${field}"`
      : `${field}: expected a whole number from ${min} to ${max}, is ${String(value)}`;
    problems.push({ file, field, value, message, ...line === undefined ? {} : { line } });
    return min;
  };
  const sizes = { bufferSize: size("bufferSize"), maxBots: size("maxBots") };
  const [first, ...others] = problems;
  if (first === undefined) return sizes;
  throw new ConnectorConfigError(file, [first, ...others], { action: ACTION });
}

/**
 * Writes sizes as the text of a file that hftbacktest reads.
 *
 * @param sizes The sizes.
 * @returns A TOML document.
 */
export function formatChannelConfig(sizes: ChannelSizes): string {
  return stringify({ [KEYS.bufferSize]: sizes.bufferSize, [KEYS.maxBots]: sizes.maxBots });
}

/**
 * Loads a strategy from its file.
 *
 * @module
 */

import { basename, extname, resolve, toFileUrl } from "@std/path";
import { MissingPermissionError } from "../model/errors.ts";
import { firstLine, StrategyLoadError } from "./errors.ts";
import { locate } from "./location.ts";
import { wrongParam } from "./params.ts";
import type { Strategy } from "./strategy.ts";

const FUNCTIONS = ["setup", "onEvent", "onBatch", "run", "teardown"] as const;
const BODIES = ["onEvent", "onBatch", "run"] as const;

/** A strategy from a file. */
export interface LoadedStrategy {
  /** The strategy's own name, or else its file's. */
  readonly name: string;
  /** The strategy. */
  readonly strategy: Strategy;
}

/**
 * Loads the strategy that a module exports as its default.
 *
 * @param path A file, relative to the working directory, or a URL.
 * @returns The strategy and its name.
 * @throws {StrategyLoadError} If there is no such file, if it has no default export or one that
 * is no strategy (the message names the field), or if it cannot be read or throws (its line).
 * @throws {MissingPermissionError} If reading it, or what it imports, was not allowed.
 */
export async function loadStrategy(path: string): Promise<LoadedStrategy> {
  const url = /^[a-z][a-z+.-]+:/i.test(path) ? path : toFileUrl(resolve(path)).href;
  const module = await importModule(path, url);
  const strategy = checkStrategy(path, module.default);
  const file = basename(new URL(url).pathname);
  return { name: strategy.name ?? file.slice(0, file.length - extname(file).length), strategy };
}

/**
 * Checks that a value is a strategy.
 *
 * @param path Where it came from, for the message.
 * @param value A module's default export.
 * @returns The strategy.
 * @throws {StrategyLoadError} Naming what is wrong with it.
 */
export function checkStrategy(path: string, value: unknown): Strategy {
  if (value === undefined) {
    throw new StrategyLoadError(
      path,
      "it has no default export, expected export default defineStrategy({ ... })",
    );
  }
  if (!isStrategy(value)) throw new StrategyLoadError(path, problemOf(value) ?? "");
  return value;
}

function isStrategy(value: unknown): value is Strategy {
  return problemOf(value) === undefined;
}

/** What is wrong with a default export; undefined if nothing is. */
function problemOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) {
    return `its default export is ${kindOf(value)}, expected an object from defineStrategy`;
  }
  const field = (key: string): unknown => Reflect.get(value, key);
  const name = field("name");
  const params = field("params");
  if (name !== undefined && typeof name !== "string") {
    return `its field name is ${kindOf(name)}, expected a text`;
  }
  for (const key of FUNCTIONS) {
    const part = field(key);
    if (part !== undefined && typeof part !== "function") {
      return `its field ${key} is ${kindOf(part)}, expected a function`;
    }
  }
  if (params !== undefined && (typeof params !== "object" || params === null)) {
    return `its field params is ${
      kindOf(params)
    }, expected an object of numbers, texts and switches`;
  }
  const wrong = wrongParam(params ?? {});
  if (wrong !== undefined) {
    return `its field params.${wrong} is ${kindOf(Reflect.get(params ?? {}, wrong))}, ` +
      "expected a number, a text, true or false";
  }
  const bodies = BODIES.filter((key) => field(key) !== undefined);
  if (bodies.length > 1) return `it has ${bodies.join(" and ")}, expected one of them`;
  if (bodies.length === 0 && field("setup") === undefined) {
    return "it has nothing to run, expected onEvent, onBatch, run or setup";
  }
}

async function importModule(path: string, url: string): Promise<{ default?: unknown }> {
  try {
    return await import(url);
  } catch (error) {
    throw importError(path, url, error);
  }
}

/** What the runtime says about an import that failed, as the strategy's author needs it. */
function importError(path: string, url: string, error: unknown): Error {
  const message = plain(error instanceof Error ? error.message : String(error));
  const options = { cause: error };
  const [, access, needed] = /^Requires (read|import) access to "([^"]+)"/.exec(message) ?? [];
  if (needed !== undefined) {
    return new MissingPermissionError(
      `Cannot load strategy ${path}`,
      [`--allow-${access}=${needed}`],
      options,
    );
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND") {
    const location = locate(error);
    const at = location === undefined ? "" : ` (at ${location})`;
    return new StrategyLoadError(path, `it threw ${firstLine(error)}${at}`, options);
  }
  if (message.startsWith("[ERR_UNSUPPORTED_DIR_IMPORT]")) {
    return new StrategyLoadError(path, "it is a directory", options);
  }
  if (message.startsWith(`Module not found "${url}"`)) {
    return new StrategyLoadError(path, "no such file", options);
  }
  // The runtime's own text: its first line, and the place at its end.
  const [, place] = /\n\s+at (\S+:\d+:\d+)\s*$/.exec(message) ?? [];
  const what = message.split("\n", 1)[0]!.replace(/\.$/, "");
  return new StrategyLoadError(path, place === undefined ? what : `${what} (at ${place})`, options);
}

/** A text without a terminal's colours. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * All that is wrong with a `connectors.toml`, with lines.
 *
 * @module
 */

import type { TomlTable } from "smol-toml";
import type { z } from "zod";
import { suggest } from "../../suggest.ts";
import type { KeyPath } from "../config/key_lines.ts";
import { KEYS } from "../config/schema.ts";
import { CONNECTOR_TYPES } from "../config/types.ts";
import { type ConfigProblem, ConnectorConfigError } from "../errors.ts";
import { MISSING, SETTINGS_KEYS } from "./settings_schema.ts";

/** A document, as far as its problems need it. */
export interface SettingsDocument {
  /** The file it came from. */
  readonly file: string;
  /** Its keys and values. */
  readonly table: TomlTable;
  /** The line of a key. */
  lineOf(path: KeyPath): number | undefined;
}

/** Collects the problems of one document. */
export class SettingsProblems {
  readonly #document: SettingsDocument;
  readonly #problems: ConfigProblem[] = [];

  /** @param document The document. */
  constructor(document: SettingsDocument) {
    this.#document = document;
  }

  /** Adds what the schema found. */
  addIssues(issues: readonly z.core.$ZodIssue[]): void {
    for (const issue of issues) {
      const path = issue.path.filter((key) => typeof key !== "symbol");
      if (issue.code === "unrecognized_keys") {
        issue.keys.forEach((key) => this.#addUnknown([...path, key]));
      } else if (issue.message === MISSING) {
        const key = String(path.at(-1));
        if (!this.#isMistyped(path)) this.add(path, `missing key "${key}"`);
      } else {
        this.add(path, `${dotted(path)}: ${this.#expectation(issue, path)}`);
      }
    }
  }

  /**
   * Adds a problem.
   *
   * @param path Where; the line is that of the nearest table around it when it is not there.
   * @param message What is wrong.
   */
  add(path: KeyPath, message: string): void {
    const line = this.#nearestLine(path);
    this.#problems.push({
      file: this.#document.file,
      ...(line === undefined ? {} : { line }),
      field: dotted(path),
      message,
    });
  }

  /** @throws {ConnectorConfigError} With all problems, in the order of their lines, if any. */
  throwIfAny(): void {
    const [first, ...others] = this.#problems.toSorted(byLine);
    if (first !== undefined) {
      throw new ConnectorConfigError(this.#document.file, [first, ...others]);
    }
  }

  #addUnknown(path: KeyPath): void {
    const key = String(path.at(-1));
    const known = keysOf(path.slice(0, -1));
    const near = suggest(key, known);
    const isOfOne = path.length === 1 && CONNECTOR_TYPES.some((type) => KEYS[type].includes(key));
    const hint = near !== undefined
      ? `, did you mean "${near}"`
      : isOfOne
      ? ": it belongs to the configuration of one connector, check that with --type TYPE"
      : `: there are ${known.join(", ")}`;
    this.add(path, `unknown key "${key}"${hint}`);
  }

  /** Whether a key stands there under a name that is told as unknown. */
  #isMistyped(path: KeyPath): boolean {
    const around = path.slice(0, -1);
    const known = keysOf(around);
    const there = valueAt(this.#document.table, around);
    return typeof there === "object" && there !== null &&
      Object.keys(there).some((name) =>
        !known.includes(name) && suggest(name, known) === path.at(-1)
      );
  }

  #expectation(issue: z.core.$ZodIssue, path: KeyPath): string {
    const value = valueAt(this.#document.table, path);
    // Where the schema has no words of its own, zod's are about types.
    const message = issue.code === "invalid_type" && issue.message.startsWith("Invalid input")
      ? `expected ${kindOf(issue.expected)}`
      : issue.message;
    // Variables may well hold secrets.
    const isShown = value !== undefined && !path.includes("env");
    return isShown ? `${message}, is ${show(value)}` : message;
  }

  #nearestLine(path: KeyPath): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const line = this.#document.lineOf(path.slice(0, length));
      if (line !== undefined) return line;
    }
    return undefined;
  }
}

function byLine(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0);
}

/** The keys that a table may have. */
function keysOf(table: KeyPath): readonly string[] {
  const name = table.filter((key) => typeof key === "string").join(".");
  return SETTINGS_KEYS[name] ?? [];
}

/** A path as a reader knows it: `connector.restart.policy`, without the number of the table. */
function dotted(path: KeyPath): string {
  return path.filter((key) => typeof key === "string").join(".");
}

function valueAt(table: TomlTable, path: KeyPath): unknown {
  let value: unknown = table;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}

function kindOf(expected: string): string {
  const kinds: Readonly<Record<string, string>> = {
    array: "an array",
    object: "a table",
    record: "a table",
  };
  return kinds[expected] ?? `a ${expected}`;
}

function show(value: unknown): string {
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

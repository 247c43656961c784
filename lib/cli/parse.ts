/**
 * Reads a command line: which command, its flags and its arguments.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { denoFlagAdvice } from "./deno_flags.ts";
import { UsageError } from "./exit.ts";
import { type Flag, type FlagTable, flagValue, type FlagValues, type SwitchFlag } from "./flags.ts";
import { suggest } from "../suggest.ts";

/** A command line as its command understands it. */
export interface ParsedLine<T extends FlagTable> {
  /** The value of every flag of the table. */
  readonly flags: FlagValues<T>;
  /** What is no flag, in order. */
  readonly args: readonly string[];
}

/** The command that a command line names, and what follows its name. */
export interface FoundCommand<C> {
  /** The command. */
  readonly command: C;
  /** What follows the command's name. */
  readonly rest: readonly string[];
}

/** The words that a command line starts with, before its first flag. */
export function commandWords(argv: readonly string[]): readonly string[] {
  return argv.slice(0, indexOrEnd(argv, (arg) => arg.startsWith("-")));
}

/**
 * Finds the command that a command line starts with.
 *
 * @param argv The command line.
 * @param commands The commands there are; a line that starts with a flag means the first.
 * @returns The command and the rest of the line.
 * @throws {UsageError} If the line starts with a word that is no command.
 */
export function findCommand<C extends { readonly name: string }>(
  argv: readonly string[],
  commands: readonly C[],
): FoundCommand<C> {
  const words = commandWords(argv);
  if (words.length === 0) return { command: commands[0]!, rest: argv };
  const [first, second] = words as [string, string | undefined];
  const exact = commands.find(({ name }) => name === `${first} ${second}`) ??
    commands.find(({ name }) => name === first);
  if (exact) return { command: exact, rest: argv.slice(exact.name.split(" ").length) };

  const members = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (members.length > 0) {
    const names = members.map(({ name }) => name.slice(first.length + 1));
    if (second === undefined) {
      throw new UsageError(`Command ${first} needs one of: ${names.join(", ")}`);
    }
    const guess = suggest(second, names);
    throw new UsageError(
      `Unknown command: ${first} ${second}` +
        (guess ? `, did you mean "${first} ${guess}"?` : ` (${first} has ${names.join(", ")})`),
    );
  }
  const names = new Set(commands.flatMap(({ name }) => [name, name.split(" ")[0]!]));
  const guess = suggest(second === undefined ? first : `${first} ${second}`, names) ??
    suggest(first, names);
  throw new UsageError(
    `Unknown command: ${first}` +
      (guess ? `, did you mean "${guess}"?` : " (--help lists them all)"),
  );
}

/**
 * Reads the flags and arguments of one command.
 *
 * @param argv What follows the command's name.
 * @param table The flags there are.
 * @returns Their values and the remaining arguments.
 * @throws {UsageError} For an unknown flag, a missing value or a flag given twice.
 * @throws {InvalidInputError} For a value that a flag cannot have.
 */
export function parseLine<T extends FlagTable>(
  argv: readonly string[],
  table: T,
): ParsedLine<T> {
  const flags = Object.entries<Flag>(table);
  const names = (wanted: (flag: Flag) => boolean) =>
    flags.filter(([, flag]) => wanted(flag)).map(([name]) => name);
  const unknown: string[] = [];
  // Nothing after a "--" is a flag.
  const end = indexOrEnd(argv, (arg) => arg === "--");
  const flagged = joinNegative(argv.slice(0, end), table);
  const parsed: Record<string, unknown> = parseArgs([...flagged, ...argv.slice(end)], {
    boolean: names((flag) => flag.kind === "switch"),
    string: ["_", ...names((flag) => flag.kind !== "switch")],
    collect: names((flag) => flag.kind !== "switch"),
    alias: Object.fromEntries(
      flags.flatMap(([name, flag]) => flag.alias ? [[name, flag.alias]] : []),
    ),
    unknown: (arg: string) => {
      const isFlag = /^-./.test(arg);
      if (isFlag) unknown.push(arg);
      return !isFlag;
    },
  });
  if (unknown.length > 0) throw unknownFlag(unknown[0]!, table);
  flagged.forEach((arg) => checkSwitch(arg, table));
  const values: Record<string, unknown> = {};
  for (const [name, flag] of flags) {
    const given = listOf(parsed[name]);
    if (flag.kind !== "switch") checkGiven(name, flag, given);
    values[name] = flagValue(name, flag, given);
  }
  // The loop above gave each flag of the table a value of its kind.
  return { flags: values as FlagValues<T>, args: listOf(parsed._).map(String) };
}

/** The name of a flag's value, as help and messages show it. */
export function valueName(flag: Exclude<Flag, SwitchFlag>): string {
  return flag.kind === "choice" ? (flag.placeholder ?? flag.words.join("|")) : flag.placeholder;
}

/** Refuses a value for a flag that takes none; a parser would ignore it. */
function checkSwitch(arg: string, table: FlagTable): void {
  const name = /^--?([^=]+)=/.exec(arg)?.[1];
  const flag = name === undefined ? undefined : flagNamed(name, table);
  if (flag?.[1].kind !== "switch") return;
  throw new UsageError(`Flag --${flag[0]} takes no value: ${arg}`);
}

/** Refuses a flag without its value, and one that was given too often. */
function checkGiven(
  name: string,
  flag: Exclude<Flag, SwitchFlag>,
  given: readonly unknown[],
): void {
  if (given.includes("")) {
    throw new UsageError(`Missing value: --${name} needs ${valueName(flag)}`);
  }
  if (given.length > 1 && !(flag.kind === "text" && flag.repeatable)) {
    throw new UsageError(`Flag given more than once: --${name} (${given.join(", ")})`);
  }
}

/** Writes `--flag -5` as `--flag=-5`, since a parser takes what starts with a dash for a flag. */
function joinNegative(args: readonly string[], table: FlagTable): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? "";
    const owner = /^-\.?\d/.test(arg) && /^--?[^=]+$/.test(last)
      ? flagNamed(last.replace(/^--?/, ""), table)
      : undefined;
    if (owner && owner[1].kind !== "switch") joined[joined.length - 1] = `--${owner[0]}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** Index of the first argument for which `found` holds, or the length of the list. */
function indexOrEnd(args: readonly string[], found: (arg: string) => boolean): number {
  const index = args.findIndex(found);
  return index < 0 ? args.length : index;
}

function flagNamed(name: string, table: FlagTable): [string, Flag] | undefined {
  return Object.entries(table).find(([long, flag]) => long === name || flag.alias === name);
}

function unknownFlag(arg: string, table: FlagTable): UsageError {
  const advice = denoFlagAdvice(arg);
  if (advice !== undefined) return new UsageError(`Unknown flag: ${arg} (${advice})`);
  const typed = arg.replace(/=.*$/s, "");
  const guess = suggest(typed.replace(/^-+/, ""), Object.keys(table));
  return new UsageError(
    `Unknown flag: ${typed}` + (guess ? `, did you mean --${guess}?` : ""),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

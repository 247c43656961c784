/**
 * Holds command lines of the documentation against what the command line takes.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import type { Command } from "../../lib/cli/command.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { loadCommands } from "../../lib/cli/commands.ts";
import { UsageError } from "../../lib/cli/exit.ts";
import type { FlagTable } from "../../lib/cli/flags.ts";
import { findCommand, parseLine } from "../../lib/cli/parse.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";

/** All commands. */
export const COMMANDS: readonly Command[] = await loadCommands();

/** What a reader has to fill in, or a shell does. */
const PLACEHOLDER = /^\[?[A-Z][A-Z_]*(\.\w+)?\]?$|\$/;

const CLI = /(^|\/)cli\.ts$|^jsr:@hftlive\/hftlive(@[^/]+)?\/cli$/;

/** Options of {@linkcode commandProblem}. */
interface CheckOptions {
  /** Whether the words may be a part of a command line, so that something may be missing. */
  readonly partial?: boolean;
}

/**
 * Tells what is wrong with a command.
 *
 * @param words The command, such as `["./denow", "run", "cli.ts", "--stub"]`.
 * @param options Whether it may be a part.
 * @returns What is wrong; undefined if nothing is, or the command is not of this project.
 */
export function commandProblem(
  words: readonly string[],
  options: CheckOptions = {},
): string | undefined {
  const [program = "", ...rest] = words;
  const name = program.replace(/^.*\//, "");
  if (name === "hftlive" || name === "cli.ts") return lineProblem(rest, options);
  if (name !== "denow" && name !== "deno") return undefined;
  if (rest[0] === "task") return taskProblem(rest[1] ?? "");
  const at = rest.findIndex((word) => CLI.test(word));
  const set = setProblem(at < 0 ? rest : rest.slice(0, at));
  if (set !== undefined || at < 0) return set;
  // What follows the module elsewhere, as in `deno install`, are not our arguments.
  return rest[0] === "run" ? lineProblem(rest.slice(at + 1), options) : undefined;
}

/**
 * Tells what is wrong with what follows the program on a command line.
 *
 * @param argv The words.
 * @param options Whether they may be a part.
 */
export function lineProblem(
  argv: readonly string[],
  { partial = false }: CheckOptions = {},
): string | undefined {
  // The name of a group, such as "connector", tells of all its commands.
  if (partial && argv.length === 1 && COMMANDS.some(({ name }) => name.startsWith(`${argv[0]} `))) {
    return undefined;
  }
  try {
    const { command, rest: words } = findCommand(argv, COMMANDS);
    const allFlags = { ...COMMON_FLAGS, ...command.flags };
    const rest = partial ? completed(words, allFlags) : words;
    const table = relaxed(allFlags, rest);
    const { flags, args } = parseLine(rest, table);
    if (flags.help || flags.version) return undefined;
    const most = command.args?.length ?? 0;
    if (args.length > most) return `too many arguments: ${args.slice(most).join(" ")}`;
    if (!partial && !argv.some(isPlaceholder)) command.validate?.(flags, args);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError || error instanceof InvalidInputError) return error.message;
    throw error;
  }
}

/** Whether a flag, such as "--stub", is one of any command's. */
export function isKnownFlag(flag: string): boolean {
  return [COMMON_FLAGS, ...COMMANDS.map(({ flags }) => flags)]
    .some((table: FlagTable) => Object.hasOwn(table, flag.replace(/^--/, "")));
}

/** Adds a value where a flag's name is the last word. */
function completed(words: readonly string[], table: FlagTable): readonly string[] {
  const flag = table[words.at(-1)?.replace(/^--/, "") ?? ""];
  return flag === undefined || flag.kind === "switch" ? words : [...words, "VALUE"];
}

/** Words are texts where a placeholder stands for a number or a choice. */
function relaxed(table: FlagTable, words: readonly string[]): FlagTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, flag]) => {
      const spelling = `--${name}`;
      const isFilledIn = words.some((word, index) =>
        isPlaceholder(word.replace(`${spelling}=`, "")) &&
        (word.startsWith(`${spelling}=`) || words[index - 1] === spelling ||
          (flag.alias !== undefined && words[index - 1] === `-${flag.alias}`))
      );
      if (!isFilledIn || flag.kind === "switch") return [name, flag];
      const { description } = flag;
      return [name, { kind: "text", placeholder: "", description, repeatable: true }];
    }),
  );
}

function isPlaceholder(word: string): boolean {
  return PLACEHOLDER.test(word);
}

function taskProblem(name: string): string | undefined {
  return Object.hasOwn(config.tasks, name) || isPlaceholder(name)
    ? undefined
    : `deno.json has no task ${name}`;
}

function setProblem(words: readonly string[]): string | undefined {
  for (const word of words) {
    const [, name] = /^(?:-P|--permission-set)=(.+)$/.exec(word) ?? [];
    if (name === undefined || isPlaceholder(name)) continue;
    if (!Object.hasOwn(config.permissions, name)) return `deno.json has no permission set ${name}`;
  }
  return undefined;
}

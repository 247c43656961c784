/**
 * Help texts, made from what the commands declare.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import {
  type Command,
  type CommandEntry,
  type Example,
  type FlagGroup,
  loadCommand,
} from "./command.ts";
import { COMMON_FLAGS } from "./common_flags.ts";
import { COMMON_VARIABLES, ENVIRONMENT, type EnvironmentVariable } from "./environment.ts";
import { ExitCode } from "./exit.ts";
import type { Flag } from "./flags.ts";
import { NO_BREAK, Page, type PageOptions } from "./page.ts";
import { findCommand, parseLine, valueName } from "./parse.ts";
import { permissionFlags } from "./permissions.ts";
import { commandLine, PROGRAM } from "./program.ts";

/** Columns of a permission flag that still fits beside the form that needs it. */
const MAX_FLAG = 56;

const EXIT_CODES: Readonly<Record<ExitCode, string>> = {
  [ExitCode.Done]: "Done",
  [ExitCode.Failed]: "Failed, or ended with an unhealthy connection",
  [ExitCode.Usage]: "Wrong command line or configuration",
  [ExitCode.Permission]: "A permission is missing",
  [ExitCode.Interrupted]: "Ended by Ctrl+C or SIGTERM",
  [ExitCode.Unread]: "Ended since nobody reads its output any more, as with | head",
};

/** What the help of the program shows of its commands. */
const PROGRAM_EXAMPLES: readonly Example[] = [
  { args: "--stub", description: "Watch a random market until Ctrl+C" },
  {
    args: "dashboard --stub",
    description: "Show it on a page in the browser",
    permissions: "dashboard",
  },
  {
    args: "trade --strategy examples/market_maker.ts --stub --duration 60 --seed 7",
    description: "Run a strategy for a minute of a random market",
    permissions: "trade",
  },
  {
    args: "connector init binancefutures",
    description: "Begin to trade",
    permissions: "connector",
  },
  { args: "doctor", description: "Find out what is missing for that", permissions: "dev" },
];

const COMMON_ROWS = Object.entries(COMMON_FLAGS).map(([name, flag]) => flagRow(name, flag));

/**
 * The help text for what a command line names.
 *
 * @param words The words that it starts with: none for the program, "native" for a group.
 * @param commands The commands there are; only those that are explained are loaded.
 * @param options How it is to look.
 * @returns The text, ending in a newline.
 * @throws {UsageError} If the words are no command.
 */
export async function helpFor(
  words: readonly string[],
  commands: readonly CommandEntry[],
  options: PageOptions,
): Promise<string> {
  const [first] = words;
  if (first === undefined) return programHelp(commands, options);
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (words.length === 1 && group.length > 0) {
    return groupHelp(first, await Promise.all(group.map(loadCommand)), options);
  }
  return commandHelp(await loadCommand(findCommand(words, commands).command), options);
}

function programHelp(commands: readonly CommandEntry[], options: PageOptions): string {
  const page = new Page(options);
  page.heading("NAME");
  page.paragraph(
    `hftlive ${VERSION}: trade from TypeScript through hftbacktest's Rust live engine`,
  );
  page.heading("SYNOPSIS");
  page.hanging(`${PROGRAM} [COMMAND] [FLAGS]`);
  page.hanging(`${PROGRAM} help COMMAND`);
  page.heading("COMMANDS");
  page.table(commands.map(({ name, summary }, index) => [
    name,
    index === 0 ? `${summary} (the default)` : summary,
  ]));
  page.heading("FLAGS OF EVERY COMMAND");
  page.table(COMMON_ROWS);
  addExitCodes(page, EXIT_CODES);
  addEnvironment(page, []);
  page.heading("EXAMPLES");
  addExamples(page, PROGRAM_EXAMPLES);
  return page.text();
}

function groupHelp(name: string, group: readonly Command[], options: PageOptions): string {
  const page = new Page(options);
  page.heading("SYNOPSIS");
  page.hanging(`${PROGRAM} ${name} COMMAND [FLAGS]`);
  page.hanging(`${PROGRAM} help ${name} COMMAND`);
  page.heading("COMMANDS");
  page.table(group.map((command) => [command.name, command.summary]));
  page.heading("EXAMPLES");
  for (const command of group) addExamples(page, callsOf(command).slice(0, 1));
  return page.text();
}

function commandHelp(command: Command, options: PageOptions): string {
  const page = new Page(options);
  page.heading("NAME");
  page.paragraph(`${command.name}: ${command.summary}`);
  page.heading("SYNOPSIS");
  for (const usage of command.usage) {
    page.hanging(`${PROGRAM} ${call(command.name, keepTogether(usage))}`);
  }
  if (command.details) {
    page.heading("DESCRIPTION");
    command.details.forEach((paragraph) => page.paragraph(paragraph));
  }
  for (const { title, flags } of groupsOf(command)) {
    page.heading(title);
    page.table(flags.flatMap((name) => {
      const flag = command.flags[name];
      return flag === undefined ? [] : [flagRow(name, flag)];
    }));
  }
  page.heading("FLAGS OF EVERY COMMAND");
  page.table(COMMON_ROWS);
  page.heading("PERMISSIONS");
  page.table(permissionRows(command));
  addExitCodes(page, { ...EXIT_CODES, ...command.exitCodes });
  if (command.files) {
    page.heading("FILES");
    page.table(command.files);
  }
  addEnvironment(page, command.environment ?? []);
  page.heading("EXAMPLES");
  addExamples(page, callsOf(command));
  return page.text();
}

/** All flags of a command: its groups, then those that are in none. */
function groupsOf({ flags, groups = [] }: Command): readonly FlagGroup[] {
  const grouped = new Set(groups.flatMap((group) => group.flags));
  const others = Object.keys(flags).filter((name) => !grouped.has(name));
  if (others.length === 0) return groups;
  return [...groups, { title: groups.length === 0 ? "FLAGS" : "OTHER FLAGS", flags: others }];
}

function addExitCodes(page: Page, codes: Readonly<Record<ExitCode, string>>): void {
  page.heading("EXIT CODES");
  page.table(Object.entries(codes));
}

function addEnvironment(page: Page, own: readonly EnvironmentVariable[]): void {
  page.heading("ENVIRONMENT");
  const names = [...new Set([...own, ...COMMON_VARIABLES])].sort();
  page.table(names.map((name) => [name, ENVIRONMENT[name]]));
}

/** The examples of a command as whole command lines. */
function callsOf({ name, examples }: Command): Example[] {
  return examples.map((example) => ({ ...example, args: call(name, example.args) }));
}

function addExamples(page: Page, calls: readonly Example[]): void {
  for (const { args, description, permissions } of calls) {
    page.example(description, commandLine(args, permissions));
  }
}

function call(name: string, args: string): string {
  return args === "" ? name : `${name} ${args}`;
}

/** Keeps a flag and its value, and what stands in brackets, on one line of a synopsis. */
function keepTogether(usage: string): string {
  return usage
    .replace(/(--[\w-]+) (?=[A-Z])/g, `$1${NO_BREAK}`)
    .replace(
      /\[[^[\]]*\]/g,
      (group) => group.length <= 60 ? group.replaceAll(" ", NO_BREAK) : group,
    );
}

function flagRow(name: string, flag: Flag): readonly [string, string] {
  const alias = flag.alias ? `-${flag.alias}, ` : "    ";
  const value = flag.kind === "switch" ? "" : ` ${valueName(flag)}`;
  return [`${alias}--${name}${value}`, flag.description + remarks(flag)];
}

function permissionRows({ flags, needs = [] }: Command): (readonly [string, string])[] {
  const defaults = parseLine([], flags).flags;
  const rows = needs.map(({ when, permissions, set }) =>
    [
      when,
      `-P=${set}, or at least ${shortFlags(permissions(defaults, [])).join(" ")}`,
    ] as const
  );
  const conditional = needs.every(({ when }) => when.startsWith("--"));
  return conditional ? [...rows, [rows.length > 0 ? "otherwise" : "always", "none"]] : rows;
}

/** Permission flags of which none is wider than a terminal: deno adds up those of a kind. */
function shortFlags(permissions: readonly Deno.PermissionDescriptor[]): string[] {
  return permissionFlags(permissions).flatMap((flag) => {
    const [name = "", values = ""] = flag.split(/=(.*)/s);
    const lines: string[] = [];
    for (const value of values.split(",")) {
      const joined = `${lines.at(-1)},${value}`;
      if (lines.length > 0 && name.length + joined.length < MAX_FLAG) lines.splice(-1, 1, joined);
      else lines.push(value);
    }
    return lines.map((only) => only === "" ? name : `${name}=${only}`);
  });
}

function remarks(flag: Flag): string {
  if (flag.kind === "switch") return "";
  if (flag.kind === "text" && flag.repeatable) return " (may be repeated)";
  return flag.default === undefined ? "" : ` (default: ${flag.default})`;
}

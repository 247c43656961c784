/**
 * Help texts, made from what the commands declare.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS } from "./common_flags.ts";
import { ExitCode } from "./exit.ts";
import type { Flag, FlagTable } from "./flags.ts";
import { NO_BREAK, Page, type PageOptions } from "./page.ts";
import { findCommand, parseLine, valueName } from "./parse.ts";
import { permissionFlags } from "./permissions.ts";
import { commandLine, PROGRAM } from "./program.ts";

/** Columns of a permission flag that still fits beside the form that needs it. */
const MAX_FLAG = 56;

const EXIT_CODES: readonly (readonly [string, string])[] = [
  [`${ExitCode.Done}`, "Done"],
  [`${ExitCode.Failed}`, "Failed, or ended with an unhealthy connection"],
  [`${ExitCode.Usage}`, "Wrong command line or configuration"],
  [`${ExitCode.Permission}`, "A permission is missing"],
  [`${ExitCode.Interrupted}`, "Ended by Ctrl+C or SIGTERM"],
];

/**
 * The help text for what a command line names.
 *
 * @param words The words that it starts with: none for the program, "native" for a group.
 * @param commands The commands there are.
 * @param options How it is to look.
 * @returns The text, ending in a newline.
 * @throws {UsageError} If the words are no command.
 */
export function helpFor(
  words: readonly string[],
  commands: readonly Command[],
  options: PageOptions,
): string {
  const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `));
  if (words.length === 0) return programHelp(commands, options);
  if (words.length === 1 && group.length > 0) return groupHelp(words[0]!, group, options);
  return commandHelp(findCommand(words, commands).command, options);
}

function programHelp(commands: readonly Command[], options: PageOptions): string {
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
  page.table(flagRows(COMMON_FLAGS));
  page.heading("EXAMPLES");
  commands.forEach((command) => addExamples(page, command, 1));
  page.heading("EXIT CODES");
  page.table(EXIT_CODES);
  return page.text();
}

function groupHelp(name: string, group: readonly Command[], options: PageOptions): string {
  const page = new Page(options);
  page.heading("SYNOPSIS");
  page.hanging(`${PROGRAM} ${name} COMMAND [FLAGS]`);
  page.heading("COMMANDS");
  page.table(group.map((command) => [command.name, command.summary]));
  page.heading("EXAMPLES");
  group.forEach((command) => addExamples(page, command, 1));
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
  if (Object.keys(command.flags).length > 0) {
    page.heading("FLAGS");
    page.table(flagRows(command.flags));
  }
  page.heading("FLAGS OF EVERY COMMAND");
  page.table(flagRows(COMMON_FLAGS));
  page.heading("PERMISSIONS");
  page.table(permissionRows(command));
  if (command.examples.length > 0) {
    page.heading("EXAMPLES");
    addExamples(page, command, command.examples.length);
  }
  return page.text();
}

function addExamples(page: Page, command: Command, count: number): void {
  for (const { args, description, permissions } of command.examples.slice(0, count)) {
    page.example(description, commandLine(call(command.name, args), permissions));
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

function flagRows(table: FlagTable): (readonly [string, string])[] {
  return Object.entries<Flag>(table).map(([name, flag]) => {
    const alias = flag.alias ? `-${flag.alias}, ` : "    ";
    const value = flag.kind === "switch" ? "" : ` ${valueName(flag)}`;
    return [`${alias}--${name}${value}`, flag.description + remarks(flag)];
  });
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

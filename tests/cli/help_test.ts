/**
 * The help of every command: that it can be read, and that what it shows is true.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { styles } from "../../lib/cli/ansi.ts";
import { COMMANDS, loadCommands } from "../../lib/cli/commands.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { ExitCode } from "../../lib/cli/exit.ts";
import { type Flag, flagValue } from "../../lib/cli/flags.ts";
import { helpFor } from "../../lib/cli/help.ts";
import { findCommand, parseLine, valueName } from "../../lib/cli/parse.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";
import { suggest } from "../../lib/suggest.ts";
import { runCli } from "./run_cli.ts";

const commands = await loadCommands();

const SUBJECTS = [
  [],
  ...[...new Set(commands.flatMap(({ name }) => name.split(" ").slice(0, -1)))].map((it) => [it]),
  ...commands.map(({ name }) => name.split(" ")),
];

for (const columns of [80, 100]) {
  Deno.test(`every help keeps within ${columns} columns`, async () => {
    for (const words of SUBJECTS) {
      const text = await helpFor(words, COMMANDS, { columns, style: styles(false) });
      for (const line of text.split("\n")) {
        assert(line.length <= columns, `${words.join(" ")}: ${line}`);
        assert(!line.includes("\u00a0") && line === line.trimEnd(), line);
      }
    }
  });
}

Deno.test("every flag and every command is described, in one form", () => {
  for (const { name, summary, usage, examples, flags, args = [] } of commands) {
    assert(/^[A-Z].*[^.]$/.test(summary), `${name}: ${summary}`);
    assert(usage.length > 0 && examples.length > 0, name);
    for (const [flag, { description }] of Object.entries<Flag>({ ...flags, ...COMMON_FLAGS })) {
      assert(/^[\w-]+$/.test(flag), flag);
      assert(/^\S.*[^.\s]$/.test(description), `${name} --${flag}: ${description}`);
    }
    for (const { description } of examples) {
      assert(/^[A-Z].*[^.:]$/.test(description), `${name}: ${description}`);
    }
    for (const argument of args) {
      assert(usage.some((text) => text.includes(argument.name)) || argument.words, argument.name);
    }
  }
});

Deno.test("every synopsis names flags that there are", () => {
  for (const { name, usage, flags } of commands) {
    for (const [, flag = ""] of usage.join(" ").matchAll(/--([\w-]+)/g)) {
      assert(Object.hasOwn({ ...flags, ...COMMON_FLAGS }, flag), `${name} --${flag}`);
    }
  }
});

Deno.test("every example can be given as it stands", () => {
  for (const { name, examples } of commands) {
    for (const { args } of examples) {
      const [line = ""] = `${name} ${args}`.split(" > ");
      const argv = line.split(" ").filter((word) => word !== "");
      const { command, rest } = findCommand(argv, commands);
      assertEquals(command.name, name, line);
      const parsed = parseLine(rest, { ...COMMON_FLAGS, ...command.flags });
      assert(parsed.args.length <= (command.args?.length ?? 0), line);
      command.validate?.(parsed.flags, parsed.args);
    }
  }
});

Deno.test("every example of the program can be given as it stands", async () => {
  const text = await helpFor([], COMMANDS, { columns: 100, style: styles(false) });
  const [, examples = ""] = text.split("\nEXAMPLES\n");
  const lines = examples.replaceAll(/ \\\n +/g, " ").split("\n")
    .flatMap((line) => /^ {4}deno run (?:-\S+ )*cli\.ts (.*)$/.exec(line)?.[1] ?? []);
  assert(lines.length > 3, text);
  for (const line of lines) {
    const { command: { name }, rest } = findCommand(line.split(" "), COMMANDS);
    const command = commands.find((it) => it.name === name)!;
    const parsed = parseLine(rest, { ...COMMON_FLAGS, ...command.flags });
    command.validate?.(parsed.flags, parsed.args);
  }
});

Deno.test("groups hold flags that there are, each in one of them", () => {
  for (const { name, flags, groups = [] } of commands) {
    const grouped = groups.flatMap((group) => group.flags);
    assertEquals(grouped.length, new Set(grouped).size, name);
    for (const flag of grouped) assert(Object.hasOwn(flags, flag), `${name} --${flag}`);
    for (const { title } of groups) assert(/^[A-Z].*FLAGS|^FLAGS OF /.test(title), title);
  }
});

Deno.test("every help tells exit codes, and every variable that a permission names", async () => {
  for (const { name, flags, needs = [] } of commands) {
    const text = await helpFor(name.split(" "), COMMANDS, { columns: 80, style: styles(false) });
    for (const heading of ["SYNOPSIS", "PERMISSIONS", "EXIT CODES", "ENVIRONMENT", "EXAMPLES"]) {
      assert(text.includes(`\n${heading}\n`), `${name}: ${heading}`);
    }
    for (const code of Object.values(ExitCode)) {
      assertMatch(text, new RegExp(`^  ${code} +\\S`, "m"));
    }
    const [, environment = ""] = text.split("\nENVIRONMENT\n");
    for (const { permissions } of needs) {
      for (const permission of permissions(parseLine([], flags).flags, [])) {
        if (permission.name !== "env" || permission.variable === undefined) continue;
        assertMatch(environment, new RegExp(`^  ${permission.variable}\\b`, "m"), name);
      }
    }
  }
});

Deno.test("a value is called the same in every help, by a word that shells know", () => {
  for (const { name, flags } of commands) {
    for (const [flag, it] of Object.entries<Flag>(flags)) {
      if (it.kind === "switch") continue;
      assert(!/\b(DIR|PATH|FOLDER|SEC|NUM|STRING)\b/.test(valueName(it)), `${name} --${flag}`);
    }
  }
});

Deno.test("a letter stands for the same flag in every command", () => {
  const owners = new Map<string, string>();
  for (const { name, flags } of commands) {
    for (const [flag, { alias }] of Object.entries<Flag>({ ...flags, ...COMMON_FLAGS })) {
      if (alias === undefined) continue;
      assertEquals(owners.get(alias) ?? flag, flag, `${name} -${alias}`);
      owners.set(alias, flag);
    }
  }
});

Deno.test("flags mean the same in every command", () => {
  const seen = new Map<string, { kind: string; alias: string | undefined; name: string }>();
  for (const { name, flags } of commands) {
    for (const [flag, { kind, alias }] of Object.entries<Flag>(flags)) {
      assert(!Object.hasOwn(COMMON_FLAGS, flag), `${name} --${flag} is a flag of every command`);
      const other = seen.get(flag);
      if (kind === "switch" || other?.kind === "switch") {
        assertEquals(kind, other?.kind ?? kind, `${name} and ${other?.name}: --${flag}`);
      }
      if (alias && other?.alias) assertEquals(alias, other.alias, `${name}: --${flag}`);
      seen.set(flag, { kind, alias, name });
    }
    const letters = Object.values<Flag>({ ...flags, ...COMMON_FLAGS }).flatMap((it) =>
      it.alias ?? []
    );
    assertEquals(letters.length, new Set(letters).size, `${name}: ${letters}`);
  }
});

Deno.test("a mistyped choice gets a suggestion, a wild one the list", () => {
  for (const { flags } of commands) {
    for (const [name, flag] of Object.entries<Flag>(flags)) {
      if (flag.kind !== "choice") continue;
      for (const word of flag.words) {
        const typed = word.slice(0, -1);
        if (flag.words.includes(typed)) continue;
        assertEquals(message(name, flag, typed).includes("; did you mean "), isNear(typed, flag));
      }
      assert(!message(name, flag, "zzzzzzzz").includes("did you mean"), valueName(flag));
    }
  }
});

Deno.test("logging is told by the flags of every command", async () => {
  const lines: readonly (readonly [string, string])[] = [
    ["--verbose --quiet", "Flags --quiet and --verbose exclude each other"],
    ["-v --log-level debug", "Flags --log-level and --verbose exclude each other"],
    [
      "--log-level wran",
      'Cannot use --log-level = "wran": expected one of debug, info, warn, error; ' +
      "did you mean warn?",
    ],
    ["--log-file", "Missing value: --log-file needs FILE"],
  ];
  for (const [line, expected] of lines) {
    const { code, stderr } = await runCli(["help", ...line.split(" ")]);
    assertEquals([code, stderr], [2, `hftlive: ${expected}\n`]);
  }
});

Deno.test("a log file needs its permission, and a place where it can be", async () => {
  const path = `/nowhere-${crypto.randomUUID()}/x.log`;
  const args = ["help", "--log-file", path];
  const denied = await runCli(args);
  assertEquals([denied.code, denied.stderr], [
    3,
    `hftlive: Cannot write the log file ${path}: permission is missing, ` +
    `run deno with --allow-write=${path}\n`,
  ]);
  const wrong = await runCli(args, { permissions: [`--allow-write=${path}`] });
  assertEquals(wrong.code, 2);
  assert(wrong.stderr.startsWith(`hftlive: Cannot use --log-file = "${path}": expected `));
});

function message(name: string, flag: Flag, text: string): string {
  try {
    flagValue(name, flag, [text]);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
  }
  throw new Error(`--${name} takes ${text}`);
}

function isNear(text: string, flag: Flag): boolean {
  return flag.kind === "choice" && suggest(text, flag.words) !== undefined;
}

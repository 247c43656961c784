/**
 * Calls of commands with exactly the permissions that they declare: that these are enough, that
 * they are used, and that none can be left out.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, resolve } from "@std/path";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { type Command, loadCommand, type PermissionSet } from "../../lib/cli/command.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { findCommand, parseLine } from "../../lib/cli/parse.ts";
import { flagsWithSet } from "../../lib/cli/permission_sets.ts";
import { permissionFlags } from "../../lib/cli/permissions.ts";
import type { TempDirectory } from "../support/temp_directory.ts";
import { type CliOptions, runCli, startCli } from "./run_cli.ts";

/** A call of a command. */
export interface Call {
  /** The command, and its form. */
  readonly title: string;
  /** What follows the program. */
  readonly line: readonly string[];
  /** How it ends with its permissions. @default 0 */
  readonly code?: number;
  /** What it prints when it has begun to run for ever; it then gets Ctrl+C. */
  readonly until?: RegExp;
  /** Where it prints that. @default {"stdout"} */
  readonly stream?: "stdout" | "stderr";
  /** Why it cannot run here; that no permission can be left out is checked all the same. */
  readonly cannotRun?: string | undefined;
  /** Is done before each run. */
  before?(): Promise<unknown>;
  /** Declared permissions that this call, but not every one, has no use for. */
  readonly unused?: readonly string[];
  /** Whether it asks for more once it has read its file. */
  readonly asksLater?: boolean;
}

/** Processes that run at the same time. */
const AT_ONCE = 2;

/**
 * Environment of the calls: programs of this system, with those of `bin` before them, and all
 * private places in a directory.
 */
export function environmentIn(directory: TempDirectory): Record<string, string> {
  return {
    PATH: `${directory.file("bin")}:${Deno.env.get("PATH")}`,
    USER: "trader",
    TMPDIR: directory.path,
    // So that all that tells the private place is looked at.
    XDG_RUNTIME_DIR: "",
  };
}

/**
 * Checks a call.
 *
 * @param call The call.
 * @param env Environment variables of its processes.
 * @throws {AssertionError} If a permission that it declares is not enough, not used, or not needed.
 */
export async function checkCall(call: Call, env: Readonly<Record<string, string>>): Promise<void> {
  const needs = await needsOf(call.line, env);
  if (call.asksLater) needs.push(await askedLater(call, { needs, env }));
  const flags = widest(needs.flatMap((need) => need.flags));
  const refusals = needs.flatMap(({ flags: own, set }) =>
    own.filter((flag) => flags.includes(flag)).map((flag) => () =>
      refuses(call, { flag, set, others: flags.filter((other) => other !== flag), env })
    )
  );
  if (call.cannotRun !== undefined) console.log(`${call.title} does not run: ${call.cannotRun}`);
  const runs = call.cannotRun === undefined ? [() => runsWith(call, { flags, needs, env })] : [];
  await inParallel([...runs, ...refusals]);
}

interface Declared {
  readonly flags: string[];
  readonly set: PermissionSet;
}

/** What a command line declares that it needs, as flags. */
async function needsOf(
  line: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Declared[]> {
  const { command: entry, rest } = findCommand(line, COMMANDS);
  const command = await loadCommand(entry);
  const { flags, args } = parseLine(rest, { ...command.flags, ...COMMON_FLAGS });
  return withVariables(env, () => declared(command, flags, args));
}

function declared(
  { needs = [] }: Command,
  flags: ReturnType<typeof parseLine>["flags"],
  args: readonly string[],
): Declared[] {
  return needs
    .filter(({ applies }) => applies?.(flags) ?? true)
    .map(({ permissions, set }) => ({ flags: permissionFlags(permissions(flags, args)), set }));
}

/** What a call asks for when it has what it declares. */
async function askedLater(
  call: Call,
  { needs, env }: { needs: readonly Declared[]; env: Readonly<Record<string, string>> },
): Promise<Declared> {
  const permissions = needs.flatMap(({ flags }) => flags);
  const { code, stderr } = await runCli(call.line, { permissions, env });
  assertEquals(code, 3, stderr);
  const [, flags = "", set = ""] = /run deno with (.*) \(or -P=(\w+)\)/.exec(stderr) ?? [];
  assertEquals(set, needs[0]?.set, stderr);
  return { flags: flags.split(" "), set: needs[0]!.set };
}

/** Does something with other environment variables. */
function withVariables<T>(env: Readonly<Record<string, string>>, work: () => T): T {
  const before = Object.keys(env).map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
    return work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** Runs a call with its flags, and with each set that holds them all. */
async function runsWith(
  call: Call,
  { flags, needs, env }: {
    flags: readonly string[];
    needs: readonly Declared[];
    env: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const audit = await Deno.makeTempFile({ prefix: "hftlive-audit-" });
  try {
    await runs(call, { permissions: flags, env: { ...env, DENO_AUDIT_PERMISSIONS: audit } });
    assertEquals(await unusedFlags(audit, flags), call.unused ?? [], `${call.title}: not used`);
  } finally {
    await Deno.remove(audit);
  }
  const sets = [...new Set(needs.map(({ set }) => set))];
  const enough = sets.filter((set) => flagsWithSet(set, flags).length === 1);
  if (sets.length > 0) assert(enough.length > 0, `${call.title}: no set is enough`);
  for (const set of enough) await runs(call, { permissions: [`-P=${set}`], env });
}

async function runs(call: Call, options: CliOptions): Promise<void> {
  await call.before?.();
  await using cli = startCli(call.line, options);
  if (call.until) {
    await cli.prints(call.stream ?? "stdout", call.until);
    cli.kill("SIGINT");
  }
  const { code, stderr } = await cli.ended;
  const title = `deno run ${options.permissions?.join(" ")} cli.ts ${call.line.join(" ")}`;
  assertEquals(code, call.code ?? 0, `${title}\n${stderr}`);
  assert(!stderr.includes("NotCapable"), `${title}\n${stderr}`);
}

async function refuses(
  call: Call,
  { flag, set, others, env }: {
    flag: string;
    set: PermissionSet;
    others: readonly string[];
    env: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { code, stdout, stderr } = await runCli(call.line, { permissions: others, env });
  assertEquals([code, stdout], [3, ""], `${call.title} without ${flag}\n${stderr}`);
  const [, advice = ""] = stderr.split("permission is missing, run deno with ");
  const [flags = "", hint] = advice.trimEnd().split(" (or ");
  assert(flags.split(" ").includes(flag), `${call.title} without ${flag}\n${stderr}`);
  assertStringIncludes(`(or ${hint}`, `(or -P=${set}`);
}

/** Flags without those that another one holds: beside a value, Deno takes no notice of "all". */
function widest(flags: readonly string[]): string[] {
  const all = new Set(flags);
  return [...all].filter((flag) => !flag.includes("=") || !all.has(flag.split("=")[0]!));
}

/** A permission that was used, as Deno writes it down. */
interface Use {
  readonly permission: string;
  readonly value: string;
}

/** The parts of flags that were not used, as far as Deno tells; it tells nothing of programs. */
async function unusedFlags(audit: string, flags: readonly string[]): Promise<string[]> {
  const lines = (await Deno.readTextFile(audit)).split("\n").filter((line) => line !== "");
  const uses: Use[] = lines.map((line) => JSON.parse(line));
  return flags.flatMap((flag) => {
    const [, kind = "", values] = /^--allow-(\w+)(?:=(.*))?$/.exec(flag) ?? [];
    if (kind === "run") return [];
    const own = uses.filter(({ permission }) => permission === kind).map(({ value }) => value);
    if (values === undefined) return own.length > 0 ? [] : [flag];
    return values.split(",")
      .filter((value) => !own.some((used) => holds(kind, value, used)))
      .map((value) => `--allow-${kind}=${value}`);
  });
}

/** Whether a permission for `value` is what `used` needed. */
function holds(kind: string, value: string, used: string): boolean {
  switch (kind) {
    case "read":
    case "write":
    case "ffi":
      return `${pathOf(used)}/`.startsWith(`${resolve(value)}/`);
    case "net":
      return used === value || used.startsWith(`${value}:`);
    default:
      return used === value;
  }
}

function pathOf(used: string): string {
  return used.startsWith("file:") ? fromFileUrl(used) : resolve(used);
}

/** Does pieces of work, a few at the same time. */
async function inParallel(work: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = work.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const piece of queue) await piece();
  }));
}

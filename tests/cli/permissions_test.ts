/**
 * Each command with exactly the permissions that it declares, and with one of them taken away.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { findCommand, parseLine } from "../../lib/cli/parse.ts";
import { COMMON_FLAGS } from "../../lib/cli/common_flags.ts";
import { permissionRows } from "../../lib/cli/permission_table.ts";
import { permissionFlags } from "../../lib/cli/permissions.ts";
import { VALID_CONFIG } from "../connector/runner/support.ts";
import { removeIfPresent } from "../../lib/native/sources.ts";
import { ROOT, runDenow } from "../repo/run.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliOptions, runCli, startCli } from "./run_cli.ts";

const missing = nativeReady();

/** A call of a command that can run here. */
interface Call {
  /** The command, and its form. */
  readonly title: string;
  /** The command line, in a directory with a recording and configurations. */
  line(directory: TempDirectory): readonly string[];
  /** How it ends with its permissions. @default 0 */
  readonly code?: number;
  /** What it prints when it has begun to run for ever; it then gets Ctrl+C. */
  readonly until?: RegExp;
  /** Where it prints that. @default {"stdout"} */
  readonly stream?: "stdout" | "stderr";
  /** Why it cannot run here. */
  readonly skip?: string | undefined;
}

const CONNECTORS = `[[connector]]
name = "bf"
type = "binancefutures"
config = "bf.toml"
`;

const STEPS = ["--tick-size", "0.1", "--lot-size", "0.001"];
const STUB = ["--stub", "--seed", "7", "--speed", "max", "--duration", "2", "--json"];

const CALLS: readonly Call[] = [
  { title: "watch --stub", line: () => ["watch", ...STUB] },
  {
    title: "watch --replay",
    line: (directory) => [
      ...["watch", "--replay", directory.file("btcusdt.gz"), ...STEPS, "--symbol", "btcusdt"],
      ...["--speed", "max", "--json"],
    ],
  },
  {
    title: "record --stub",
    line: (directory) => ["record", "--output", directory.file("out"), ...STUB],
  },
  {
    title: "trade --stub",
    line: (directory) => ["trade", "--strategy", directory.file("idle.ts"), ...STUB],
  },
  {
    title: "trade --report",
    line: (directory) => [
      ...["trade", "--strategy", directory.file("idle.ts"), ...STUB],
      ...["--report", directory.file("made")],
    ],
  },
  { title: "paper --stub", line: () => ["paper", "--stub", "--duration", "0.5", "--json"] },
  {
    title: "dashboard --stub",
    line: () => ["dashboard", "--stub", "--port", "0"],
    code: 130,
    until: /http:\/\/127\.0\.0\.1:\d+/,
  },
  {
    title: "connector run",
    line: (directory) => [
      ...["connector", "run", uniqueConnectorName(), "binancefutures", directory.file("sim.toml")],
      ...["--any-config", "--binary", simConnectorPath()],
    ],
    code: 130,
    until: /ready \(attached\)/,
    stream: "stderr",
    skip: missing,
  },
  { title: "connector status", line: () => ["connector", "status"], code: 1 },
  { title: "connector logs", line: () => ["connector", "logs"], code: 1 },
  { title: "connector restart", line: () => ["connector", "restart", "bf"], code: 1 },
  { title: "connector stop", line: () => ["connector", "stop"], code: 1 },
  {
    title: "connector init",
    line: (directory) => [
      ...["connector", "init", "bybit", directory.file("made")],
    ],
  },
  {
    title: "connector validate",
    line: (directory) => [
      ...["connector", "validate", "--type", "binancefutures", directory.file("bf.toml")],
    ],
  },
  {
    title: "connector build",
    line: (directory) => ["connector", "build", "--project-root", directory.path],
    code: 1,
  },
  {
    title: "connector systemd",
    line: (directory) => ["connector", "systemd", "--file", directory.file("connectors.toml")],
  },
  {
    title: "connector docker",
    line: (directory) => [
      ...["connector", "docker", "--ref", "5f3ec40", directory.file("made")],
    ],
  },
  { title: "native install", line: () => ["native", "install", "--no-build"], code: 1 },
  { title: "native build", line: () => ["native", "build", "--quiet"], code: 1 },
  { title: "native path", line: () => ["native", "path"], skip: missing },
  { title: "native info", line: () => ["native", "info"], skip: missing },
  { title: "completions", line: () => ["completions", "bash"] },
  { title: "help", line: () => ["help", "watch"] },
];

for (const call of CALLS) {
  Deno.test({
    name: `${call.title} runs with exactly the permissions that it declares`,
    ignore: call.skip !== undefined,
    fn: (t) => checkCall(t, call),
  });
}

Deno.test("every command is called, or needs more than there is here", () => {
  const elsewhere = new Set([
    "connector up", // connector_up_test.ts runs it with its permissions
    "doctor", // runs with whatever it is given
  ]);
  const titles = CALLS.map(({ title }) => title);
  for (const { name } of commands) {
    const isCalled = titles.some((title) => title === name || title.startsWith(`${name} --`));
    assert(isCalled || elsewhere.has(name), name);
  }
});

Deno.test("every permission that a command declares has its reason", () => {
  for (const { name, flags, needs = [] } of commands) {
    for (const { when, permissions, why } of needs) {
      for (const permission of permissions(parseLine([], flags).flags, [])) {
        assert(why[permission.name], `${name} ${when}: ${permission.name}`);
      }
    }
  }
});

Deno.test("the table of docs/permissions.md is current", async () => {
  const { code, stderr } = await runDenow([
    ...["run", "--no-prompt", "--allow-read=docs/permissions.md"],
    ...["tasks/permissions.ts", "--check"],
  ], ROOT);
  assertEquals(code, 0, stderr);
});

Deno.test("the table has every command", () => {
  const rows = permissionRows(commands);
  for (const { name } of commands) assert(rows.some(({ command }) => command === name), name);
});

async function checkCall(t: Deno.TestContext, call: Call): Promise<void> {
  await using directory = await TempDirectory.create();
  await prepare(directory);
  const needs = needsOf(call.line(directory));
  const flags = [...new Set(needs.flatMap((need) => need.flags))];
  await t.step(`deno run ${flags.join(" ")}`, () => runs(call, directory, flags));
  const sets = [...new Set(needs.map(({ set }) => `-P=${set}`))];
  for (const set of sets) {
    await t.step(`deno run ${set}`, () => runs(call, directory, [set]));
  }
  for (const { flags: own, set } of needs) {
    for (const flag of own) {
      await t.step(`not without ${flag}`, async () => {
        const others = flags.filter((other) => other !== flag);
        const { code, stdout, stderr } = await runCli(
          call.line(directory),
          optionsFor(directory, others),
        );
        assertEquals([code, stdout], [3, ""], stderr);
        const [, advice = ""] = stderr.split("permission is missing, run deno with ");
        assert(advice.trimEnd().split(" ").includes(flag), stderr);
        assertStringIncludes(advice, `(or -P=${set})`);
      });
    }
  }
}

/** What a command line declares that it needs, as flags. */
function needsOf(line: readonly string[]): { flags: string[]; set: string }[] {
  const { command, rest } = findCommand(line, commands);
  const { flags, args } = parseLine(rest, { ...command.flags, ...COMMON_FLAGS });
  return (command.needs ?? [])
    .filter(({ applies }) => applies?.(flags) ?? true)
    .map(({ permissions, set }) => ({ flags: permissionFlags(permissions(flags, args)), set }));
}

async function runs(
  call: Call,
  directory: TempDirectory,
  permissions: readonly string[],
): Promise<void> {
  await removeIfPresent(directory.file("made"));
  await using cli = startCli(call.line(directory), optionsFor(directory, permissions));
  if (call.until) {
    await cli.prints(call.stream ?? "stdout", call.until);
    cli.kill("SIGINT");
  }
  const { code, stderr } = await cli.ended;
  assertEquals(code, call.code ?? 0, stderr);
  assert(!stderr.includes("NotCapable"), stderr);
}

/** Programs of this system, with a cargo before them that fails at once; no supervisor. */
function optionsFor(directory: TempDirectory, permissions: readonly string[]): CliOptions {
  const env = {
    PATH: `${directory.file("bin")}:${Deno.env.get("PATH")}`,
    USER: "trader",
    XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "",
  };
  return { permissions, env };
}

/** Writes the files that the calls name. */
async function prepare(directory: TempDirectory): Promise<void> {
  await Deno.mkdir(directory.file("bin"));
  await directory.write("bin/cargo", "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  await directory.write("sim.toml", '[source]\nkind = "synthetic"\n');
  await directory.write("connectors.toml", CONNECTORS);
  // It imports nothing: what a strategy imports has to be readable as well.
  await directory.write("idle.ts", "export default { onEvent() {} };\n");
  const { code, stderr } = await runCli(
    ["record", "--output", directory.path, "--format", "gz", ...STUB, "--symbol", "btcusdt"],
    { permissions: ["-A"] },
  );
  assertEquals(code, 0, stderr);
  for await (const { name } of Deno.readDir(directory.path)) {
    if (name.endsWith(".gz")) {
      await Deno.rename(directory.file(name), directory.file("btcusdt.gz"));
    }
  }
}

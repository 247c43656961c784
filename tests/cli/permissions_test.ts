/**
 * Each command that needs no engine and no other process, with exactly the permissions that it
 * declares, and with one of them taken away.
 */

import { assert, assertEquals } from "@std/assert";
import { loadCommands } from "../../lib/cli/commands.ts";
import { parseLine } from "../../lib/cli/parse.ts";
import { permissionRows } from "../../lib/cli/permission_table.ts";
import { removeIfPresent } from "../../lib/native/sources.ts";
import { nativeReady } from "../support/native_ready.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { ROOT, runDenow } from "../repo/run.ts";
import { type Call, checkCall, environmentIn } from "./permission_calls.ts";
import { liveCalls, supervisorCalls } from "./permission_live_calls.ts";
import { leaveBehind, prepareScene, STEPS, STUB } from "./permission_scene.ts";

const commands = await loadCommands();

/** Replayed and idle, so that only the recordings are needed. */
const REPLAY = [...STEPS, "--symbol", "btcusdt", "--speed", "max", "--json"];

/** What Deno asks before it builds in a checkout. */
const BUILDS: Pick<Call, "cannotRun"> = { cannotRun: nativeReady({ simConnector: false }) };

function callsIn(directory: TempDirectory): Call[] {
  const file = (name: string) => directory.file(name);
  const strategy = ["--strategy", file("idle.ts")];
  const recording = ["--replay", file("btcusdt.gz"), ...REPLAY];
  return [
    { title: "watch --stub", line: ["watch", ...STUB] },
    { title: "watch --replay", line: ["watch", ...recording] },
    { title: "watch --dashboard", line: ["watch", "--dashboard", "0", ...STUB] },
    { title: "record --stub", line: ["record", "--output", file("out"), ...STUB] },
    { title: "record --replay", line: ["record", "--output", file("out"), ...recording] },
    {
      title: "record --recover",
      line: ["record", "--recover", file("parts/a.npz.part")],
      before: () => leaveBehind(directory),
    },
    { title: "trade --stub", line: ["trade", ...strategy, ...STUB] },
    { title: "trade --replay", line: ["trade", ...strategy, ...recording] },
    {
      title: "trade --report",
      line: ["trade", ...strategy, ...STUB, "--report", file("made.html")],
      before: () => removeIfPresent(file("made.html")),
    },
    { title: "trade --dashboard", line: ["trade", ...strategy, ...STUB, "--dashboard", "0"] },
    { title: "paper --stub", line: ["paper", "--stub", "--duration", "0.5", "--json"] },
    {
      title: "paper --data",
      line: ["paper", "--data", file("btcusdt.gz"), "--speed", "5", "--duration", "0.5", "--json"],
    },
    {
      title: "paper --write-config",
      line: ["paper", "--stub", "--duration", "0.5", "--write-config", file("made.toml")],
      before: () => removeIfPresent(file("made.toml")),
    },
    {
      title: "paper --api-key",
      line: [
        ...["paper", "--stub", "--duration", "0.5", "--json"],
        ...["--api-key", "env:PAPER_KEY", "--secret", "env:PAPER_SECRET"],
      ],
    },
    {
      title: "paper --dashboard",
      line: ["paper", "--stub", "--duration", "0.5", "--dashboard", "0"],
    },
    {
      title: "dashboard --stub",
      line: ["dashboard", "--stub", "--port", "0", "--duration", "0.5"],
    },
    {
      title: "dashboard --replay",
      line: ["dashboard", "--port", "0", "--duration", "0.5", ...recording.slice(0, -1)],
    },
    {
      title: "connector init",
      line: ["connector", "init", "bybit", file("made.toml")],
      before: () => removeIfPresent(file("made.toml")),
    },
    {
      title: "connector validate --type",
      line: ["connector", "validate", "--type", "binancefutures", file("bf.toml")],
    },
    { title: "connector validate", line: ["connector", "validate", file("connectors.toml")] },
    {
      title: "connector build",
      line: ["connector", "build"],
    },
    {
      title: "connector build --project-root",
      line: ["connector", "build", "--project-root", file("hftbacktest")],
    },
    {
      title: "connector systemd",
      line: ["connector", "systemd", "--file", file("connectors.toml")],
    },
    {
      title: "connector systemd --output",
      line: [
        ...["connector", "systemd", "--file", file("connectors.toml")],
        ...["--output", file("made.service")],
      ],
      before: () => removeIfPresent(file("made.service")),
    },
    {
      title: "connector docker",
      line: ["connector", "docker", "--ref", "5f3ec40", file("made")],
      before: () => removeIfPresent(file("made")),
    },
    { title: "native install", line: ["native", "install"], ...BUILDS },
    {
      title: "native install --no-build",
      line: ["native", "install", "--no-build"],
      // A development version has no list of what was released.
      code: 1,
      unused: ["--allow-read", "--allow-write", "--allow-env=HOME", "--allow-env=XDG_CACHE_HOME"],
    },
    { title: "native build", line: ["native", "build", "--quiet"], ...BUILDS },
    { title: "native path", line: ["native", "path"], ...BUILDS },
    { title: "native info", line: ["native", "info"], ...BUILDS },
    { title: "doctor", line: ["doctor"] },
    { title: "completions", line: ["completions", "bash"] },
    { title: "help", line: ["help", "watch"] },
  ];
}

Deno.test("commands run with exactly the permissions that they declare, and use them", async (t) => {
  await using directory = await TempDirectory.create();
  await prepareScene(directory);
  const env = {
    ...environmentIn(directory),
    ["HFTBACKTEST_ROOT"]: directory.file("hftbacktest"),
    ["PAPER_KEY"]: "k".repeat(64),
    ["PAPER_SECRET"]: "s".repeat(64),
  };
  for (const call of callsIn(directory)) {
    await t.step(call.title, () => checkCall(call, env));
  }
});

Deno.test("every form of a command is called", async () => {
  await using directory = await TempDirectory.create();
  const titles = [
    ...callsIn(directory),
    ...liveCalls(directory, "sim"),
    ...supervisorCalls(directory),
  ].map(({ title }) => title);
  for (const { name, needs = [] } of commands) {
    assert(titles.some((title) => title === name || title.startsWith(`${name} --`)), name);
    for (const { when } of needs) {
      if (when.startsWith("--")) assert(titles.includes(`${name} ${when}`), `${name} ${when}`);
    }
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

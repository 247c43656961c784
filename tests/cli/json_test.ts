/**
 * `--json`: one object on standard output, whatever the command.
 */

import { assert, assertEquals } from "@std/assert";
import { loadCommands } from "../../lib/cli/commands.ts";
import { nativeReady } from "../support/native_ready.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { leaveBehind, prepareScene, STUB } from "./permission_scene.ts";
import { runCli } from "./run_cli.ts";

const missing = nativeReady({ simConnector: false });

/** Commands that print a text for another program, or for readers. */
const TEXTS = ["completions", "help"];

Deno.test("every command that reports something has --json", async () => {
  for (const { name, flags } of await loadCommands()) {
    assertEquals(Object.hasOwn(flags, "json"), !TEXTS.includes(name), name);
  }
});

Deno.test("--json prints one object on stdout, and nothing else", async (t) => {
  await using directory = await TempDirectory.create();
  await prepareScene(directory);
  await leaveBehind(directory);
  const file = (name: string) => directory.file(name);
  const env = {
    PATH: `${file("bin")}:${Deno.env.get("PATH")}`,
    USER: "trader",
    ["HFTBACKTEST_ROOT"]: file("hftbacktest"),
    ["XDG_CACHE_HOME"]: file("cache"),
  };
  const needsLibrary = [
    "doctor --json",
    "native install",
    "native build",
    "native path",
    "native info",
  ];
  const lines: readonly (readonly [line: readonly string[], keys: readonly string[]])[] = [
    [["watch", ...STUB], ["mode", "totalTrades", "instruments"]],
    [["record", "--output", file("out"), ...STUB], ["files", "events", "dropped"]],
    [["record", "--recover", file("parts/a.npz.part"), "--json"], ["recovered", "failed"]],
    [["trade", "--strategy", file("idle.ts"), ...STUB], ["strategy", "endReason", "instruments"]],
    [["paper", "--stub", "--duration", "0.5", "--json"], ["exchange", "endReason", "agrees"]],
    [["paper", "--data", file("btcusdt.gz"), "--duration", "0.5", "--json"], ["exchange"]],
    [["dashboard", "--stub", "--port", "0", "--duration", "0.5", "--json"], ["url", "metrics"]],
    [["connector", "init", "bybit", file("bybit.toml"), "--json"], ["path"]],
    [["connector", "validate", file("connectors.toml"), "--json"], ["valid", "connectors"]],
    [["connector", "build", "--json"], ["path", "projectRoot", "elapsedS"]],
    [["connector", "systemd", "--file", file("connectors.toml"), "--json"], ["path", "unit"]],
    [["connector", "docker", "--ref", "5f3ec40", file("deploy"), "--json"], ["files"]],
    [["connector", "up", "--detach", "--file", file("connectors.toml"), "--json"], ["unit"]],
    [["native", "install", "--json"], ["path", "how", "elapsedS"]],
    [["native", "build", "--json"], ["path", "elapsedS"]],
    [["native", "path", "--json"], ["path"]],
    [["native", "info", "--json"], ["path", "origin", "version", "abiVersion"]],
    [["doctor", "--json"], ["ok", "checks"]],
  ];
  await directory.write("bin/systemd-run", "#!/bin/sh\n", { mode: 0o755 });
  for (const [line, keys] of lines) {
    await t.step({
      name: line.slice(0, 2).join(" "),
      ignore: missing !== undefined && needsLibrary.includes(line.slice(0, 2).join(" ")),
      async fn() {
        const { code, stdout, stderr } = await runCli(line, { permissions: ["-A"], env });
        assertEquals(code, 0, stderr);
        assertEquals(stdout.split("\n").length, 2, stdout);
        const report = JSON.parse(stdout);
        for (const key of keys) assert(Object.hasOwn(report, key), `${key} in ${stdout}`);
      },
    });
  }
});

Deno.test("connector validate --json tells problems in its object, and on stderr", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("bf.toml", 'stream_url = "x"\n', { mode: 0o600 });
  const { code, stdout, stderr } = await runCli(
    ["connector", "validate", "--type", "binancefutures", path, "--json"],
    { permissions: ["--allow-read"] },
  );
  assertEquals(code, 2);
  const { valid, file, problems } = JSON.parse(stdout);
  assertEquals([valid, file], [false, path]);
  assert(problems.length >= 2);
  for (const { message } of problems) assert(stderr.includes(message), stderr);
});

Deno.test("record --recover --json tells files that cannot be recovered", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("a.gz.part", "");
  const { code, stdout, stderr } = await runCli(
    ["record", "--recover", path, "--json"],
    { permissions: ["-A"] },
  );
  assertEquals(code, 1);
  const { recovered, failed } = JSON.parse(stdout);
  assertEquals([recovered, failed.length, failed[0].from], [[], 1, path]);
  assert(stderr.includes(failed[0].error));
});

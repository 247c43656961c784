import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectorRunner, MissingPermissionError } from "@hftlive/hftlive";
import { cliCommand } from "../../cli/run_cli.ts";
import { nativeReady, simConnectorPath } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { ENDLESS, scriptOptions, SIM_CONFIG } from "./support.ts";

const missing = nativeReady();

Deno.test({
  name: "permissions: all flags that are missing are named at once",
  permissions: { read: [Deno.cwd()], env: true, sys: true, run: false, write: false },
  async fn() {
    const runner = new ConnectorRunner({
      connectorName: "bf",
      connectorType: "binancefutures",
      configPath: "/nowhere/bf.toml",
      binaryPath: "/nowhere/connector",
      runtimeDirectory: "/nowhere/run",
    });
    const error = await assertRejects(() => runner.start(), MissingPermissionError);
    assertEquals(error.flags, [
      "--allow-run=/nowhere/connector,sh",
      "--allow-read=/nowhere/bf.toml,/nowhere/connector,/nowhere/run",
      "--allow-write=/nowhere/run",
    ]);
    assertEquals(runner.state, "ended");
    const look = await assertRejects(() => runner.binaryExists(), MissingPermissionError);
    assertEquals(look.flags, ["--allow-read=/nowhere/connector"]);
  },
});

/** Runs a connector in a process with these permissions; its exit code and what it printed. */
async function runWith(
  permissions: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const [deno = "", ...rest] = cliCommand(args, {
    permissions,
    script: "tests/connector/runner/narrow_program.ts",
  });
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: rest,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("permissions: the narrow set is enough to start, read and stop", async () => {
  await using directory = await TempDirectory.create();
  const { binaryPath = "", configPath } = await scriptOptions(directory, ENDLESS);
  const run = directory.file("run");
  const permissions = [
    `--allow-run=${binaryPath},sh`,
    `--allow-read=${configPath},${binaryPath},${run}`,
    `--allow-write=${run}`,
  ];
  const args = [binaryPath, configPath, run, "alive"];
  assertEquals(await runWith(permissions, args), { code: 0, text: "alive stopped\n" });

  for (const without of permissions) {
    const { code, text } = await runWith(permissions.filter((flag) => flag !== without), args);
    assertEquals([code, text.trim().split("\n").at(-1)], [3, without], text);
  }
  // Deno hands such variables on only to those who may run anything.
  const preloaded = await runWith(permissions, args, { LD_LIBRARY_PATH: "/nowhere" });
  assertEquals([preloaded.code, preloaded.text.trim().split("\n").at(-1)], [3, "--allow-run"]);
  const cleared = await runWith(permissions, [...args, "clear"], { LD_LIBRARY_PATH: "/nowhere" });
  assertEquals(cleared, { code: 0, text: "alive stopped\n" });
});

Deno.test({
  name: "permissions: more than the process is proven with --allow-ffi only",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const configPath = await directory.write("sim.toml", SIM_CONFIG);
    const run = directory.file("run");
    const permissions = ["--allow-run", "--allow-read", `--allow-write=${run}`, "--allow-env"];
    const args = [simConnectorPath(), configPath, run, "attached", "unchecked"];
    const { code, text } = await runWith(permissions, args);
    assertEquals([code, text.trim().split("\n").at(-1)], [3, "--allow-ffi"], text);
    const allowed = await runWith([...permissions, "--allow-ffi"], args);
    assertEquals(allowed, { code: 0, text: "attached stopped\n" });
    assert(!text.includes("NotCapable"));
  },
});

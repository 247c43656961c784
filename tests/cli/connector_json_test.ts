/**
 * `--json` of the commands that run connectors, and of those that reach them.
 */

import { assert, assertEquals } from "@std/assert";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { environmentIn } from "./permission_calls.ts";
import { prepareConnector } from "./permission_scene.ts";
import { runCli, startCli } from "./run_cli.ts";

const ignore = nativeReady() !== undefined;

function objects(text: string): Record<string, unknown>[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test({
  name: "connector up, status, restart, stop and logs speak JSON",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await Deno.mkdir(directory.file("bin"));
    const name = uniqueConnectorName();
    await prepareConnector(directory, name);
    const options = { permissions: ["-A"], env: environmentIn(directory) };
    const file = directory.file("sims.toml");
    await using up = startCli(["connector", "up", "--file", file, "--json"], options);
    await up.prints("stdout", /"status":"ready"/);
    const run = async (...line: string[]): Promise<Record<string, unknown>> => {
      const { code, stdout, stderr } = await runCli(["connector", ...line, "--json"], options);
      assertEquals([code, stderr], [0, ""]);
      const [object, ...rest] = objects(stdout);
      assertEquals(rest, []);
      return object!;
    };
    const { connectors } = await run("status");
    assert(Array.isArray(connectors) && connectors[0].name === name);
    const { connector, state } = await run("restart", name);
    assertEquals([connector, state], [name, { status: "ready", level: "attached" }]);
    const { code, stdout } = await runCli(["connector", "logs", "-n", "2", "--json"], options);
    assertEquals(code, 0);
    for (const line of objects(stdout)) assertEquals(line.connector, name);
    assertEquals(await run("stop", name), { stopped: name });
    assertEquals(await run("stop"), { stopped: "supervisor" });
    const ended = await up.ended;
    assertEquals(ended.code, 0, ended.stderr);
    for (const change of objects(ended.stdout)) {
      assertEquals(Object.keys(change).sort(), ["connector", "previous", "state", "time"]);
    }
  },
});

Deno.test({
  name: "connector run --json prints the connector's lines as connector logs does",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await Deno.mkdir(directory.file("bin"));
    const name = uniqueConnectorName();
    await prepareConnector(directory, name);
    await using cli = startCli([
      ...["connector", "run", name, "binancefutures", directory.file("sim.toml"), "--any-config"],
      ...["--binary", simConnectorPath(), "--json"],
    ], { permissions: ["-A"], env: environmentIn(directory) });
    await cli.prints("stdout", /\n/);
    await cli.prints("stderr", /ready/);
    cli.kill("SIGINT");
    const { code, stdout } = await cli.ended;
    assertEquals(code, 130);
    for (const { connector, raw, stream } of objects(stdout)) {
      assertEquals([connector, typeof raw, typeof stream], [name, "string", "string"]);
    }
  },
});

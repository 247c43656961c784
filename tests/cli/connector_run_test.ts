/**
 * `cli.ts connector run` in a process of its own, with real programs.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { probeChannel } from "../../lib/native/probe.ts";
import {
  BTCUSDT,
  childrenOf,
  ENDLESS,
  IGNORES_SIGTERM,
  isAlive,
  script,
  until,
  VALID_CONFIG,
} from "../connector/runner/support.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliOptions, type CliResult, runCli, startCli } from "./run_cli.ts";

const missing = nativeReady();
const SYMBOL = [
  ...["--symbol", BTCUSDT.symbol, "--tick-size", `${BTCUSDT.tickSize}`],
  ...["--lot-size", `${BTCUSDT.lotSize}`],
];

/** The command line for a script that stands for a connector. */
async function scriptLine(directory: TempDirectory, body: string): Promise<string[]> {
  const config = await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  const binary = await script(directory, body);
  const name = uniqueConnectorName();
  return ["connector", "run", name, "binancefutures", config, "--binary", binary];
}

/** The command line for a sim-connector. */
async function simLine(directory: TempDirectory, ...more: string[]): Promise<string[]> {
  const config = await directory.write("sim.toml", '[source]\nkind = "synthetic"\n');
  return [
    ...["connector", "run", uniqueConnectorName(), "binancefutures", config],
    ...["--any-config", "--binary", simConnectorPath(), ...more],
  ];
}

/** A script that ends with a code when a file is there. */
function untilTold(code: number): string {
  return `while [ ! -e "$0.go" ]; do sleep 0.02; done; exit ${code}`;
}

function options(directory: TempDirectory, permissions: readonly string[] = ["-A"]): CliOptions {
  return { permissions, env: { XDG_RUNTIME_DIR: directory.path } };
}

Deno.test({
  name: "connector run proves the connector ready, shows its output, and ends it with Ctrl+C",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const line = await simLine(directory, ...SYMBOL);
    const [, , name = ""] = line;
    await using cli = startCli(line, options(directory));
    await cli.prints("stderr", /ready \(fresh\) after \d+\.\d s/);
    const [publisher] = probeChannel(name).publishers;
    assert(publisher?.alive);
    cli.kill("SIGINT");
    const { code, stdout, stderr } = await cli.ended;
    assertEquals(code, 130);
    assertMatch(stdout, /INFO sim_connector::connector: The connector is ready\./);
    assertStringIncludes(stderr, `${name} stopped`);
    assertEquals(await isAlive(publisher.pid), false);
    assertEquals(probeChannel(name).publishers, []);
  },
});

Deno.test({
  name: "connector run needs no more than the permissions it asks for",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const line = await simLine(directory, ...SYMBOL);
    // Until the place of private files may be looked at, no narrower permission can be named.
    const permissions = ["--allow-env", "--allow-sys=uid"];
    const refused = await runCli(line, options(directory, permissions));
    assertEquals(refused.code, 3);
    const flags = /run deno with (.*) \(or/.exec(refused.stderr)?.[1]?.split(" ") ?? [];
    assertEquals(
      flags.map((flag) => flag.replaceAll(directory.path, "DIR").replace(/=.*release\//, "=")),
      [
        "--allow-read=sim-connector,DIR/sim.toml,DIR/hftlive,DIR",
        "--allow-write=DIR/hftlive",
        "--allow-run=sim-connector",
        "--allow-ffi",
      ],
    );
    await using cli = startCli(line, options(directory, [...permissions, ...flags]));
    await cli.prints("stderr", /ready \(fresh\)/);
    cli.kill("SIGTERM");
    assertEquals((await cli.ended).code, 130);
  },
});

Deno.test("connector run ends a connector that ignores SIGTERM, in the time it is given", async () => {
  await using directory = await TempDirectory.create();
  const line = await scriptLine(directory, IGNORES_SIGTERM);
  await using cli = startCli(
    [...line, "--level", "alive", "--stop-timeout", "0.3"],
    options(directory),
  );
  await cli.prints("stdout", /^pid \d+$/m);
  await cli.prints("stderr", /ready \(alive\)/);
  cli.kill("SIGINT");
  const { code, stdout } = await cli.ended;
  assertEquals(code, 130);
  assertEquals(await isAlive(Number(/^pid (\d+)$/m.exec(stdout)?.[1])), false);
});

Deno.test("connector run that is killed leaves no connector", async () => {
  await using directory = await TempDirectory.create();
  const line = await scriptLine(directory, ENDLESS);
  await using cli = startCli([...line, "--level", "alive"], options(directory));
  await cli.prints("stderr", /ready \(alive\)/);
  const pids = (await Promise.all((await childrenOf(Deno.pid)).map(childrenOf))).flat();
  assert(pids.length >= 2, "the connector and its guard");
  cli.kill("SIGKILL");
  const { stdout } = await cli.ended;
  const pid = Number(/^pid (\d+)$/m.exec(stdout)?.[1]);
  assert(pids.includes(pid));
  await until(
    "the end of all",
    async () => (await Promise.all(pids.map(isAlive))).every((alive) => !alive),
  );
});

Deno.test("connector run tells how a connector ended", async () => {
  await using directory = await TempDirectory.create();
  const endsWith = async (code: number): Promise<CliResult> => {
    const line = await scriptLine(directory, untilTold(code));
    await using cli = startCli([...line, "--level", "alive"], options(directory));
    await cli.prints("stderr", /ready \(alive\)/);
    await Deno.writeTextFile(`${line[6]}.go`, "");
    return await cli.ended;
  };
  const ended = await endsWith(0);
  assertEquals(ended.code, 0, ended.stderr);
  assertStringIncludes(ended.stderr, "ended with code 0");
  const crashed = await endsWith(7);
  assertEquals(crashed.code, 1);
  assertMatch(crashed.stderr, /^hftlive: Connector test-\S+ ended with code 7$/m);

  const early = await scriptLine(directory, 'echo "bad key" >&2; exit 3');
  const failed = await runCli(early, options(directory));
  assertEquals(failed.code, 1);
  assertMatch(failed.stderr, /it ended with code 3 before it was ready: bad key$/m);
});

Deno.test("connector run fails when the connector is not ready in time", async () => {
  await using directory = await TempDirectory.create();
  const line = await scriptLine(directory, ENDLESS);
  const { code, stdout, stderr } = await runCli(
    [...line, "--timeout", "0.5"],
    options(directory),
  );
  assertEquals(code, 1);
  assertMatch(stderr, /^hftlive: Connector \S+ is not attached, only alive: /m);
  assertEquals(await isAlive(Number(/^pid (\d+)$/m.exec(stdout)?.[1])), false);
});

Deno.test("connector run tells of a program, configuration or project that is not there", async () => {
  await using directory = await TempDirectory.create();
  const line = await scriptLine(directory, ENDLESS);
  const at = (index: number, text: string): string[] => line.with(index, text);
  const noProgram = await runCli(at(6, directory.file("nothing")), options(directory));
  assertEquals(noProgram.code, 1);
  assertStringIncludes(noProgram.stderr, "Cannot find the connector's program");
  const noConfig = await runCli(at(4, directory.file("nothing.toml")), options(directory));
  assertEquals(noConfig.code, 2);
  assertMatch(noConfig.stderr, /nothing\.toml: no such file, write one with: connector init$/m);
  const noProject = await runCli(
    [...line.slice(0, 5), "--project-root", directory.path],
    options(directory),
  );
  assertEquals(noProject.code, 1);
  assertStringIncludes(noProject.stderr, "Cannot find hftbacktest's source");
});

Deno.test("connector run shows where orders go, and warnings, and --quiet does not", async () => {
  await using directory = await TempDirectory.create();
  const line = [...await scriptLine(directory, ENDLESS), "--level", "alive"];
  await Deno.chmod(line[4]!, 0o644);
  await using loud = startCli(line, options(directory));
  await loud.prints("stderr", /ready \(alive\)/);
  loud.kill("SIGINT");
  const { stderr } = await loud.ended;
  assertMatch(stderr, /^test-\S+ starting on network custom$/m);
  assertMatch(stderr, /^warning: .*bf\.toml: other users may read or change it/m);
  await using quiet = startCli([...line, "--quiet"], options(directory));
  await quiet.prints("stdout", /^pid \d+$/m);
  quiet.kill("SIGINT");
  const end = await quiet.ended;
  assertEquals([end.code, end.stderr], [130, ""]);
});

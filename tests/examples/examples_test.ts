/** What the examples say when they cannot work; readme_test.ts runs them when they can. */

import { assertEquals, assertMatch } from "@std/assert";
import { type CliResult, runCli } from "../cli/run_cli.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";

const missing = nativeReady();

function example(name: string, ...args: string[]): Promise<CliResult> {
  return runCli(args, { script: `examples/${name}.ts`, permissions: ["-A"] });
}

for (const name of ["live_connector", "market_maker"]) {
  Deno.test({
    name: `${name} says that no connector is attached`,
    ignore: missing !== undefined,
    fn: async () => {
      const channel = `nobody-${crypto.randomUUID()}`;
      const { code, stderr } = await example(
        name,
        ...["--live", "--connector", channel, "--duration", "1"],
      );
      assertEquals(code, 1);
      assertMatch(stderr, new RegExp(`[Nn]o connector is attached.*${channel}`));
    },
  });

  Deno.test(`${name} names the flag it cannot use`, async () => {
    const { code, stderr } = await example(name, "--stub", "--duration", "soon");
    assertEquals(code, 2);
    assertMatch(stderr, /--duration = "soon"/);
  });
}

const MISTAKES: readonly [name: string, args: readonly string[], stderr: RegExp][] = [
  ["async_streams", ["--connector", ""], /^async_streams: .*connector/],
  ["connector_runner", ["--config", "/nowhere/bf.toml"], /\/nowhere\/bf\.toml: no such file\n$/],
  ["packaged_bot", [], /^packaged_bot: Cannot use --connector = undefined: expected a connector/],
  ["record_and_replay", [], /^record_and_replay: Cannot use DIRECTORY = undefined: expected where/],
  ["record_and_replay", ["x", "--seconds", "b"], /--seconds = "b": expected a number above 0\n$/],
  ["several_connectors", ["/nowhere.toml"], /^several_connectors: .*\/nowhere\.toml: no such file/],
];
for (const [name, args, stderr] of MISTAKES) {
  Deno.test({
    name: `${name} ${args.join(" ")} says what is wrong in one line`,
    ignore: missing !== undefined,
    fn: async () => {
      const binary = name === "connector_runner" ? ["--binary", simConnectorPath()] : [];
      const result = await example(name, ...binary, ...args);
      assertEquals(result.code, 1);
      assertMatch(result.stderr, stderr);
      assertEquals(result.stderr.trimEnd().split("\n").length, 1, result.stderr);
    },
  });
}

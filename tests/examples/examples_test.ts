/** The examples, run as their users run them: on the stub, and live on sim-connector. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type CliResult, runCli } from "../cli/run_cli.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { startSimConnector } from "../support/sim_connector.ts";

const FIRST = { live_connector: /done: (\d+) trades/, market_maker: /(\d+) orders, \d+ cancels/ };
const missing = nativeReady();

for (const [name, count] of Object.entries(FIRST)) {
  const script = `examples/${name}.ts`;
  const example = (args: string[]): Promise<CliResult> =>
    runCli(args, { script, permissions: ["-A"] });

  Deno.test(`${name} runs on the stub`, async () => {
    assertDid(await example(["--stub", "--duration", "2"]), count);
  });

  Deno.test({
    name: `${name} runs live on sim-connector`,
    ignore: missing !== undefined,
    fn: async () => {
      await using sim = await startSimConnector();
      assertDid(await example(["--live", "--connector", sim.name, "--duration", "3"]), count);
    },
  });

  Deno.test({
    name: `${name} says that no connector is attached`,
    ignore: missing !== undefined,
    fn: async () => {
      const channel = `nobody-${crypto.randomUUID()}`;
      const { code, stderr } = await example([
        ...["--live", "--connector", channel, "--duration", "1"],
      ]);
      assertEquals(code, 1);
      assertMatch(stderr, new RegExp(`[Nn]o connector is attached.*${channel}`));
    },
  });

  Deno.test(`${name} names the flag it cannot use`, async () => {
    const { code, stderr } = await example(["--stub", "--duration", "soon"]);
    assertEquals(code, 2);
    assertMatch(stderr, /--duration = "soon"/);
  });
}

Deno.test({
  name: "connector_runner starts a connector, trades through it and stops it",
  ignore: missing !== undefined,
  fn: async () => {
    const { code, stdout, stderr } = await runCli([
      ...["--binary", simConnectorPath(), "--config"],
      inCheckout("native/crates/sim-connector/examples/synthetic.toml"),
    ], { script: "examples/connector_runner.ts", permissions: ["-A"] });
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /is new\norder \d+ is canceled\nconnector: stopping\nconnector: ended\n$/);
    const [, pid] = /runs as process (\d+)/.exec(stdout) ?? [];
    assertThrows(() => Deno.kill(Number(pid), "SIGCONT"), Deno.errors.NotFound);
  },
});

Deno.test({
  name: "connector_runner says which file is missing",
  ignore: missing !== undefined,
  fn: async () => {
    const { code, stderr } = await runCli(
      ["--binary", simConnectorPath(), "--config", "/nowhere/bf.toml"],
      { script: "examples/connector_runner.ts", permissions: ["-A"] },
    );
    assertEquals(code, 1);
    assertMatch(stderr, /\/nowhere\/bf\.toml: no such file/);
  },
});

/** The example ended well and counted something. */
function assertDid({ code, stdout, stderr }: CliResult, count: RegExp): void {
  assertEquals(code, 0, stderr);
  const [, number] = count.exec(stdout) ?? [];
  assertEquals(Number(number) > 0, true, stdout);
}

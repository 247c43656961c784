/** `--channel-config`, and what commands tell of the sizes of channels. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "smol-toml";
import { probeChannel } from "@hftlive/hftlive";
import { nativeReady, simConnectorPath } from "../support/native_ready.ts";
import { startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { SIM_CONFIG } from "../connector/runner/support.ts";
import { runCli, startCli } from "./run_cli.ts";

const ignore = nativeReady() !== undefined;
const permissions = ["-A"];
const BTCUSDT = ["--symbol", "btcusdt", "--tick-size", "0.1", "--lot-size", "0.001"];

Deno.test("a file of sizes that cannot be used is wrong usage, and --stub has no channel", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("c.toml", "buffer_size = 0\nmax_bots = 3\n");
  const live = ["watch", "--live", "--connector", "x", ...BTCUSDT, "--channel-config", path];
  const cases: readonly (readonly [args: readonly string[], code: number, message: string])[] = [
    [live, 2, "buffer_size: expected a whole number from 1 to 16777216, is 0"],
    [["watch", "--stub", "--channel-config", path], 2, "Flag --channel-config needs --live"],
    [["paper", "--stub", "--channel-config", path], 2, "Flag --channel-config needs --connector"],
  ];
  for (const [args, code, message] of cases) {
    const result = await runCli(args, { permissions });
    assertEquals([result.code, result.stdout], [code, ""], result.stderr);
    assertStringIncludes(result.stderr, message);
  }
  const denied = await runCli(live, { permissions: ["--allow-ffi"] });
  assertEquals(denied.code, 3);
  assertStringIncludes(denied.stderr, `--allow-read=${path}`);
});

Deno.test({
  name: "watch --live asks for the sizes in the file, and takes a larger channel",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await using sim = await startSimConnector();
    const watch = async (text: string) => {
      const path = await directory.write("c.toml", text);
      return await runCli([
        ...["watch", "--live", "--connector", sim.name, ...BTCUSDT],
        ...["--duration", "0.5", "--json", "--channel-config", path],
      ], { permissions });
    };
    assertEquals((await watch("buffer_size = 10\nmax_bots = 1\n")).code, 0);
    const larger = await watch("buffer_size = 10001\nmax_bots = 1\n");
    assertEquals(larger.code, 1);
    assertStringIncludes(larger.stderr, "it holds 10000 messages for each of at most 200 bots");
    assertStringIncludes(larger.stderr, "this bot asks for 10001 messages for 1 bot");
  },
});

Deno.test({
  name: "connector run, validate and status tell the sizes of channels",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    await Deno.chmod(directory.path, 0o700);
    const env = { XDG_RUNTIME_DIR: directory.path };
    const name = uniqueConnectorName();
    const config = await directory.write("sim.toml", SIM_CONFIG);
    const sizes = await directory.write("c.toml", "buffer_size = 300\nmax_bots = 3\n");
    const words = "300 messages for each of at most 3 bots";

    {
      await using run = startCli(
        [
          ...["connector", "run", name, "binancefutures", config, "--any-config"],
          ...["--binary", simConnectorPath(), "--channel-config", sizes],
        ],
        { permissions, env },
      );
      await run.prints("stderr", /ready \(attached\)/);
      assertStringIncludes(run.stderr, `has a channel of ${words}, as ${sizes} says`);
      assertEquals(probeChannel(name).sizes, { bufferSize: 300, maxBots: 3 });
      run.kill("SIGINT");
      assertEquals((await run.ended).code, 130);
    }

    const file = await directory.write(
      "connectors.toml",
      stringify({
        connector: [{
          ...{ name, type: "binancefutures", config: "sim.toml", validate_config: false },
          ...{ binary: simConnectorPath(), channel: { buffer_size: 300, max_bots: 3 } },
        }],
      }),
    );
    const valid = await runCli(["connector", "validate", file], { permissions, env });
    assertStringIncludes(valid.stdout, `channel of ${words}, up to 499 KiB`);
    await using up = startCli(["connector", "up", "--file", file], { permissions, env });
    await up.prints("stdout", / ready/);
    const status = await runCli(["connector", "status"], { permissions, env });
    assertStringIncludes(status.stdout, "300 x 3");
    const path = directory.file(`hftlive/${name}.channel.toml`);
    assertStringIncludes(status.stdout, `HFTBACKTEST_CHANNEL_CONFIG of ${name}: ${path}`);
    assertEquals(await Deno.readTextFile(path), "buffer_size = 300\nmax_bots = 3\n");
    up.kill("SIGTERM");
    assertEquals((await up.ended).code, 130);
  },
});

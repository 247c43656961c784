import { assertEquals, assertThrows } from "@std/assert";
import { ConnectorRunner, type ConnectorRunnerOptions, InvalidInputError } from "@hftlive/hftlive";
import { checkRunnerOptions } from "../../../lib/connector/runner_options.ts";

const MINIMAL: ConnectorRunnerOptions = {
  connectorName: "bf",
  connectorType: "binancefutures",
  configPath: "/etc/bf.toml",
};

Deno.test("runner options: the defaults are the prior art's", () => {
  const settings = checkRunnerOptions(MINIMAL);
  assertEquals(settings.startupTimeoutMs, 10_000);
  assertEquals(settings.shutdownTimeoutMs, 5_000);
  assertEquals(settings.buildFeatures, ["binancefutures"]);
  assertEquals(settings.env, {});
  assertEquals(settings.ownGroup, false);
  assertEquals(settings.autoBuild, true);
  assertEquals(settings.captureOutput, true);
  assertEquals(settings.validateConfig, true);
  assertEquals([settings.projectRoot, settings.binaryPath], [undefined, undefined]);
});

Deno.test("runner options: relative paths count from the working directory of now", () => {
  const settings = checkRunnerOptions({ ...MINIMAL, configPath: "bf.toml", binaryPath: "./x" });
  assertEquals(settings.configPath, `${Deno.cwd()}/bf.toml`);
  assertEquals(settings.binaryPath, `${Deno.cwd()}/x`);
});

Deno.test("runner options: an error names the field and the value", () => {
  const wrong: [string, unknown, Record<string, unknown>][] = [
    ["connectorName", "", { connectorName: "" }],
    ["connectorName", "名".repeat(100), { connectorName: "名".repeat(100) }],
    ["connectorName", "a b", { connectorName: "a b" }],
    ["connectorName", "a/b", { connectorName: "a/b" }],
    ["connectorName", "--help", { connectorName: "--help" }],
    ["connectorName", undefined, { connectorName: undefined }],
    ["connectorType", "BTCUSDT", { connectorType: "BTCUSDT" }],
    ["configPath", "", { configPath: "" }],
    ["configPath", 7, { configPath: 7 }],
    ["projectRoot", "", { projectRoot: "" }],
    ["binaryPath", "a\0b", { binaryPath: "a\0b" }],
    ["buildFeatures", "bybit", { buildFeatures: "bybit" }],
    ["buildFeatures[1]", "--x", { buildFeatures: ["bybit", "--x"] }],
    ["startupTimeoutMs", -1, { startupTimeoutMs: -1 }],
    ["startupTimeoutMs", NaN, { startupTimeoutMs: NaN }],
    ["shutdownTimeoutMs", Infinity, { shutdownTimeoutMs: Infinity }],
    ["env", "A=B", { env: { "A=B": "x" } }],
    ["ownGroup", 1, { ownGroup: 1 }],
    ["autoBuild", "no", { autoBuild: "no" }],
    ["captureOutput", 1, { captureOutput: 1 }],
    ["validateConfig", "yes", { validateConfig: "yes" }],
    ["clearEnv", 0, { clearEnv: 0 }],
    ["channel", 7, { channel: 7 }],
    ["channel.bufferSize", 0, { channel: { bufferSize: 0 } }],
    ["channel.bufferSize", 2 ** 24 + 1, { channel: { bufferSize: 2 ** 24 + 1 } }],
    ["channel.maxBots", 1.5, { channel: { maxBots: 1.5 } }],
    ["channel.maxBots", 2 ** 16 + 1, { channel: { maxBots: 2 ** 16 + 1 } }],
    ["env.HFTBACKTEST_CHANNEL_CONFIG", "x.toml", {
      channel: {},
      env: { HFTBACKTEST_CHANNEL_CONFIG: "x.toml" },
    }],
  ];
  for (const [field, value, change] of wrong) {
    const options = { ...MINIMAL, ...change };
    const error = assertThrows(() => new ConnectorRunner(options), InvalidInputError);
    assertEquals([error.field, error.value], [field, value]);
  }
});

Deno.test("runner options: a message never shows the value of a variable", () => {
  const env = { SECRET: "hunter2\0hunter2" };
  const error = assertThrows(() => new ConnectorRunner({ ...MINIMAL, env }), InvalidInputError);
  assertEquals(error.field, "env.SECRET");
  assertEquals(error.message.includes("hunter2"), false);
});

Deno.test("runner options: before a start there is nothing", async () => {
  const runner = new ConnectorRunner(MINIMAL);
  assertEquals([runner.state, runner.isRunning, runner.pid], ["idle", false, undefined]);
  assertEquals([runner.output, runner.exit, runner.warnings], [[], undefined, []]);
  assertEquals(await runner.stop(), undefined);
  assertThrows(() => runner.logs(), Error, "was not started");
});

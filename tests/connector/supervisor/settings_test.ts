import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ConnectorConfigError,
  formatProblem,
  loadSupervisorSettings,
  settingsTemplate,
  type SupervisorSettings,
  writeSettingsTemplate,
} from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import { VALID_CONFIG } from "../runner/support.ts";

const CONNECTOR = `[[connector]]
name = "bf"
type = "binancefutures"
config = "bf.toml"
`;

async function loadIn(directory: TempDirectory, text: string): Promise<SupervisorSettings> {
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  return await loadSupervisorSettings(await directory.write("connectors.toml", text));
}

/** All problems, without the directory. */
async function problems(text: string): Promise<string[]> {
  await using directory = await TempDirectory.create();
  const error = await assertRejects(() => loadIn(directory, text), ConnectorConfigError);
  return error.problems.map((problem) =>
    formatProblem(problem).replaceAll(`${directory.path}/`, "")
  );
}

Deno.test("settings: everything has a default but name, type and configuration", async () => {
  await using directory = await TempDirectory.create();
  const settings = await loadIn(directory, CONNECTOR);
  assertEquals(settings, {
    path: directory.file("connectors.toml"),
    controlSocket: undefined,
    logFiles: undefined,
    connectors: [{
      name: "bf",
      type: "binancefutures",
      configPath: directory.file("bf.toml"),
      validateConfig: true,
      binaryPath: undefined,
      projectRoot: undefined,
      buildFeatures: undefined,
      env: {},
      clearEnv: false,
      channel: undefined,
      dependsOn: [],
      restart: {
        policy: "on-failure",
        firstDelayMs: 1_000,
        maxDelayMs: 60_000,
        jitter: 0.2,
        maxRestarts: 5,
        windowMs: 600_000,
      },
      ready: { level: "attached", symbol: undefined, timeoutMs: 30_000 },
      watchdog: undefined,
      stopTimeoutMs: 10_000,
      network: "custom",
    }],
    warnings: [],
  });
});

Deno.test("settings: every key is read, and relative paths start from the file", async () => {
  await using directory = await TempDirectory.create();
  const { connectors, controlSocket, logFiles } = await loadIn(
    directory,
    `[supervisor]
control_socket = "run/control.sock"
log_dir = "/var/log/hftlive"
log_max_bytes = 1000
log_max_files = 2

[channel]
max_bots = 8

[[connector]]
name = "a"
type = "bybit"
config = "a.toml"
validate_config = false
binary = "bin/connector"
project_root = "/src/hftbacktest"
build_features = ["bybit"]
env = { RUST_LOG = "debug" }
clear_env = true
depends_on = ["bf"]
stop_timeout_s = 2.5
restart = { policy = "always", first_delay_s = 0.5, max_delay_s = 5, jitter = 0, max_restarts = 3, window_s = 9 }
ready = { symbol = "BTCUSDT", tick_size = 0.1, lot_size = 0.001, timeout_s = 4 }
channel = { buffer_size = 50_000 }

[connector.watchdog]
feed_timeout_s = 7
symbols = [
  "BTCUSDT",
  { symbol = "ETHUSDT", tick_size = 0.01, lot_size = 0.01, feed_timeout_s = 20 },
]

${CONNECTOR}`,
  );
  assertEquals(controlSocket, directory.file("run/control.sock"));
  assertEquals(logFiles, { directory: "/var/log/hftlive", maxBytes: 1_000, maxFiles: 2 });
  const btcusdt = { symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001 };
  assertEquals(connectors[0], {
    name: "a",
    type: "bybit",
    configPath: directory.file("a.toml"),
    validateConfig: false,
    binaryPath: directory.file("bin/connector"),
    projectRoot: "/src/hftbacktest",
    buildFeatures: ["bybit"],
    env: { "RUST_LOG": "debug" },
    clearEnv: true,
    channel: { bufferSize: 50_000, maxBots: 8 },
    dependsOn: ["bf"],
    restart: {
      policy: "always",
      firstDelayMs: 500,
      maxDelayMs: 5_000,
      jitter: 0,
      maxRestarts: 3,
      windowMs: 9_000,
    },
    ready: { level: "fresh", symbol: btcusdt, timeoutMs: 4_000 },
    watchdog: {
      symbols: [
        { ...btcusdt, feedTimeoutMs: 7_000 },
        { symbol: "ETHUSDT", tickSize: 0.01, lotSize: 0.01, feedTimeoutMs: 20_000 },
      ],
    },
    stopTimeoutMs: 2_500,
    network: undefined,
  });
});

Deno.test("settings: a connector's own sizes go before its environment's and all connectors'", async () => {
  await using directory = await TempDirectory.create();
  const named = (name: string) => CONNECTOR.replace('"bf"', `"${name}"`);
  const { connectors } = await loadIn(
    directory,
    `[channel]
buffer_size = 500
${named("common")}
${named("own")}channel = { buffer_size = 7, max_bots = 3 }
${named("file")}env = { HFTBACKTEST_CHANNEL_CONFIG = "/etc/channel.toml" }
`,
  );
  assertEquals(connectors.map(({ channel }) => channel), [
    { bufferSize: 500, maxBots: 200 },
    { bufferSize: 7, maxBots: 3 },
    undefined,
  ]);
  assertEquals(
    await problems(`[channel]
buffer = 5
max_bots = 0

${CONNECTOR}env = { HFTBACKTEST_CHANNEL_CONFIG = "/etc/channel.toml" }
`),
    [
      'connectors.toml:2: unknown key "buffer", did you mean "buffer_size"',
      "connectors.toml:3: channel.max_bots: expected a whole number from 1 to 65536, is 0",
    ],
  );
  assertEquals(
    await problems(`${CONNECTOR}env = { HFTBACKTEST_CHANNEL_CONFIG = "/etc/channel.toml" }
[connector.channel]
max_bots = 1
`),
    [
      "connectors.toml:5: connector.env: HFTBACKTEST_CHANNEL_CONFIG and [connector.channel] exclude " +
      "each other",
    ],
  );
});

Deno.test("settings: all that the schema refuses is told at once, with lines", async () => {
  assertEquals(
    await problems(`[supervisor]
control_sock = "x"
log_max_files = 0

[[connector]]
name = "b f"
type = "binancefuture"
confg = "a.toml"
env = { API_SECRET = 5 }
restart = { policy = "allways", max_restarts = 1.5, jitter = 2 }
ready = { timeout_s = 0 }

[[connector]]
name = "b"
depends_on = "x"
type = 3
config = ""
[connector.watchdog]
symbols = ["btcusdt", 5, { symbol = "x", tick = 1 }]
`),
    [
      'connectors.toml:2: unknown key "control_sock", did you mean "control_socket"',
      "connectors.toml:3: supervisor.log_max_files: expected a whole number from 1 to 1000, is 0",
      'connectors.toml:6: connector.name: expected a name of at most 100 letters, digits and "._-", is "b f"',
      'connectors.toml:7: connector.type: expected one of binancefutures, binancespot, bybit, is "binancefuture"',
      'connectors.toml:8: unknown key "confg", did you mean "config"',
      "connectors.toml:9: connector.env.API_SECRET: expected a text in quotes",
      'connectors.toml:10: connector.restart.policy: expected one of never, on-failure, always, is "allways"',
      "connectors.toml:10: connector.restart.jitter: expected a number from 0 to 1, is 2",
      "connectors.toml:10: connector.restart.max_restarts: expected a whole number from 1 to 1000000, is 1.5",
      "connectors.toml:11: connector.ready.timeout_s: expected a number of seconds above 0 and at most 2147483.647, is 0",
      'connectors.toml:15: connector.depends_on: expected an array, is "x"',
      "connectors.toml:16: connector.type: expected one of binancefutures, binancespot, bybit, is 3",
      'connectors.toml:17: connector.config: expected the path of a file, is ""',
      "connectors.toml:19: connector.watchdog.symbols: expected a symbol in quotes, or a table, is 5",
      'connectors.toml:19: unknown key "tick", did you mean "tick_size"',
    ],
  );
});

Deno.test("settings: what is missing is told at the table it belongs to", async () => {
  assertEquals(await problems(""), ['connectors.toml: missing key "connector"']);
  assertEquals(await problems("connector = []"), [
    "connectors.toml:1: connector: expected at least one [[connector]], is []",
  ]);
  assertEquals(await problems("[connector]\nname = 'x'"), [
    "connectors.toml:1: connector: expected tables that start with [[connector]], is " +
    '{"name":"x"}',
  ]);
  assertEquals(await problems("\n[[connector]]\n"), [
    'connectors.toml:2: missing key "name"',
    'connectors.toml:2: missing key "type"',
    'connectors.toml:2: missing key "config"',
  ]);
  assertEquals(await problems("[[connectors]]\n"), [
    'connectors.toml:1: unknown key "connectors", did you mean "connector"',
  ]);
  // The configuration of one connector, where a file of connectors belongs.
  assertEquals(await problems('api_url = "http://x"\n'), [
    'connectors.toml: missing key "connector"',
    'connectors.toml:1: unknown key "api_url": it belongs to the configuration of one connector, ' +
    "check that with --type TYPE",
  ]);
});

Deno.test("settings: what does not go together is told", async () => {
  assertEquals(
    await problems(`${CONNECTOR}depends_on = ["bg", "c"]

[[connector]]
name = "c"
type = "bybit"
config = "c.toml"
depends_on = ["bf"]
restart = { first_delay_s = 10, max_delay_s = 5 }
ready = { level = "fresh", symbol = "btcusdt" }

[[connector]]
name = "d"
type = "binancespot"
config = "d.toml"
ready = { tick_size = 1 }
watchdog = { symbols = ["BTCUSDT", "ethusdt", "ethusdt"] }

[[connector]]
name = "e"
type = "binancespot"
config = "e.toml"
ready = { symbol = "s", tick_size = 1, lot_size = 1 }
watchdog = { symbols = ["s", { symbol = "s", tick_size = 2 }] }

${CONNECTOR.replace('"bf"', '"e"')}`),
    [
      'connectors.toml:5: connector.depends_on: there is no connector "bg"',
      "connectors.toml:5: connector.depends_on: each waits for the next: bf, c, bf",
      "connectors.toml:12: connector.restart.max_delay_s: expected at least first_delay_s, is 5 and not 10",
      'connectors.toml:13: symbol = "btcusdt": expected a symbol as bybit spells it, in upper case: "BTCUSDT"',
      'connectors.toml:13: missing key "tick_size": level "fresh" is proven with a symbol',
      'connectors.toml:13: missing key "lot_size": level "fresh" is proven with a symbol',
      'connectors.toml:19: missing key "symbol": symbol, tick_size and lot_size belong together',
      'connectors.toml:19: missing key "lot_size": symbol, tick_size and lot_size belong together',
      'connectors.toml:20: symbol = "BTCUSDT": expected a symbol as binancespot spells it, in lower case: "btcusdt"',
      'connectors.toml:20: connector.watchdog.symbols: "BTCUSDT" needs tick_size and lot_size, write ' +
      '{ symbol = "BTCUSDT", tick_size = ..., lot_size = ... }',
      'connectors.toml:20: connector.watchdog.symbols: "ethusdt" needs tick_size and lot_size, write ' +
      '{ symbol = "ethusdt", tick_size = ..., lot_size = ... }',
      'connectors.toml:20: connector.watchdog.symbols: "ethusdt" stands there twice',
      'connectors.toml:20: connector.watchdog.symbols: "ethusdt" needs tick_size and lot_size, write ' +
      '{ symbol = "ethusdt", tick_size = ..., lot_size = ... }',
      'connectors.toml:27: connector.watchdog.symbols: "s" stands there twice',
      'connectors.toml:27: connector.watchdog.symbols: "s" has tick_size 2, but connector.ready has 1',
      'connectors.toml:30: connector.name: "e" is the name of another connector too',
    ],
  );
});

Deno.test("settings: configurations are checked too, and theirs are told as well", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("bad.toml", "stream_ur = 'ws://x'\n", { mode: 0o600 });
  const text = `${CONNECTOR.replace("bf.toml", "bad.toml")}
${CONNECTOR.replace('"bf"', '"c"').replace("bf.toml", "nothing.toml")}`;
  const error = await assertRejects(() => loadIn(directory, text), ConnectorConfigError);
  assertEquals(error.file, directory.file("connectors.toml"));
  assertEquals(
    error.problems.map((problem) => formatProblem(problem).replaceAll(`${directory.path}/`, "")),
    [
      'bad.toml:1: unknown key "stream_ur", did you mean "stream_url"',
      'bad.toml: missing key "api_url"',
      "nothing.toml: no such file, write one with: connector init",
    ],
  );
});

Deno.test("settings: a warning names its connector", async () => {
  await using directory = await TempDirectory.create();
  await directory.write("open.toml", VALID_CONFIG, { mode: 0o644 });
  const { warnings } = await loadIn(directory, CONNECTOR.replace("bf.toml", "open.toml"));
  assertEquals(warnings.length, 1);
  assert(warnings[0]?.startsWith("bf: "), warnings[0]);
  assert(warnings[0]?.includes("chmod 600"), warnings[0]);
});

Deno.test("settings: a file that cannot be read or is no TOML", async () => {
  await using directory = await TempDirectory.create();
  const missing = await assertRejects(
    () => loadSupervisorSettings(directory.file("nothing.toml")),
    ConnectorConfigError,
    "no such file",
  );
  assertEquals(missing.problems.length, 1);
  assertEquals(await problems("[supervisor]\nx = = 1"), [
    "connectors.toml:2: not valid TOML: invalid value",
  ]);
});

Deno.test("settings: no value that may be a secret is shown", async () => {
  const secret = "verysecretvalue";
  const text = (await problems(`${CONNECTOR}
secret = "${secret}"
[connector.env]
BINANCE_SECRET = { x = "${secret}" }
`)).join("\n");
  assert(text.includes("unknown key"), text);
  assert(!text.includes(secret), text);
});

Deno.test("settings: the template can be used, and never overwrites", async () => {
  await using directory = await TempDirectory.create();
  const text = settingsTemplate().replace('"binancefutures.toml"', '"bf.toml"');
  const { connectors } = await loadIn(directory, text);
  assertEquals(connectors[0]?.ready.level, "fresh");
  assertEquals(connectors[0]?.watchdog?.symbols.length, 1);

  const path = directory.file("new.toml");
  await writeSettingsTemplate(path);
  assertEquals(await Deno.readTextFile(path), settingsTemplate());
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  await Deno.writeTextFile(path, "mine");
  await assertRejects(() => writeSettingsTemplate(path), ConnectorConfigError, "exists already");
  assertEquals(await Deno.readTextFile(path), "mine");
});

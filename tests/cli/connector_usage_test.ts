import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

const TYPES = "(there are binancefutures, binancespot, bybit)";

const WRONG_LINES: readonly (readonly [string, string])[] = [
  [
    "connector",
    "Command connector needs one of: run, up, status, logs, restart, stop, init, validate, build, " +
    "systemd, docker",
  ],
  ["connector statsu", 'Unknown command: connector statsu, did you mean "connector status"?'],
  ["connector run", "Missing arguments: connector run needs NAME TYPE CONFIG"],
  ["connector run bf binancefutures", "Missing argument: connector run needs NAME TYPE CONFIG"],
  [
    "connector run binancefutures BTCUSDT bf.toml",
    `Unknown connector type: BTCUSDT ${TYPES}; the order is NAME TYPE CONFIG, and symbols are ` +
    "asked for by bots",
  ],
  [
    "connector run bf binancefuture bf.toml",
    `Unknown connector type: binancefuture ${TYPES}, did you mean binancefutures?`,
  ],
  [
    "connector run bf binancefutures bf.toml BTCUSDT",
    "Unexpected argument: BTCUSDT (connector run takes at most 3)",
  ],
  [
    "connector run bf binancefutures bf.toml --symbol BTCUSDT",
    'Cannot use symbol = "BTCUSDT": expected a symbol as binancefutures spells it, in lower case: ' +
    '"btcusdt"',
  ],
  [
    "connector run bf binancefutures bf.toml --symbol btcusdt",
    "Missing flags: what is proven with a symbol needs --tick-size, --lot-size",
  ],
  [
    "connector run bf binancefutures bf.toml --level fresh",
    "Missing flags: --level fresh needs --symbol, --tick-size, --lot-size",
  ],
  [
    "connector run bf binancefutures bf.toml --level feed",
    'Cannot use --level = "feed": expected one of alive, attached, registered, fresh',
  ],
  ["connector restart", "Missing argument: connector restart needs NAME"],
  ["connector stop a b", "Unexpected argument: b (connector stop takes at most 1)"],
  ["connector status bf", "Unexpected argument: bf (connector status takes none)"],
  [
    "connector logs -n many",
    'Cannot use --lines = "many": expected a whole number from 0 to 1000000',
  ],
  ["connector init", "Missing argument: connector init needs TYPE"],
  ["connector init kraken", `Unknown connector type: kraken ${TYPES}`],
  ["connector validate --type bybit", "Missing argument: connector validate needs FILE"],
  [
    "connector validate --type kraken x",
    'Cannot use --type = "kraken": expected one of binancefutures, binancespot, bybit',
  ],
  ["connector docker", "Missing flag: connector docker needs --ref COMMIT"],
  [
    "connector docker --ref x --secret-file a",
    'Cannot use --secret-file = "a": expected NAME=VALUE',
  ],
  ["connector systemd --env A=1 --env A=2", 'Cannot use --env = "A": expected each name once'],
];

for (const [line, message] of WRONG_LINES) {
  Deno.test(`"cli.ts ${line}" ends with code 2 and one line`, async () => {
    const { code, stdout, stderr } = await runCli(line.split(" "));
    assertEquals({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: `hftlive: ${message}\n`,
    });
  });
}

const SOCKET = "--allow-read=/d --allow-write=/d --allow-net=unix:/d/s (or -P=connector)";
const PLACE = "--allow-env=XDG_RUNTIME_DIR,TMPDIR --allow-sys=uid";
const VARIABLES = "HFTLIVE_LIB,HOME,XDG_CACHE_HOME,RUST_LOG,HFTBACKTEST_CHANNEL_CONFIG," +
  "XDG_RUNTIME_DIR,TMPDIR";

const MISSING_PERMISSIONS: readonly (readonly [string, string])[] = [
  ["connector status --socket /d/s", SOCKET],
  ["connector stop --socket /d/s", SOCKET],
  ["connector restart a --socket /d/s", SOCKET],
  ["connector logs --socket /d/s", SOCKET],
  [
    "connector status",
    `${PLACE} --allow-read --allow-write --allow-net (or -P=connector)`,
  ],
  [
    "connector run bf bybit /c.toml --binary /b",
    `--allow-read --allow-write --allow-env=${VARIABLES} --allow-sys=uid --allow-run=sh,/b ` +
    "--allow-ffi (or -P=connector)",
  ],
  ["connector up", `--allow-read ${PLACE} (or -P=connector)`],
  ["connector init bybit /b.toml", "--allow-write=/b.toml (or -P=connector)"],
  ["connector validate --type bybit /b.toml", "--allow-read=/b.toml (or -P=connector)"],
  ["connector validate /c.toml", "--allow-read (or -P=connector)"],
  [
    "connector build",
    "--allow-read --allow-env=HFTBACKTEST_ROOT --allow-run=cargo (or -P=connector)",
  ],
  ["connector systemd --user me", "--allow-read (or -P=connector)"],
  ["connector docker --ref x /d", "--allow-write=/d (or -P=connector)"],
];

for (const [line, flags] of MISSING_PERMISSIONS) {
  Deno.test(`"cli.ts ${line}" without permission names the flags`, async () => {
    const { code, stdout, stderr } = await runCli(line.split(" "));
    const command = line.split(" ").slice(0, 2).join(" ");
    const message = `Cannot run ${command}: permission is missing, run deno with ${flags}`;
    assertEquals({ code, stdout, stderr }, {
      code: 3,
      stdout: "",
      stderr: `hftlive: ${message}\n`,
    });
  });
}

Deno.test("connector status, logs, restart and stop say when no supervisor runs", async () => {
  await using directory = await TempDirectory.create();
  const env = { XDG_RUNTIME_DIR: directory.path };
  for (const line of ["status", "logs -f", "restart bf", "stop", "stop bf"]) {
    const { code, stdout, stderr } = await runCli(["connector", ...line.split(" ")], {
      permissions: ["-A"],
      env,
    });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^hftlive: Cannot reach a supervisor on .*: none runs there, start one/);
    assertEquals(stderr.split("\n").length, 2);
  }
});

Deno.test("connector up names what is missing once its file tells what it needs", async () => {
  await using directory = await TempDirectory.create();
  await directory.write(
    "connectors.toml",
    `[supervisor]
control_socket = "run/s"
log_dir = "logs"
[[connector]]
name = "a"
type = "bybit"
config = "a.toml"
validate_config = false
binary = "/opt/connector"
`,
  );
  const { code, stdout, stderr } = await runCli(
    ["connector", "up", "--file", directory.file("connectors.toml")],
    {
      permissions: ["--allow-read", "--allow-env", "--allow-sys=uid"],
      env: { XDG_RUNTIME_DIR: directory.path },
    },
  );
  assertEquals([code, stdout], [3, ""]);
  assertStringIncludes(
    stderr.replaceAll(directory.path, "DIR"),
    "run deno with --allow-write=DIR/hftlive,DIR/logs,DIR/run --allow-run=sh,/opt/connector " +
      "--allow-ffi --allow-net=unix:DIR/run/s (or -P=connector)",
  );
});

Deno.test("connector up tells all that is wrong with its file", async () => {
  await using directory = await TempDirectory.create();
  const file = await directory.write("connectors.toml", "[[connector]]\nnam = 'a'\n");
  const { code, stdout, stderr } = await runCli(["connector", "up", "--file", file], {
    permissions: ["-A"],
  });
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, `${file}:2: unknown key "nam", did you mean "name"`);
  assertStringIncludes(stderr, `${file}:1: missing key "type"`);
  const missing = await runCli(["connector", "up"], {
    permissions: ["-A"],
    env: { XDG_RUNTIME_DIR: directory.path },
  });
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.stderr, "connectors.toml: no such file");
});

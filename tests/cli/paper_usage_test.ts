/**
 * Wrong command lines of `paper`, and what they answer.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

const GOES_WITH = "--connector PROGRAM or --project-root DIRECTORY";

const WRONG_LINES: readonly (readonly [string, string])[] = [
  ["", "Nothing to serve: give --stub for a random market, or --data FILE for a recording"],
  ["--stub --data x.gz", "Flags --stub and --data exclude each other"],
  ["--stub --replay x.gz", "Flags --stub and --replay exclude each other"],
  ["--stub --speed 2", "Flag --speed needs --data: --stub knows only 1"],
  ["--stub --start 2024-08-08T00:00:00Z", "Flag --start needs --data"],
  ["--data x.gz --seed 3", "Flag --seed needs --stub"],
  [
    "--data x.gz --end soon",
    'Cannot use --end = "soon": expected a time such as 2024-08-08T12:00:00Z, or nanoseconds since 1970',
  ],
  [
    "--stub --symbol BTCUSDT",
    'Cannot use --symbol = "BTCUSDT": expected a symbol as binancefutures spells it, in lower case: "btcusdt"',
  ],
  ["--stub --strategy x.ts", `Flag --strategy needs ${GOES_WITH}`],
  ["--stub --name x", `Flag --name needs ${GOES_WITH}`],
  ["--stub --connector-log", `Flag --connector-log needs ${GOES_WITH}`],
  ["--stub --connector x --set a=1", "Flag --set needs --strategy"],
  ["--stub --connector x --report r.html", "Flag --report needs --strategy"],
  ["--stub --holding BTC=1", "Flag --holding needs --type binancespot"],
  ["--stub --type binancespot --leverage 3", "Flag --leverage needs --type binancefutures"],
  [
    "--stub --type binancespot --holding BTC",
    'Cannot use --holding = "BTC": expected ASSET=QTY, such as BTC=1',
  ],
  ["--stub --queue-power 2", "Flag --queue-power needs --queue-model powerProb"],
  ["--stub --port 70000", "Cannot use --port = 70000: expected a whole number from 0 to 65535"],
  ["--stub --balance -1", "Cannot use --balance = -1: expected a number from 0 to 1000000000000"],
  ["--stub --speed max", 'Cannot use --speed = "max": expected a number above 0 and at most 1000'],
];

for (const [line, message] of WRONG_LINES) {
  Deno.test(`"cli.ts paper ${line}" ends with code 2 and one line`, async () => {
    const { code, stdout, stderr } = await runCli(["paper", ...line.split(" ").filter(Boolean)]);
    assertEquals([code, stdout, stderr], [2, "", `hftlive: ${message}\n`]);
  });
}

Deno.test("paper names the flags of the permissions it needs", async () => {
  const { code, stderr } = await runCli(["paper", "--stub", "--port", "4711"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "run deno with --allow-net=127.0.0.1:4711 (or -P=paper)");
  const files = ["paper", "--data", "/a.gz", "--data", "/b.npz", "--write-config", "/c.toml"];
  assertStringIncludes(
    (await runCli(files)).stderr,
    "--allow-net=127.0.0.1 --allow-read=/a.gz,/b.npz --allow-write=/c.toml (or -P=paper)",
  );
  const chain = await runCli(["paper", "--stub", "--connector", "/c", "--strategy", "/s.ts"], {
    permissions: ["--allow-net=127.0.0.1", "--allow-env", "--allow-sys", "--allow-write"],
  });
  assertEquals(chain.code, 3);
  assertStringIncludes(chain.stderr, "--allow-read --allow-run=sh,/c --allow-ffi (or -P=paper)");
});

Deno.test("paper refuses values that only its parts can judge, with code 2", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using directory = await TempDirectory.create();
  const strategy = await directory.write("empty.ts", "export {};\n");
  const quiet = await directory.write("quiet.txt", "no recording\n");
  const cases: [string[], string][] = [
    [["--stub", "--port", `${taken.addr.port}`], `--port = ${taken.addr.port}: expected a port`],
    [["--stub", "--api-key", "short"], 'Cannot use --api-key = "***": expected 8 to 128'],
    [["--stub", "--tick-size", "1e-13"], "--tick-size = 1e-13"],
    [["--data", "/nowhere.gz"], '--data = "/nowhere.gz": expected the path of an existing file'],
    [["--stub", "--connector", "/c", "--strategy", strategy], "it has no default export"],
  ];
  for (const [line, message] of cases) {
    const { code, stdout, stderr } = await runCli(["paper", ...line, "--duration", "1"], {
      permissions: ["-A"],
    });
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, message);
  }
  const unreadable = await runCli(["paper", "--data", quiet], { permissions: ["-A"] });
  assertEquals(unreadable.code, 1);
  assertStringIncludes(unreadable.stderr, `Cannot read recording ${quiet}`);
});

Deno.test({
  name: "paper tells which symbols a recording has",
  ignore: recordingMissing() !== undefined,
  async fn() {
    const line = ["paper", "--data", RECORDING, "--symbol", "ethusdt"];
    const { code, stderr } = await runCli(line, { permissions: ["-A"] });
    assertEquals(code, 2);
    assertStringIncludes(stderr, "No recording has symbol ethusdt, there is btcusdt");
  },
});

/** `trade` as its users run it. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { inCheckout } from "../support/checkout.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliOptions, type CliResult, runCli, startCli } from "./run_cli.ts";

const MARKET_MAKER = inCheckout("examples/market_maker.ts");
const noRecording = recordingMissing();

const trade = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  runCli(["trade", ...args], { permissions: ["-P=trade", "--quiet"], ...options });

const FIELDS = [
  ...[
    "strategy",
    "mode",
    "market",
    "params",
    "startTime",
    "durationS",
    "wallS",
    "endReason",
    "failure",
    "health",
  ],
  ...["equity", "balance", "fee", "maxDrawdown", "turnover", "dropped", "overflows", "malformed"],
  ...["events", "refusedRequests", "orderErrors", "fees", "instruments"],
];

Deno.test("trade --stub --json prints one object, the same for the same seed", async () => {
  const args = ["--strategy", MARKET_MAKER, "--stub", "--seed", "7", "-d", "10", "--json"];
  const [first, second] = [await trade(args), await trade(args)];
  assertEquals([first.code, first.stderr], [0, ""]);
  const { wallS, ...report } = JSON.parse(first.stdout);
  for (const field of FIELDS) assert(field === "wallS" || field in report, `has ${field}`);
  assert(wallS > 0);
  assertEquals([report.mode, report.strategy, report.endReason], [
    ...["stub", "market_maker", "duration"],
  ]);
  assertAlmostEquals(report.durationS, 10, 0.1);
  assert(report.instruments[0].fills.count > 100);
  const { wallS: _, ...again } = JSON.parse(second.stdout);
  assertEquals(again, report);
});

Deno.test("trade prints a summary, and writes a page", async () => {
  await using directory = await TempDirectory.create();
  const page = directory.file("run.html");
  const { code, stdout, stderr } = await trade([
    ...["--strategy", MARKET_MAKER, "--stub", "-d", "5", "--report", page],
    ...["--set", "halfSpreadTicks=3", "--maker-fee", "-0.0001"],
  ]);
  assertEquals([code, stderr], [0, `Report written to ${page}\n`]);
  assertMatch(stdout, /^Summary: market_maker on stub, 5\.0 s$/m);
  assertMatch(stdout, /halfSpreadTicks=3/);
  assertMatch(stdout, /^ {2}fees +-\d+\.\d{4}$/m);
  assertMatch(stdout, /^ {2}orders +[\d,]+ \([\d,]+ filled, /m);
  assertStringIncludes(await Deno.readTextFile(page), "<h1>market_maker</h1>");
});

Deno.test({
  name: "trade --replay runs a recording, the same each time",
  ignore: noRecording !== undefined,
  fn: async () => {
    const args = [
      ...["--strategy", MARKET_MAKER, "--replay", RECORDING, "--json"],
      ...["--tick-size", "0.1", "--lot-size", "0.001", "--order-latency", "20"],
    ];
    const { code, stdout, stderr } = await trade(args);
    assertEquals([code, stderr], [0, ""]);
    const { wallS: _, ...report } = JSON.parse(stdout);
    assertEquals([report.mode, report.endReason], ["replay", "endOfData"]);
    const [btc] = report.instruments;
    assertEquals([btc.symbol, btc.connector, btc.market.totalTrades], [
      "btcusdt",
      "replay",
      21_313,
    ]);
    assert(btc.fills.count > 50, `${btc.fills.count} fills`);
    assert(btc.orderLatencyNs.p50 >= 20e6);
    const { wallS: __, ...again } = JSON.parse((await trade(args)).stdout);
    assertEquals(again, report);
    // Another queue model is another run.
    const other = await trade([...args, "--queue-model", "none"]);
    assert(JSON.parse(other.stdout).instruments[0].fills.count > btc.fills.count);
  },
});

Deno.test("Ctrl+C ends trade with its summary, code 130 and no open order", async () => {
  await using cli = startCli(
    ["trade", "--strategy", MARKET_MAKER, "--stub", "--speed", "1", "--json"],
    { permissions: ["-A"] },
  );
  await new Promise((resolve) => setTimeout(resolve, 2000));
  cli.kill("SIGINT");
  const { code, stdout, stderr } = await cli.ended;
  assertEquals(code, 130, stderr);
  const report = JSON.parse(stdout);
  assertEquals(report.endReason, "interrupted");
  const { submitted, open, unknown } = report.instruments[0].orders;
  assert(submitted > 0);
  assertEquals([open, unknown], [0, 0]);
});

Deno.test("a strategy that fails ends trade with code 1, after its report", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write(
    "failing.js",
    "export default {\n  onEvent(event) {\n    event.nothing.at.all;\n  },\n};\n",
  );
  const { code, stdout, stderr } = await trade(["--strategy", path, "--stub", "-d", "1"]);
  assertEquals(code, 1);
  assertMatch(stdout, /^ {2}ended +failed$/m);
  assertStringIncludes(stderr, `hftlive: Strategy failed in onEvent: TypeError: `);
  assertStringIncludes(stderr, `(at ${path}:3:19)\n`);
});

Deno.test("what a strategy logs goes to standard error", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write(
    "logging.js",
    "export default { run: async ({ log, sleep }) => { log('one'); await sleep(1e6); log('two'); } };",
  );
  const { code, stdout, stderr } = await trade(["--strategy", path, "--stub", "--json"]);
  assertEquals([code, stderr], [0, "one\ntwo\n"]);
  assertEquals(JSON.parse(stdout).endReason, "finished");
});

Deno.test("an order that nobody awaits is no crash when the run ends before its answer", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write(
    "careless.js",
    `export default {
      async run({ client, sleep }) {
        client.submitOrder({ side: "buy", qty: 0.001, orderType: "market" });
        sleep(1e9);
      },
    };`,
  );
  const slow = ["--stub", "--order-latency", "5000", "--json"];
  const kept = await trade(["--strategy", path, ...slow, "--keep-orders"]);
  assertEquals([kept.code, kept.stderr], [0, ""]);
  assertEquals(JSON.parse(kept.stdout).instruments[0].orders.unknown, 1);
  // Without --keep-orders its answer is waited for.
  const awaited = await trade(["--strategy", path, ...slow]);
  assertEquals([awaited.code, awaited.stderr], [0, ""]);
  assertEquals(JSON.parse(awaited.stdout).instruments[0].orders.filled, 1);
});

/** A line, its exit code, and what it says. */
const WRONG: readonly (readonly [string, number, string])[] = [
  ["--stub", 2, "Missing flag: trade needs --strategy FILE, whose default export it runs"],
  [
    "--strategy s.ts",
    2,
    "Nothing to trade: give --stub for a random market, --replay FILE for a recording, " +
    "or --live for a running connector",
  ],
  [
    "--strategy s.ts --paper --stub",
    2,
    "Missing flag: --paper needs --connector PROGRAM, hftbacktest's connector",
  ],
  [
    "--strategy s.ts --paper --connector c",
    2,
    "Nothing to serve: give --stub for a random market, or --data FILE for a recording",
  ],
  [
    "--strategy s.ts --paper --connector c --stub --keep-orders",
    2,
    "Flag --keep-orders needs another market than --paper",
  ],
  ["--strategy s.ts --live --stub", 2, "Flags --stub and --live exclude each other"],
  ["--strategy nowhere.ts --stub", 2, "Cannot load strategy nowhere.ts: no such file"],
  ["--strategy s.ts --stub --queue-model none", 2, "Flag --queue-model needs --replay"],
  [
    "--strategy s.ts --stub --order-latency feed",
    2,
    "Flag --order-latency feed or FILE.csv needs --replay",
  ],
  [
    "--strategy s.ts --live --instrument c:s:1:1 --order-latency 1",
    2,
    "Flag --order-latency needs --stub or --replay",
  ],
  [
    "--strategy s.ts --replay f --instrument c:s:1:1 --order-latency soon",
    2,
    'Cannot use --order-latency = "soon": expected 0 to 60000 ms, feed, or a file of measured ' +
    "latencies that ends in .csv",
  ],
  [
    "--strategy s.ts --replay f --instrument c:s:1:1 --queue-model powerProb",
    2,
    "Missing flag: --queue-model powerProb needs --queue-power",
  ],
  [
    "--strategy s.ts --replay f --instrument c:s:1:1 --queue-power 2",
    2,
    "Flag --queue-power needs --queue-model powerProb",
  ],
  [
    `--strategy ${MARKET_MAKER} --stub --set lots=3`,
    2,
    'Cannot use parameter = "lots": expected one of the strategy\'s: asset, halfSpreadTicks, ' +
    "quoteLots, maxPositionLots, skewTicksPerLot",
  ],
  [
    `--strategy ${MARKET_MAKER} --stub -d 1 --report /nowhere/run.html`,
    1,
    "Cannot write report /nowhere/run.html: No such file or directory (os error 2): " +
    "open '/nowhere/run.html'",
  ],
  [
    `--strategy ${MARKET_MAKER} --replay /nowhere.gz --instrument c:s:1:1`,
    2,
    'Cannot use --replay = "/nowhere.gz": expected the path of an existing file',
  ],
];

for (const [line, code, message] of WRONG) {
  Deno.test(`"trade ${line}" ends with code ${code} and one line`, async () => {
    const result = await trade(line.split(" "));
    assertEquals(result, { code, stdout: "", stderr: `hftlive: ${message}\n` });
  });
}

Deno.test("trade names the permissions it needs", async () => {
  const cases: readonly (readonly [string, string[], string])[] = [
    ["--stub --strategy s.ts", [], "trade: permission is missing, run deno with --allow-read=s.ts"],
    [
      "--stub --strategy s.ts --report r.html",
      ["--allow-read"],
      "trade --report: permission is missing, run deno with --allow-write=r.html",
    ],
    [
      "--replay f.gz --instrument c:s:1:1 --strategy s.ts",
      ["--allow-read=s.ts"],
      "trade --replay: permission is missing, run deno with --allow-read=f.gz",
    ],
    [
      "--live --instrument c:s:1:1 --strategy s.ts",
      ["--allow-read"],
      "trade --live: permission is missing, run deno with --allow-ffi",
    ],
  ];
  for (const [line, permissions, message] of cases) {
    const { code, stderr } = await trade(line.split(" "), { permissions });
    assertEquals([code, stderr], [3, `hftlive: Cannot run ${message} (or -P=trade)\n`]);
  }
});

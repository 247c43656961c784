/** Recordings on the command line: which instrument each file is of, and how they are watched. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  InvalidInputError,
  LiveClient,
  Recorder,
  type RecorderOptions,
  StubBot,
} from "@hftlive/hftlive";
import { latencyModel, readLatencies } from "../../lib/cli/source/order_latency.ts";
import { timeOf } from "../../lib/cli/source/time.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli } from "./run_cli.ts";

const BTC = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
const ETH = { connector: "stub", symbol: "ethusdt", tickSize: 0.01, lotSize: 0.01 };
const STEPS = ["--tick-size", "0.1", "--lot-size", "0.001"];
const noRecording = recordingMissing();

/** A second of two random markets; returns the file of each. */
async function recordTwo(
  directory: string,
  format: RecorderOptions["format"],
): Promise<{ readonly btc: string; readonly eth: string }> {
  const instruments = [{ ...BTC, basePrice: 60_000 }, { ...ETH, basePrice: 3_000 }];
  await using client = await LiveClient.start(
    new StubBot({ seed: 5, maxFeeds: 1000, instruments }),
  );
  await using recorder = new Recorder(client.bot, { directory, format });
  await recorder.follow(client, { whenFull: "wait" });
  const { files } = await recorder.close();
  const path = (symbol: string): string =>
    files.find(({ instrument }) => instrument.symbol === symbol)!.path;
  return { btc: path("btcusdt"), eth: path("ethusdt") };
}

/** Runs through recordings; returns the report, or what went wrong. */
async function watch(args: readonly string[]): Promise<{
  readonly code: number;
  readonly stderr: string;
  // deno-lint-ignore no-explicit-any
  readonly report: any;
}> {
  const { code, stdout, stderr } = await runCli(
    ["watch", "--json", "--quiet", "--speed", "max", ...args],
    { permissions: ["--allow-read"] },
  );
  return { code, stderr, report: stdout === "" ? undefined : JSON.parse(stdout) };
}

Deno.test({
  name: "watch --replay counts what an independent reader counted, with its symbol from the file",
  ignore: noRecording !== undefined,
  fn: async () => {
    const { code, report, stderr } = await watch(["--replay", RECORDING, ...STEPS]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(report.mode, "replay");
    assertEquals(report.totalTrades, 21_313);
    assertEquals([report.buyVolume, report.sellVolume], [1251.576, 1177.79]);
    assertEquals(report.instruments[0].symbol, "btcusdt");
    // The time and the rate are the recording's.
    assert(report.durationS > 340 && report.durationS < 350, `${report.durationS} s`);
    assert(Math.abs(report.tradesPerSecond - 21_313 / report.durationS) < 1e-6);
  },
});

Deno.test({
  name: "watch --replay begins and ends where it is told, and runs at its own pace",
  ignore: noRecording !== undefined,
  fn: async () => {
    const cut = ["--start", "2024-08-08T23:55:00Z", "--end", "2024-08-08T23:55:10Z"];
    const { code, report } = await watch(["--replay", RECORDING, ...STEPS, ...cut]);
    assertEquals(code, 0);
    assert(report.durationS > 9 && report.durationS < 11, `${report.durationS} s`);
    const started = performance.now();
    const paced = await runCli(
      ["--replay", RECORDING, ...STEPS, ...cut, "--speed", "5", "--json", "-q"],
      { permissions: ["--allow-read"] },
    );
    assertEquals(paced.code, 0, paced.stderr);
    assertEquals(JSON.parse(paced.stdout).totalTrades, report.totalTrades);
    assert(performance.now() - started > 1900, "ten seconds at five times their pace");
  },
});

for (const format of ["npz", "gz"] as const) {
  Deno.test(`two ${format} recordings are two instruments, however they are named`, async () => {
    await using directory = await TempDirectory.create();
    const { btc, eth } = await recordTwo(directory.path, format);
    const named = [
      ...["--replay", `ethusdt=${eth}`, "--replay", `btcusdt=${btc}`],
      ...["--instrument", "a:btcusdt:0.1:0.001", "--instrument", "b:ethusdt:0.01:0.01"],
    ];
    const { code, report, stderr } = await watch(named);
    assertEquals(code, 0, stderr);
    assertEquals(
      report.instruments.map((i: typeof BTC) => [i.connector, i.symbol, i.tickSize]),
      [["a", "btcusdt", 0.1], ["b", "ethusdt", 0.01]],
    );
    assert(report.instruments[0].lastBid > 50_000 && report.instruments[1].lastBid < 5_000);
    const one = await watch(["--replay", btc, "--symbol", "btcusdt", ...STEPS]);
    assertEquals(one.report.totalTrades, report.instruments[0].totalTrades);
  });
}

Deno.test("a recording that tells its symbol needs none on the command line", async () => {
  await using directory = await TempDirectory.create();
  const { btc, eth } = await recordTwo(directory.path, "gz");
  const { code, report, stderr } = await watch(["--replay", btc, "--replay", eth, ...STEPS]);
  assertEquals(code, 0, stderr);
  assertEquals(report.instruments.map((i: typeof BTC) => i.symbol), ["btcusdt", "ethusdt"]);
});

Deno.test("a recording whose instrument is not known is refused, with what to write", async () => {
  await using directory = await TempDirectory.create();
  const { btc } = await recordTwo(directory.path, "npz");
  const untold = `hftlive: Recording ${btc} does not tell its symbol: name one with --symbol, or ` +
    "for each of several files as --replay SYMBOL=FILE\n";
  assertEquals((await watch(["--replay", btc, ...STEPS])).stderr, untold);
  const two = ["--symbol", "btcusdt", "--symbol", "ethusdt", ...STEPS];
  assertEquals((await watch(["--replay", btc, ...two])).stderr, untold);
  const { code, stderr } = await watch(["--replay", `btcusdt=${btc}`, ...two]);
  assertEquals([code, stderr], [
    2,
    "hftlive: No recording has symbol ethusdt: name its file as --replay ethusdt=FILE\n",
  ]);
});

Deno.test("a damaged recording is told with its place, or skipped and counted", async () => {
  await using directory = await TempDirectory.create();
  const { btc } = await recordTwo(directory.path, "gz");
  const bytes = await Deno.readFile(btc);
  await Deno.writeFile(btc, bytes.subarray(0, bytes.length - 2000));
  const args = ["--replay", btc, ...STEPS];
  const { code, stderr } = await watch(args);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `Cannot read recording ${btc}: `);
  const skipping = await watch([...args, "--skip-damaged"]);
  assertEquals([skipping.code, skipping.report.skipped], [0, 1]);
});

Deno.test("times are ISO 8601 with a zone, or nanoseconds", () => {
  const ns = 1_723_118_400_000_000_000n;
  assertEquals(timeOf("--start", "2024-08-08T12:00:00Z"), ns);
  assertEquals(timeOf("--start", "2024-08-08T14:00:00.000000001+02:00"), ns + 1n);
  assertEquals(timeOf("--start", "2024-08-08T12:00Z"), ns);
  assertEquals(timeOf("--start", String(ns)), ns);
  assertEquals(timeOf("--start", undefined), undefined);
  for (const text of ["2024-08-08", "2024-08-08T12:00:00", "2024-13-08T12:00:00Z", "12", ""]) {
    assertThrows(() => timeOf("--start", text), InvalidInputError, "Cannot use --start");
  }
});

Deno.test("latencies of orders are a round trip, the feed's, or those of a file", async () => {
  assertEquals(latencyModel("3"), { model: "constant", entryNs: 1.5e6, responseNs: 1.5e6 });
  assertEquals(latencyModel("feed"), { model: "recorded" });
  assertEquals(latencyModel("a.CSV"), { file: "a.CSV" });
  assertThrows(() => latencyModel("-1"), InvalidInputError, "--order-latency");
  await using directory = await TempDirectory.create();
  const path = await directory.write("l.csv", "request,exchange,response\n1,2,3\r\n4, 0 ,6\n\n");
  assertEquals(readLatencies(path), [
    { requestTimestamp: 1n, exchTimestamp: 2n, responseTimestamp: 3n },
    { requestTimestamp: 4n, exchTimestamp: 0n, responseTimestamp: 6n },
  ]);
  const wrong = await directory.write("w.csv", "1,2,3\nrequest,2,3\n");
  assertThrows(() => readLatencies(wrong), InvalidInputError, `line 2 of ${wrong}`);
  assertThrows(() => readLatencies("/nowhere.csv"), InvalidInputError, "an existing file");
});

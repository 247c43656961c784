/** The market maker, the same file on every market: stub, recording, paper exchange, and live. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  LiveClient,
  Recorder,
  ReplayBot,
  type RunReport,
  runStrategy,
  StubBot,
} from "@hftlive/hftlive";
import strategy from "../../examples/market_maker.ts";
import type { PaperExchangeReport } from "../../lib/exchange/report.ts";
import { runCli } from "../cli/run_cli.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady, startSimConnector } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const BTC = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
const FILE = inCheckout("examples/market_maker.ts");
const missing = nativeReady();
const connector = Deno.env.get("HFTBACKTEST_CONNECTOR");
if (connector === undefined) {
  console.log("the market maker is not run on paper: HFTBACKTEST_CONNECTOR names no connector");
}

Deno.test("the market maker trades on the stub, within its limit", async () => {
  const { report, charts, error } = await runStrategy(
    new StubBot({ seed: 7, maxFeeds: Infinity }),
    strategy,
    { durationS: 10, virtualTime: true, params: { maxPositionLots: 3 } },
  );
  assertEquals(error, undefined);
  assertTraded(report);
  const [{ position }] = charts.instruments as [typeof charts.instruments[0]];
  for (const { min, max } of position) {
    assert(min > -0.0031 && max < 0.0031, `position from ${min} to ${max}`);
  }
});

Deno.test("the market maker trades on a recording of the stub, the same each time", async () => {
  await using directory = await TempDirectory.create();
  const recording = await recordStub(directory.path);
  const run = async (): Promise<RunReport> => {
    const bot = new ReplayBot({ instruments: [{ ...BTC, recording }] });
    const { report, error } = await runStrategy(bot, strategy, { virtualTime: true });
    assertEquals(error, undefined);
    return report;
  };
  const { wallS: _, ...first } = await run();
  assertTraded({ ...first, wallS: 0 });
  assertEquals(first.endReason, "endOfData");
  const { wallS: __, ...second } = await run();
  assertEquals(second, first);
});

Deno.test({
  name: "the market maker trades live on sim-connector",
  ignore: missing !== undefined,
  fn: async () => {
    await using sim = await startSimConnector();
    const { code, stdout, stderr } = await runCli([
      ...["trade", "--strategy", FILE, "--live", "--connector", sim.name, "--symbol", "btcusdt"],
      ...["--tick-size", "0.1", "--lot-size", "0.001", "--duration", "2", "--json"],
    ], { permissions: ["-A"] });
    assertEquals(code, 0, stderr);
    const report: RunReport = JSON.parse(stdout);
    assertEquals([report.mode, report.endReason], ["live", "duration"]);
    const { orders, orderLatencyNs, market } = report.instruments[0]!;
    assert(orders.submitted > 0 && orders.canceled > 0, stdout);
    assertEquals([orders.open, orders.unknown], [0, 0], "none is left at the exchange");
    assert(orderLatencyNs.count > 0 && orderLatencyNs.p50! > 0);
    assert(market.totalTrades > 0);
  },
});

Deno.test({
  name: "the market maker trades on the paper exchange, and its report is the exchange's own",
  ignore: missing !== undefined || connector === undefined,
  fn: async () => {
    const { code, stdout, stderr } = await runCli([
      ...["paper", "--stub", "--connector", connector ?? "", "--strategy", FILE],
      ...["--set", "halfSpreadTicks=1", "--duration", "8", "--json"],
    ], { permissions: ["-A"] });
    assertEquals(code, 0, stderr);
    const { run, exchange }: { run: RunReport; exchange: PaperExchangeReport } = JSON.parse(stdout);
    const { fills, fee, position, positionDrift } = run.instruments[0]!;
    const [books] = exchange.symbols;
    assert(fills.count > 10, `${fills.count} fills`);
    assertEquals([position, positionDrift], [books!.position, 0]);
    // Fills that the connector does not pass on, and who made them, are concluded.
    assertAlmostEquals(fills.bought + fills.sold, books!.volume, 0.0025);
    assertAlmostEquals(fee / books!.fees, 1, 0.05);
  },
});

Deno.test({
  name: "trade --live says that no connector is attached",
  ignore: missing !== undefined,
  fn: async () => {
    const channel = `nobody-${crypto.randomUUID()}`;
    const { code, stdout, stderr } = await runCli([
      ...["trade", "--strategy", FILE, "--live", "--instrument", `${channel}:btcusdt:0.1:0.001`],
      ...["--feed-timeout", "1"],
    ], { permissions: ["-A"] });
    assertEquals([code, stdout], [1, ""]);
    assertEquals(
      stderr,
      `hftlive: Cannot get ready: no connector is attached to "${channel}" (waited 1.0 s)\n`,
    );
  },
});

/** Records ten seconds of a random market; returns the files. */
async function recordStub(directory: string): Promise<string[]> {
  await using client = await LiveClient.start(
    new StubBot({ seed: 11, maxFeeds: 10_000, instruments: [BTC] }),
    { idle: "busySpin" },
  );
  await using recorder = new Recorder(client.bot, { directory });
  await recorder.follow(client, { whenFull: "wait" });
  const { files } = await recorder.close();
  return files.map(({ path }) => path);
}

function assertTraded({ instruments: [instrument] }: RunReport): void {
  const { orders, fills, positionDrift } = instrument!;
  assert(orders.submitted > 100, `${orders.submitted} orders`);
  assert(fills.count > 20 && fills.maker === fills.count, `${fills.count} fills`);
  assertEquals(positionDrift, 0);
}

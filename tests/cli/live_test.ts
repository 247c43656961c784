/**
 * `cli.ts watch --live` in a process of its own, beside a real sim-connector.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readRecording } from "../native/recording_reader.ts";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { runCli, startCli } from "./run_cli.ts";
import {
  GRID,
  RECORDING,
  recordingMissing,
  roomyChannels,
  startReplay,
} from "../support/recording.ts";

const SPEED = 20;
const permissions = ["--allow-ffi", "--allow-read", "--allow-env"];
const SYNTHETIC = { kind: "synthetic", rate: 2000 };

const missing = nativeReady();

function live(name: string, run: () => Promise<void>): void {
  Deno.test({ name: `watch --live ${name}`, ignore: missing !== undefined, fn: run });
}

function args(connector: string, ...more: string[]): string[] {
  return ["--live", "--instrument", `${connector}:btcusdt:0.1:0.001`, ...more];
}

live("without a connector fails after the feed timeout", async () => {
  const connector = uniqueConnectorName();
  const { code, stdout, stderr } = await runCli(args(connector, "--feed-timeout", "1", "--json"), {
    permissions,
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `no connector is attached to "${connector}"`);
  assertStringIncludes(stderr, `start it: connector ${connector} TYPE CONFIG.toml`);
  assert(!stderr.includes("healthy,"), "never reported as healthy");
  const report = JSON.parse(stdout);
  assert(report.durationS >= 1);
  assertEquals(report.health.healthy, false);
  assertEquals([report.totalTrades, report.lastBid], [0, null]);
});

live("without a connector fails after the duration, if that is shorter", async () => {
  const { code, stderr } = await runCli(args(uniqueConnectorName(), "--duration", "0.5"), {
    permissions: ["--allow-ffi"],
  });
  assertEquals(code, 1);
  assertMatch(stderr, /Nothing to watch after 0\.\d s: no connector is attached/);
});

live("counts what a connector sends", async () => {
  await using sim = await startSimConnector({
    config: { source: SYNTHETIC },
  });
  const { code, stdout, stderr } = await runCli(
    args(
      sim.name,
      "--duration",
      "2",
      "--json",
      "--depth",
      "roivec",
      "--roi-lower",
      "50000",
      "--roi-upper",
      "70000",
    ),
    { permissions },
  );
  assertEquals(code, 0, stderr);
  const report = JSON.parse(stdout);
  assertEquals(report.mode, "live");
  assertEquals(report.health, { healthy: true, reason: null });
  assert(report.totalTrades > 0 && report.depthUpdates > report.totalTrades);
  assert(report.buyVolume > 0 && report.sellVolume > 0);
  assert(report.lastAsk > report.lastBid && report.minSpread > 0);
  assertEquals([report.dropped, report.overflows, report.malformed], [0, 0, 0]);
  assertStringIncludes(stderr, `${sim.name} btcusdt: healthy`);
});

live("fails when the connector is killed, and says so when it happens", async () => {
  await using sim = await startSimConnector({ config: { source: SYNTHETIC } });
  await using cli = startCli(args(sim.name, "--duration", "4"), { permissions });
  await cli.prints("stderr", /healthy,/);
  sim.kill("SIGKILL");
  await cli.prints("stderr", /connection lost, no connector is attached/);
  const { code, stdout, stderr } = await cli.ended;
  assertEquals(code, 1);
  assertStringIncludes(stderr, "hftlive: Not healthy at the end: no connector is attached");
  assertMatch(stdout, /^ {2}connection +not healthy: no connector is attached/m);
});

live("goes on when a killed connector is started again", async () => {
  const name = uniqueConnectorName();
  const config = { source: SYNTHETIC };
  const first = await startSimConnector({ name, config });
  await using cli = startCli(args(name, "--json"), { permissions });
  try {
    await cli.prints("stderr", /healthy,/);
  } finally {
    first.kill("SIGKILL");
    await first.stop();
  }
  await using _second = await startSimConnector({ name, config });
  await cli.prints("stderr", /healthy,[\s\S]*connection lost,[\s\S]*healthy,/);
  cli.kill("SIGINT");
  const { code, stdout } = await cli.ended;
  assertEquals(code, 130);
  assertEquals(JSON.parse(stdout).health, { healthy: true, reason: null });
});

live("never takes a connector that refuses to register for healthy", async () => {
  await using sim = await startSimConnector({
    config: { source: SYNTHETIC, fault: { refuse_register: true } },
  });
  const { code, stderr } = await runCli(args(sim.name, "--feed-timeout", "1.5"), { permissions });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `connector "${sim.name}" has not answered the registration`);
});

live("notices a feed that falls silent", async () => {
  await using sim = await startSimConnector({
    config: { source: SYNTHETIC, fault: { silent_after_events: 1000 } },
  });
  const { code, stderr } = await runCli(
    args(sim.name, "--feed-timeout", "1", "--duration", "4"),
    { permissions },
  );
  assertEquals(code, 1);
  assertMatch(stderr, /connection lost, no market data of "btcusdt" for 1\.\d s/);
});

live("counts malformed messages and tells what a connector reports", async () => {
  await using sim = await startSimConnector({
    config: {
      source: SYNTHETIC,
      fault: { malformed_after_events: 50, live_error_after_events: 100 },
    },
  });
  const { code, stdout, stderr } = await runCli(args(sim.name, "--duration", "2", "--json"), {
    permissions,
  });
  assertEquals(code, 0, stderr);
  assert(JSON.parse(stdout).malformed > 0);
  assertStringIncludes(stderr, "simulated");
});

const noRecording = missing ?? recordingMissing();

Deno.test({
  name: `watch --live: a recording at ${SPEED} times its speed gives exactly the file's trades`,
  ignore: noRecording !== undefined,
  async fn() {
    const expected = await readRecording(RECORDING, GRID);
    using _channels = roomyChannels();
    await using sim = await startReplay(SPEED);
    const { code, stdout, stderr } = await runCli(
      args(sim.name, "--duration", String(345 / SPEED + 4), "--json"),
      { permissions },
    );
    assertEquals(code, 0, stderr);
    const report = JSON.parse(stdout);
    assertEquals(
      {
        totalTrades: report.totalTrades,
        buyVolume: report.buyVolume,
        sellVolume: report.sellVolume,
        lastBid: report.lastBid,
        lastAsk: report.lastAsk,
        losses: [report.dropped, report.overflows, report.malformed],
      },
      {
        totalTrades: expected.trades,
        buyVolume: expected.buyLots / 1000,
        sellVolume: expected.sellLots / 1000,
        lastBid: expected.bids[0]![0] / 10,
        lastAsk: expected.asks[0]![0] / 10,
        losses: [0, 0, 0],
      },
    );
  },
});

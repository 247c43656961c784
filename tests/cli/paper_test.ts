/**
 * `cli.ts paper` alone, in a process of its own, over real sockets.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Stream } from "../exchange/paper_client.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { fromToml, signed, toldAccess, toldAdmin } from "./paper_support.ts";
import { runCli, startCli } from "./run_cli.ts";

const NET = ["--allow-net=127.0.0.1"];

Deno.test("paper serves a random market, takes orders, and sums them up after Ctrl+C", async () => {
  await using cli = startCli(["paper", "--stub", "--seed", "7"], { permissions: NET });
  const access = await toldAccess(cli);
  await using stream = await Stream.open(access.streamUrl);
  await stream.ask({ method: "SUBSCRIBE", params: ["btcusdt@trade", "btcusdt@depth@0ms"] });
  const trade = await stream.take(({ e }) => e === "trade");
  assertEquals([trade.s, trade.X], ["BTCUSDT", "MARKET"]);
  await stream.take(({ e }) => e === "depthUpdate");

  const order = { symbol: "btcusdt", side: "BUY", type: "LIMIT", timeInForce: "GTC" };
  const resting = await signed(access, "POST", "/fapi/v1/order", {
    ...order,
    ...{ newClientOrderId: "resting", price: "50000.0", quantity: "0.002" },
  });
  assertEquals([resting.status, resting.body["status"]], [200, "NEW"]);
  const taking = await signed(access, "POST", "/fapi/v1/order", {
    ...order,
    ...{ newClientOrderId: "taking", price: "70000.0", quantity: "0.002" },
  });
  assertEquals(taking.status, 200);
  const wrong = { ...access, secret: "x".repeat(64) };
  const refused = await signed(wrong, "DELETE", "/fapi/v1/allOpenOrders", { symbol: "btcusdt" });
  assertEquals([refused.status, refused.body["code"]], [400, -1022]);

  const report = await fetch(`${access.adminUrl}/report`, {
    headers: { "x-admin-token": access.adminToken },
  });
  assertEquals((await report.json()).symbols[0].position, 0.002);
  await cli.prints("stdout", /orders 1 open {2}fills 1 {2}position 0\.002 /);

  cli.kill("SIGINT");
  const { code, stdout, stderr } = await cli.ended;
  assertEquals(code, 130, stderr);
  assertMatch(stdout, /^Summary: paper exchange on stub, \d+\.\d s$/m);
  assertMatch(stdout, /^ {2}fills +1 \(0 as maker\)$/m);
  assertMatch(stdout, /^ {2}orders +2 accepted \(1 filled, 0 canceled, 0 expired, 1 open\)$/m);
  assertMatch(stdout, /^ {2}requests +3, refused 1 with -1022$/m);
  assertStringIncludes(stdout, "dropped by the exchange 0");
});

Deno.test("paper --json prints one object, and how it is reached on stderr", async () => {
  await using cli = startCli(["paper", "--stub", "--duration", "1", "--json"], {
    permissions: NET,
  });
  await cli.prints("stderr", /^Make it fail: /m);
  const { code, stdout, stderr } = await cli.ended;
  assertEquals(code, 0, stderr);
  const report = JSON.parse(stdout);
  assertEquals(
    [report.mode, report.market, report.endReason, report.exchange.market.state],
    ["paper", "stub", "duration", "waiting"],
  );
  assertEquals([report.connector, report.run, report.agrees], [null, null, null]);
  assert(report.durationS >= 1);
  assertMatch(fromToml(/^stream_url[^]*?^secret = .*$/m.exec(stderr)![0]).secret, /^\w{64}$/);
});

Deno.test("paper writes its configuration for its owner only, and never over a file", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("paper.toml");
  const line = ["paper", "--stub", "--duration", "0.2", "--write-config", path];
  const permissions = [...NET, `--allow-write=${path}`];
  const { code, stdout, stderr } = await runCli(line, { permissions });
  assertEquals(code, 0, stderr);
  const text = await Deno.readTextFile(path);
  const { secret, apiKey } = fromToml(text);
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertMatch(text, /^# The keys are those of a paper exchange/);
  assertStringIncludes(stdout, `connector NAME binancefutures ${path}`);
  for (const key of [secret, apiKey]) assert(!(stdout + stderr).includes(key), "a key was shown");

  const again = await runCli(line, { permissions });
  assertEquals(again.code, 2);
  assertStringIncludes(again.stderr, `${path}: exists already, and is left as it is`);
  assertEquals(await Deno.readTextFile(path), text);
});

Deno.test("paper stands for Binance's spot market too, with keys of its kind", async () => {
  const line = ["paper", "--stub", "--type", "binancespot", "--holding", "BTC=2"];
  const { code, stdout, stderr } = await runCli([...line, "--duration", "0.2"], {
    permissions: NET,
  });
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^ws_api_url = "ws:/m);
  assertMatch(stdout, /^secret = .*-----BEGIN PRIVATE KEY-----/m);
  assertStringIncludes(stdout, "connector NAME binancespot paper.toml");
  assertMatch(stdout, /^ {2}wallet +100000\.0000/m);
});

Deno.test("paper accepts the keys it is given, from the command line and the environment", async () => {
  const keys = ["--api-key", "a".repeat(64), "--secret", "env:PAPER_TEST_SECRET"];
  const line = ["paper", "--stub", "--duration", "0.2", ...keys];
  const refused = await runCli(line, { permissions: NET });
  assertEquals(refused.code, 3);
  assertStringIncludes(refused.stderr, "--allow-env=PAPER_TEST_SECRET (or -P=paper)");
  const permissions = [...NET, "--allow-env=PAPER_TEST_SECRET"];
  const unset = await runCli(line, { permissions });
  assertEquals(unset.code, 2);
  assertStringIncludes(unset.stderr, "--secret = env:PAPER_TEST_SECRET: it is not set, or empty");
  const { code, stdout, stderr } = await runCli(line, {
    permissions,
    env: { PAPER_TEST_SECRET: "s".repeat(64) },
  });
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, `api_key = "${"a".repeat(64)}"\nsecret = "${"s".repeat(64)}"\n`);
});

Deno.test({
  name: "paper plays a recording to its end, once somebody listens",
  ignore: recordingMissing() !== undefined,
  async fn() {
    // The first second of the recording, whose steps are found in it.
    const line = ["paper", "--data", RECORDING, "--speed", "4", "--end", "1723161257030414667"];
    await using cli = startCli([...line, "--json"], {
      permissions: [...NET, `--allow-read=${RECORDING}`],
    });
    await cli.prints("stderr", /^Make it fail: /m);
    assertStringIncludes(cli.stderr, "btcusdt (tick size 0.1, lot size 0.001)");
    const { adminUrl, adminToken } = toldAdmin(cli.stderr);
    const headers = { "x-admin-token": adminToken };
    const before = await (await fetch(`${adminUrl}/report`, { headers })).json();
    assertEquals(before.market.state, "waiting");
    await using stream = await Stream.open(adminUrl.replace(/^http(.*)admin$/, "ws$1ws"));
    await stream.ask({ method: "SUBSCRIBE", params: ["btcusdt@trade"] });
    const { code, stdout, stderr } = await cli.ended;
    assertEquals(code, 0, stderr);
    const { endReason, speed, exchange } = JSON.parse(stdout);
    assertEquals([endReason, speed, exchange.market.state], ["endOfData", 4, "ended"]);
    const { trades } = exchange.market;
    assert(trades > 10);
    assertEquals(exchange.streams.trades, trades);
    const received = stream.messages.filter(({ e }) => e === "trade").length;
    assertEquals(received, trades);
  },
});

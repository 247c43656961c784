/**
 * `cli.ts paper` with a connector and a strategy. The whole chain runs if the variable
 * HFTBACKTEST_CONNECTOR names hftbacktest's connector, built for Binance futures.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { probeChannel } from "../../lib/native/probe.ts";
import { childrenOf, isAlive, script, until } from "../connector/runner/support.ts";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady } from "../support/native_ready.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { cliCommand, type CliOptions, runCli, startCli } from "./run_cli.ts";

const CONNECTOR = Deno.env.get("HFTBACKTEST_CONNECTOR") ?? "";
if (CONNECTOR === "") {
  console.log("paper chain tests are skipped: HFTBACKTEST_CONNECTOR names no program");
}
const ignore = CONNECTOR === "" || recordingMissing() !== undefined ||
  nativeReady({ simConnector: false }) !== undefined;

/** What the permission set "paper" of deno.json grants. */
const PERMISSIONS = [
  ...["--allow-read", "--allow-write", "--allow-net=127.0.0.1", "--allow-env"],
  ...["--allow-sys=uid", "--allow-run", "--allow-ffi"],
];
const MAKER = inCheckout("examples/market_maker.ts");

function options(directory: TempDirectory): CliOptions {
  return { permissions: PERMISSIONS, env: { XDG_RUNTIME_DIR: directory.path } };
}

/** What is left of a chain: files with keys, processes on its channel. */
async function leftOf(directory: TempDirectory, name: string): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(directory.file("hftlive")));
  return [
    ...files.map((entry) => entry.name).filter((file) => file.endsWith(".toml")),
    ...probeChannel(name).publishers.filter(({ alive }) => alive).map(({ pid }) => `${pid}`),
  ];
}

Deno.test({
  name: "paper trades a strategy through the real connector, and both sides have the same position",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const name = uniqueConnectorName();
    const page = directory.file("run.html");
    const { code, stdout, stderr } = await runCli([
      ...["paper", "--data", RECORDING, "--speed", "5", "--connector", CONNECTOR],
      ...["--name", name, "--strategy", MAKER, "--set", "halfSpreadTicks=1"],
      ...["--duration", "10", "--json", "--report", page],
    ], options(directory));
    assertEquals(code, 0, stderr);
    const { mode, endReason, exchange, connector, run, comparison, instruments } = JSON.parse(
      stdout,
    );
    assertEquals([mode, endReason], ["paper", "duration"]);
    assertEquals(instruments[0].tickSize, 0.1);
    const [instrument] = run.instruments;
    const [symbol] = exchange.symbols;
    assert(exchange.orders.accepted > 0 && symbol.fills > 0, stdout);
    assert(instrument.orders.submitted >= exchange.orders.accepted);
    assertEquals(exchange.orders.open, 0);
    assertEquals(comparison[0].figure, "position");
    assertEquals(comparison[0].agrees, true, stdout);
    assertEquals(Math.abs(instrument.position - symbol.position) < 0.0005, true);
    assert(instrument.orderLatencyNs.count > 0 && instrument.feedLatencyNs.count > 0);
    // What the bot sees begins when it is ready, and the exchange sends until the end.
    const { totalTrades } = instrument.market;
    assert(totalTrades > 0 && totalTrades <= exchange.streams.trades);
    assertEquals([exchange.streams.dropped, run.dropped, run.overflows, run.malformed], [
      0,
      0,
      0,
      0,
    ]);
    assert(["stopped", "killed"].includes(connector.exit.reason), connector.exit.reason);
    assertStringIncludes(await Deno.readTextFile(page), "<svg");
    assertEquals(await leftOf(directory, name), []);
    assert(!/secret|api_key/.test(stderr), stderr);
  },
});

Deno.test({
  name: "trade --paper is the same chain",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const { code, stdout, stderr } = await runCli([
      ...["trade", "--strategy", MAKER, "--paper", "--connector", CONNECTOR, "--replay", RECORDING],
      ...["--speed", "5", "--duration", "4", "--json"],
    ], options(directory));
    assertEquals(code, 0, stderr);
    const { mode, run, exchange, comparison } = JSON.parse(stdout);
    assertEquals([mode, run.strategy, comparison[0].agrees], ["paper", "market_maker", true]);
    assert(exchange.orders.accepted > 0);
  },
});

Deno.test({
  name: "paper lets a strategy cancel its orders when Ctrl+C reaches the whole group",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const name = uniqueConnectorName();
    const [deno = "", ...args] = cliCommand([
      ...["paper", "--data", RECORDING, "--connector", CONNECTOR, "--name", name],
      ...["--strategy", MAKER],
    ], { permissions: PERMISSIONS });
    const child = new Deno.Command(deno, {
      args,
      env: { NO_COLOR: "1", XDG_RUNTIME_DIR: directory.path },
      ...{ stdin: "null", stdout: "piped", stderr: "piped", detached: true },
    }).spawn();
    const stderr = new Response(child.stderr).text();
    let stdout = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const isFirst = !/orders [12] open/.test(stdout);
      stdout += text;
      if (isFirst && /orders [12] open/.test(stdout)) Deno.kill(-child.pid, "SIGINT");
    }
    assertEquals([(await child.status).code, stdout === ""], [130, false], await stderr);
    assertMatch(stdout, /^ {2}ended +interrupted$/m);
    assertMatch(stdout, /^ {2}open orders +0$/m);
    assertMatch(stdout, /^ {2}connector +\S+, stopped, printed \d+ lines?/m);
    assertMatch(stdout, /^ {2}position +\S+, the same$/m);
    assertEquals(await leftOf(directory, name), []);
  },
});

Deno.test({
  name: "paper without a strategy shows the recording to its end through the real connector",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const { code, stdout, stderr } = await runCli([
      ...["paper", "--data", RECORDING, "--connector", CONNECTOR],
      // Ten seconds of the recording.
      ...["--speed", "2", "--end", "1723161265030414667", "--connector-log"],
    ], options(directory));
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^Summary: no strategy on paper, /m);
    assertMatch(stdout, /^ {2}ended +end of the recording$/m);
    assertMatch(stdout, /^ {2}market trades +[1-9]/m);
    assertMatch(stderr, /^\S+Z +WARN iceoryx2/m);
  },
});

Deno.test({
  name: "paper fails when its connector is killed, and leaves nothing behind",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const name = uniqueConnectorName();
    await using cli = startCli(
      ["paper", "--stub", "--connector", CONNECTOR, "--name", name],
      options(directory),
    );
    await cli.prints("stdout", /market running {2}streams 1 market, 1 user/);
    const [publisher] = probeChannel(name).publishers;
    assert(publisher?.alive);
    Deno.kill(publisher.pid, "SIGKILL");
    const { code, stdout, stderr } = await cli.ended;
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`^hftlive: Connector ${name} was ended by SIGKILL`, "m"));
    assertMatch(stdout, /^ {2}ended +failed$/m);
    assertEquals(await leftOf(directory, name), []);
  },
});

Deno.test("paper tells of a connector that is not there, or ends before it publishes", async () => {
  await using directory = await TempDirectory.create();
  const missing = directory.file("nothing");
  const absent = await runCli(["paper", "--stub", "--connector", missing], options(directory));
  assertEquals([absent.code, absent.stdout], [1, ""]);
  assertStringIncludes(absent.stderr, `--connector: ${missing}: no such file`);
  const program = await script(directory, 'echo "no luck" >&2; exit 3');
  const ended = await runCli(["paper", "--stub", "--connector", program], options(directory));
  assertEquals([ended.code, ended.stdout], [1, ""]);
  assertMatch(ended.stderr, /^hftlive: .* ended with code 3 before it was ready: no luck$/m);
});

Deno.test({
  name: "paper that is killed leaves no connector",
  ignore: nativeReady({ simConnector: false }) !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const program = await script(directory, 'echo "pid $$"; while :; do sleep 0.05; done');
    const line = ["paper", "--stub", "--connector", program, "--connector-log"];
    await using cli = startCli(line, options(directory));
    await cli.prints("stderr", /^pid \d+$/m);
    const pids = (await Promise.all((await childrenOf(Deno.pid)).map(childrenOf))).flat();
    const pid = Number(/^pid (\d+)$/m.exec(cli.stderr)?.[1]);
    assert(pids.includes(pid) && pids.length >= 2, "the connector and its guard");
    cli.kill("SIGKILL");
    await cli.ended;
    await until(
      "the end of all",
      async () => (await Promise.all(pids.map(isAlive))).every((alive) => !alive),
    );
  },
});

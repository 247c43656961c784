/**
 * `--dashboard` of commands that do something else: paper, connector up, watch.
 */

import { assert, assertEquals } from "@std/assert";
import { stringify } from "smol-toml";
import { ENDLESS, script, VALID_CONFIG } from "../connector/runner/support.ts";
import { rawRequest, ViewerClient } from "../observe/viewer_client.ts";
import { sampleOf } from "../observe/samples.ts";
import { nativeReady } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { runCli, type RunningCli, startCli } from "./run_cli.ts";

const CONNECTOR = Deno.env.get("HFTBACKTEST_CONNECTOR") ?? "";
const noChain = CONNECTOR === "" ? "HFTBACKTEST_CONNECTOR names no program" : nativeReady();
if (noChain) console.log(`the page of a paper chain is not tested: ${noChain}`);

/** The address that a running command prints. */
async function pageOf(cli: RunningCli): Promise<{ url: string }> {
  const [, url = ""] = await cli.prints("stderr", /^Dashboard: (http:\S+)$/m);
  return { url };
}

/** The address and the token that a running command prints with `--control`. */
async function controlledPageOf(cli: RunningCli): Promise<{ url: string; token: string }> {
  const [, token = ""] = await cli.prints("stderr", /^Token for controls: (\S+)$/m);
  return { ...await pageOf(cli), token };
}

/** Sends a control as the page does, and gives what came of it. */
async function control(
  { url, token }: { url: string; token: string },
  request: { action: string; connector?: string },
): Promise<{ ok: boolean; message: string }> {
  const { host, origin, port } = new URL(url);
  const { body } = await rawRequest(Number(port), {
    method: "POST",
    path: "/control",
    headers: { host, origin, authorization: `Bearer ${token}` },
    body: JSON.stringify(request),
  });
  return JSON.parse(body);
}

async function metricsOf({ url }: { url: string }): Promise<string> {
  return await (await fetch(`${url}metrics`)).text();
}

Deno.test("paper --dashboard shows the exchange's books, with one permission", async () => {
  await using cli = startCli(["paper", "--stub", "--dashboard", "0"], {
    permissions: ["--allow-net=127.0.0.1"],
  });
  const page = await pageOf(cli);
  await using viewer = new ViewerClient(page.url);
  await viewer.until(() => viewer.frames.some(({ exchange }) => exchange));
  const { hello } = viewer;
  assertEquals([hello?.mode, hello?.exchange, hello?.connectors], ["paper", true, false]);
  assertEquals(hello?.instruments, []);
  const { exchange } = viewer.frames.findLast((frame) => frame.exchange)!;
  assertEquals([exchange?.failure, exchange?.equity, exchange?.lost], [null, 100_000, 0]);
  assertEquals(exchange?.symbols[0]?.symbol, "btcusdt");
  const metrics = await metricsOf(page);
  assertEquals(sampleOf(metrics, "hftlive_paper_up"), 1);
  assertEquals(sampleOf(metrics, 'hftlive_paper_position_base_units{symbol="btcusdt"}'), 0);
  cli.kill("SIGINT");
  assertEquals((await cli.ended).code, 130);
  assertEquals(await viewer.closed, 1001);
});

Deno.test({
  name: "paper --dashboard shows a chain, and restarts its connector under its bot",
  ignore: noChain !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using cli = startCli([
      ...["paper", "--stub", "--connector", CONNECTOR, "--dashboard", "0", "--control"],
    ], { permissions: ["-A"], env: { XDG_RUNTIME_DIR: directory.path } });
    const page = await controlledPageOf(cli);
    await using viewer = new ViewerClient(page.url);
    const isReady = (restarts: number) => () => {
      const row = viewer.frames.findLast(({ connectors }) => connectors)?.connectors?.connectors[0];
      const market = viewer.frames.findLast(({ overview }) => overview)?.overview;
      return row?.state === "ready" && row.restarts === restarts && market?.healthy === true;
    };
    await viewer.until(isReady(0));
    assert(viewer.frames.some(({ exchange }) => exchange?.marketStreams === 1));
    const { connector = "" } = viewer.hello?.instruments[0] ?? {};
    const { ok, message } = await control(page, { action: "restart", connector });
    assertEquals([ok, message], [
      true,
      `${connector} was restarted: ready: publishes on its channel`,
    ]);
    await viewer.until(isReady(1));
    const metrics = await metricsOf(page);
    assertEquals(
      sampleOf(metrics, `hftlive_connector_restarts_total{connector="${connector}"}`),
      1,
    );
    cli.kill("SIGINT");
    assertEquals((await cli.ended).code, 130);
  },
});

Deno.test("connector up --dashboard shows its connectors, and stops and restarts them", async () => {
  await using directory = await TempDirectory.create();
  const name = uniqueConnectorName();
  await directory.write("bf.toml", VALID_CONFIG, { mode: 0o600 });
  const binary = await script(directory, `echo "hello"; ${ENDLESS}`);
  const connectors = [{
    ...{ name, type: "binancefutures", config: "bf.toml", binary },
    ready: { level: "alive" },
  }];
  const file = await directory.write("connectors.toml", stringify({ connector: connectors }));
  const env = { XDG_RUNTIME_DIR: directory.path };
  await using up = startCli(
    ["connector", "up", "--file", file, "--dashboard", "0", "--control"],
    { permissions: ["-A"], env },
  );
  const page = await controlledPageOf(up);
  await using viewer = new ViewerClient(page.url);
  const states: string[] = [];
  const isNow = (state: string) => () => {
    const row = viewer.frames.findLast((frame) => frame.connectors)?.connectors?.connectors[0];
    if (row !== undefined && row.state !== states.at(-1)) states.push(row.state);
    return row?.state === state;
  };
  await viewer.until(isNow("ready"));
  await viewer.until(() =>
    viewer.frames.some(({ log }) =>
      log?.rows.some(([, source, , text]) => source === name && text === "hello")
    )
  );
  assertEquals(await control(page, { action: "stop", connector: name }), {
    ok: true,
    message: `${name} is stopped`,
  });
  await viewer.until(isNow("stopped"));
  assertEquals(await control(page, { action: "restart", connector: name }), {
    ok: true,
    message: `${name} was restarted: ready: its process lives`,
  });
  await viewer.until(isNow("ready"));
  const metrics = await metricsOf(page);
  assertEquals(sampleOf(metrics, "hftlive_supervisor_up"), 1);
  assertEquals(sampleOf(metrics, `hftlive_connector_ready{connector="${name}"}`), 1);
  const unknown = await control(page, { action: "stop", connector: "nobody" });
  assertEquals(unknown, {
    ok: false,
    message: `Cannot find connector "nobody": there are ${name}`,
  });
  assertEquals((await control(page, { action: "cancel-all" })).ok, false, "there is no client");

  // Another process shows the same connectors beside its market.
  await using watch = startCli(["watch", "--stub", "--json", "--dashboard", "0", "--supervisor"], {
    permissions: ["-A"],
    env,
  });
  await using other = new ViewerClient((await pageOf(watch)).url);
  await other.until(() =>
    other.frames.some((frame) => frame.connectors?.connectors[0]?.name === name) &&
    other.frames.some(({ book }) => book)
  );
  up.kill("SIGTERM");
  const { code, stdout } = await up.ended;
  assertEquals(code, 130);
  assert(!stdout.includes(page.token), "the token is for the terminal");
});

Deno.test("flags of the page that mean nothing are refused", async () => {
  const run = ["connector", "run", "bf", "binancefutures", "bf.toml"];
  const lines: [readonly string[], string][] = [
    [["paper", "--stub", "--control"], "Flag --control needs --dashboard PORT"],
    [
      ["paper", "--stub", "--dashboard", "0", "--control"],
      "Flag --control needs --connector PROGRAM or --project-root DIRECTORY",
    ],
    [[...run, "--control"], "Flag --control needs --dashboard PORT"],
    [["connector", "up", "--control"], "Flag --control needs --dashboard PORT"],
    [
      ["connector", "up", "--detach", "--dashboard", "8787", "--control"],
      "Flag --control needs a terminal: it does not go with --detach",
    ],
    [["watch", "--stub", "--supervisor"], "Flag --supervisor needs --dashboard PORT"],
    [
      ["watch", "--stub", "--dashboard", "0", "--socket", "x"],
      "Flag --socket needs --supervisor",
    ],
  ];
  for (const [line, message] of lines) {
    const { code, stdout, stderr } = await runCli(line, { permissions: ["-A"] });
    assertEquals([line.join(" "), code, stdout], [line.join(" "), 2, ""]);
    assert(stderr.endsWith(`hftlive: ${message}\n`), stderr);
  }
});

/**
 * The dashboard's page in a real browser: connectors that are killed, restarted and stopped.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LiveClient } from "../../lib/client/live_client.ts";
import { ControlClient } from "../../lib/connector/supervisor/control_client.ts";
import { ControlServer } from "../../lib/connector/supervisor/control_server.ts";
import { Supervisor } from "../../lib/connector/supervisor/supervisor.ts";
import { NativeBot } from "../../lib/native/native_bot.ts";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import { startCli } from "../cli/run_cli.ts";
import { BTCUSDT } from "../connector/runner/support.ts";
import { settingsOf, simSettings, SYNTHETIC } from "../connector/supervisor/support.ts";
import { simConnectorPath } from "../support/native_ready.ts";
import { startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import type { Page } from "./browser.ts";
import {
  browserTest,
  confirmed,
  enterToken,
  noNative,
  notedTexts,
  noteTexts,
} from "./page_support.ts";
import { sampleOf } from "./samples.ts";

/** A cell of the first connector. */
function cell(at: number): string {
  return `document.querySelector('#connectors tbody').rows[0]?.cells[${at}]`;
}

/** The order in which an element told what, and how long after a moment it first told of trouble. */
async function told(
  page: Page,
  { sinceMs, words }: { sinceMs: number; words: readonly string[] },
): Promise<string[]> {
  const noted = await notedTexts(page);
  const first = noted.map(([timeMs, text]) => [timeMs, words.find((each) => text.startsWith(each))])
    .filter(([, word]) => word !== undefined);
  const order = first.map(([, word]) => String(word))
    .filter((word, at, all) => word !== all[at - 1]);
  const [shownMs] = first.find(([, word]) => word === words[1]) ?? [NaN];
  console.log(`shown as down ${Number(shownMs) - sinceMs} ms after it was killed`);
  return order;
}

browserTest("a market whose connector was killed is shown as down", async (browser) => {
  await using sim = await startSimConnector({ config: SYNTHETIC });
  const bot = new NativeBot({ instruments: [{ connector: sim.name, ...BTCUSDT }] });
  await using client = await LiveClient.start(bot);
  await using dashboard = await Dashboard.start({ client, port: 0, mode: "live" });
  await client.ready({ timeoutMs: 30_000 });
  const page = await browser.open(dashboard.url);
  await page.look({ width: 1600, height: 1000 }, "dark");
  await page.until("document.querySelector('#health').textContent.startsWith('Healthy')");
  const top = "document.querySelector('#market').getBoundingClientRect().top";
  const before = await page.evaluate(top);
  await noteTexts(page, "#health");
  const sinceMs = Date.now();
  sim.kill("SIGKILL");
  await page.until("document.querySelector('#health').classList.contains('bad')");
  assertEquals(
    await page.text("#health"),
    `Not healthy: no connector is attached to "${sim.name}"`,
  );
  assertEquals(await told(page, { sinceMs, words: ["Healthy", "Not healthy"] }), [
    "Healthy",
    "Not healthy",
  ]);
  assertMatch(await page.text("#overview tbody"), /no connector is attached/);
  assertEquals(await page.evaluate("document.title"), "! btcusdt · hftlive");
  assertEquals(await page.evaluate(top), before, "nothing has moved");
  // The client tells of it when it polls next, which can be a frame later.
  await page.until(
    "/error .*: connection lost, no connector/.test(document.querySelector('#log').textContent)",
  );
}, { skip: noNative });

browserTest(
  "a supervised connector that was killed is shown, restarted and stopped",
  async (browser) => {
    await using directory = await TempDirectory.create();
    const restart = {
      ...{ policy: "on-failure", jitter: 0, maxRestarts: 3, windowMs: 60_000 } as const,
      ...{ firstDelayMs: 2_000, maxDelayMs: 2_000 },
    };
    const connector = await simSettings(directory, SYNTHETIC, { restart });
    const settings = settingsOf(directory, connector);
    const socket = directory.file("run/control.sock");
    await using stack = new AsyncDisposableStack();
    const supervisor = stack.use(await Supervisor.create(settings));
    const server = stack.use(await ControlServer.listen(supervisor, socket));
    supervisor.start();
    await supervisor.settled();
    const connectors = new ControlClient(socket);
    const dashboard = stack.use(await Dashboard.start({ connectors, port: 0, control: true }));
    const page = await browser.open(dashboard.url);
    await page.until(`${cell(1)}?.textContent === 'ready: market data comes'`);
    await page.until("/The connector is ready/.test(document.querySelector('#log').textContent)");
    assertEquals(await page.text("#health"), "The connector is ready");
    assertEquals(await page.evaluate("document.querySelector('#market').hidden"), true);

    const { pid } = (await connectors.status()).connectors[0]!;
    await noteTexts(page, "#connectors tbody td:nth-child(2)");
    const sinceMs = Date.now();
    Deno.kill(pid!, "SIGKILL");
    await page.until(`${cell(1)}.textContent.startsWith('backing off: was ended by SIGKILL')`);
    await page.until(
      `document.querySelector('#health').textContent === 'Not healthy: ${connector.name} is ` +
        `backing off, was ended by SIGKILL'`,
    );
    await page.until(
      `${cell(1)}.textContent.startsWith('ready') && ${cell(3)}.textContent === '1'`,
    );
    assertEquals(await told(page, { sinceMs, words: ["ready", "backing off"] }), [
      "ready",
      "backing off",
      "ready",
    ]);
    const { text } = await dashboard.metrics.prometheus();
    const label = `{connector="${connector.name}"}`;
    assertEquals(sampleOf(text, `hftlive_connector_restarts_total${label}`), 1);
    assertEquals(sampleOf(text, "hftlive_supervisor_up"), 1);
    assertEquals(sampleOf(text, `hftlive_connector_ready${label}`), 1);
    assert(sampleOf(text, `hftlive_connector_probe_age_seconds${label}`)! >= 0);

    await enterToken(page, dashboard.token!);
    await confirmed(page, `[aria-label="Restart ${connector.name}"]`);
    await page.until(
      "document.querySelector('#control-result').textContent.includes('was restarted: ready')",
    );
    await page.until(`${cell(3)}.textContent === '2'`);
    await confirmed(page, `[aria-label="Stop ${connector.name}"]`);
    await page.until(`${cell(1)}.textContent.startsWith('stopped')`);

    await server[Symbol.asyncDispose]();
    await page.until(
      "document.querySelector('#supervisor').textContent.startsWith('The supervisor does not answer')",
    );
    await page.until(`${cell(1)}.textContent === 'unknown'`);
  },
  { skip: noNative },
);

browserTest(
  "connector run --dashboard shows the connector, restarts and stops it",
  async (browser) => {
    await using directory = await TempDirectory.create();
    const name = uniqueConnectorName();
    const config = await directory.write("sim.toml", '[source]\nkind = "synthetic"\n');
    await using cli = startCli([
      ...["connector", "run", name, "binancefutures", config, "--any-config"],
      ...["--binary", simConnectorPath(), "--dashboard", "0", "--control"],
    ], { permissions: ["-A"], env: { XDG_RUNTIME_DIR: directory.path } });
    const [, url = ""] = await cli.prints("stderr", /^Dashboard: (http:\S+)$/m);
    const [, token = ""] = await cli.prints("stderr", /^Token for controls: (\S+)$/m);
    const page = await browser.open(url);
    await page.until(`${cell(1)}?.textContent === 'ready: publishes on its channel'`);
    await page.until("/The connector is ready/.test(document.querySelector('#log').textContent)");
    const pid = await page.evaluate(`${cell(4)}.textContent`);
    await enterToken(page, token);
    await confirmed(page, `[aria-label="Restart ${name}"]`);
    await page.until(
      `${cell(3)}.textContent === '1' && ${cell(1)}.textContent.startsWith('ready')`,
    );
    assert(await page.evaluate(`${cell(4)}.textContent`) !== pid, "another process");
    const metrics = await (await fetch(`${url}metrics`)).text();
    assertEquals(sampleOf(metrics, `hftlive_connector_restarts_total{connector="${name}"}`), 1);
    await confirmed(page, `[aria-label="Stop ${name}"]`);
    await page.until(`${cell(1)}.textContent === 'stopped: on request'`);
    cli.kill("SIGINT");
    const { code, stdout } = await cli.ended;
    assertEquals(code, 130);
    assertEquals(stdout.match(/The connector is ready/g)?.length, 2, "the output of both");
  },
  { skip: noNative },
);

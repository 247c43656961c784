/**
 * The dashboard's page in a real browser.
 */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { LiveClient } from "../../lib/client/live_client.ts";
import { ControlClient } from "../../lib/connector/supervisor/control_client.ts";
import { ControlServer } from "../../lib/connector/supervisor/control_server.ts";
import { Supervisor } from "../../lib/connector/supervisor/supervisor.ts";
import { NativeBot } from "../../lib/native/native_bot.ts";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { BTCUSDT } from "../connector/runner/support.ts";
import { settingsOf, simSettings, SYNTHETIC } from "../connector/supervisor/support.ts";
import { nativeReady } from "../support/native_ready.ts";
import { startSimConnector } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { Browser, findChromium, type Page } from "./browser.ts";
import { sampleOf } from "./samples.ts";

const { program, missing } = await findChromium();
if (missing) console.log(`tests of the dashboard's page are skipped: ${missing}`);
const noNative = missing ?? nativeReady();

const INSTRUMENTS = [["btcusdt", 0.1], ["ethusdt", 0.01]] as const;

function startStub(): Promise<LiveClient> {
  const instruments = INSTRUMENTS.map(([symbol, tickSize], at) => ({
    ...{ connector: "stub", symbol, tickSize, lotSize: 0.001 },
    basePrice: at === 0 ? 60_000 : 3_000,
  }));
  return LiveClient.start(
    new StubBot({ instruments, seed: 5, clock: "real", maxFeeds: Infinity }),
  );
}

/** A test with a browser of its own. */
function browserTest(
  name: string,
  fn: (browser: Browser) => Promise<void>,
  { ignore = missing !== undefined, flags = [] as string[] } = {},
): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      await using browser = await Browser.start(program!, flags);
      await fn(browser);
    },
  });
}

const isLive = "document.body.dataset.state === 'live' && Number(document.body.dataset.frame) > 0";

function frameOf(page: Page): Promise<number> {
  return page.evaluate("Number(document.body.dataset.frame)").then(Number);
}

/** Types the token. */
async function enterToken(page: Page, token: string): Promise<void> {
  await page.evaluate(`{
    const field = document.querySelector("#token");
    field.value = ${JSON.stringify(token)};
    field.dispatchEvent(new Event("input"));
  }`);
}

browserTest("the page shows the market, and goes on showing it", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, mode: "stub" });
  const page = await browser.open(dashboard.url);
  await page.until(isLive);
  await page.until("document.querySelector('#price-chart canvas')");
  assertMatch(await page.text("#bid"), /^\d{5}\.\d$/);
  await page.until("document.querySelector('#health').textContent.startsWith('All instruments')");
  assertEquals(await page.evaluate("document.querySelectorAll('#bids tr').length"), 12);
  const before = [await frameOf(page), await page.text("#tape tbody")];
  await page.until(`Number(document.body.dataset.frame) > ${before[0]} + 10`);
  assertNotEquals(await page.text("#tape tbody"), before[1]);

  const canvases = "[...document.querySelectorAll('canvas')]";
  assertEquals(await page.evaluate(`${canvases}.length`), 5, "five charts");
  const drawn = await page.evaluate(`${canvases}.map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  })`);
  assertEquals(drawn, [true, true, true, true, true]);

  const own = new URL(dashboard.url).host;
  assertEquals(page.requests.filter((url) => new URL(url).host !== own), []);
  assertEquals(page.problems, [], "no exception, no violation of the policy");
});

browserTest("the page can be used with the keyboard", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const page = await browser.open(dashboard.url);
  await page.until(isLive);
  const focused = "document.activeElement.className || document.activeElement.id";
  const seen: unknown[] = [];
  for (let presses = 0; presses < 5; presses++) {
    await page.press("Tab");
    seen.push(await page.evaluate(focused));
  }
  assertEquals(seen, ["skip", "instrument", "span", "pause", "scroll"]);
  await page.evaluate("document.querySelector('#instrument').focus()");
  await page.press("ArrowDown");
  await page.until("document.title.startsWith('ethusdt')");
  await page.until("/^\\d{4}\\.\\d\\d$/.test(document.querySelector('#bid').textContent)");
  // Every control and every region that scrolls has a name that is read out.
  const nameless = await page.evaluate(
    `[...document.querySelectorAll("button, select, input, [role]")]
    .filter((element) => !element.textContent.trim() && !element.ariaLabel && !element.labels?.length &&
      !element.getAttribute("aria-labelledby") && element.checkVisibility())
    .map((element) => element.outerHTML)`,
  );
  assertEquals(nameless, []);
  await page.evaluate("document.querySelector('#pause').focus()");
  await page.press("Enter");
  await page.until("document.querySelector('#pause').ariaPressed === 'true'");
  const paused = await frameOf(page);
  const shown = dashboard.frame;
  while (dashboard.frame < shown + 5) await new Promise((resolve) => setTimeout(resolve, 50));
  assert(await frameOf(page) <= paused + 1, "nothing moves while it is paused");
  await page.press("Enter");
  await page.until(`Number(document.body.dataset.frame) > ${paused} + 3`);
});

browserTest("the page survives a restart of its server", async (browser) => {
  await using client = await startStub();
  const first = await Dashboard.start({ client, port: 0 });
  const port = Number(new URL(first.url).port);
  const page = await browser.open(first.url);
  await page.until(isLive);
  const server = await page.evaluate("document.body.dataset.server");
  await first[Symbol.asyncDispose]();
  await page.until("document.body.dataset.state === 'lost'");
  assertEquals(await page.text("#link"), "reconnecting");

  await using second = await Dashboard.start({ client, port });
  await page.until(`${isLive} && document.body.dataset.server !== ${JSON.stringify(server)}`);
  assertEquals(await page.text("#link"), "live");
  const frame = second.frame;
  await page.until(`Number(document.body.dataset.frame) >= ${frame}`);
  const loads = page.requests.filter((url) => url === first.url).length;
  assertEquals(loads, 1, "the page itself was not loaded again");
});

browserTest("the page shows a market whose connector was killed as down", async (browser) => {
  await using sim = await startSimConnector({ config: SYNTHETIC });
  const bot = new NativeBot({ instruments: [{ connector: sim.name, ...BTCUSDT }] });
  await using client = await LiveClient.start(bot);
  await using dashboard = await Dashboard.start({ client, port: 0, mode: "live" });
  await client.ready({ timeoutMs: 30_000 });
  const page = await browser.open(dashboard.url);
  await page.until("document.querySelector('#health').textContent.startsWith('Healthy')");
  const killed = performance.now();
  sim.kill("SIGKILL");
  await page.until("document.querySelector('#health').classList.contains('bad')");
  console.log(`shown as down after ${(performance.now() - killed).toFixed(0)} ms`);
  assertEquals(
    await page.text("#health"),
    `Not healthy: no connector is attached to "${sim.name}"`,
  );
  assertMatch(await page.text("#overview tbody"), /no connector is attached/);
  // The client tells of it when it polls next, which can be a frame later.
  await page.until(
    "/error .*: connection lost, no connector/.test(document.querySelector('#log').textContent)",
  );
}, { ignore: noNative !== undefined });

browserTest("the page shows a supervised connector that was killed as down", async (browser) => {
  await using directory = await TempDirectory.create();
  const restart = {
    ...{ policy: "on-failure", jitter: 0, maxRestarts: 3, windowMs: 60_000 } as const,
    ...{ firstDelayMs: 3_000, maxDelayMs: 3_000 },
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
  const cell = (at: number) => `document.querySelector('#connectors tbody').rows[0]?.cells[${at}]`;
  await page.until(`${cell(1)}?.textContent === 'ready: market data comes'`);
  assertMatch(await page.text("#log"), /The connector is ready/);
  assertEquals(await page.evaluate("document.querySelector('#market').hidden"), true);

  const { pid } = (await connectors.status()).connectors[0]!;
  const killed = performance.now();
  Deno.kill(pid!, "SIGKILL");
  await page.until(`${cell(1)}.textContent.startsWith('backing off: was ended by SIGKILL')`);
  console.log(`shown as down after ${(performance.now() - killed).toFixed(0)} ms`);
  await page.until(`${cell(1)}.textContent.startsWith('ready') && ${cell(3)}.textContent === '1'`);
  const { text } = await dashboard.metrics.prometheus();
  const label = `{connector="${connector.name}"}`;
  assertEquals(sampleOf(text, `hftlive_connector_restarts_total${label}`), 1);
  assertEquals(sampleOf(text, "hftlive_supervisor_up"), 1);
  assertEquals(sampleOf(text, `hftlive_connector_ready${label}`), 1);
  assert(sampleOf(text, `hftlive_connector_probe_age_seconds${label}`)! >= 0);

  await enterToken(page, dashboard.token!);
  await page.click(`[aria-label="Restart ${connector.name}"]`);
  await page.until("document.querySelector('#confirm').open");
  await page.click("#confirm-yes");
  await page.until(
    "document.querySelector('#control-result').textContent.includes('was restarted: ready')",
  );
  await page.until(`${cell(3)}.textContent === '2'`);
  await page.click(`[aria-label="Stop ${connector.name}"]`);
  await page.until("document.querySelector('#confirm').open");
  await page.click("#confirm-yes");
  await page.until(`${cell(1)}.textContent.startsWith('stopped')`);

  await server[Symbol.asyncDispose]();
  await page.until(
    "document.querySelector('#supervisor').textContent.startsWith('The supervisor does not answer')",
  );
  await page.until(`${cell(1)}.textContent === 'unknown'`);
}, { ignore: noNative !== undefined });

browserTest("other sites get nothing, also under a name that points here", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const { port } = new URL(dashboard.url);
  await using other = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () =>
      new Response("<!doctype html><title>other</title>", {
        headers: { "content-type": "text/html" },
      }),
  );
  const page = await browser.open(`http://127.0.0.1:${other.addr.port}/`);
  await page.until("document.title === 'other'");
  assertEquals(
    await page.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket("ws://127.0.0.1:${port}/live");
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    })`),
    "refused",
  );
  const fetched = `fetch("http://127.0.0.1:${port}/metrics").then(() => "read", () => "refused")`;
  assertEquals(await page.evaluate(fetched), "refused");
  assertEquals(
    await page.evaluate(`fetch("http://127.0.0.1:${port}/metrics", { mode: "no-cors" })
      .then(({ type }) => type, () => "refused")`),
    "refused",
    "not even what cannot be read",
  );

  const rebound = await browser.open(`http://evil.example:${port}/`);
  await rebound.until("document.body?.textContent.includes('not for other sites')");
  assertEquals(
    await rebound.evaluate("fetch('/metrics').then(({ status }) => status)"),
    403,
  );
  const { text } = await dashboard.metrics.prometheus();
  assert(sampleOf(text, "hftlive_dashboard_refused_requests_total")! >= 4);
  assertEquals(sampleOf(text, "hftlive_dashboard_viewers"), 0);
}, { flags: ["--host-resolver-rules=MAP evil.example 127.0.0.1"] });

browserTest("the page keeps up with more than 1,000 events a second", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const page = await browser.open(dashboard.url);
  await page.until(isLive);
  const eventsOf = async () => {
    const { text } = await dashboard.metrics.prometheus();
    const kinds = ["depth", "trade"].flatMap((kind) =>
      INSTRUMENTS.map(([symbol]) =>
        sampleOf(text, `hftlive_events_total{connector="stub",symbol="${symbol}",kind="${kind}"}`)!
      )
    );
    return kinds.reduce((sum, each) => sum + each);
  };
  const [startEvents, startFrame, start] = [await eventsOf(), dashboard.frame, performance.now()];
  const shown = new Set<number>();
  const lags: number[] = [];
  while (dashboard.frame < startFrame + 60) {
    const frame = await frameOf(page);
    shown.add(frame);
    lags.push(dashboard.frame - frame);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  const rate = (await eventsOf() - startEvents) / ((performance.now() - start) / 1_000);
  lags.sort((a, b) => a - b);
  console.log(
    `${Math.round(rate)} events/s: ${shown.size} of 60 frames seen, the page ` +
      `${lags[Math.floor(lags.length / 2)]} frames behind (median), ${lags.at(-1)} at most`,
  );
  assert(rate > 1_000, `${rate} events/s`);
  assert(shown.size > 10, "frame follows frame");
  // It may be late when the machine is busy, but what is late does not pile up.
  await page.until(`Number(document.body.dataset.frame) >= ${dashboard.frame}`);
  assert(lags[Math.floor(lags.length / 2)]! < 20, `frames behind: ${lags}`);
  assertEquals(client.dropped, 0);
});

browserTest("controls: a wrong token is told, the right one cancels orders", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
  await client.ready();
  const price = Math.round(client.bot.depth(0).bestBid - 500);
  const { orderId } = await client.submitOrder({ side: "buy", price, qty: 0.1 });
  const page = await browser.open(dashboard.url);
  await page.until("document.querySelector('#orders tbody').rows[0]?.cells.length === 7");
  const cancelAll = async () => {
    await page.click("#cancel-all");
    await page.until("document.querySelector('#confirm').open");
    await page.click("#confirm-yes");
  };
  assertEquals(await page.evaluate("document.querySelector('#cancel-all').disabled"), true);
  await enterToken(page, "wrong");
  await cancelAll();
  await page.until(
    "document.querySelector('#control-result').textContent === 'the token is wrong'",
  );
  assertEquals(client.order(0, orderId)?.status, "new");

  await enterToken(page, dashboard.token!);
  await page.click("#cancel-all");
  await page.until("document.querySelector('#confirm').open");
  await page.press("Escape");
  await page.until("!document.querySelector('#confirm').open");
  assertEquals(client.order(0, orderId)?.status, "new", "nothing happens without a yes");
  await cancelAll();
  await page.until("document.querySelector('#control-result').textContent === 'Cancelled 1 order'");
  assertEquals(client.order(0, orderId)?.status, "canceled");
  await page.until("document.querySelector('#orders').textContent.includes('No own order')");
  assert(page.requests.every((url) => !url.includes(dashboard.token!)), "never in a URL");
});

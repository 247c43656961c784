/**
 * The dashboard's page in a real browser: what it shows of a market.
 */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import { startCli } from "../cli/run_cli.ts";
import { browserTest, frameOf, INSTRUMENTS, IS_LIVE, startStub } from "./page_support.ts";
import { sampleOf } from "./samples.ts";

browserTest("the page shows the market, and goes on showing it", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, mode: "stub" });
  const page = await browser.open(dashboard.url);
  await page.until(IS_LIVE);
  await page.until("document.querySelectorAll('.chart canvas').length === 6");
  assertMatch(await page.text("#bid"), /^\d\d,\d{3}\.\d$/);
  await page.until("document.querySelector('#health').textContent.startsWith('All instruments')");
  assertEquals(await page.evaluate("document.querySelectorAll('#bids tr').length"), 12);
  const before = [await frameOf(page), await page.text("#tape tbody")];
  await page.until(`Number(document.body.dataset.frame) > ${before[0]} + 10`);
  assertNotEquals(await page.text("#tape tbody"), before[1]);

  const drawn = await page.evaluate(`[...document.querySelectorAll("canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  })`);
  assertEquals(drawn, [true, true, true, true, true, true]);

  const own = new URL(dashboard.url).host;
  assertEquals(page.requests.filter((url) => new URL(url).host !== own), []);
  assertEquals(page.problems, [], "no exception, no violation of the policy");
});

browserTest("own orders and fills are in the book, the tables and the tiles", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await client.ready();
  const page = await browser.open(dashboard.url);
  await page.until(IS_LIVE);
  assertMatch(await page.text("#orders tbody"), /No own order is open/);
  await client.submitOrder({ side: "sell", qty: 0.5, orderType: "market" });
  await page.until("document.querySelector('#position').textContent === '-0.500'");
  const fill = "document.querySelector('#fills tbody').rows[0]?.cells";
  await page.until(`${fill}?.length === 6`);
  assertEquals(
    await page.evaluate(`[${fill}[1].textContent, ${fill}[4].textContent]`),
    ["sell", "taker"],
  );
  // Within the levels of the book that are shown, until the market comes to it.
  await page.until(
    `(() => {
    const [open] = document.querySelector("#orders tbody").rows;
    const own = document.querySelector("#bids .own");
    return open?.cells.length === 7 && own?.textContent === "2.000" &&
      own.parentElement.cells[1].textContent === open.cells[1].textContent &&
      document.querySelector("#open-orders").textContent === "1";
  })()`,
    async () => {
      if (client.orders(0).values().some(({ status }) => status === "new")) return;
      const price = client.bot.depth(0).bestBid - 0.5;
      await client.submitOrder({ side: "buy", price, qty: 2, timeInForce: "GTX" });
    },
  );
});

browserTest("the page survives the end of its server, and shows the next one", async (browser) => {
  const start = (port: string) =>
    startCli(["dashboard", "--stub", "--port", port], { permissions: ["--allow-net=127.0.0.1"] });
  await using first = start("0");
  const [, url = ""] = await first.prints("stdout", /^Dashboard: (http:\S+)$/m);
  const page = await browser.open(url);
  await page.until(IS_LIVE);
  const server = await page.evaluate("document.body.dataset.server");
  first.kill("SIGKILL");
  await page.until("document.body.dataset.state === 'lost'");
  assertEquals(await page.text("#link"), "reconnecting");
  assertEquals(
    await page.text("#health"),
    "Not healthy: the dashboard does not answer, these figures are old",
  );
  await first.ended;

  await using second = start(new URL(url).port);
  await second.prints("stdout", /^Dashboard: /m);
  await page.until(`${IS_LIVE} && document.body.dataset.server !== ${JSON.stringify(server)}`);
  assertEquals(await page.text("#link"), "live");
  await page.until("document.querySelector('#health').textContent.startsWith('Healthy')");
  const frame = await frameOf(page);
  await page.until(`Number(document.body.dataset.frame) > ${frame} + 3`);
  const loads = page.requests.filter((each) => each === url).length;
  assertEquals(loads, 1, "the page itself was not loaded again");
});

/** Counts pictures of the screen, and how old what is drawn is when it is drawn. */
const MEASURE = `{
  const measured = globalThis.measured = { pictures: 0, lags: [], longTasks: 0, last: "" };
  measured.from = performance.now();
  const look = () => {
    measured.pictures++;
    const { frame, time } = document.body.dataset;
    if (frame !== measured.last) measured.lags.push(Date.now() - Number(time));
    measured.last = frame;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => measured.longTasks += list.getEntries().length)
    .observe({ type: "longtask" });
}`;

interface Measured {
  readonly pictures: number;
  readonly lags: number[];
  readonly longTasks: number;
  readonly seconds: number;
}

browserTest("the page keeps up with more than 1,000 events a second", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const page = await browser.open(dashboard.url);
  await page.until(IS_LIVE);
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
  await page.evaluate(MEASURE);
  while (dashboard.frame < startFrame + 60) await new Promise((resolve) => setTimeout(resolve, 50));
  const rate = (await eventsOf() - startEvents) / ((performance.now() - start) / 1_000);
  const frames = dashboard.frame - startFrame;
  const measured: Measured = JSON.parse(
    String(
      await page.evaluate(
        "JSON.stringify({ ...measured, seconds: (performance.now() - measured.from) / 1000 })",
      ),
    ),
  );
  const { pictures, longTasks, seconds } = measured;
  const lags = measured.lags.slice(1).sort((a, b) => a - b);
  const at = (share: number) => lags[Math.floor((lags.length - 1) * share)];
  console.log(
    `${Math.round(rate)} events/s: ${(pictures / seconds).toFixed(1)} pictures/s, ` +
      `${measured.lags.length} of ${frames} frames drawn, their age when seen p50 ${at(0.5)} ms, ` +
      `p99 ${at(0.99)} ms, max ${at(1)} ms, ${longTasks} long tasks`,
  );
  assert(rate > 1_000, `${rate} events/s`);
  assert(measured.lags.length > 10, "frame follows frame");
  // It may be late when the machine is busy, but what is late does not pile up.
  await page.until(`Number(document.body.dataset.frame) >= ${dashboard.frame}`);
  assertEquals(client.dropped, 0);
});

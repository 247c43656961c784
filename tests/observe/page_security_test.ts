/**
 * The dashboard's page in a real browser: who sees it, and who may control.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import { browserTest, confirmed, enterToken, startStub } from "./page_support.ts";
import { sampleOf } from "./samples.ts";

browserTest("other sites get nothing, also under a name that points here", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
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
  const tried = (path: string, init: string) =>
    page.evaluate(`fetch("http://127.0.0.1:${port}${path}", ${init})
      .then(({ type }) => type, () => "refused")`);
  assertEquals(await tried("/metrics", "{}"), "refused");
  assertEquals(
    await tried("/metrics", '{ mode: "no-cors" }'),
    "refused",
    "not even what cannot be read",
  );
  assertEquals(
    await tried(
      "/control",
      `{ method: "POST", body: '{"action":"cancel-all"}',
      headers: { authorization: "Bearer ${dashboard.token}" } }`,
    ),
    "refused",
    "also with the token",
  );
  await page.evaluate(`new Promise((resolve) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.onload = resolve;
    frame.src = "http://127.0.0.1:${port}/";
  })`);
  const { frameTree } = await page.call("Page.getFrameTree");
  assertMatch(JSON.stringify(frameTree), /"url":"chrome-error:/, "in no frame");

  const rebound = await browser.open(`http://evil.example:${port}/`);
  await rebound.until("document.body?.textContent.includes('not for other sites')");
  assertEquals(
    await rebound.evaluate("fetch('/metrics').then(({ status }) => status)"),
    403,
  );
  assertEquals(
    await rebound.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket("ws://evil.example:${port}/live");
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    })`),
    "refused",
  );
  const { text } = await dashboard.metrics.prometheus();
  assert(sampleOf(text, "hftlive_dashboard_refused_requests_total")! >= 6);
  assertEquals(sampleOf(text, "hftlive_dashboard_viewers"), 0);
}, { flags: ["--host-resolver-rules=MAP evil.example 127.0.0.1"] });

browserTest("controls: a wrong token is told, the right one cancels orders", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
  await client.ready();
  const price = Math.round(client.bot.depth(0).bestBid - 500);
  const { orderId } = await client.submitOrder({ side: "buy", price, qty: 0.1 });
  const page = await browser.open(dashboard.url);
  await page.until("document.querySelector('#orders tbody').rows[0]?.cells.length === 7");
  assertEquals(await page.evaluate("document.querySelector('#cancel-all').disabled"), true);
  await enterToken(page, "wrong");
  await confirmed(page, "#cancel-all");
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
  // Closed, and asked again before the page hears of that.
  await page.evaluate(`(() => {
    document.querySelector("#cancel-all").click();
    document.querySelector("#confirm").close();
    document.querySelector("#cancel-all").click();
  })()`);
  await page.click("#confirm-yes");
  await page.until("document.querySelector('#control-result').textContent === 'Cancelled 1 order'");
  assertEquals(client.order(0, orderId)?.status, "canceled");
  await page.until("document.querySelector('#orders').textContent.includes('No own order')");
  assert(page.requests.every((url) => !url.includes(dashboard.token!)), "never in a URL");
});

browserTest("a page without --control has nothing to press", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const page = await browser.open(dashboard.url);
  await page.until("document.body.dataset.state === 'live'");
  assertEquals(
    await page.evaluate("document.querySelector('#cancel-all').checkVisibility()"),
    false,
  );
  const answer = await page.evaluate(
    "fetch('/control', { method: 'POST' }).then((response) => response.text())",
  );
  assertEquals(answer, "controls are off: start with --control");
});

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { LiveClient } from "../../lib/client/live_client.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import type { SampleRow } from "../../lib/observe/dashboard/messages.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { sampleOf } from "./samples.ts";
import { rawRequest, ViewerClient } from "./viewer_client.ts";

const INSTRUMENTS = ["btcusdt", "ethusdt"].map((symbol) => ({
  connector: "stub",
  symbol,
  tickSize: 0.1,
  lotSize: 0.001,
}));

function startClient(): Promise<LiveClient> {
  return LiveClient.start(
    new StubBot({ instruments: INSTRUMENTS, seed: 5, clock: "real", maxFeeds: Infinity }),
  );
}

function portOf(dashboard: Dashboard): number {
  return Number(new URL(dashboard.url).port);
}

function samplesOf(viewer: ViewerClient): SampleRow[] {
  return viewer.frames.flatMap(({ samples }) => samples?.rows ?? []);
}

/** The headers of a browser's handshake. */
function handshake(host: string, origin: string | undefined): Record<string, string> {
  return {
    host,
    ...origin !== undefined && { origin },
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
}

Deno.test("only its own host is served: a name that points to 127.0.0.1 is not", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const port = portOf(dashboard);
  const status = async (host: string, path: string) =>
    (await rawRequest(port, { path, headers: { host } })).status;
  for (const path of ["/", "/app.js", "/metrics"]) {
    assertEquals(await status(`127.0.0.1:${port}`, path), 200, path);
    assertEquals(await status(`localhost:${port}`, path), 200, path);
    assertEquals(await status(`LOCALHOST:${port}`, path), 200, path);
    for (
      const host of [
        "evil.example",
        `evil.example:${port}`,
        "127.0.0.1",
        `127.0.0.1:${port + 1}`,
        `127.0.0.1.evil.example:${port}`,
        `0.0.0.0:${port}`,
      ]
    ) assertEquals(await status(host, path), 403, `${host} ${path}`);
  }
  assertEquals(await status(`127.0.0.1:${port}`, "/nothing"), 404);
});

Deno.test("only its own page gets a socket", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const port = portOf(dashboard);
  const own = `127.0.0.1:${port}`;
  const status = async (host: string, origin: string | undefined) =>
    (await rawRequest(port, { path: "/live", headers: handshake(host, origin) })).status;
  assertEquals(await status(own, `http://${own}`), 101);
  assertEquals(await status(`localhost:${port}`, `http://localhost:${port}`), 101);
  assertEquals(await status(own, undefined), 403, "a browser always tells");
  for (
    const origin of [
      "http://evil.example",
      `http://localhost:${port}`,
      `https://${own}`,
      `http://127.0.0.1:${port + 1}`,
      "null",
    ]
  ) assertEquals(await status(own, origin), 403, origin);
  assertEquals(await status("evil.example", "http://evil.example"), 403);
  const plain = await rawRequest(port, {
    path: "/live",
    headers: { host: own, origin: `http://${own}` },
  });
  assertEquals(plain.status, 426);
});

Deno.test("pages of other sites can read nothing, and nothing but GET is answered", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const port = portOf(dashboard);
  const host = `127.0.0.1:${port}`;
  const get = async (headers: Record<string, string>) =>
    (await rawRequest(port, { path: "/metrics", headers: { host, ...headers } })).status;
  assertEquals(await get({ origin: "http://evil.example" }), 403);
  assertEquals(await get({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }), 403);
  assertEquals(await get({ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }), 403);
  assertEquals(await get({ "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }), 200);
  assertEquals(await get({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }), 200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const { status, headers } = await rawRequest(port, { method, headers: { host } });
    assertEquals([status, headers.get("allow")], [405, "GET, HEAD"], method);
  }
});

Deno.test("every answer forbids what is inline and what is elsewhere", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const port = portOf(dashboard);
  for (const path of ["/", "/style.css", "/uplot.js", "/metrics", "/nothing", "/control"]) {
    const { headers } = await rawRequest(port, { path, headers: { host: `127.0.0.1:${port}` } });
    const policy = headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "default-src 'none'");
    assert(!/unsafe|\*|https?:/.test(policy), policy);
    assertStringIncludes(policy, `connect-src 'self' ws://127.0.0.1:${port};`);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
    assertEquals(headers.get("access-control-allow-origin"), null);
  }
  const page = await rawRequest(port, { headers: { host: `127.0.0.1:${port}` } });
  assert(!/style=|<script(?![^>]*src=)|\son\w+=|https?:\/\//.test(page.body), "nothing inline");
});

Deno.test("a viewer is told what there is, then only what changes", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0, mode: "stub" });
  await using viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.frames.length >= 15);
  const { hello, frames } = viewer;
  assertEquals([hello?.mode, hello?.control, hello?.connectors], ["stub", false, false]);
  assertEquals(hello?.instruments.map(({ symbol }) => symbol), ["btcusdt", "ethusdt"]);
  const book = frames.findLast((frame) => frame.book)!.book!;
  assertEquals([book.bids.length, book.asks.length], [12, 12]);
  assert(book.bids[0]![0] < book.asks[0]![0]);
  assert(frames.some(({ overview }) => overview?.instruments[1]?.level === "fresh"));
  assert(frames.some(({ latency }) => (latency?.feed.p50 ?? 0) > 0));
  assert(frames.some(({ samples }) => (samples?.rows.length ?? 0) > 0));
  assert(frames.filter(({ overview }) => overview).length < frames.length, "not in each frame");
  assertEquals(frames.map(({ n }) => n), frames.map(({ n }) => n).toSorted((a, b) => a - b));
  const trades = frames.reduce((sum, { trades }) => sum + (trades?.rows.length ?? 0), 0);
  assert(trades > 0);

  viewer.send(JSON.stringify({ asset: 1 }));
  await viewer.until(() => viewer.frames.at(-1)?.asset === 1);
  const first = viewer.frames.find(({ asset }) => asset === 1)!;
  assert(first.book && first.overview && first.samples, "all of it anew");
  const bid = client.bot.depth(1).bestBid;
  assert(Math.abs(first.book.bids[0]![0] - bid) < bid / 100);
});

Deno.test("own orders and executions reach the page", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await client.ready();
  const price = Math.round(client.bot.depth(0).bestBid - 500);
  const { orderId } = await client.submitOrder({ side: "buy", price, qty: 0.25 });
  await client.submitOrder({ side: "sell", qty: 0.5, orderType: "market" });
  await using viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.frames.some(({ orders }) => orders?.count === 1));
  const { orders } = viewer.frames.findLast((frame) => frame.orders)!;
  assertEquals(orders!.open, [{
    id: String(orderId),
    side: "buy",
    price,
    qty: 0.25,
    leavesQty: 0.25,
    timeInForce: "GTC",
    status: "new",
    request: "none",
  }]);
  await viewer.until(() => viewer.frames.some(({ fills }) => fills));
  const fills = viewer.frames.flatMap((frame) => frame.fills?.rows ?? []);
  assertEquals(fills.reduce((sum, [, , , qty]) => sum + qty, 0), 0.5);
  assert(fills.every(([, side, , , maker]) => side === "sell" && !maker));
  await viewer.until(() => viewer.frames.some(({ orders }) => orders?.position === -0.5));
  await viewer.until(() => samplesOf(viewer).some(([, , , , , , , , , position]) => position < 0));
  const samples = samplesOf(viewer);
  // The best own bid, no own ask, and what was sold.
  assertEquals(samples.at(-1)!.slice(10, 12), [price, null]);
  assertEquals(samples.reduce((sum, row) => sum + row[15], 0), 0.5);
  assert(samples.every((row) => row[12] === null && row[13] === 0), "nothing was bought");
});

Deno.test("an order that stood in the book was filled as maker", async () => {
  const bot = new StubBot({
    ...{ seed: 5, clock: "real", maxFeeds: Infinity } as const,
    fill: { model: "probability", probability: 1 },
  });
  await using client = await LiveClient.start(bot);
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await client.ready();
  const ended = Promise.withResolvers<void>();
  const until = async (): Promise<void> => {
    for await (const { status } of client.orderUpdates()) {
      if (status === "filled") return ended.resolve();
    }
  };
  const updates = until();
  await client.submitOrder({ side: "buy", price: bot.depth(0).bestBid, qty: 0.25 });
  await ended.promise;
  await updates;
  await using viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.frames.some(({ fills }) => fills));
  const [fill] = viewer.frames.flatMap((frame) => frame.fills?.rows ?? []);
  assertEquals(fill?.slice(1, 2), ["buy"]);
  assertEquals(fill?.[4], true);
});

Deno.test("requests for orders that fail do not fill the log, and none is left out", async () => {
  const bot = new StubBot({
    ...{ seed: 5, clock: "real", maxFeeds: Infinity, orderLatencyNs: 20e6 } as const,
    fill: { model: "probability", probability: 1 },
  });
  await using client = await LiveClient.start(bot);
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await using viewer = new ViewerClient(dashboard.url);
  await client.ready();
  let failed = 0;
  client.addEventListener("error", ({ detail }) => {
    if (detail.report?.kind === "orderError") failed++;
  });
  const lines = (): string[] =>
    viewer.frames.flatMap(({ log }) => log?.rows ?? []).map(([, , , text]) => text);
  // Filled before the cancel is there.
  while (failed < 12) {
    const price = bot.depth(0).bestBid;
    const order = await client.submitOrder({ side: "buy", price, qty: 0.001, timeInForce: "GTX" });
    if (order.status === "new") await client.cancelOrder(order.orderId).catch(() => {});
  }
  const told = (): number =>
    lines().reduce((sum, text) => {
      const [, more] = /^([\d,]+) more requests? for orders failed/.exec(text) ?? [];
      return sum + (more === undefined ? 1 : Number(more));
    }, 0);
  await viewer.until(() => told() === failed);
  assert(lines().length < failed, lines().join("\n"));
  assertMatch(lines()[0]!, /Cannot cancel order/);
});

Deno.test("a page that answers nothing gets a few frames, and then costs nothing", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await using slow = new ViewerClient(dashboard.url);
  slow.answers = false;
  await using quick = new ViewerClient(dashboard.url);
  await quick.until(() => quick.frames.length >= 25);
  assertEquals(slow.frames.length, 3);
  const { text } = await dashboard.metrics.prometheus();
  assert(sampleOf(text, "hftlive_dashboard_skipped_frames_total")! > 10);
  assertEquals(sampleOf(text, "hftlive_dashboard_viewers"), 2);
  // It takes its time, and then goes on where it was: samples are kept, other parts are the newest.
  const last = slow.frames.at(-1)!.n;
  slow.answers = true;
  slow.frames.slice().forEach(({ n }) => slow.send(JSON.stringify({ n })));
  await slow.until(() => slow.frames.length > 3);
  const next = slow.frames[3]!;
  assert(next.n > last + 10 && next.skipped > 10);
  assert(next.samples!.rows.length > 3 && next.samples!.missed === 0);
});

Deno.test("a viewer that talks nonsense is sent away", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  for (
    const text of ["x", "1", "null", '{"n":"1"}', '{"asset":1.5}', `{"x":"${"a".repeat(300)}"}`]
  ) {
    await using viewer = new ViewerClient(dashboard.url);
    await viewer.until(() => viewer.hello !== undefined);
    viewer.send(text);
    assertEquals(await viewer.closed, 1008, text);
  }
  await using viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.hello !== undefined);
  viewer.send('{"asset":99}');
  viewer.send('{"n":123456789}');
  await viewer.until(() => viewer.frames.length > 5);
  assertEquals(viewer.frames.at(-1)!.asset, 0, "an instrument that is not there is no request");
});

Deno.test("controls need the token, in a header, from the page itself", async () => {
  await using client = await startClient();
  await client.ready();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
  const port = portOf(dashboard);
  const { token = "" } = dashboard;
  assertMatch(token, /^[\w-]{32}$/);
  const host = `127.0.0.1:${port}`;
  const post = async (headers: Record<string, string>, action = "cancel-all") => {
    const answer = await rawRequest(port, {
      method: "POST",
      path: "/control",
      headers: { host, origin: `http://${host}`, ...headers },
      body: JSON.stringify({ action }),
    });
    return answer;
  };
  const order = () =>
    client.submitOrder({ side: "buy", price: client.bot.depth(0).bestBid - 500, qty: 1 });
  const [first, second] = [await order(), await order()];
  const authorization = `Bearer ${token}`;
  assertEquals((await post({})).status, 401);
  assertEquals((await post({ authorization: `Bearer ${"x".repeat(32)}` })).status, 401);
  assertEquals((await post({ authorization: `Bearer ${token}x` })).status, 401);
  assertEquals((await post({ authorization: `Basic ${token}` })).status, 401);
  assertEquals((await post({ authorization, origin: "http://evil.example" })).status, 403);
  assertEquals((await post({ authorization, host: "evil.example" })).status, 403);
  const byQuery = await rawRequest(port, {
    method: "POST",
    path: `/control?token=${token}`,
    headers: { host, origin: `http://${host}` },
  });
  assertEquals(byQuery.status, 401);
  const get = await rawRequest(port, {
    path: "/control",
    headers: { host, origin: `http://${host}`, authorization },
  });
  assertEquals(get.status, 405);
  assertEquals(client.order(0, first.orderId)?.status, "new");

  const done = await post({ authorization });
  assertEquals(done.status, 200);
  assertEquals(JSON.parse(done.body), { ok: true, message: "Cancelled 2 orders" });
  for (const { orderId } of [first, second]) {
    assertEquals(client.order(0, orderId)?.status, "canceled");
  }
  const again = JSON.parse((await post({ authorization })).body);
  assertEquals(again, { ok: true, message: "There is no open order" });
  const stop = await post({ authorization }, "stop");
  assertEquals(stop.status, 409);
  assertEquals(JSON.parse(stop.body).message, "Cannot stop: there is no supervisor");
  assertEquals((await post({ authorization }, "sell-all")).status, 409);
  const { text } = await dashboard.metrics.prometheus();
  assertEquals(sampleOf(text, "hftlive_dashboard_refused_requests_total"), 7);
});

Deno.test("without control there is no token, and nothing to post to", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const port = portOf(dashboard);
  assertEquals(dashboard.token, undefined);
  const host = `127.0.0.1:${port}`;
  const { status, body } = await rawRequest(port, {
    method: "POST",
    path: "/control",
    headers: { host, origin: `http://${host}`, authorization: "Bearer undefined" },
  });
  assertEquals([status, body], [404, "controls are off: start with --control"]);
});

Deno.test("two dashboards have different tokens, and a port is taken once", async () => {
  await using client = await startClient();
  await using first = await Dashboard.start({ client, port: 0, control: true });
  await using second = await Dashboard.start({ client, port: 0, control: true });
  assertNotEquals(first.token, second.token);
  await assertRejects(
    () => Dashboard.start({ client, port: portOf(first) }),
    InvalidInputError,
    "expected a port that is free, or 0 for any",
  );
  await assertRejects(() => Dashboard.start({ port: 0 }), InvalidInputError, "client");
  await assertRejects(() => Dashboard.start({ client, port: -1 }), InvalidInputError, "port = -1");
});

Deno.test("a dashboard ends with its viewers, and leaves the client to its owner", async () => {
  await using client = await startClient();
  const dashboard = await Dashboard.start({ client, port: 0 });
  const viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.frames.length > 0);
  await dashboard[Symbol.asyncDispose]();
  assertEquals(await viewer.closed, 1001);
  assert(client.health.healthy);
  await assertRejects(() => fetch(dashboard.url));
});

Deno.test("a client that ends is shown as such, with its last figures", async () => {
  const client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  await using viewer = new ViewerClient(dashboard.url);
  await viewer.until(() => viewer.frames.some(({ overview }) => overview?.healthy));
  await client.close();
  await viewer.until(() => viewer.frames.at(-1)?.overview?.healthy === false);
  assertEquals(viewer.frames.at(-1)?.overview?.reason, "the client is closed");
});

Deno.test("more pages than there is room for are refused, and let in when one has left", async () => {
  await using client = await startClient();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const host = `127.0.0.1:${portOf(dashboard)}`;
  await using stack = new AsyncDisposableStack();
  const viewers = Array.from({ length: 16 }, () => stack.use(new ViewerClient(dashboard.url)));
  for (const viewer of viewers) await viewer.until(() => viewer.hello !== undefined);
  const ask = () =>
    rawRequest(portOf(dashboard), { path: "/live", headers: handshake(host, `http://${host}`) });
  assertEquals((await ask()).status, 503);
  await viewers[0]![Symbol.asyncDispose]();
  while ((await ask()).status !== 101) await new Promise((resolve) => setTimeout(resolve, 20));
});

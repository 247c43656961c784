import { assert, assertEquals, assertRejects } from "@std/assert";
import { parse } from "smol-toml";
import { InvalidInputError, PaperExchange } from "@hftlive/hftlive";
import { type Json, type PaperClient, Stream } from "./paper_client.ts";
import { type Rig, type RigOptions, startRig } from "./rig.ts";
import { ScriptedMarket } from "./scripted_market.ts";

const FEES = { maker: 0, taker: 0.001 };

/** A spot market of BTC at 100, with money and coins. */
function startSpot(options: RigOptions = {}): Promise<Rig> {
  return startRig({
    venue: "binancespot",
    balance: 1_000,
    balances: { BTC: 2 },
    fees: FEES,
    ...options,
  });
}

function order(client: PaperClient, fields: Record<string, string>) {
  const defaults = fields["type"] === undefined ? { type: "LIMIT", timeInForce: "GTC" } : {};
  return client.signed("POST", "/api/v3/order", {
    symbol: "BTCUSDT",
    side: "BUY",
    ...defaults,
    ...fields,
  });
}

/** A logged-on WebSocket that listens to the account. */
async function listen(rig: Rig): Promise<Stream> {
  const { ws_api_url } = parse(rig.exchange.connectorToml());
  const stream = await Stream.open(String(ws_api_url));
  const params = { apiKey: rig.exchange.apiKey, timestamp: Date.now() };
  const text = `apiKey=${params.apiKey}&timestamp=${params.timestamp}`;
  const logon = await stream.ask({
    method: "session.logon",
    params: { ...params, signature: rig.client.sign(text) },
  });
  assertEquals([logon.status, logon.result.apiKey], [200, params.apiKey]);
  const { result } = await stream.ask({ method: "userDataStream.subscribe" });
  assertEquals(result, { subscriptionId: 0 });
  return stream;
}

async function nextReport(stream: Stream): Promise<Json> {
  const { event } = await stream.take(({ event }) => event?.e === "executionReport");
  return event;
}

Deno.test("spot: market data in the spot market's form", async () => {
  await using rig = await startSpot();
  const { client, market } = rig;
  await using stream = await client.marketStream("btcusdt@trade", "btcusdt@depth@0ms");
  market.bid(100, 2).sells(100, 0.5);
  const { E: _e, ...depth } = await stream.take(({ e }) => e === "depthUpdate");
  assertEquals(depth, {
    e: "depthUpdate",
    s: "BTCUSDT",
    U: 12,
    u: 12,
    b: [["100.0", "2.000"]],
    a: [],
  });
  const { E, T, ...trade } = await stream.take(({ e }) => e === "trade");
  assertEquals(trade, { e: "trade", s: "BTCUSDT", t: 1, p: "100.0", q: "0.500", m: true, M: true });
  assertEquals(E, T);
  for (const version of ["v1", "v3"]) {
    const { body } = await client.request("GET", `/api/${version}/depth?symbol=BTCUSDT&limit=1`);
    assertEquals(body, {
      lastUpdateId: 12,
      bids: [["100.0", "2.000"]],
      asks: [["100.2", "1.000"]],
    });
  }
});

Deno.test("spot: orders, their fills, and what they cost, by hand", async () => {
  await using rig = await startSpot();
  const { client, market, exchange } = rig;
  await using stream = await listen(rig);
  const bought = await order(client, { type: "MARKET", quantity: "1.5" });
  assertEquals([bought.status, bought.body.status, bought.body.executedQty], [
    200,
    "FILLED",
    "1.500",
  ]);
  assertEquals(bought.body.cummulativeQuoteQty, "150.35000000");
  assertEquals(
    bought.body.fills.map((
      fill: Json,
    ) => [fill.price, fill.qty, fill.commission, fill.commissionAsset]),
    [["100.2", "1.000", "0.00100000", "BTC"], ["100.3", "0.500", "0.00050000", "BTC"]],
  );
  const types: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    const { x, X, l, L, n, N } = await nextReport(stream);
    types.push([x, X, l, L, n, N]);
  }
  assertEquals(types, [
    ["NEW", "NEW", "0.000", "0.0", "0.00000000", null],
    ["TRADE", "PARTIALLY_FILLED", "1.000", "100.2", "0.00100000", "BTC"],
    ["TRADE", "FILLED", "0.500", "100.3", "0.00050000", "BTC"],
  ]);
  const { event: { B } } = await stream.take(({ event }) => event?.e === "outboundAccountPosition");
  assertEquals(B.map((each: Json) => [each.a, each.f]), [["BTC", "3.49850000"], [
    "USDT",
    "849.65000000",
  ]]);

  // A resting sale locks coins, and is filled in full by the market.
  const { body: resting } = await order(client, { side: "SELL", price: "101", quantity: "0.5" });
  const account = await client.signed("GET", "/api/v3/account");
  assertEquals(account.body.balances, [
    { asset: "USDT", free: "849.65000000", locked: "0.00000000" },
    { asset: "BTC", free: "2.99850000", locked: "0.50000000" },
  ]);
  market.bid(101, 2);
  await market.settle();
  const asked = await client.signed("GET", "/api/v3/order", {
    symbol: "BTCUSDT",
    orderId: resting.orderId,
  });
  assertEquals([asked.body.status, asked.body.isWorking], ["FILLED", false]);
  const { balance, symbols, orders } = exchange.report();
  assertEquals([balance, orders.filled, symbols[0]!.position], [900.15, 2, 1]);
});

Deno.test("spot: cancelling has an id of its own, one by one and all at once", async () => {
  await using rig = await startSpot();
  const { client } = rig;
  await using stream = await listen(rig);
  const { body } = await order(client, { price: "99", quantity: "1", newClientOrderId: "mine" });
  const canceled = await client.signed("DELETE", "/api/v3/order", {
    symbol: "BTCUSDT",
    origClientOrderId: "mine",
  });
  assertEquals(
    [canceled.body.orderId, canceled.body.origClientOrderId, canceled.body.status],
    [body.orderId, "mine", "CANCELED"],
  );
  assert(canceled.body.clientOrderId !== "mine");
  await nextReport(stream);
  const report = await nextReport(stream);
  assertEquals([report.x, report.C, report.c === "mine"], ["CANCELED", "mine", false]);
  const none = await client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  assertEquals([none.status, none.body.code], [400, -2011]);
  await order(client, { price: "99", quantity: "1" });
  const all = await client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  assertEquals(all.body.length, 1);
});

Deno.test("spot: what is refused has the spot market's codes", async () => {
  await using rig = await startSpot();
  const { client } = rig;
  const limit = { type: "LIMIT", timeInForce: "GTC", price: "99", quantity: "1" };
  const cases: [Record<string, string>, number][] = [
    [{ symbol: "btcusdt" }, -1100],
    [{ symbol: "ETHUSDT" }, -1121],
    [{ price: "99.05" }, -1111],
    [{ price: "0" }, -1013],
    [{ quantity: "0" }, -1013],
    [{ quantity: "0.05" }, -1013],
    [{ quantity: "11" }, -2010],
    [{ side: "SELL", price: "101", quantity: "2.001" }, -2010],
    [{ timeInForce: "GTX" }, -1115],
    [{ type: "LIMIT_MAKER" }, -1106],
    [{ type: "MARKET" }, -1106],
    [{ type: "STOP_LOSS" }, -4120],
    [{ newOrderRespType: "SOME" }, -1136],
  ];
  for (const [fields, code] of cases) {
    const { status, body } = await order(client, { ...limit, ...fields });
    assertEquals([status, body.code], [400, code], JSON.stringify([fields, body]));
  }
  const maker = { type: "LIMIT_MAKER", quantity: "1" };
  assertEquals((await order(client, { ...maker, price: "100.2" })).body.code, -2010);
  const rests = await order(client, { ...maker, price: "100.1" });
  assertEquals([rests.body.status, rests.body.type], ["NEW", "LIMIT_MAKER"]);
  assertEquals(
    (await client.signed("GET", "/api/v3/account", {}, { skewMs: -9_000 })).body.code,
    -1021,
  );
  const forged = await client.request(
    "GET",
    `/api/v3/account?timestamp=${Date.now()}&signature=AAAA`,
    {
      headers: { "x-mbx-apikey": rig.exchange.apiKey },
    },
  );
  assertEquals(forged.body.code, -1022);
});

Deno.test("spot: the WebSocket API lets nobody in without a signature", async () => {
  await using rig = await startSpot();
  const { ws_api_url } = parse(rig.exchange.connectorToml());
  await using stream = await Stream.open(String(ws_api_url));
  const { apiKey } = rig.exchange;
  const ask = async (request: Record<string, unknown>) => (await stream.ask(request));
  const logon = (params: Record<string, unknown>) => ask({ method: "session.logon", params });
  assertEquals((await ask({ method: "userDataStream.subscribe" })).error.code, -2015);
  assertEquals((await ask({ method: "session.status" })).result.apiKey, null);
  const timestamp = Date.now();
  assertEquals((await logon({ timestamp })).error.code, -1102);
  assertEquals((await logon({ apiKey: "other", timestamp })).error.code, -2015);
  assertEquals((await logon({ apiKey, timestamp: 5, signature: "x" })).error.code, -1021);
  assertEquals((await logon({ apiKey, timestamp, signature: "x" })).error.code, -1022);
  // What the connector signs is something else, which is taken only if told so.
  const odd = (id: string) =>
    rig.client.sign(
      `id=${id}&method=session.logon&params[apiKey]=${apiKey}&params[timestamp]=${timestamp}`,
    );
  const params = { apiKey, timestamp };
  const refused = await ask({
    id: "a",
    method: "session.logon",
    params: { ...params, signature: odd("a") },
  });
  assertEquals(refused.error.code, -1022);
  for (const [request, code] of [["{", -1135], ["[]", -1135], [{ id: {} }, -1135]] as const) {
    stream.send(request);
    assertEquals((await stream.take()).error.code, code);
  }
  assertEquals((await ask({ method: "dance" })).error.code, -1000);
  assert((await ask({ method: "time" })).result.serverTime > 0);
});

Deno.test("spot: the connector's own ways are taken if told so", async () => {
  await using rig = await startSpot({ connectorQuirks: "accept" });
  const { apiKey } = rig.exchange;
  const { ws_api_url } = parse(rig.exchange.connectorToml());
  await using stream = await Stream.open(String(ws_api_url));
  const timestamp = Date.now();
  const text = `id=a&method=session.logon&params[apiKey]=${apiKey}&params[timestamp]=${timestamp}`;
  const { status } = await stream.ask({
    id: "a",
    method: "session.logon",
    params: { apiKey, timestamp, signature: rig.client.sign(text) },
  });
  assertEquals(status, 200);
  const { body } = await order(rig.client, { symbol: "btcusdt", price: "99", quantity: "1" });
  assertEquals(body.symbol, "BTCUSDT");
});

Deno.test("spot: streams are dropped, and the account's stream ends on demand", async () => {
  await using rig = await startSpot();
  await using stream = await listen(rig);
  rig.exchange.inject({ fault: "expireListenKey" });
  assertEquals((await stream.take()).event.e, "eventStreamTerminated");
  assertEquals(rig.exchange.report().streams.user, 0);
  rig.exchange.inject({ fault: "dropStreams", streams: "user" });
  assertEquals((await stream.closed).code, 1001);
});

Deno.test("spot: a secret that is no Ed25519 key is refused, and not shown", async () => {
  using market = new ScriptedMarket();
  const start = (secret: string) =>
    PaperExchange.start({ market: market.bot, venue: "binancespot", secret });
  const error = await assertRejects(() => start("hush-hush"), InvalidInputError, "secret");
  assert(!error.message.includes("hush"));
  await assertRejects(
    () => PaperExchange.start({ market: market.bot, venue: "binancespot", balances: { BTC: -1 } }),
    InvalidInputError,
    "balances.BTC",
  );
});

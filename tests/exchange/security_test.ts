import { assert, assertEquals, assertMatch } from "@std/assert";
import { startRig } from "./rig.ts";

Deno.test("security: key, timestamp and signature are looked at, and each has its code", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const get = (options: Parameters<typeof client.signed>[3]) =>
    client.signed("GET", "/fapi/v2/balance", {}, options);
  const cases: [Parameters<typeof client.signed>[3], number, number | undefined][] = [
    [{}, 200, undefined],
    [{ skewMs: -4_000 }, 200, undefined],
    [{ skewMs: 900 }, 200, undefined],
    [{ skewMs: -20_000, recvWindow: 30_000 }, 200, undefined],
    [{ apiKey: "" }, 401, -2014],
    [{ apiKey: "wrong-key" }, 401, -2015],
    [{ secret: "wrong-secret" }, 400, -1022],
    [{ skewMs: -6_000 }, 400, -1021],
    [{ skewMs: 2_000 }, 400, -1021],
    [{ recvWindow: 60_001 }, 400, -1131],
  ];
  for (const [options, status, code] of cases) {
    const answer = await get(options);
    assertEquals([answer.status, answer.body.code], [status, code], JSON.stringify(options));
  }
});

Deno.test("security: a signature is over what was sent, wherever it stands", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const order = { price: "99", quantity: "1" };
  const inQuery = await client.signed("POST", "/fapi/v1/order", {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    ...order,
  }, { in: "query" });
  assertEquals(inQuery.status, 200);
  assertEquals((await client.order(order)).status, 200);
  // What is signed is not changed by anybody on the way.
  const { createHmac } = await import("node:crypto");
  const { apiKey, secret } = rig.exchange;
  const body = `symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&price=99&quantity=1`;
  const query = `timestamp=${Date.now()}`;
  const signature = createHmac("sha256", secret).update(query + body).digest("hex");
  const send = (sent: string, where: string) =>
    client.request("POST", `/fapi/v1/order?${where}`, {
      headers: { "x-mbx-apikey": apiKey },
      body: sent,
    });
  const tampered = await send(
    body.replace("quantity=1", "quantity=9"),
    `${query}&signature=${signature}`,
  );
  assertEquals(tampered.body.code, -1022);
  assertEquals((await send(`${body}&signature=${signature}`, query)).status, 200);
  assertEquals((await send(body, `${query}&signature=${signature.toUpperCase()}`)).status, 200);
  assertEquals((await send(body, `${query}&signature=`)).body.code, -1102);
  assertEquals((await send(body, `signature=${signature}`)).body.code, -1102);
});

Deno.test("security: the listen key needs the API key only", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  const ask = (headers: Record<string, string>) =>
    client.request("POST", "/fapi/v1/listenKey", { headers });
  assertEquals((await ask({})).body.code, -2014);
  assertEquals((await ask({ "x-mbx-apikey": "other" })).body.code, -2015);
  assertMatch((await ask({ "x-mbx-apikey": exchange.apiKey })).body.listenKey, /^\w{64}$/);
});

Deno.test("security: every malformed order has its code, and none is accepted", async () => {
  await using rig = await startRig({ minNotional: 10, maxQty: 100, maxOpenOrders: 2 });
  const { client, exchange } = rig;
  const good = { price: "99.5", quantity: "1" };
  const cases: [Record<string, string>, number][] = [
    [{ symbol: "NOPE" }, -1121],
    [{ symbol: "" }, -1102],
    [{ side: "HOLD" }, -1117],
    [{ side: "" }, -1102],
    [{ type: "" }, -1102],
    [{ type: "GUESS" }, -1116],
    [{ type: "STOP_MARKET" }, -4120],
    [{ timeInForce: "" }, -1102],
    [{ timeInForce: "GTD" }, -1115],
    [{ price: "" }, -1102],
    [{ price: "abc" }, -1100],
    [{ price: "-5" }, -1100],
    [{ price: "0" }, -4001],
    [{ price: "99.55" }, -1111],
    [{ price: "99999999999999999999" }, -4002],
    [{ quantity: "" }, -1102],
    [{ quantity: "1e2" }, -1100],
    [{ quantity: "0.000" }, -4003],
    [{ quantity: "0.0001" }, -1111],
    [{ quantity: "100.001" }, -4005],
    [{ quantity: "0.1" }, -4164],
    [{ newClientOrderId: "x".repeat(37) }, -4015],
    [{ newClientOrderId: "with space" }, -1100],
    [{ newOrderRespType: "FULL" }, -1136],
    [{ reduceOnly: "maybe" }, -1130],
    [{ positionSide: "LONG" }, -4061],
    [{ stopPrice: "50" }, -1106],
    [{ recvWindow2: "1" }, 0],
  ];
  for (const [fields, code] of cases) {
    const { status, body } = await client.order({ ...good, ...fields });
    if (code === 0) assertEquals(status, 200);
    else assertEquals([status, body.code], [400, code], JSON.stringify([fields, body]));
  }
  assertEquals(exchange.report().orders.accepted, 1);
  assertEquals((await client.order(good)).status, 200);
  assertEquals((await client.order(good)).body.code, -2025);
});

Deno.test("security: malformed requests of every kind are answered, and the exchange goes on", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const { signed } = client;
  const call = signed.bind(client);
  const cases: [() => ReturnType<typeof call>, number, number][] = [
    [() => client.request("GET", "/fapi/v1/nothing"), 404, -5000],
    [() => client.request("POST", "/fapi/v1/ping", { body: "x" }), 404, -5000],
    [() => client.request("GET", "/fapi/v1/depth"), 400, -1102],
    [() => client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=7"), 400, -4021],
    [() => client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=-1"), 400, -1100],
    [() => client.request("GET", "/fapi/v1/depth?symbol=%E0%A4%A"), 400, -1100],
    [() => client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&symbol=BTCUSDT"), 400, -1101],
    [() => call("GET", "/fapi/v1/order", { symbol: "BTCUSDT" }), 400, -1102],
    [() => call("GET", "/fapi/v1/order", { symbol: "BTCUSDT", orderId: 99 }), 400, -2013],
    [() => call("GET", "/fapi/v1/openOrder", { symbol: "BTCUSDT", orderId: 99 }), 400, -2013],
    [() => call("GET", "/fapi/v1/order", { symbol: "BTCUSDT", orderId: "1x" }), 400, -1100],
    [() => call("DELETE", "/fapi/v1/order", { symbol: "BTCUSDT", orderId: 99 }), 400, -2011],
    [() => call("DELETE", "/fapi/v1/allOpenOrders"), 400, -1102],
    [
      () => call("PUT", "/fapi/v1/order", { symbol: "BTCUSDT", orderId: 9, side: "BUY" }),
      400,
      -2013,
    ],
    [() => call("GET", "/fapi/v1/allOrders", { symbol: "BTCUSDT", limit: 5000 }), 400, -1130],
    [() => call("POST", "/fapi/v1/order", { note: "x".repeat(70_000) }), 413, -1101],
  ];
  for (const [index, [send, status, code]] of cases.entries()) {
    const answer = await send();
    assertEquals([answer.status, answer.body.code], [status, code], `case ${index}`);
  }
  const { byStatus, byCode } = rig.exchange.report().requests;
  assertEquals(byStatus["413"], 1);
  assert((byCode["-1102"] ?? 0) >= 3);
  assertEquals((await client.request("GET", "/fapi/v1/ping")).status, 200);
});

Deno.test("security: bytes that are no request do no harm", async () => {
  await using rig = await startRig();
  const { hostname, port } = new URL(rig.exchange.apiUrl);
  for (
    const text of [
      "\0\0\0\0",
      "GET\r\n\r\n",
      "GET / HTTP/1.1\r\nupgrade: websocket\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: a b\r\n\r\n",
    ]
  ) {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(text));
    await connection.read(new Uint8Array(1_024)).catch(() => null);
  }
  const { status } = await rig.client.request("GET", "/ws", {
    headers: { upgrade: "websocket", connection: "upgrade" },
  }).catch(() => ({ status: 0 }));
  assert(status !== 200);
  assertEquals((await rig.client.request("GET", "/fapi/v1/ping")).status, 200);
});

Deno.test("limits: weight is counted, told, refused with 429, and in the end with 418", async () => {
  await using rig = await startRig({
    rateLimits: { weightPerMinute: 60, offencesUntilBan: 3, banMs: 60_000 },
  });
  const { client, exchange } = rig;
  const depth = () => client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
  // Not across the end of a minute.
  while (Date.now() % 60_000 > 55_000) await new Promise((resolve) => setTimeout(resolve, 100));
  for (let used = 20; used <= 60; used += 20) {
    const { status, headers } = await depth();
    assertEquals([status, headers.get("x-mbx-used-weight-1m")], [200, String(used)]);
  }
  for (let i = 0; i < 2; i++) {
    const { status, body, headers } = await depth();
    assertEquals([status, body.code], [429, -1003]);
    const after = Number(headers.get("retry-after"));
    assert(after >= 1 && after <= 60, `retry-after is ${after}`);
  }
  for (let i = 0; i < 2; i++) {
    const { status, body, headers } = await depth();
    assertEquals([status, body.code], [418, -1003]);
    assert(Number(headers.get("retry-after")) > 50);
  }
  const { refused, bannedUntil } = exchange.report().rateLimit;
  assertEquals(refused, 3);
  assert(bannedUntil !== undefined && bannedUntil > Date.now());
});

Deno.test("limits: orders are counted and told", async () => {
  await using rig = await startRig({ rateLimits: { ordersPerMinute: 3 } });
  const { client } = rig;
  while (Date.now() % 60_000 > 55_000) await new Promise((resolve) => setTimeout(resolve, 100));
  for (let i = 1; i <= 3; i++) {
    const { status, headers } = await client.order({ price: "99", quantity: "1" });
    assertEquals([status, headers.get("x-mbx-order-count-1m")], [200, String(i)]);
    assert(Number(headers.get("x-mbx-order-count-10s")) <= i);
  }
  const { status, body, headers } = await client.order({ price: "99", quantity: "1" });
  assertEquals([status, body.code, headers.get("retry-after")], [429, -1015, null]);
  // Cancelling is always possible.
  const canceled = await client.signed("DELETE", "/fapi/v1/allOpenOrders", { symbol: "BTCUSDT" });
  assertEquals(canceled.status, 200);
});

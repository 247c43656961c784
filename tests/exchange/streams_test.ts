import { assert, assertEquals } from "@std/assert";
import { Stream } from "./paper_client.ts";
import { startRig } from "./rig.ts";

const isOrder = (message: { e?: string }) => message.e === "ORDER_TRADE_UPDATE";

/** A WebSocket by hand, which reads only when told to. */
async function rawSocket(url: string): Promise<Deno.TcpConn> {
  const { hostname, port, pathname } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  return connection;
}

Deno.test("streams: a listen key is the same until it is removed, and kept alive", async () => {
  await using rig = await startRig({ listenKeyValidityMs: 400 });
  const { client, exchange } = rig;
  const headers = { "x-mbx-apikey": exchange.apiKey };
  const key = await client.listenKey();
  assertEquals(await client.listenKey(), key);
  await using stream = await Stream.open(`${exchange.streamUrl}/${key}`);
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    const { status } = await client.request("PUT", "/fapi/v1/listenKey", { headers });
    assertEquals(status, 200);
  }
  await client.order({ price: "99", quantity: "1" });
  assertEquals((await stream.take()).e, "ORDER_TRADE_UPDATE");
  // Nobody keeps it alive any more.
  assertEquals((await stream.take()).e, "listenKeyExpired");
  const removed = await client.listenKey();
  assert(removed !== key);
  await using second = await Stream.open(`${exchange.streamUrl}/${removed}`);
  const { status } = await client.request("DELETE", "/fapi/v1/listenKey", { headers });
  assertEquals([status, (await second.take()).listenKey], [200, removed]);
});

Deno.test("streams: with a wrong key nothing comes, and it is counted", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  await using stream = await Stream.open(`${exchange.streamUrl}/${"x".repeat(64)}`);
  await client.order({ price: "99", quantity: "1" });
  await client.request("GET", "/fapi/v1/ping");
  assertEquals(stream.messages, []);
  const { streams, userUpdates } = exchange.report();
  assertEquals([streams.user, userUpdates.made], [0, 1]);
});

Deno.test("streams: every listener of the account hears everything", async () => {
  await using rig = await startRig();
  await using one = await rig.client.userStream();
  await using two = await rig.client.userStream();
  const { body } = await rig.client.order({ price: "99", quantity: "1" });
  for (const stream of [one, two]) assertEquals((await stream.take()).o.i, body.orderId);
});

Deno.test("streams: the account hears before or after the answer, as told", async () => {
  for (const updatesFirst of [false, true]) {
    await using rig = await startRig({ updatesFirst });
    await using stream = await rig.client.userStream();
    let first = 0;
    for (let i = 0; i < 20; i++) {
      let isAnswered = false;
      const heard = stream.take(isOrder).then(() => isAnswered);
      const answered = rig.client.order({ price: "99", quantity: "1" })
        .then(() => isAnswered = true);
      const [wasAnswered] = await Promise.all([heard, answered]);
      if (wasAnswered !== updatesFirst) first++;
    }
    // Two sockets cannot promise an order, but what is sent last is rarely there first.
    assert(first > 10, `${first} of 20 came as told`);
  }
});

Deno.test("streams: a client that does not read is closed, and what it missed is counted", async () => {
  await using rig = await startRig({ maxBufferedBytes: 20_000 });
  const { exchange, market, client } = rig;
  using slow = await rawSocket(`${exchange.streamUrl}/btcusdt@trade`);
  await using quick = await client.marketStream("btcusdt@trade");
  // The system's own buffers have to be full first.
  for (let rounds = 0; rounds < 20_000 && exchange.report().streams.tooSlow === 0; rounds++) {
    for (let i = 0; i < 50; i++) market.buys(100, 1);
    await market.settle();
  }
  const { tooSlow, dropped, closed, market: open } = exchange.report().streams;
  assertEquals([tooSlow, dropped, closed, open], [1, 1, 1, 1]);
  assert(quick.isOpen);
  slow.close();
});

Deno.test("streams: a client that asks too much is closed", async () => {
  await using rig = await startRig({ streamRequestsPerSecond: 5 });
  await using stream = await rig.client.marketStream();
  for (let i = 0; i < 40; i++) stream.send({ method: "LIST_SUBSCRIPTIONS", id: i });
  await stream.closed;
  assert(stream.messages.length <= 5);
  assertEquals(rig.exchange.report().streams.closed, 1);
});

Deno.test("streams: a silent client is pinged", async () => {
  await using rig = await startRig({ pingIntervalMs: 1_000 });
  using raw = await rawSocket(rig.exchange.streamUrl);
  const chunk = new Uint8Array(4_096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    text += new TextDecoder().decode(chunk.subarray(0, await raw.read(chunk) ?? 0));
  }
  const count = await raw.read(chunk);
  // A final frame with opcode 9, without a mask or a payload.
  assertEquals([...chunk.subarray(0, count ?? 0)].slice(0, 2), [0x89, 0]);
});

Deno.test("streams: an order update has every field that Binance documents", async () => {
  await using rig = await startRig();
  await using stream = await rig.client.userStream();
  await rig.client.order({ price: "99", quantity: "1", newClientOrderId: "abc" });
  await rig.client.order({ price: "98", quantity: "2" });
  const first = await stream.take(isOrder);
  const { E, T, o } = first;
  assert(E >= T && Number.isInteger(T));
  const { T: _t, ...rest } = o;
  assertEquals(rest, {
    s: "BTCUSDT",
    c: "abc",
    S: "BUY",
    o: "LIMIT",
    f: "GTC",
    q: "1.000",
    p: "99.0",
    ap: "0",
    sp: "0",
    x: "NEW",
    X: "NEW",
    i: 1,
    l: "0",
    z: "0.000",
    L: "0",
    t: 0,
    b: "99.00000000",
    a: "0.00000000",
    m: false,
    R: false,
    wt: "CONTRACT_PRICE",
    ot: "LIMIT",
    ps: "BOTH",
    cp: false,
    rp: "0.00000000",
    pP: false,
    si: 0,
    ss: 0,
    V: "NONE",
    pm: "NONE",
    gtd: 0,
    er: "0",
  });
  assertEquals((await stream.take(isOrder)).o.b, "295.00000000");
});

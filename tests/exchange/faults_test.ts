import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError, type PaperFault } from "@hftlive/hftlive";
import type { Json, Stream } from "./paper_client.ts";
import { startRig } from "./rig.ts";

const isOrder = (message: Json) => message.e === "ORDER_TRADE_UPDATE";

/** Whether a promise is still open after some turns of the event loop. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol();
  const wait = new Promise((resolve) => setTimeout(resolve, 150, open));
  return await Promise.race([promise, wait]) === open;
}

/** Execution types of the next messages about orders. */
async function nextTypes(stream: Stream, count: number): Promise<string[]> {
  const types: string[] = [];
  while (types.length < count) types.push((await stream.take(isOrder)).o.x);
  return types;
}

Deno.test("faults: streams are dropped, and new ones work", async () => {
  await using rig = await startRig();
  const { client, exchange, market } = rig;
  await using marketStream = await client.marketStream("btcusdt@trade");
  await using userStream = await client.userStream();
  exchange.inject({ fault: "dropStreams", streams: "market" });
  assertEquals((await marketStream.closed).code, 1001);
  assert(userStream.isOpen);
  exchange.inject({ fault: "dropStreams" });
  assertEquals((await userStream.closed).code, 1001);
  await using again = await client.marketStream("btcusdt@trade");
  market.buys(100, 1);
  assertEquals((await again.take()).e, "trade");
  const { opened, closed, market: open } = exchange.report().streams;
  assertEquals([opened, closed, open], [3, 2, 1]);
});

Deno.test("faults: answers and messages are delayed", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  await using stream = await client.userStream();
  for (const target of ["requests", "answers"] as const) {
    exchange.inject({ fault: "delay", target, ms: 200 });
    const start = performance.now();
    await client.order({ price: "99", quantity: "1" });
    assert(performance.now() - start >= 199, target);
    exchange.inject({ fault: "delay", target, ms: 0 });
  }
  await nextTypes(stream, 2);
  exchange.inject({ fault: "delay", target: "user", ms: 300 });
  await client.order({ price: "99", quantity: "1" });
  const start = performance.now();
  exchange.inject({ fault: "delay", target: "user", ms: 0 });
  // What comes later waits for what is delayed.
  await client.order({ price: "98", quantity: "1" });
  const first = await stream.take(isOrder);
  assert(performance.now() - start >= 200);
  assertEquals([first.o.p, (await stream.take(isOrder)).o.p], ["99.0", "98.0"]);
});

Deno.test("faults: a request that waited too long is out of its window", async () => {
  await using rig = await startRig();
  rig.exchange.inject({ fault: "delay", target: "requests", ms: 150 });
  const { body } = await rig.client.signed("GET", "/fapi/v2/balance", {}, { recvWindow: 100 });
  assertEquals(body.code, -1021);
});

Deno.test("faults: requests are not handled, or are handled and not answered", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  exchange.inject({ fault: "silence", target: "requests" });
  const unhandled = client.order({ price: "99", quantity: "1" });
  assert(await isPending(unhandled));
  assertEquals(exchange.report().orders.accepted, 0);
  exchange.inject({ fault: "clear" });
  assertEquals((await unhandled).status, 200);

  exchange.inject({ fault: "silence", target: "answers", durationMs: 300 });
  const unanswered = client.order({ price: "99", quantity: "1" });
  assert(await isPending(unanswered));
  assertEquals(exchange.report().orders.accepted, 2);
  assertEquals((await unanswered).body.status, "NEW");
});

Deno.test("faults: silent streams lose what they do not send", async () => {
  await using rig = await startRig();
  const { client, exchange, market } = rig;
  await using trades = await client.marketStream("btcusdt@trade");
  await using updates = await client.userStream();
  exchange.inject({ fault: "silence", target: "market" });
  exchange.inject({ fault: "silence", target: "user" });
  market.buys(100.2, 1);
  await market.settle();
  await client.order({ price: "99", quantity: "1" });
  exchange.inject({ fault: "clear" });
  market.buys(100.3, 1);
  const { body } = await client.order({ price: "98", quantity: "1" });
  assertEquals((await trades.take()).p, "100.3");
  assertEquals((await updates.take(isOrder)).o.i, body.orderId);
  const { streams, userUpdates } = exchange.report();
  assertEquals([streams.withheldByFault, userUpdates.withheld], [1, 1]);
});

Deno.test("faults: the listen key expires", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  const key = await client.listenKey();
  await using stream = await client.userStream();
  exchange.inject({ fault: "expireListenKey" });
  const { E, ...expired } = await stream.take();
  assertEquals(expired, { e: "listenKeyExpired", listenKey: key });
  assert(E > 0);
  await client.order({ price: "99", quantity: "1" });
  const headers = { "x-mbx-apikey": exchange.apiKey };
  const kept = await client.request("PUT", "/fapi/v1/listenKey", { headers });
  assertEquals([kept.status, kept.body.code], [400, -1125]);
  assert(await client.listenKey() !== key);
  await using again = await client.userStream();
  await client.order({ price: "98", quantity: "1" });
  assertEquals((await again.take(isOrder)).o.p, "98.0");
  assertEquals(stream.messages, []);
});

Deno.test("faults: new orders are refused on demand, with any code", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  exchange.inject({ fault: "rejectOrders", count: 2, code: -2010, message: "No." });
  const order = { price: "99", quantity: "1" };
  for (let i = 0; i < 2; i++) {
    assertEquals((await client.order(order)).body, { code: -2010, msg: "No." });
  }
  assertEquals((await client.order(order)).status, 200);
  exchange.inject({ fault: "rejectOrders" });
  assertEquals((await client.order(order)).body.code, -1008);
});

Deno.test("faults: messages to the account come twice, or after the next one", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  await using stream = await client.userStream();
  exchange.inject({ fault: "duplicateUpdates" });
  const { body } = await client.order({ price: "99", quantity: "1" });
  assertEquals(await nextTypes(stream, 2), ["NEW", "NEW"]);
  await client.cancel(body.orderId);
  assertEquals(await nextTypes(stream, 1), ["CANCELED"]);
  exchange.inject({ fault: "reorderUpdates" });
  const { body: other } = await client.order({ price: "99", quantity: "1" });
  await client.cancel(other.orderId);
  assertEquals(await nextTypes(stream, 2), ["CANCELED", "NEW"]);
  // Without a next one it comes all the same.
  exchange.inject({ fault: "reorderUpdates" });
  await client.order({ price: "99", quantity: "1" });
  assertEquals(await nextTypes(stream, 1), ["NEW"]);
  const { duplicated, reordered } = exchange.report().userUpdates;
  assertEquals([duplicated, reordered], [1, 2]);
});

Deno.test("faults: depth updates are left out, and their ids with them", async () => {
  await using rig = await startRig();
  const { client, exchange, market } = rig;
  await using stream = await client.marketStream("btcusdt@depth");
  exchange.inject({ fault: "skipDepthUpdates", symbol: "ethusdt" });
  market.bid(99, 2);
  const before = await stream.take();
  exchange.inject({ fault: "skipDepthUpdates", symbol: "btcusdt" });
  market.bid(99, 3);
  await market.settle();
  market.bid(99, 4);
  const after = await stream.take();
  assertEquals([after.b, after.pu], [[["99.0", "4.000"]], before.u + 1]);
  assertEquals(exchange.report().streams.skippedByFault, 1);
});

Deno.test("faults: over HTTP, with the token only", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    token = exchange.adminToken,
  ) => {
    const response = await client.request(method, `/admin${path}`, {
      headers: { "x-admin-token": token },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return [response.status, response.body] as const;
  };
  assertEquals(exchange.adminUrl, `${exchange.apiUrl}/admin`);
  const [status, active] = await call("POST", "/faults", {
    fault: "delay",
    target: "user",
    ms: 5,
  });
  assertEquals([status, active.delayMs.user], [200, 5]);
  assertEquals((await call("POST", "/faults", { fault: "clear" }))[1].delayMs.user, 0);
  assertEquals((await call("GET", "/faults"))[1], exchange.report().faults);
  assertEquals((await call("GET", "/report"))[1].balance, 100_000);
  assertEquals((await call("GET", "/report", undefined, "wrong"))[0], 401);
  assertEquals((await call("GET", "/nothing"))[0], 404);
  assertEquals((await call("PUT", "/faults", {}))[0], 405);
  for (
    const [body, word] of [
      ["{", "JSON"],
      ["null", "object"],
      [{ fault: "rain" }, "fault"],
      [{ fault: "delay", target: "moon", ms: 1 }, "target"],
      [{ fault: "delay", target: "user", ms: -1 }, "ms"],
      [{ fault: "rejectOrders", count: 1.5 }, "count"],
      [{ fault: "rejectOrders", message: 1 }, "message"],
      ["x".repeat(5_000), "characters"],
    ] as const
  ) {
    const [refused, answer] = await call("POST", "/faults", body);
    assertEquals(refused, 400);
    assert(answer.error.includes(word), answer.error);
  }
});

Deno.test("faults: what cannot be used is refused", async () => {
  await using rig = await startRig();
  const wrong: [unknown, string][] = [
    [undefined, "fault"],
    [{ fault: "silence" }, "target"],
    [{ fault: "silence", target: "user", durationMs: Infinity }, "durationMs"],
    [{ fault: "dropStreams", streams: "some" }, "streams"],
    [{ fault: "rejectOrders", code: 5 }, "code"],
  ];
  for (const [fault, field] of wrong) {
    assertThrows(() => rig.exchange.inject(fault as PaperFault), InvalidInputError, field);
  }
});

Deno.test("faults: closing ends what is held back", async () => {
  const rig = await startRig();
  rig.exchange.inject({ fault: "silence", target: "answers" });
  const unanswered = rig.client.request("GET", "/fapi/v1/ping");
  assert(await isPending(unanswered));
  await rig.exchange.close();
  assertEquals((await unanswered).status, 503);
  await rig[Symbol.asyncDispose]();
});

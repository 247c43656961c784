import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Json, Stream } from "./paper_client.ts";
import { startRig } from "./rig.ts";

/** The next message about an order: execution type, state, last quantity and price, sum, maker. */
async function next(stream: Stream): Promise<unknown[]> {
  const { o } = await stream.take((message) => message.e === "ORDER_TRADE_UPDATE");
  return [o.x, o.X, o.l, o.L, o.z, o.m];
}

Deno.test("orders: a limit order rests, is asked for, and is cancelled", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  const { status, body } = await client.order({
    price: "99.5",
    quantity: "0.25",
    newClientOrderId: "mine-1",
  });
  assertEquals(status, 200);
  assertEquals(
    [body.status, body.symbol, body.side, body.type, body.timeInForce, body.clientOrderId],
    ["NEW", "BTCUSDT", "BUY", "LIMIT", "GTC", "mine-1"],
  );
  assertEquals([body.price, body.origQty, body.executedQty], ["99.5", "0.250", "0.000"]);
  assertEquals(await next(stream), ["NEW", "NEW", "0", "0", "0.000", false]);

  const asked = await client.signed("GET", "/fapi/v1/order", {
    symbol: "btcusdt",
    origClientOrderId: "mine-1",
  });
  assertEquals([asked.body.orderId, asked.body.status], [body.orderId, "NEW"]);
  const open = await client.signed("GET", "/fapi/v1/openOrders", { symbol: "BTCUSDT" });
  assertEquals(open.body.map((order: Json) => order.orderId), [body.orderId]);

  const canceled = await client.cancel(body.orderId);
  assertEquals([canceled.status, canceled.body.status], [200, "CANCELED"]);
  assertEquals(await next(stream), ["CANCELED", "CANCELED", "0", "0", "0.000", false]);
  const again = await client.cancel(body.orderId);
  assertEquals([again.status, again.body.code], [400, -2011]);
  assertEquals((await client.signed("GET", "/fapi/v1/openOrders")).body, []);
});

Deno.test("orders: a limit order that crosses takes level by level and rests with what is left", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  const { body } = await client.order({ price: "100.3", quantity: "2.5" });
  assertEquals(body.status, "NEW");
  assertEquals(await next(stream), ["NEW", "NEW", "0", "0", "0.000", false]);
  assertEquals(await next(stream), ["TRADE", "PARTIALLY_FILLED", "1.000", "100.2", "1.000", false]);
  assertEquals(await next(stream), ["TRADE", "PARTIALLY_FILLED", "1.000", "100.3", "2.000", false]);
  const asked = await client.signed("GET", "/fapi/v1/order", {
    symbol: "BTCUSDT",
    orderId: body.orderId,
  });
  assertEquals(
    [asked.body.status, asked.body.executedQty, asked.body.avgPrice, asked.body.cumQuote],
    ["PARTIALLY_FILLED", "2.000", "100.250000", "200.50000000"],
  );
});

Deno.test("orders: a resting order is filled in parts as maker when the market trades through it", async () => {
  await using rig = await startRig();
  const { client, market } = rig;
  await using stream = await client.userStream();
  await client.order({ price: "100.0", quantity: "1" });
  await next(stream);
  // One is ahead of it in the queue of its price.
  market.sells(100, 1.4);
  assertEquals(await next(stream), ["TRADE", "PARTIALLY_FILLED", "0.400", "100.0", "0.400", true]);
  market.sells(99.9, 5);
  assertEquals(await next(stream), ["TRADE", "FILLED", "0.600", "100.0", "1.000", true]);
  assertEquals(rig.exchange.report().orders, {
    accepted: 1,
    filled: 1,
    canceled: 0,
    expired: 0,
    amended: 0,
    open: 0,
  });
});

Deno.test("orders: GTX rests, or is refused with -5022 and never heard of", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  const refused = await client.order({ price: "100.2", quantity: "1", timeInForce: "GTX" });
  assertEquals([refused.status, refused.body.code], [400, -5022]);
  const rests = await client.order({ price: "100.1", quantity: "1", timeInForce: "GTX" });
  assertEquals([rests.status, rests.body.status, rests.body.orderId], [200, "NEW", 1]);
  assertEquals(await next(stream), ["NEW", "NEW", "0", "0", "0.000", false]);
});

Deno.test("orders: IOC takes what is there and expires", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  await client.order({ price: "100.2", quantity: "1.5", timeInForce: "IOC" });
  assertEquals(await next(stream), ["NEW", "NEW", "0", "0", "0.000", false]);
  assertEquals(await next(stream), ["TRADE", "PARTIALLY_FILLED", "1.000", "100.2", "1.000", false]);
  assertEquals(await next(stream), ["EXPIRED", "EXPIRED", "0", "0", "1.000", false]);
  const none = await client.order({
    price: "100.1",
    quantity: "1",
    timeInForce: "IOC",
    newOrderRespType: "RESULT",
  });
  assertEquals([none.body.status, none.body.executedQty], ["EXPIRED", "0.000"]);
});

Deno.test("orders: FOK is filled as a whole or not at all", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  await client.order({ price: "100.2", quantity: "1.5", timeInForce: "FOK" });
  assertEquals(await next(stream), ["NEW", "NEW", "0", "0", "0.000", false]);
  assertEquals(await next(stream), ["EXPIRED", "EXPIRED", "0", "0", "0.000", false]);
  const filled = await client.order({
    side: "SELL",
    price: "99.9",
    quantity: "1.5",
    timeInForce: "FOK",
    newOrderRespType: "RESULT",
  });
  assertEquals(
    [filled.body.status, filled.body.executedQty, filled.body.avgPrice],
    ["FILLED", "1.500", "99.966667"],
  );
});

Deno.test("orders: a market order takes the book and expires with what is left", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const sold = await client.order({
    side: "SELL",
    type: "MARKET",
    quantity: "6",
    newOrderRespType: "RESULT",
  });
  assertEquals(
    [sold.body.status, sold.body.executedQty, sold.body.price, sold.body.avgPrice],
    ["EXPIRED", "5.000", "0", "99.800000"],
  );
});

Deno.test("orders: a market order with a price or a time in force is refused, unless told otherwise", async () => {
  {
    await using rig = await startRig();
    for (const extra of [{ price: "0.0" }, { timeInForce: "GTC" }]) {
      const { status, body } = await rig.client.order({ type: "MARKET", quantity: "1", ...extra });
      assertEquals([status, body.code], [400, -1106]);
      assertMatch(body.msg, new RegExp(`'${Object.keys(extra)[0]}'`));
    }
  }
  await using rig = await startRig({ unneededParameters: "ignore" });
  const { status } = await rig.client.order({
    type: "MARKET",
    quantity: "1",
    price: "0.0",
    timeInForce: "GTC",
  });
  assertEquals(status, 200);
});

Deno.test("orders: changing one takes it to the end of its queue, or ends it", async () => {
  await using rig = await startRig();
  const { client } = rig;
  await using stream = await client.userStream();
  const { body: { orderId } } = await client.order({ price: "99.8", quantity: "1" });
  await next(stream);
  const change = (fields: Record<string, string>) =>
    client.signed("PUT", "/fapi/v1/order", { symbol: "BTCUSDT", orderId, side: "BUY", ...fields });
  const moved = await change({ price: "100.1", quantity: "3" });
  assertEquals(
    [moved.status, moved.body.price, moved.body.origQty, moved.body.status],
    [200, "100.1", "3.000", "NEW"],
  );
  assertEquals(await next(stream), ["AMENDMENT", "NEW", "0", "0", "0.000", false]);
  const same = await change({ price: "100.1", quantity: "3" });
  assertEquals([same.status, same.body.code], [400, -5027]);
  const taking = await change({ price: "100.2", quantity: "3" });
  assertEquals(taking.body.executedQty, "1.000");
  assertEquals(await next(stream), ["AMENDMENT", "NEW", "0", "0", "0.000", false]);
  assertEquals(await next(stream), ["TRADE", "PARTIALLY_FILLED", "1.000", "100.2", "1.000", false]);
  const ended = await change({ price: "100.0", quantity: "1" });
  assertEquals(ended.body.status, "CANCELED");
  assertEquals(await next(stream), ["CANCELED", "CANCELED", "0", "0", "1.000", false]);

  const { body: post } = await client.order({ price: "99", quantity: "1", timeInForce: "GTX" });
  const gone = await client.signed("PUT", "/fapi/v1/order", {
    symbol: "BTCUSDT",
    orderId: post.orderId,
    side: "BUY",
    price: "101",
    quantity: "1",
  });
  assertEquals([gone.status, gone.body.status], [200, "CANCELED"]);
});

Deno.test("orders: all of one symbol are cancelled at once", async () => {
  await using rig = await startRig();
  const { client, exchange } = rig;
  for (let i = 1; i <= 3; i++) await client.order({ price: `99.${i}`, quantity: "1" });
  const { status, body } = await client.signed("DELETE", "/fapi/v1/allOpenOrders", {
    symbol: "btcusdt",
  });
  assertEquals([status, body.code], [200, 200]);
  assertEquals([exchange.report().orders.open, exchange.report().orders.canceled], [0, 3]);
  const all = await client.signed("GET", "/fapi/v1/allOrders", { symbol: "BTCUSDT" });
  assertEquals(all.body.map((order: Json) => order.status), ["CANCELED", "CANCELED", "CANCELED"]);
});

Deno.test("orders: a client's id may be used again only when its order is over", async () => {
  await using rig = await startRig();
  const { client } = rig;
  const order = { price: "99", quantity: "1", newClientOrderId: "same" };
  const { body: first } = await client.order(order);
  const { body: second } = await client.order(order);
  assertEquals(second.code, -4116);
  await client.cancel(first.orderId);
  const { body: third } = await client.order(order);
  assertEquals([third.clientOrderId, third.orderId > first.orderId], ["same", true]);
});

Deno.test("orders: what the market takes back is not there to be taken, and the market notices nothing", async () => {
  await using rig = await startRig();
  const { client, market, exchange } = rig;
  market.clear().ask(101, 1);
  await market.settle();
  const { body } = await client.order({ price: "100.9", quantity: "1", timeInForce: "GTX" });
  assertEquals(body.status, "NEW");
  const result = { newOrderRespType: "RESULT", timeInForce: "IOC" };
  for (let i = 0; i < 2; i++) {
    const taken = await client.order({ price: "101", quantity: "1", ...result });
    assertEquals(taken.body.status, "FILLED");
  }
  const { body: depth } = await client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=5");
  assertEquals([depth.bids, depth.asks], [[], [["101.0", "1.000"]]]);
  assert(exchange.report().market.clears === 1);
});

Deno.test("orders: a market order in a market without prices expires", async () => {
  await using rig = await startRig();
  rig.market.clear();
  await rig.market.settle();
  const { body } = await rig.client.order({
    type: "MARKET",
    quantity: "1",
    newOrderRespType: "RESULT",
  });
  assertEquals([body.status, body.executedQty], ["EXPIRED", "0.000"]);
});

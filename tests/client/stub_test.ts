import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BotError,
  EventBatch,
  EventKind,
  isFinal,
  LiveClient,
  MarketStatistics,
  OrderUnknownError,
  StubBot,
} from "@hftlive/hftlive";

Deno.test("a client counts what a plain poll loop counts, by every way", async () => {
  const options = { seed: 7, maxFeeds: 2000 };
  using plain = new StubBot(options);
  const expected = new MarketStatistics(plain);
  const batch = new EventBatch(512);
  for (let length = plain.poll(batch); length >= 0; length = plain.poll(batch)) {
    if (length > 0) expected.add(batch);
  }
  const bot = new StubBot(options);
  await using client = await LiveClient.start(bot);
  const statistics = new MarketStatistics(bot);
  const trades = (async () => {
    let count = 0;
    for await (const _trade of client.trades()) count++;
    return count;
  })();
  const levels = (async () => {
    let count = 0;
    for await (const update of client.bookUpdates()) if (update.type !== "depthClear") count++;
    return count;
  })();
  for await (const batch of client.batches()) statistics.add(batch);
  assertEquals(await trades, expected.totalTrades);
  assertEquals(await levels, expected.depthUpdates);
  assert(expected.totalTrades > 1000);
  assertEquals(statistics.toJSON(), expected.toJSON());
  assertEquals(client.dropped, 0);
});

Deno.test("a running virtual bot becomes fresh, and its first book arrives", async () => {
  await using client = await LiveClient.start(new StubBot({ seed: 7, maxFeeds: Infinity }));
  const snapshot = client.getSnapshot();
  const health = await client.ready();
  assertEquals([health.healthy, health.instruments[0]?.level], [true, "fresh"]);
  assert((await snapshot)!.bids.length > 0);
  assertEquals(client.snapshot().symbol, "btcusdt");
});

Deno.test("a bot on the real clock becomes fresh and trades, with timers alive", async () => {
  const bot = new StubBot({ seed: 7, clock: "real", maxFeeds: Infinity });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await using client = await LiveClient.start(bot);
  await client.ready();
  const { bids } = client.snapshot();
  const answer = await client.submitOrder({ side: "buy", price: bids.at(-1)!.price, qty: 0.001 });
  assertEquals(answer.status, "new");
  for await (const trade of client.trades()) if (trade.price > 0 && ticks > 0) break;
  const end = await client.cancelOrder(answer.orderId);
  assertEquals(end.status, "canceled");
  clearInterval(timer);
  assert(ticks > 0);
});

Deno.test("an order is acknowledged, filled, and moves the position", async () => {
  const bot = new StubBot({
    seed: 7,
    maxFeeds: Infinity,
    fill: { model: "probability", probability: 1 },
    partialFillProbability: 0,
  });
  await using client = await LiveClient.start(bot);
  await client.ready();
  const updates = client.orderUpdates();
  const price = client.snapshot().bids[0]!.price;
  const answer = await client.submitOrder({ side: "buy", price: price, qty: 0.5 });
  let filled = 0;
  for await (const update of updates) {
    assertEquals(update.orderId, answer.orderId);
    filled += update.execQty;
    if (isFinal(update.status)) break;
    // The market may have left the order behind: take what is offered now.
    if (filled === 0 && client.snapshot().bids[0]!.price > price + 50) {
      await client.cancelOrder(answer.orderId);
    }
  }
  const order = client.order(0, answer.orderId);
  assertEquals(order?.orderId, answer.orderId);
  assertEquals(client.orders().has(answer.orderId), true);
  assertEquals(client.position(), filled);
});

Deno.test("a strategy on batches awaits its orders, and misses no record", async () => {
  const options = { seed: 7, maxFeeds: 500, fill: { model: "touch" } } as const;
  using plain = new StubBot(options);
  const batch = new EventBatch();
  let expected = 0;
  for (let length = plain.poll(batch); length >= 0; length = plain.poll(batch)) {
    for (let i = 0; i < length; i++) expected += batch.kind(i) < EventKind.Order ? 1 : 0;
  }
  await using client = await LiveClient.start(new StubBot(options));
  let seen = 0;
  let rounds = 0;
  for await (const batch of client.batches()) {
    for (let i = 0; i < batch.length; i++) seen += batch.kind(i) < EventKind.Order ? 1 : 0;
    if (rounds === 20) continue;
    rounds++;
    const price = Math.round(client.bot.depth(0).bestBid * 10 - 50) / 10;
    const { orderId, status } = await client.submitOrder({ side: "buy", price, qty: 0.001 });
    assertEquals(status, "new");
    assertEquals((await client.cancelOrder(orderId)).status, "canceled");
  }
  assertEquals([seen, rounds], [expected, 20]);
});

Deno.test("a market order is filled at once", async () => {
  await using client = await LiveClient.start(new StubBot({ seed: 7, maxFeeds: Infinity }));
  await client.ready();
  const answer = await client.submitOrder({
    side: "sell",
    orderType: "market",
    timeInForce: "IOC",
    qty: 0.001,
  });
  assertEquals([answer.status, client.position()], ["filled", -0.001]);
});

Deno.test("the stub's refusals come as its errors", async () => {
  await using client = await LiveClient.start(new StubBot({ seed: 7, maxFeeds: Infinity }));
  const reason = async (action: Promise<unknown>) =>
    (await assertRejects(() => action, BotError)).reason;
  const order = { side: "buy", price: 59_000, qty: 0.001 } as const;
  assertEquals(await reason(client.submitOrder({ ...order, asset: 9 })), "instrumentNotFound");
  assertEquals(
    await reason(client.submitOrder({ ...order, price: 59_000.05 })),
    "invalidOrderRequest",
  );
  assertEquals(await reason(client.submitOrder({ side: "buy", qty: 1 })), "invalidOrderRequest");
  const { orderId } = await client.submitOrder(order);
  assertEquals(await reason(client.submitOrder({ ...order, orderId })), "orderIdExists");
  assertEquals(await reason(client.cancelOrder(404n)), "orderNotFound");
  await client.cancelOrder(orderId);
  assertEquals(await reason(client.cancelOrder(orderId)), "invalidOrderStatus");
});

Deno.test("a rejected order is an answer", async () => {
  const bot = new StubBot({ seed: 7, maxFeeds: Infinity, rejectProbability: 1 });
  await using client = await LiveClient.start(bot);
  const answer = await client.submitOrder({ side: "buy", price: 59_000, qty: 0.001 });
  assertEquals(answer.status, "rejected");
});

Deno.test("a client that leaves its scope closes the bot and gives up on answers", async () => {
  const bot = new StubBot({ seed: 7, clock: "real", orderLatencyNs: 1_000_000_000 });
  let outcome: Promise<unknown>;
  {
    await using client = await LiveClient.start(bot);
    outcome = assertRejects(
      () => client.submitOrder({ side: "buy", price: 59_000, qty: 0.001 }),
      OrderUnknownError,
      "the client is closed",
    );
  }
  await outcome;
  const error = await assertRejects(() => LiveClient.start(bot), BotError);
  assertEquals(error.reason, "closed");
});

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BotError, InvalidInputError, LiveClient } from "@hftlive/hftlive";
import { INSTRUMENTS, ScriptedBot, until } from "./scripted_bot.ts";

Deno.test("a stream opened right after start misses nothing", async () => {
  const bot = new ScriptedBot().trades(700);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const prices: number[] = [];
  for await (const trade of client.trades()) prices.push(trade.price);
  assertEquals(prices, Array.from({ length: 700 }, (_, i) => i + 1));
  assertEquals(client.dropped, 0);
});

Deno.test("a consumer that keeps up drops nothing at a multiple of the queue", async () => {
  const bot = new ScriptedBot().trades(20_000);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const trades = client.trades();
  let next = 1;
  for await (const trade of trades) assertEquals(trade.price, next++);
  assertEquals(next - 1, 20_000);
  assertEquals(trades.dropped, 0);
});

Deno.test("a slow consumer loses the oldest, counted per stream and in total", async () => {
  const bot = new ScriptedBot().trades(1000);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const slow = client.trades({ queueSize: 10 });
  const slower = client.trades({ queueSize: 3 });
  await client.finished;
  assertEquals(slow.queued, 10);
  assertEquals(slow.dropped, 990);
  assertEquals(slower.dropped, 997);
  assertEquals(client.dropped, 1987);
  assertEquals(client.health.dropped, 1987);
  const rest: number[] = [];
  for await (const trade of slow) rest.push(trade.price);
  assertEquals(rest, Array.from({ length: 10 }, (_, i) => 991 + i));
  assertEquals(client.dropped, 1987);
});

Deno.test("streams are independent: leaving one does not end another", async () => {
  const bot = new ScriptedBot().trades(5);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const all = client.trades();
  for await (const trade of client.trades()) {
    if (trade.price === 2) break;
  }
  const prices: number[] = [];
  for await (const trade of all) prices.push(trade.price);
  assertEquals(prices, [1, 2, 3, 4, 5]);
});

Deno.test("break, return, throw and await using leave a stream", async () => {
  const bot = new ScriptedBot().trades(3);
  await using client = await LiveClient.start(bot);
  const left = [client.trades(), client.trades(), client.trades(), client.trades()];
  await until(() => left.every((stream) => stream.queued === 3));
  for await (const _trade of left[0]!) break;
  await left[1]!.return();
  await assertRejects(() => left[2]!.throw(new Error("enough")), Error, "enough");
  {
    await using stream = left[3]!;
    await stream.next();
  }
  bot.trades(10, { first: 4 });
  await until(() => bot.left === 0);
  for (const stream of left) {
    assertEquals(stream.queued, 0);
    assertEquals(await stream.next(), { value: undefined, done: true });
  }
});

Deno.test("leaving a stream wakes who waits for it", async () => {
  await using client = await LiveClient.start(new ScriptedBot());
  const trades = client.trades();
  const waiting = trades.next();
  await trades.return();
  assertEquals(await waiting, { value: undefined, done: true });
});

Deno.test("waiting calls are served in order", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const trades = client.trades();
  const calls = [trades.next(), trades.next(), trades.next()];
  bot.trades(3);
  const prices = (await Promise.all(calls)).map(({ value }) => value?.price);
  assertEquals(prices, [1, 2, 3]);
});

Deno.test("an abort leaves a stream and rejects with its reason, once", async () => {
  const bot = new ScriptedBot().trades(2);
  await using client = await LiveClient.start(bot);
  const abort = new AbortController();
  const idle = client.trades({ signal: abort.signal });
  const waiting = client.bookUpdates({ signal: abort.signal });
  const call = waiting.next();
  await until(() => idle.queued === 2);
  abort.abort(new Error("enough"));
  await assertRejects(() => call, Error, "enough");
  await assertRejects(() => idle.next(), Error, "enough");
  assertEquals((await idle.next()).done, true);
  assertEquals((await waiting.next()).done, true);
  const late = client.events({ signal: abort.signal });
  await assertRejects(() => late.next(), Error, "enough");
});

Deno.test("a stream of one instrument gets its events only", async () => {
  const bot = new ScriptedBot(INSTRUMENTS).trades(2, { asset: 0 })
    .trades(3, { asset: 1, first: 10 });
  bot.script(bot.level(5, 1, { asset: 1 }), bot.update(1n, { asset: 1 }), bot.update(2n));
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const streams = [
    client.trades({ asset: 1 }),
    client.bookUpdates({ asset: 0 }),
    client.orderUpdates({ asset: 0 }),
    client.events({ asset: 1 }),
  ];
  await client.finished;
  assertEquals(streams.map(({ queued }) => queued), [3, 0, 1, 5]);
});

Deno.test("trouble of a connector reaches the streams of all its instruments", async () => {
  const instruments = [INSTRUMENTS[0]!, { ...INSTRUMENTS[0]!, symbol: "solusdt" }, INSTRUMENTS[1]!];
  const bot = new ScriptedBot(instruments);
  bot.script((writer) => writer.error(0, bot.time, "connectionInterrupted", 0n, "gone"));
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const streams = instruments.map((_, asset) => client.events({ asset }));
  await client.finished;
  assertEquals(streams.map(({ queued }) => queued), [1, 1, 0]);
  const { value } = await streams[1]!.next();
  assert(value?.type === "error");
  assertEquals(value.message, "gone");
});

Deno.test("order updates are never dropped, whatever else floods", async () => {
  const bot = new ScriptedBot();
  const floods = 100_000;
  for (let i = 0; i < floods; i++) bot.script(bot.update(BigInt(i)));
  bot.trades(5000);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const updates = client.orderUpdates();
  const events = client.events({ queueSize: 7 });
  await client.finished;
  assertEquals(updates.queued, floods);
  assertEquals(updates.dropped, 0);
  assertEquals(events.queued, floods + 7);
  assertEquals(events.dropped, 5000 - 7);
  let next = 0n;
  for await (const update of updates) assertEquals(update.orderId, next++);
  assertEquals(next, BigInt(floods));
});

Deno.test("events brings all kinds in order", async () => {
  const bot = new ScriptedBot();
  bot.script(
    (writer) => writer.connection(0, bot.time, "attached"),
    ...bot.registration(0),
    (writer) => writer.position(0, bot.time, bot.time, 2),
    bot.trade(1),
    bot.update(9n),
    (writer) => writer.error(0, bot.time, "custom", 7n, "trouble"),
    (writer) => writer.overflow(0, bot.time, "journal", 3),
  );
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const types: string[] = [];
  for await (const event of client.events()) types.push(event.type);
  assertEquals(types, [
    "connection",
    "batchStart",
    "snapshot",
    "batchEnd",
    "position",
    "trade",
    "order",
    "error",
    "overflow",
  ]);
});

Deno.test("a whole book comes with each answered registration", async () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  bot.quotes[0] = { bid: 100, ask: 100.1 };
  bot.quotes[1] = { bid: 5, ask: 5.01 };
  bot.script(...bot.registration(0));
  await using client = await LiveClient.start(bot);
  const snapshots = client.snapshots();
  const first = (await snapshots.next()).value!;
  assertEquals(
    [first.asset, first.symbol, first.bids[0]?.price, first.asks[0]?.price],
    [0, "btcusdt", 100, 100.1],
  );
  // A mark without an instrument stands for all.
  bot.script(...bot.registration(-1));
  assertEquals([(await snapshots.next()).value?.asset, (await snapshots.next()).value?.asset], [
    0,
    1,
  ]);
  assertEquals(client.snapshot(1).asks[0]?.price, 5.01);
});

Deno.test("a full queue of whole books drops its oldest", async () => {
  const bot = new ScriptedBot();
  for (let i = 0; i < 5; i++) bot.script(...bot.registration(0));
  bot.endOfData = true;
  // One record a poll: otherwise one poll could hold several registrations, and give one book.
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const snapshots = client.snapshots({ queueSize: 2 });
  await client.finished;
  assertEquals([snapshots.queued, snapshots.dropped, client.dropped], [2, 3, 3]);
});

Deno.test("bad options of a stream are refused", async () => {
  await using client = await LiveClient.start(new ScriptedBot());
  assertThrows(() => client.trades({ queueSize: 0 }), InvalidInputError, "queueSize = 0");
  assertThrows(() => client.events({ queueSize: 1.5 }), InvalidInputError, "queueSize = 1.5");
  const error = assertThrows(() => client.bookUpdates({ asset: 1 }), BotError);
  assertEquals(error.reason, "instrumentNotFound");
  // @ts-expect-error a signal that is none
  assertThrows(() => client.orderUpdates({ signal: 1 }), InvalidInputError, "signal = 1");
});

Deno.test("streams opened after the end are done at once", async () => {
  const bot = new ScriptedBot();
  const client = await LiveClient.start(bot);
  await client.close();
  assertEquals((await client.trades().next()).done, true);
  assertEquals((await client.batches().next()).done, true);
});

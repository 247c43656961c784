import { assert, assertEquals, assertRejects } from "@std/assert";
import { type EventBatch, LiveClient, NotReadyError } from "@hftlive/hftlive";
import { ScriptedBot, turns, until } from "./scripted_bot.ts";

Deno.test("batches brings every record in place, in the same block of memory", async () => {
  const bot = new ScriptedBot().trades(2000);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot, { batchCapacity: 300 });
  const seen = new Set<EventBatch>();
  let next = 1;
  for await (const batch of client.batches()) {
    seen.add(batch);
    assert(batch.length <= 300);
    for (let i = 0; i < batch.length; i++) assertEquals(batch.price(i), next++);
  }
  assertEquals(next - 1, 2000);
  assertEquals(seen.size, 1);
});

Deno.test("the client does not poll while a batch is held", async () => {
  const bot = new ScriptedBot().trades(1);
  await using client = await LiveClient.start(bot);
  for await (const batch of client.batches()) {
    const { polls } = bot;
    bot.trades(1, { first: 2 });
    await turns(20);
    assertEquals(bot.polls, polls);
    assertEquals(batch.price(0), 1);
    break;
  }
  await until(() => bot.left === 0);
});

Deno.test("each of several consumers gets every batch, and the slowest sets the pace", async () => {
  const bot = new ScriptedBot().trades(10);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const consume = async (delayTurns: number) => {
    const prices: number[] = [];
    for await (const batch of client.batches()) {
      prices.push(batch.price(0));
      await turns(delayTurns);
      assertEquals(batch.price(0), prices.at(-1));
    }
    return prices;
  };
  const all = Array.from({ length: 10 }, (_, i) => i + 1);
  assertEquals(await Promise.all([consume(0), consume(5), consume(1)]), [all, all, all]);
});

Deno.test("a stream that was never asked for a batch holds nothing up", async () => {
  const bot = new ScriptedBot().trades(5);
  await using client = await LiveClient.start(bot);
  client.batches();
  await until(() => bot.left === 0);
});

Deno.test("a consumer can await orders and getters; what comes meanwhile comes next", async () => {
  const bot = new ScriptedBot().trades(1);
  bot.onRequest = ({ orderId }) => {
    bot.trades(3, { first: 2 });
    bot.script(bot.update(orderId));
  };
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const prices: number[] = [];
  for await (const batch of client.batches()) {
    if (batch.event(0).type === "order") break;
    prices.push(batch.price(0));
    if (prices.length > 1) continue;
    const answer = await client.submitOrder({ side: "buy", price: 1, qty: 1 });
    assertEquals(answer.status, "new");
    // Held all the while: still the first batch.
    assertEquals(batch.price(0), 1);
    assertEquals((await client.getBookUpdate({ timeoutMs: 5 }))?.type, undefined);
    await client.ready({ level: "registered" });
  }
  assertEquals(prices, [1, 2, 3, 4]);
});

Deno.test("batches kept aside are delivered before the end", async () => {
  const bot = new ScriptedBot().trades(1);
  bot.connections[0] = { ...bot.connections[0]!, attached: false };
  bot.onRequest = ({ orderId }) => {
    bot.script(bot.update(orderId)).trades(5, { first: 2 });
    bot.endOfData = true;
  };
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const prices: number[] = [];
  const types: string[] = [];
  for await (const batch of client.batches()) {
    types.push(batch.event(0).type);
    if (batch.event(0).type === "trade") prices.push(batch.price(0));
    if (types.length > 1) continue;
    await client.submitOrder({ side: "buy", price: 1, qty: 1 });
    // Goes on polling to the end of the data while the batch is held.
    await assertRejects(() => client.ready(), NotReadyError, "the data has ended");
  }
  assertEquals(prices, [1, 2, 3, 4, 5, 6]);
  assertEquals(types.filter((type) => type === "order").length, 1);
});

Deno.test("batches kept aside are delivered before an error of the bot", async () => {
  const bot = new ScriptedBot().trades(1);
  bot.onRequest = ({ orderId }) => {
    bot.trades(3, { first: 2 }).script(bot.update(orderId));
  };
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const batches = client.batches();
  await batches.next();
  await client.submitOrder({ side: "buy", price: 1, qty: 1 });
  const getter = client.getBookUpdate();
  bot.failure = new Error("broken");
  await assertRejects(() => getter, Error, "broken");
  const types: string[] = [];
  await assertRejects(
    async () => {
      for await (const batch of batches) types.push(batch.event(0).type);
    },
    Error,
    "broken",
  );
  assertEquals(types, ["trade", "trade", "trade", "order"]);
  assertEquals((await batches.next()).done, true);
});

Deno.test("abort, close and failure end a stream of batches", async () => {
  const bot = new ScriptedBot().trades(1);
  const client = await LiveClient.start(bot);
  const abort = new AbortController();
  const aborted = client.batches({ signal: abort.signal });
  const closed = client.batches();
  await Promise.all([aborted.next(), closed.next()]);
  const waiting = [aborted.next(), closed.next()];
  abort.abort(new Error("enough"));
  await assertRejects(() => waiting[0]!, Error, "enough");
  assertEquals((await aborted.next()).done, true);
  await client.close();
  assertEquals((await waiting[1]!).done, true);

  const failing = new ScriptedBot();
  await using other = await LiveClient.start(failing);
  const call = other.batches().next();
  failing.failure = new Error("broken");
  await assertRejects(() => call, Error, "broken");
});

Deno.test("a call made ahead gives the batch back when it comes", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot, { batchCapacity: 1 });
  const batches = client.batches();
  const calls = [batches.next(), batches.next(), batches.next()];
  const prices = calls.map((call) => call.then(({ value }) => value?.price(0)));
  bot.trades(3);
  assertEquals(await Promise.all(prices), [1, 2, 3]);
});

Deno.test("a stream left with throw or await using lets the client go on", async () => {
  const bot = new ScriptedBot().trades(1);
  await using client = await LiveClient.start(bot);
  const thrown = client.batches();
  const disposed = client.batches();
  await Promise.all([thrown.next(), disposed.next()]);
  await assertRejects(() => thrown.throw(new Error("enough")), Error, "enough");
  await disposed[Symbol.asyncDispose]();
  bot.trades(1);
  await until(() => bot.left === 0);
});

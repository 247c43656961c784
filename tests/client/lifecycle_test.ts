import { assert, assertEquals, assertRejects } from "@std/assert";
import { BotError, InvalidInputError, LiveClient, type LiveClientOptions } from "@hftlive/hftlive";
import { ScriptedBot, turns, until } from "./scripted_bot.ts";

Deno.test("start polls nothing before the next turn of the event loop", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  assertEquals(bot.polls, 0);
  assertEquals(client.bot, bot);
  await until(() => bot.polls > 0);
});

Deno.test("start refuses options that cannot be used, naming them, and closes the bot", async () => {
  const bad: Record<keyof LiveClientOptions, unknown> = {
    tradeQueueSize: 0,
    bookQueueSize: 1.5,
    snapshotQueueSize: NaN,
    healthIntervalMs: 0,
    feedTimeoutMs: -1,
    orderTimeoutMs: 2 ** 31,
    idle: "sleepy",
    maxIdleSleepMs: Infinity,
    batchCapacity: "many",
    maxPollsPerTurn: 0,
    clearInactiveOrders: true,
    signal: {},
    closeBot: 1,
  };
  for (const [field, value] of Object.entries(bad)) {
    const bot = new ScriptedBot();
    const error = await assertRejects(
      () => LiveClient.start(bot, { [field]: value }),
      InvalidInputError,
    );
    assertEquals([error.field, error.value], [field, value]);
    assert(bot.closed);
  }
  const kept = new ScriptedBot();
  await assertRejects(() => LiveClient.start(kept, { closeBot: false, tradeQueueSize: 0 }));
  assert(!kept.closed);
});

Deno.test("start on a closed bot, or with an aborted signal, rejects", async () => {
  const bot = new ScriptedBot();
  bot.close();
  assertEquals((await assertRejects(() => LiveClient.start(bot), BotError)).reason, "closed");
  const open = new ScriptedBot();
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => LiveClient.start(open, { signal }), Error, "enough");
  assert(open.closed);
});

Deno.test("a bot has one client at a time", async () => {
  const bot = new ScriptedBot();
  const first = await LiveClient.start(bot, { closeBot: false });
  const error = await assertRejects(() => LiveClient.start(bot), BotError, "another client");
  assertEquals([error.reason, bot.closed], ["invalidArgument", false]);
  await first.close();
  await using second = await LiveClient.start(bot);
  const trade = second.getTrade();
  bot.trades(1);
  assertEquals((await trade)?.price, 1);
});

Deno.test("close ends streams after what is queued, closes the bot, and can be repeated", async () => {
  const bot = new ScriptedBot().trades(3);
  const client = await LiveClient.start(bot);
  const trades = client.trades();
  const updates = client.orderUpdates();
  const waiting = updates.next();
  const getter = client.getBookUpdate();
  await until(() => trades.queued === 3);
  await client.close();
  await client.close();
  await client[Symbol.asyncDispose]();
  assert(bot.closed);
  assertEquals(await client.finished, "closed");
  assertEquals((await waiting).done, true);
  assertEquals(await getter, undefined);
  const prices: number[] = [];
  for await (const trade of trades) prices.push(trade.price);
  assertEquals(prices, [1, 2, 3]);
  const { polls } = bot;
  await turns(5);
  assertEquals(bot.polls, polls);
});

Deno.test("closeBot false leaves the bot open", async () => {
  const bot = new ScriptedBot();
  const client = await LiveClient.start(bot, { closeBot: false });
  await client.close();
  assert(!bot.closed);
  const { polls } = bot;
  await turns(5);
  assertEquals(bot.polls, polls);
  const error = await assertRejects(
    () => client.submitOrder({ side: "buy", price: 1, qty: 1 }),
    BotError,
  );
  assertEquals([error.reason, bot.requests.length], ["closed", 0]);
});

Deno.test("an abort of the client's signal closes it", async () => {
  const bot = new ScriptedBot();
  const abort = new AbortController();
  const client = await LiveClient.start(bot, { signal: abort.signal });
  const waiting = client.trades().next();
  abort.abort();
  assertEquals((await waiting).done, true);
  assertEquals(await client.finished, "closed");
  assert(bot.closed);
});

Deno.test("the end of the data ends the client by itself, without closing the bot", async () => {
  const bot = new ScriptedBot().trades(1);
  bot.endOfData = true;
  const client = await LiveClient.start(bot);
  assertEquals(await client.finished, "endOfData");
  assert(!bot.closed);
  // Nothing is left that would keep the process alive: the sanitizers watch that.
  bot.close();
});

Deno.test("an error of the bot ends the client, in an event and to all who wait", async () => {
  const bot = new ScriptedBot().trades(2);
  await using client = await LiveClient.start(bot);
  const errors: unknown[] = [];
  client.addEventListener("error", ({ detail }) => {
    errors.push([detail.fatal, detail.message, detail.cause]);
  });
  const trades = client.trades();
  await until(() => trades.queued === 2);
  const waits = [client.orderUpdates().next(), client.getBookUpdate(), client.snapshots().next()];
  const settled = Promise.allSettled(waits);
  bot.failure = new Error("broken");
  assertEquals(await client.finished, "failed");
  for (const result of await settled) {
    assertEquals(result, { status: "rejected", reason: bot.failure });
  }
  assertEquals(errors, [[true, "broken", bot.failure]]);
  // What was queued before comes first.
  assertEquals((await trades.next()).value?.price, 1);
  assertEquals((await trades.next()).value?.price, 2);
  await assertRejects(() => trades.next(), Error, "broken");
  assertEquals((await trades.next()).done, true);
  await assertRejects(() => client.bookUpdates().next(), Error, "broken");
});

Deno.test("reports of connectors and losses become events", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const seen: unknown[] = [];
  client.addEventListener("error", ({ detail }) => {
    seen.push([detail.fatal, detail.message, detail.report?.kind, detail.report?.code]);
  });
  client.addEventListener("overflow", { handleEvent: ({ detail }) => seen.push(detail.lost) });
  bot.script(
    (writer) => writer.error(0, bot.time, "custom", -7n, "margin is short"),
    (writer) => writer.overflow(0, bot.time, "journal", 12),
    (writer) => writer.overflow(0, bot.time, "channel", NaN),
  );
  await until(() => seen.length === 3);
  assertEquals(seen, [[false, "margin is short", "custom", -7n], 12, NaN]);
});

Deno.test("a listener may close the client", async () => {
  const bot = new ScriptedBot();
  const client = await LiveClient.start(bot);
  const events = client.events();
  client.addEventListener("overflow", () => void client.close());
  bot.script((writer) => writer.overflow(0, bot.time, "channel", NaN)).trades(1);
  assertEquals(await client.finished, "closed");
  assertEquals(events.queued, 2);
  assert(bot.closed);
});

Deno.test("inactive orders are cleared only when asked for", async () => {
  const bot = new ScriptedBot();
  await using _client = await LiveClient.start(bot, {
    healthIntervalMs: 1,
    clearInactiveOrders: "healthInterval",
  });
  await until(() => bot.clears > 1);
  const other = new ScriptedBot();
  await using _other = await LiveClient.start(other, { healthIntervalMs: 1 });
  await turns(10);
  assertEquals(other.clears, 0);
});

for (const idle of ["busySpin", "yielding", "backoff"] as const) {
  for (const busy of [true, false]) {
    Deno.test(`timers and microtasks live on: ${idle}, ${busy ? "busy" : "idle"}`, async () => {
      const bot = new ScriptedBot();
      await using client = await LiveClient.start(bot, { idle });
      if (busy) {
        // Keeps itself supplied, so that every poll brings something.
        const supply = (writer: Parameters<ReturnType<typeof bot.trade>>[0]): boolean => {
          bot.script(supply);
          return bot.trade(1)(writer);
        };
        bot.script(supply);
      }
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      const { polls } = bot;
      await until(() => ticks >= 5);
      clearInterval(timer);
      assert(bot.polls > polls);
      assertEquals(client.health.reason === undefined, busy);
    });
  }
}

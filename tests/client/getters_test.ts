import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BotError, InvalidInputError, LiveClient } from "@hftlive/hftlive";
import { INSTRUMENTS, ScriptedBot, until } from "./scripted_bot.ts";

Deno.test("getters take what came since the start, oldest first", async () => {
  const bot = new ScriptedBot();
  bot.quotes[0] = { bid: 1, ask: 2 };
  bot.trades(2).script(bot.level(7, 1), ...bot.registration(0));
  await using client = await LiveClient.start(bot);
  await until(() => bot.left === 0);
  assertEquals(client.getTradeNowait()?.price, 1);
  assertEquals((await client.getTrade())?.price, 2);
  assertEquals(client.getTradeNowait(), undefined);
  assertEquals(client.getBookUpdateNowait()?.type, "depth");
  assertEquals((await client.getBookUpdate())?.type, "snapshot");
  assertEquals((await client.getSnapshot())?.bids[0]?.price, 1);
  assertEquals(client.getSnapshotNowait(), undefined);
});

Deno.test("a getter waits for what is to come", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const [trade, book, snapshot] = [client.getTrade(), client.getBookUpdate(), client.getSnapshot()];
  bot.trades(1).script(...bot.registration(0));
  assertEquals((await trade)?.price, 1);
  assertEquals((await book)?.type, "snapshot");
  assertEquals((await snapshot)?.asset, 0);
});

Deno.test("a getter whose time passes gets undefined, and takes nothing later", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  assertEquals(await client.getTrade({ timeoutMs: 5 }), undefined);
  assertEquals(await client.getTrade({ timeoutMs: 0 }), undefined);
  bot.trades(1);
  await until(() => bot.left === 0);
  assertEquals(client.getTradeNowait()?.price, 1);
});

Deno.test("a getter rejects with the reason of its signal", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const abort = new AbortController();
  const waiting = client.getTrade({ signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  await assertRejects(() => client.getSnapshot({ signal: abort.signal }), Error, "enough");
});

Deno.test("each instrument has queues of its own", async () => {
  const bot = new ScriptedBot(INSTRUMENTS).trades(1, { asset: 1, first: 5 });
  await using client = await LiveClient.start(bot);
  assertEquals((await client.getTrade({ asset: 1 }))?.price, 5);
  assertEquals(client.getTradeNowait(), undefined);
  const error = await assertRejects(() => client.getTrade({ asset: 2 }), BotError);
  assertEquals(error.reason, "instrumentNotFound");
  assertThrows(() => client.getBookUpdateNowait({ asset: -1 }), BotError);
  await assertRejects(() => client.getTrade({ timeoutMs: -1 }), InvalidInputError, "timeoutMs");
  await assertRejects(() => client.getTrade({ timeoutMs: 2 ** 31 }), InvalidInputError);
});

Deno.test("getter queues keep the newest; drops count from the first use on", async () => {
  const bot = new ScriptedBot().trades(1500);
  await using client = await LiveClient.start(bot, { tradeQueueSize: 100 });
  await until(() => bot.left === 0);
  assertEquals(client.dropped, 0);
  assertEquals(client.getTradeNowait()?.price, 1401);
  bot.trades(3, { first: 1501 });
  await until(() => bot.left === 0);
  assertEquals(client.dropped, 2);
  assertEquals(client.getTradeNowait()?.price, 1404);
});

Deno.test("at the end getters give what is queued, then undefined", async () => {
  const bot = new ScriptedBot().trades(1);
  bot.endOfData = true;
  await using client = await LiveClient.start(bot);
  const waiting = client.getBookUpdate();
  assertEquals(await waiting, undefined);
  assertEquals((await client.getTrade())?.price, 1);
  assertEquals(await client.getTrade(), undefined);
});

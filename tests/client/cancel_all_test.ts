/** Cancelling all that is open, on a bot that answers as it is told and on the stub. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BotError,
  HftliveError,
  LiveClient,
  OrderTimeoutError,
  type OrderUpdateEvent,
  StubBot,
} from "@hftlive/hftlive";
import { INSTRUMENTS, ScriptedBot } from "./scripted_bot.ts";

/** A bot that remembers orders 1 and 2 and answers each request with these updates. */
function answering(answers: Record<string, Partial<OrderUpdateEvent>[]>): ScriptedBot {
  const bot = new ScriptedBot();
  for (const orderId of [1n, 2n]) bot.remember(orderId, 5n);
  bot.onRequest = ({ orderId }) => {
    for (const update of answers[String(orderId)] ?? []) bot.script(bot.update(orderId, update));
  };
  return bot;
}

Deno.test("cancelAll ends every open order of all instruments, or of one", async () => {
  await using client = await LiveClient.start(
    new StubBot({ instruments: INSTRUMENTS.map((each) => ({ ...each, basePrice: 1000 })) }),
  );
  await client.ready();
  for (const asset of [0, 1, 1]) {
    await client.submitOrder({ asset, side: "buy", price: 900, qty: 1 });
  }
  const [first, ...others] = await client.cancelAll({ asset: 0 });
  assertEquals([first?.asset, first?.status, others.length], [0, "canceled", 0]);
  const ended = await client.cancelAll();
  assertEquals(ended.map(({ asset, status }) => [asset, status]), [[1, "canceled"], [
    1,
    "canceled",
  ]]);
  assertEquals(await client.cancelAll(), []);
});

Deno.test("cancelAll cancels an order on its way once it is answered", async () => {
  await using client = await LiveClient.start(new StubBot());
  await client.ready();
  const price = client.bot.depth(0).bestBid - 100;
  const placed = client.submitOrder({ side: "buy", price, qty: 1 });
  const [ended] = await client.cancelAll();
  assertEquals([(await placed).status, ended?.status], ["new", "canceled"]);
});

Deno.test("cancelAll takes a fill that came first for an end, as it is", async () => {
  await using client = await LiveClient.start(
    answering({ 1: [{ status: "filled" }], 2: [{ status: "canceled" }] }),
  );
  const ended = await client.cancelAll();
  assertEquals(ended.map(({ status }) => status), ["filled", "canceled"]);
});

Deno.test("cancelAll only waits for a cancel that somebody else has sent", async () => {
  const bot = new ScriptedBot();
  bot.remember(1n, 5n, "canceled");
  await using client = await LiveClient.start(bot);
  const ended = client.cancelAll();
  bot.script(bot.update(1n, { status: "canceled" }));
  assertEquals((await ended)[0]?.status, "canceled");
  assertEquals(bot.requests, []);
});

Deno.test("cancelAll tells, when all are settled, how many it could not end", async () => {
  const bot = answering({ 2: [{ status: "canceled" }] });
  await using client = await LiveClient.start(bot);
  const error = await assertRejects(
    () => client.cancelAll({ timeoutMs: 20 }),
    HftliveError,
    "Cannot cancel 1 of 2 orders: Cannot tell the state of order 1 of asset 0 after its cancel: " +
      "no answer in 20 ms",
  );
  assert(error.cause instanceof AggregateError);
  assert(error.cause.errors[0] instanceof OrderTimeoutError);
});

Deno.test("cancelAll: an order that the exchange refuses to cancel is still open", async () => {
  const bot = new ScriptedBot();
  bot.remember(1n, 5n);
  await using client = await LiveClient.start(bot);
  const ended = client.cancelAll();
  bot.script(
    bot.update(1n, { status: "new", exchTimestamp: 5n }),
    (writer) => writer.error(0, bot.time, "orderError", 0n, "refused"),
  );
  await assertRejects(() => ended, HftliveError, "Cannot cancel order 1 of asset 0: the exchange");
});

Deno.test("cancelAll ends with its signal's reason, and with its client", async () => {
  await using client = await LiveClient.start(answering({}));
  const stop = new AbortController();
  const ended = client.cancelAll({ signal: stop.signal });
  stop.abort(new Error("enough"));
  await assertRejects(() => ended, Error, "enough");
  await client.close();
  const error = await assertRejects(() => client.cancelAll(), BotError);
  assertEquals(error.reason, "closed");
});

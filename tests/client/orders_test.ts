import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BotError,
  InvalidInputError,
  LiveClient,
  OrderTimeoutError,
  OrderUnknownError,
  type OrderUpdateEvent,
} from "@hftlive/hftlive";
import { INSTRUMENTS, ScriptedBot, turns, until } from "./scripted_bot.ts";

const BUY = { side: "buy", price: 1, qty: 1 } as const;

/** A bot that answers each request with these updates. */
function answering(...updates: Partial<OrderUpdateEvent>[]): ScriptedBot {
  const bot = new ScriptedBot(INSTRUMENTS);
  bot.onRequest = ({ asset, orderId }) => {
    for (const update of updates) bot.script(bot.update(orderId, { asset, ...update }));
  };
  return bot;
}

for (const status of ["new", "filled", "partiallyFilled", "expired", "rejected"] as const) {
  Deno.test(`submitOrder resolves with the answer "${status}"`, async () => {
    await using client = await LiveClient.start(answering({ status }));
    const answer = await client.submitOrder({ ...BUY, asset: 1, orderId: 7n });
    assertEquals([answer.asset, answer.orderId, answer.status], [1, 7n, status]);
  });
}

Deno.test("submitOrder waits for the exchange, not for the connector's copy of the order", async () => {
  const bot = answering(
    { status: "new", request: "new", exchTimestamp: 0n },
    // The exchange's word that came before the connector cleared the request.
    { status: "new", request: "new", exchTimestamp: 5n },
    { status: "filled", exchTimestamp: 6n },
  );
  await using client = await LiveClient.start(bot);
  const answer = await client.submitOrder(BUY);
  assertEquals([answer.status, answer.exchTimestamp], ["new", 5n]);
});

Deno.test("answers of other orders and instruments are not taken for one's own", async () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  await using client = await LiveClient.start(bot);
  const answer = client.submitOrder({ ...BUY, orderId: 7n });
  bot.script(bot.update(8n, { status: "rejected" }));
  bot.script(bot.update(7n, { asset: 1, status: "rejected" }));
  bot.script(bot.update(7n, { status: "filled" }));
  assertEquals((await answer).status, "filled");
});

Deno.test("orders get rising ids of their own", async () => {
  const bot = answering({});
  await using client = await LiveClient.start(bot);
  await Promise.all([client.submitOrder(BUY), client.submitOrder({ ...BUY, side: "sell" })]);
  const [first, second] = bot.requests;
  assert(first && second && second.orderId > first.orderId);
});

Deno.test("an answer that does not come makes the state unknown, never rejected", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const error = await assertRejects(
    () => client.submitOrder({ ...BUY, orderId: 7n }, { timeoutMs: 5 }),
    OrderTimeoutError,
    "Cannot tell the state of order 7 of asset 0 after its submit: no answer in 5 ms",
  );
  assert(error instanceof OrderUnknownError);
  assertEquals(
    [error.action, error.asset, error.orderId, error.timeoutMs],
    ["submit", 0, 7n, 5],
  );
  // A late answer still reaches the streams.
  const updates = client.orderUpdates();
  bot.script(bot.update(7n, { status: "filled" }));
  assertEquals((await updates.next()).value?.status, "filled");
});

Deno.test("the client's orderTimeoutMs is the default", async () => {
  await using client = await LiveClient.start(new ScriptedBot(), { orderTimeoutMs: 3 });
  const error = await assertRejects(() => client.cancelOrder(1n), OrderTimeoutError);
  assertEquals([error.action, error.timeoutMs], ["cancel", 3]);
});

Deno.test("an abort before sending sends nothing; after it, ends only the wait", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const abort = new AbortController();
  const { signal } = abort;
  const sent = client.submitOrder(BUY, { signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => sent, Error, "enough");
  await assertRejects(() => client.submitOrder(BUY, { signal }), Error, "enough");
  await assertRejects(() => client.cancelOrder(1n, { signal }), Error, "enough");
  assertEquals(bot.requests.length, 1);
});

Deno.test("what the bot refuses rejects as the bot throws", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  for (const request of [{ ...BUY, qty: NaN }, { ...BUY, price: -1 }, { side: "buy", qty: 1 }]) {
    const error = await assertRejects(
      () => client.submitOrder({ ...request, side: "buy" }),
      BotError,
    );
    assertEquals(error.reason, "invalidOrderRequest");
  }
  // @ts-expect-error a side that is none
  const side = await assertRejects(() => client.submitOrder({ ...BUY, side: "both" }), BotError);
  assertEquals(side.message, "Cannot submit order: side = both, expected buy or sell");
  bot.refusal = new BotError("orderNotFound", "Cannot cancel order: 1");
  assertEquals(await assertRejects(() => client.cancelOrder(1n)), bot.refusal);
  await assertRejects(() => client.submitOrder(BUY, { timeoutMs: NaN }), InvalidInputError);
  assertEquals(bot.requests, []);
});

Deno.test("a cancel that comes before the answer to the submission is sent after it", async () => {
  const bot = new ScriptedBot();
  bot.remember(7n, 5n, "new");
  await using client = await LiveClient.start(bot);
  const cancel = client.cancelOrder(7n);
  bot.script(bot.update(7n, { status: "new", request: "new" }));
  await turns(5);
  assertEquals(bot.requests, []);
  bot.remember(7n, 6n);
  bot.script(bot.update(7n, { status: "new" }));
  await until(() => bot.requests.length === 1);
  assertEquals(bot.requests, [{ action: "cancel", asset: 0, orderId: 7n }]);
  bot.script(bot.update(7n, { status: "canceled" }));
  assertEquals((await cancel).status, "canceled");
});

Deno.test("a cancel that waits for its order's submission ends with the order", async () => {
  const bot = new ScriptedBot();
  bot.remember(7n, 0n, "new");
  await using client = await LiveClient.start(bot);
  const cancel = client.cancelOrder(7n);
  bot.script(bot.update(7n, { status: "expired" }));
  assertEquals((await cancel).status, "expired");
  assertEquals(bot.requests, []);
});

Deno.test("a cancel that waited rejects as the bot then refuses it", async () => {
  const bot = new ScriptedBot();
  bot.remember(7n, 0n, "new");
  await using client = await LiveClient.start(bot);
  const cancel = client.cancelOrder(7n);
  const error = assertRejects(() => cancel, BotError);
  bot.remember(7n, 6n);
  bot.refusal = new BotError("invalidOrderStatus", "Cannot cancel order: 7");
  bot.script(bot.update(7n, { status: "new" }));
  assertEquals(await error, bot.refusal);
});

for (const status of ["canceled", "filled", "expired"] as const) {
  Deno.test(`cancelOrder resolves with the end "${status}", after fills on the way`, async () => {
    const bot = answering(
      { status: "new", request: "canceled", exchTimestamp: 1n },
      { status: "partiallyFilled", exchTimestamp: 2n },
      { status },
    );
    await using client = await LiveClient.start(bot);
    const answer = await client.cancelOrder(7n, { asset: 1 });
    assertEquals([answer.asset, answer.status], [1, status]);
    assertEquals(bot.requests, [{ action: "cancel", asset: 1, orderId: 7n }]);
  });
}

Deno.test("cancelOrder resolves when the exchange does not know the order any more", async () => {
  await using client = await LiveClient.start(answering({ status: "none" }));
  assertEquals((await client.cancelOrder(7n)).status, "none");
});

for (const request of ["new", "none"] as const) {
  Deno.test(`submitOrder rejects when the order is lost, its request "${request}"`, async () => {
    await using client = await LiveClient.start(answering({ status: "none", request }));
    const error = await assertRejects(
      () => client.submitOrder({ ...BUY, orderId: 7n }),
      OrderUnknownError,
      "of order 7 of asset 0 after its submit: its connector does not know it any more",
    );
    assert(!(error instanceof OrderTimeoutError));
  });
}

Deno.test("cancelOrder rejects when the order is lost before its cancel is answered", async () => {
  await using client = await LiveClient.start(answering({ status: "none", request: "canceled" }));
  const error = await assertRejects(() => client.cancelOrder(7n), OrderUnknownError);
  assertEquals([error.action, error.orderId], ["cancel", 7n]);
  assert(!(error instanceof OrderTimeoutError));
});

Deno.test("a cancel counts as refused only with an error of that connector", async () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  bot.remember(7n, 5n);
  await using client = await LiveClient.start(bot);
  let settled = false;
  const answer = client.cancelOrder(7n).finally(() => settled = true);
  // A late acknowledgement looks like a refusal, but is none.
  bot.script(
    bot.update(7n, { exchTimestamp: 5n }),
    (writer) => writer.error(1, bot.time, "orderError", 0n, "of another connector"),
    (writer) => writer.error(0, bot.time, "connectionInterrupted", 0n, "of another kind"),
  );
  await until(() => bot.left === 0);
  await turns(3);
  assertEquals(settled, false);
  bot.script((writer) => writer.error(0, bot.time, "orderError", 0n, "cancel failed"));
  assertEquals((await answer).status, "new");
});

Deno.test("close leaves awaited orders unknown and says so", async () => {
  const bot = new ScriptedBot();
  const client = await LiveClient.start(bot);
  const answers = [client.submitOrder({ ...BUY, orderId: 7n }), client.cancelOrder(8n)];
  const settled = Promise.allSettled(answers);
  await client.close();
  for (const [i, result] of (await settled).entries()) {
    assert(result.status === "rejected" && result.reason instanceof OrderUnknownError);
    assert(!(result.reason instanceof OrderTimeoutError));
    assertEquals(result.reason.orderId, BigInt(7 + i));
    assert(result.reason.message.endsWith("the client is closed"));
  }
  const late = await assertRejects(() => client.submitOrder(BUY), BotError, "client is closed");
  assertEquals(late.reason, "closed");
});

Deno.test("the end of the data leaves awaited orders unknown", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const answer = client.submitOrder(BUY);
  bot.endOfData = true;
  await assertRejects(() => answer, OrderUnknownError, "the data has ended");
  const late = await assertRejects(() => client.cancelOrder(1n), BotError);
  assertEquals(late.reason, "endOfData");
});

Deno.test("a failed bot leaves awaited orders unknown, with its error as the cause", async () => {
  const bot = new ScriptedBot();
  await using client = await LiveClient.start(bot);
  const answer = client.submitOrder(BUY);
  bot.failure = new Error("broken");
  const error = await assertRejects(() => answer, OrderUnknownError, "the bot failed: broken");
  assertEquals(error.cause, bot.failure);
  const late = await assertRejects(() => client.submitOrder(BUY), BotError);
  assertEquals([late.reason, late.cause], ["custom", bot.failure]);
});

/** The bot that a strategy gets is any other bot, and tells its observer what happens. */

import { assertEquals, assertThrows } from "@std/assert";
import { BotError, EventBatch, StubBot } from "@hftlive/hftlive";
import { ObservedBot } from "../../lib/strategy/observed_bot.ts";
import { describeLiveBot } from "../conformance/suite.ts";

const NOBODY = { submitted() {}, cancelSent() {}, refused() {}, polled() {} };

describeLiveBot("observed stub", () => {
  const lastTradesCapacity = 20;
  const stub = new StubBot({ maxFeeds: Infinity, lastTradesCapacity });
  return { bot: new ObservedBot(stub, NOBODY), lastTradesCapacity };
}, { permissions: "none" });

Deno.test("an observer is told of requests, refusals and polls", () => {
  const told: string[] = [];
  using bot = new ObservedBot(new StubBot({ maxFeeds: 10 }), {
    submitted: ({ asset, orderId, from, to }) =>
      told.push(`submitted ${orderId} of ${asset}, took ${to - from}`),
    cancelSent: ({ orderId }) => told.push(`cancel of ${orderId}`),
    refused: () => told.push("refused"),
    polled: (_, length) => told.push(length < 0 ? "end" : "poll"),
  });
  const batch = new EventBatch();
  bot.poll(batch);
  bot.submitBuyOrder(0, 1n, 50_000, 0.001, "GTC", "limit", true);
  assertThrows(() => bot.submitBuyOrder(0, 1n, 50_000, 0.001, "GTC", "limit"), BotError);
  bot.cancel(0, 1n);
  assertThrows(() => bot.cancel(0, 2n), BotError);
  while (bot.poll(batch) >= 0);
  assertEquals(told.filter((line) => line !== "poll"), [
    "submitted 1 of 0, took 1000000",
    "refused",
    "cancel of 1",
    "refused",
    "end",
  ]);
});

Deno.test("a halted bot takes no orders, but cancels", () => {
  using bot = new ObservedBot(new StubBot(), NOBODY);
  bot.elapse(5e6);
  bot.submitBuyOrder(0, 1n, 50_000, 0.001, "GTC", "limit", true);
  bot.halt("it is late");
  const submit = () => bot.submitSellOrder(0, 2n, 70_000, 0.001, "GTC", "limit");
  assertThrows(submit, BotError, "Cannot submit order: it is late");
  bot.cancel(0, 1n, true);
  assertEquals(bot.order(0, 1n)?.status, "canceled");
});

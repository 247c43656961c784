import { assert, assertEquals } from "@std/assert";
import { EventBatch, StubBot } from "@hftlive/hftlive";
import { eventsOf, NEVER_FILL, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

Deno.test("the data ends after maxFeeds steps, 1,000 unless given", NO_PERMISSIONS, () => {
  for (const [maxFeeds, steps] of [[undefined, 1_000], [0, 0], [1, 1], [2_500, 2_500]] as const) {
    const bot = new StubBot({
      ...(maxFeeds === undefined ? {} : { maxFeeds }),
      tradeProbability: 1,
    });
    assertEquals(ofType(eventsOf(bot), "trade").length, steps);
    const batch = new EventBatch();
    for (let i = 0; i < 3; i++) assertEquals(bot.poll(batch), -1);
    assertEquals(batch.length, 0);
  }
});

Deno.test("a step moves every instrument", NO_PERMISSIONS, () => {
  const bot = new StubBot({
    maxFeeds: 100,
    tradeProbability: 1,
    instruments: [
      { connector: "a", symbol: "x", tickSize: 0.1, lotSize: 0.001 },
      { connector: "a", symbol: "y", tickSize: 0.1, lotSize: 0.001 },
    ],
  });
  assertEquals(ofType(eventsOf(bot), "trade").length, 200);
});

Deno.test("waits say that the data ended, on both clocks", NO_PERMISSIONS, () => {
  for (const clock of ["virtual", "real"] as const) {
    const bot = new StubBot({ clock, maxFeeds: 20 });
    let feeds = 0;
    while (bot.waitNextFeed(false, 1_000_000_000) === "marketFeed") feeds++;
    assert(feeds > 0);
    assertEquals(bot.waitNextFeed(true, 1_000_000_000), "endOfData");
    assertEquals(bot.elapse(1_000_000_000), "endOfData");
    assertEquals(bot.waitOrderResponse(0, 1n, 1_000_000_000), "endOfData");
    const batch = new EventBatch();
    assert(bot.poll(batch) > 0, "what the waits handled is delivered first");
    assertEquals(bot.poll(batch), -1);
  }
});

Deno.test("a wait that ends before the data does not say so", NO_PERMISSIONS, () => {
  const bot = new StubBot({ maxFeeds: 20 });
  assertEquals(bot.elapse(15_000_000), "ok");
  assertEquals(bot.elapse(15_000_000), "endOfData");
});

Deno.test("the exchange answers after the data ended", NO_PERMISSIONS, () => {
  const bot = ready(new StubBot({ maxFeeds: 5, fill: NEVER_FILL }));
  assertEquals(bot.elapse(1_000_000_000), "endOfData");
  assertEquals(bot.submitBuyOrder(0, 1n, 1, 1, "GTC", "limit", true), "orderResponse");
  assertEquals(bot.submitBuyOrder(0, 2n, 0, 0.001, "GTC", "market", true), "orderResponse");
  bot.elapse(0);
  assertEquals([bot.order(0, 1n)?.status, bot.order(0, 2n)?.status], ["new", "filled"]);
  assertEquals(bot.cancel(0, 1n, true), "orderResponse");
  bot.register();
  const events = eventsOf(bot);
  assertEquals(ofType(events, "order").map((event) => event.status), ["new", "filled", "canceled"]);
  assertEquals(ofType(events, "batchEnd").filter((mark) => mark.registration).length, 2);
});

Deno.test("Infinity has no end", NO_PERMISSIONS, () => {
  const bot = new StubBot({ maxFeeds: Infinity });
  assertEquals(bot.elapse(5_000_000_000), "ok");
});

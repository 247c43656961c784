import { assertEquals } from "@std/assert";
import { StubBot } from "@hftlive/hftlive";
import { handledBy, NEVER_FILL, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

Deno.test(
  "the first events are the connection and the answer to the registration",
  NO_PERMISSIONS,
  () => {
    const bot = new StubBot({ depthLevels: 3 });
    assertEquals(bot.connection(0), {
      attached: false,
      registered: false,
      lastFeedTimestamp: undefined,
      overflows: 0,
      dropped: 0,
      malformed: 0,
    });
    bot.elapse(99_999);
    assertEquals([bot.connection(0).attached, bot.connection(0).registered], [true, false]);
    bot.elapse(1);
    assertEquals([bot.connection(0).attached, bot.connection(0).registered], [true, true]);
    assertEquals(handledBy(bot).map((event) => "side" in event ? event.side : event.type), [
      "connection",
      "batchStart",
      ...["buy", "buy", "buy", "sell", "sell", "sell"],
      "batchEnd",
      "connection",
    ]);
  },
);

Deno.test("every instrument is attached, then answered", NO_PERMISSIONS, () => {
  const bot = new StubBot({
    instruments: ["x", "y", "z"].map((symbol) => ({
      connector: "stub",
      symbol,
      tickSize: 0.1,
      lotSize: 0.001,
    })),
  });
  bot.elapse(100_000);
  const events = handledBy(bot);
  assertEquals(
    ofType(events, "connection").map((event) => [event.asset, event.state]),
    [[0, "attached"], [1, "attached"], [2, "attached"]].concat(
      [[0, "registered"], [1, "registered"], [2, "registered"]],
    ),
  );
  const marks = events.filter((event) => event.type === "batchStart" || event.type === "batchEnd");
  assertEquals(marks.map((event) => [event.type, event.asset]), [
    ["batchStart", 0],
    ["batchEnd", 0],
    ["batchStart", 1],
    ["batchEnd", 1],
    ["batchStart", 2],
    ["batchEnd", 2],
  ]);
});

Deno.test("a registration is answered with open orders, position and book", NO_PERMISSIONS, () => {
  const bot = ready(new StubBot({ maxFeeds: Infinity, fill: NEVER_FILL, depthLevels: 4 }));
  for (let id = 1n; id <= 3n; id++) bot.submitBuyOrder(0, id, 100, 1, "GTC", "limit", true);
  bot.submitSellOrder(0, 4n, 0, 0.002, "GTC", "market", true);
  bot.cancel(0, 2n, true);
  bot.elapse(1_000_000);
  handledBy(bot);
  const before = bot.depth(0).snapshot();
  const values = bot.stateValues(0);

  bot.register(0);
  bot.elapse(700_000);
  const events = handledBy(bot);
  const start = events.findIndex((event) => event.type === "batchStart" && event.registration);
  const end = events.findIndex((event) => event.type === "batchEnd" && event.registration);
  const answer = events.slice(start + 1, end);
  assertEquals(
    ofType(answer, "order").map((event) => [event.orderId, event.status, event.execQty]),
    [[1n, "new", 0], [3n, "new", 0]],
  );
  assertEquals(ofType(answer, "position").map((event) => event.qty), [-0.002]);
  assertEquals(ofType(answer, "snapshot").length, 8);
  assertEquals(answer.length, 11);
  assertEquals(bot.stateValues(0), values, "nothing is counted twice");
  assertEquals(before.bids.length, bot.depth(0).snapshot().bids.length);
  assertEquals(ofType(events, "connection"), [], "the connection did not change");
});

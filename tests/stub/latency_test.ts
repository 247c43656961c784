import { assert, assertEquals } from "@std/assert";
import { EventBatch, nowNs, StubBot } from "@hftlive/hftlive";
import { eventsOf, handledBy, NEVER_FILL, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

const START = 1_723_075_200_000_000_000n;

Deno.test("steps come at their interval, events after the feed latency", NO_PERMISSIONS, () => {
  const bot = new StubBot({
    startTime: START,
    stepIntervalNs: 250_000,
    feedLatencyNs: 1_234_567,
    tradeProbability: 1,
    maxFeeds: 500,
  });
  const trades = ofType(eventsOf(bot), "trade");
  assertEquals(trades.length, 500);
  for (const [step, trade] of trades.entries()) {
    assertEquals(trade.exchTimestamp, START + BigInt(step + 1) * 250_000n);
    assertEquals(trade.localTimestamp, trade.exchTimestamp + 1_234_567n);
  }
  assertEquals(bot.feedLatency(0)?.latencyNs, 1_234_567);
});

Deno.test("nothing is delivered before its local time", NO_PERMISSIONS, () => {
  const bot = new StubBot({ feedLatencyNs: 3_300_000, feedLatencyJitterNs: 5_000_000 });
  const batch = new EventBatch(16);
  while (bot.poll(batch) >= 0) {
    assertEquals(batch.timestamp, bot.currentTimestamp());
    for (const event of batch.events()) assert(event.localTimestamp <= batch.timestamp);
  }
});

Deno.test("jitter stays in its range and does not reorder", NO_PERMISSIONS, () => {
  const options = { tradeProbability: 1, maxFeeds: 5_000, feedLatencyNs: 1_000 };
  const slow = new StubBot({ ...options, feedLatencyJitterNs: 900_000 });
  const latencies = ofType(eventsOf(slow), "trade").map((event) =>
    Number(event.localTimestamp - event.exchTimestamp)
  );
  assert(latencies.every((ns) => ns >= 1_000 && ns <= 901_000));
  const mean = latencies.reduce((sum, ns) => sum + ns, 0) / latencies.length;
  // 5 standard deviations of the mean of 5,000 uniform draws.
  assert(Math.abs(mean - 451_000) < 5 * 900_000 / Math.sqrt(12 * 5_000), `mean ${mean}`);

  const events = eventsOf(new StubBot({ ...options, feedLatencyJitterNs: 20_000_000 }));
  for (let i = 1; i < events.length; i++) {
    assert(events[i]!.localTimestamp >= events[i - 1]!.localTimestamp);
  }
});

Deno.test("a request travels there and back", NO_PERMISSIONS, () => {
  for (
    const [orderLatencyNs, entry, round] of [
      [1_000_000, 500_000n, 1_000_000n],
      [7, 3n, 7n],
      [0, 0n, 0n],
      [{ entryNs: 2_000_000, responseNs: 30_000 }, 2_000_000n, 2_030_000n],
    ] as const
  ) {
    const bot = ready(new StubBot({ orderLatencyNs, fill: NEVER_FILL }));
    const sent = bot.currentTimestamp();
    bot.submitBuyOrder(0, 1n, 1, 1, "GTC", "limit", true);
    for (const _ of ["new", "canceled"]) {
      const latency = bot.orderLatency(0)!;
      assertEquals(latency.exchTimestamp - latency.requestTimestamp, entry);
      assertEquals(BigInt(latency.roundTripNs), round);
      assertEquals(latency.responseTimestamp, bot.currentTimestamp());
      if (bot.order(0, 1n)?.status === "new") bot.cancel(0, 1n, true);
    }
    assertEquals(bot.order(0, 1n)?.status, "canceled");
    assertEquals(bot.currentTimestamp(), sent + 2n * round);
  }
});

Deno.test("waits move the virtual clock to the event, or to their end", NO_PERMISSIONS, () => {
  const bot = new StubBot({ startTime: START, tradeProbability: 0, depthProbability: 1 });
  assertEquals(bot.currentTimestamp(), START);
  assertEquals(bot.waitNextFeed(false, 99_999), "ok");
  assertEquals(bot.currentTimestamp(), START + 99_999n);
  assertEquals(bot.waitNextFeed(false, 1), "marketFeed");
  assertEquals(bot.currentTimestamp(), START + 100_000n);
  assert(bot.depth(0).snapshot().asks.length === 20, "the wait stopped inside a batch");
  assertEquals(bot.waitNextFeed(false, 1_000_000), "marketFeed");
  assertEquals(bot.currentTimestamp(), START + 1_100_000n);
  assertEquals(bot.elapse(900_000), "ok");
  assertEquals(bot.currentTimestamp(), START + 2_000_000n);
  assertEquals(bot.elapse(0), "ok");
  assertEquals(bot.currentTimestamp(), START + 2_000_000n);
});

Deno.test("a poll moves the virtual clock by its steps", NO_PERMISSIONS, () => {
  const bot = new StubBot({ startTime: START, stepsPerPoll: 3, stepIntervalNs: 10_000_000 });
  const batch = new EventBatch();
  for (let poll = 1n; poll < 10n; poll++) {
    bot.poll(batch);
    assertEquals(bot.currentTimestamp(), START + poll * 30_000_000n);
  }
});

Deno.test("times stay exact over years", NO_PERMISSIONS, () => {
  const stepIntervalNs = 2 ** 45 + 1;
  const bot = new StubBot({
    startTime: START,
    stepIntervalNs,
    tradeProbability: 1,
    maxFeeds: 5_000,
    lastTradesCapacity: 3,
    feedLatencyNs: 100_001,
    fill: NEVER_FILL,
  });
  const batch = new EventBatch();
  let step = 0n;
  let id = 0n;
  while (bot.poll(batch) >= 0) {
    for (const trade of ofType([...batch.events()], "trade")) {
      assertEquals(trade.exchTimestamp, START + ++step * BigInt(stepIntervalNs));
      assertEquals(trade.localTimestamp, trade.exchTimestamp + 100_001n);
    }
    if (step % 64n === 63n) {
      const sent = bot.currentTimestamp();
      bot.submitBuyOrder(0, ++id, 1, 1, "GTC", "limit");
      bot.elapse(1_000_000);
      assertEquals(bot.order(0, id)?.exchTimestamp, sent + 500_000n);
      assertEquals(bot.currentTimestamp(), sent + 1_000_000n);
    }
    if (step > 0n) {
      const { exchTimestamp, localTimestamp } = bot.lastTrades(0).at(-1)!;
      assertEquals((exchTimestamp - START) % BigInt(stepIntervalNs), 0n);
      assertEquals(localTimestamp - exchTimestamp, 100_001n);
      assert(bot.connection(0).lastFeedTimestamp! >= localTimestamp);
      assertEquals(bot.feedLatency(0)?.latencyNs, 100_001);
    }
  }
  assertEquals(step, 5_000n);
  assert(bot.currentTimestamp() > START + 2n ** 57n, "several times the exact range of a double");
});

Deno.test("what was kept keeps its times over years", NO_PERMISSIONS, () => {
  const stepIntervalNs = 2 ** 49;
  const bot = new StubBot({
    startTime: START,
    stepIntervalNs,
    tradeProbability: 1,
    depthProbability: 0,
    maxFeeds: 40,
    lastTradesCapacity: 100,
  });
  while (bot.elapse(2 ** 48) === "ok");
  const expected = Array.from(
    { length: 40 },
    (_, step) => START + BigInt(step + 1) * BigInt(stepIntervalNs),
  );
  assertEquals(bot.lastTrades(0).map((trade) => trade.exchTimestamp), expected);
  const trades = ofType(eventsOf(bot), "trade");
  assertEquals(trades.map((trade) => trade.exchTimestamp), expected);
  assertEquals(trades.map((trade) => trade.localTimestamp), expected.map((ns) => ns + 100_000n));
});

Deno.test(
  "answers and market events come in the order of their local times",
  NO_PERMISSIONS,
  () => {
    for (
      const [feedLatencyNs, responseNs] of [[0, 9_300_000], [700_000, 10], [5_000_000, 2_000_000]]
    ) {
      const bot = new StubBot({
        maxFeeds: Infinity,
        feedLatencyNs: feedLatencyNs!,
        orderLatencyNs: { entryNs: 100, responseNs: responseNs! },
      });
      bot.elapse(20_000_000);
      for (let id = 1n; id <= 50n; id++) {
        bot.submitBuyOrder(0, id, 0, 0.001, "GTC", "market");
        bot.elapse(333_333);
      }
      bot.elapse(20_000_000);
      const events = handledBy(bot).filter((event) => event.type !== "order");
      assertEquals(ofType(events, "position").length, 50);
      for (let i = 1; i < events.length; i++) {
        assert(events[i]!.localTimestamp >= events[i - 1]!.localTimestamp);
      }
    }
  },
);

Deno.test("on the real clock waits last, and events come when they are due", NO_PERMISSIONS, () => {
  const bot = new StubBot({ clock: "real", maxFeeds: Infinity, feedLatencyNs: 2_000_000 });
  const start = performance.now();
  assert(bot.currentTimestamp() >= nowNs() - 60_000_000_000n);
  assertEquals(bot.elapse(30_000_000), "ok");
  assert(performance.now() - start >= 30);
  const batch = new EventBatch();
  let delivered = 0;
  for (let i = 0; i < 20; i++) {
    bot.waitNextFeed(false, 50_000_000);
    delivered += bot.poll(batch);
    for (const event of batch.events()) {
      assert(event.localTimestamp <= batch.timestamp);
      if (event.type === "trade") {
        assertEquals(event.localTimestamp - event.exchTimestamp, 2_000_000n);
      }
    }
  }
  assert(delivered > 0);
  const sent = performance.now();
  bot.submitBuyOrder(0, 1n, 1, 1, "GTC", "limit", true);
  assert(performance.now() - sent >= 1);
  assertEquals(bot.order(0, 1n)?.status, "new");
});

Deno.test("a poll on the real clock does not wait", NO_PERMISSIONS, () => {
  const bot = new StubBot({ clock: "real", stepIntervalNs: 2 ** 49, feedLatencyNs: 2 ** 49 });
  const batch = new EventBatch();
  assertEquals(bot.poll(batch), 1, "only the connection is there at once");
  for (let i = 0; i < 10; i++) assertEquals(bot.poll(batch), 0);
});

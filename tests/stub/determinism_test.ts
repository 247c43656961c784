import { assertEquals, assertNotEquals } from "@std/assert";
import {
  type BotEvent,
  EventBatch,
  type LiveBot,
  StubBot,
  type StubBotOptions,
} from "@hftlive/hftlive";
import { bytesOf, eventsOf, NEVER_FILL, NO_PERMISSIONS, ready } from "./helpers.ts";

const COUNT = 10_000;
const OPTIONS: StubBotOptions = {
  maxFeeds: Infinity,
  feedLatencyJitterNs: 50_000,
  instruments: [
    { connector: "a", symbol: "x", tickSize: 0.1, lotSize: 0.001 },
    { connector: "b", symbol: "y", tickSize: 0.01, lotSize: 1, basePrice: 5_000 },
  ],
};

/** Market events as one would compare them: without what depends on when they were polled. */
function marketOf(bot: LiveBot, atLeast: number): unknown[] {
  return eventsOf(bot, atLeast).filter((event) => event.type === "trade" || event.type === "depth")
    .slice(0, 3_000);
}

Deno.test("the same seed gives the same bytes", NO_PERMISSIONS, () => {
  for (const seed of [0, 42, 2 ** 32 - 1]) {
    const first = bytesOf(new StubBot({ ...OPTIONS, seed }), COUNT);
    assertEquals(bytesOf(new StubBot({ ...OPTIONS, seed }), COUNT), first);
  }
});

Deno.test("another seed gives other bytes", NO_PERMISSIONS, () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const prices = marketOf(new StubBot({ seed, maxFeeds: Infinity }), 1_000);
    seen.add(JSON.stringify(prices, (_, value) => typeof value === "bigint" ? `${value}` : value));
  }
  assertEquals(seen.size, 20);
});

Deno.test("the seed that is used is told, 42 unless given", NO_PERMISSIONS, () => {
  assertEquals(new StubBot().seed, 42);
  assertEquals(new StubBot({ seed: 7 }).seed, 7);
});

Deno.test("bots do not disturb each other, nor use global chance", NO_PERMISSIONS, () => {
  const expected = eventsOf(new StubBot({ maxFeeds: Infinity }), 5_000);
  const { random } = Math;
  Math.random = () => {
    throw new Error("Math.random was used");
  };
  try {
    const bots = [3, 42, 42, 5].map((seed) => new StubBot({ seed, maxFeeds: Infinity }));
    const events = bots.map((): BotEvent[] => []);
    const batch = new EventBatch(10);
    while (events[2]!.length < expected.length) {
      for (const [i, bot] of bots.entries()) {
        bot.poll(batch);
        events[i]!.push(...batch.events());
      }
    }
    for (const i of [1, 2]) assertEquals(events[i]!.slice(0, expected.length), expected);
  } finally {
    Math.random = random;
  }
});

Deno.test("the size of batches and polls changes nothing", NO_PERMISSIONS, () => {
  const expected = bytesOf(new StubBot(OPTIONS), COUNT);
  for (const [capacity, stepsPerPoll] of [[1, 1], [7, 3], [4_096, 100]] as const) {
    assertEquals(bytesOf(new StubBot({ ...OPTIONS, stepsPerPoll }), COUNT, capacity), expected);
  }
});

Deno.test("waits change nothing", NO_PERMISSIONS, () => {
  const expected = bytesOf(new StubBot(OPTIONS), COUNT);
  const bot = new StubBot(OPTIONS);
  for (let i = 0; i < 300; i++) bot.waitNextFeed(i % 2 === 0, 700_000 * (i % 5));
  bot.elapse(123_456_789);
  assertEquals(bytesOf(bot, COUNT), expected);
});

Deno.test("the market is the same whatever the strategy does", NO_PERMISSIONS, () => {
  const expected = marketOf(new StubBot({ maxFeeds: Infinity }), 5_000);
  const bot = ready(new StubBot({ maxFeeds: Infinity, rejectProbability: 0.1 }));
  for (let id = 1n; id < 100n; id++) {
    const { bestBid, bestAsk } = bot.depth(0);
    bot.submitBuyOrder(0, 2n * id, bestAsk, 0.1, "GTC", "limit", true);
    bot.submitSellOrder(0, 2n * id + 1n, bestBid, 10, "IOC", "limit");
    if (id % 10n === 0n) bot.elapse(3_000_000);
  }
  assertNotEquals(bot.stateValues(0).numTrades, 0);
  assertEquals(marketOf(bot, 5_000), expected);
});

Deno.test("fill model and latencies do not change the market", NO_PERMISSIONS, () => {
  const prices = (options: StubBotOptions) =>
    marketOf(new StubBot({ maxFeeds: Infinity, ...options }), 5_000)
      .map((event) => ({ ...event as object, localTimestamp: 0n }));
  const expected = prices({});
  assertEquals(prices({ fill: NEVER_FILL, feedLatencyNs: 7, feedLatencyJitterNs: 9 }), expected);
  assertEquals(prices({ fill: { model: "touch" }, orderLatencyNs: 5 }), expected);
});

import { assert, assertEquals } from "@std/assert";
import { type BotEvent, EventBatch, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { eventsOf, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

const INSTRUMENTS: StubBotOptions["instruments"] = [
  { connector: "a", symbol: "x", tickSize: 0.1, lotSize: 0.001 },
  { connector: "b", symbol: "y", tickSize: 0.1, lotSize: 0.001 },
];

const BOUNDED = new Set(["trade", "depth", "snapshot", "batchStart", "batchEnd"]);

/** Polls without letting time pass further than the journal reaches. */
function journalOf(bot: StubBot, capacity: number): BotEvent[] {
  const batch = new EventBatch(capacity);
  const events: BotEvent[] = [];
  const timestamp = bot.currentTimestamp();
  for (;;) {
    bot.poll(batch);
    for (const event of batch.events()) {
      if (event.type !== "order" && event.localTimestamp > timestamp) return events;
      events.push(event);
    }
  }
}

Deno.test("what waits handled is polled later, all of it and in order", NO_PERMISSIONS, () => {
  const expected = eventsOf(new StubBot({ maxFeeds: 500 }));
  const bot = new StubBot({ maxFeeds: 500 });
  bot.elapse(300_000_000);
  assertEquals(eventsOf(bot), expected);
  assertEquals(bot.connection(0).dropped, 0);
});

Deno.test(
  "the journal drops the oldest market events, counts them and says so",
  NO_PERMISSIONS,
  () => {
    for (const capacity of [1, 7, 100]) {
      const options = { maxFeeds: Infinity, instruments: INSTRUMENTS, stepIntervalNs: 1_000_000 };
      const duration = 50_000_000;
      const whole = new StubBot(options);
      whole.elapse(duration);
      const all = journalOf(whole, 64).filter((event) => BOUNDED.has(event.type));

      const bot = new StubBot({ ...options, journalCapacity: capacity });
      bot.elapse(duration);
      const events = journalOf(bot, 2);
      const kept = events.filter((event) => BOUNDED.has(event.type));
      assertEquals(kept, all.slice(-capacity), "the newest stay");

      const losses = ofType(events, "overflow");
      assertEquals(events.slice(0, 2), losses, "losses are told first");
      assertEquals(losses.map((event) => [event.asset, event.cause]), [[0, "journal"], [
        1,
        "journal",
      ]]);
      for (const { asset, lost } of losses) {
        const dropped = all.slice(0, -capacity).filter((event) => event.asset === asset);
        assertEquals(lost, dropped.length);
        assertEquals(bot.connection(asset).dropped, dropped.length);
      }
    }
  },
);

Deno.test("a loss is told once", NO_PERMISSIONS, () => {
  const bot = new StubBot({ maxFeeds: Infinity, journalCapacity: 5 });
  let told = 0;
  for (let round = 0; round < 5; round++) {
    bot.elapse(10_000_000);
    for (const { lost } of ofType(eventsOf(bot, 50), "overflow")) told += lost;
  }
  assert(told > 0);
  assertEquals(bot.connection(0).dropped, told);
});

Deno.test("orders, positions, errors and connections are never dropped", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      maxFeeds: Infinity,
      journalCapacity: 1,
      orderLatencyNs: 10_000_000,
      fill: { model: "probability", probability: 1 },
    }),
  );
  const orders = 200n;
  for (let id = 1n; id <= orders; id++) {
    bot.submitBuyOrder(0, id, 0, 0.001, "GTC", "market");
    bot.elapse(1_000_000);
  }
  const { bestBid } = bot.depth(0);
  bot.submitBuyOrder(0, 999n, bestBid + 1, 5_000, "GTC", "limit", true);
  bot.elapse(100_000_000);
  const events = eventsOf(bot, 500);
  const filled = ofType(events, "order").filter((event) => event.status === "filled");
  const ids = filled.map((event) => event.orderId).filter((id) => id <= orders);
  assertEquals(ids, Array.from({ length: Number(orders) }, (_, i) => BigInt(i + 1)));
  const positions = ofType(events, "position").map((event) => event.qty);
  for (let lots = 1; lots <= 200; lots++) assert(positions.includes(lots / 1_000));
  assertEquals(ofType(events, "connection").map((event) => event.state), [
    "attached",
    "registered",
  ]);
  const times = events.filter((event) => event.type !== "order" && event.type !== "overflow")
    .map((event) => event.localTimestamp);
  assertEquals(times, times.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0));
});

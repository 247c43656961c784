import { assert, assertEquals, assertThrows } from "@std/assert";
import { EventBatch, InvalidInputError } from "@hftlive/hftlive";
import type { Recorded } from "./memory.ts";
import {
  after,
  eventsOf,
  INSTRUMENT,
  isMarket,
  level,
  replayOf,
  START,
  stubRecords,
} from "./support.ts";

const MS = 1_000_000;
const DAY = 86_400_000 * MS;

/** Prices of the events of one poll, and how long after the start it ended. */
function poll(bot: ReturnType<typeof replayOf>, capacity = 64): { prices: number[]; atNs: number } {
  const batch = new EventBatch(capacity);
  bot.poll(batch);
  const prices = [...batch.events()].flatMap((event) =>
    event.type === "depth" ? [event.price] : []
  );
  return { prices, atNs: Number(bot.currentTimestamp() - START) };
}

Deno.test("a poll jumps to the next event, and covers its interval from there", () => {
  const events = [
    level("buy", 100, 1, after(0, 2_000)),
    level("buy", 101, 1, after(90_000)),
    level("buy", 102, 1, after(100_999)),
    level("buy", 103, 1, after(500_000)),
    level("buy", 104, 1, after(2_000_000_000)),
  ];
  const bot = replayOf(events);
  // The connection's events come at once.
  assertEquals(poll(bot), { prices: [100, 101], atNs: 100_000 });
  assertEquals(poll(bot), { prices: [102], atNs: 201_999 });
  assertEquals(poll(bot), { prices: [103], atNs: 601_000 });
  assertEquals(poll(bot), { prices: [104], atNs: 2_000_001_000 }, "where the data ends");
  assertEquals(bot.poll(new EventBatch()), -1);

  const fine = replayOf(events, { pollIntervalNs: 0 });
  assertEquals(poll(fine), { prices: [], atNs: 0 });
  assertEquals(poll(fine), { prices: [100], atNs: 2_000 });
  assertEquals(poll(fine), { prices: [101], atNs: 91_000 });
});

Deno.test("a poll that fills its batch stands at the last event in it", () => {
  const bot = replayOf([
    level("buy", 100, 1, after(0)),
    level("buy", 101, 1, after(10)),
    level("buy", 102, 1, after(20)),
  ], { pollIntervalNs: 5_000 });
  poll(bot, 4);
  const batch = new EventBatch(2);
  assertEquals(bot.poll(batch), 2);
  assertEquals([batch.more, bot.currentTimestamp() - START], [true, 1_010n]);
  assertEquals(poll(bot, 2), { prices: [102], atNs: 1_020 });
});

Deno.test("waits pass through events and stop at their time", () => {
  const bot = replayOf([level("buy", 100, 1, after(0)), level("buy", 101, 1, after(10 * MS))]);
  assertEquals(bot.elapse(5 * MS), "ok");
  assertEquals([bot.currentTimestamp() - START, bot.depth(0).bestBid], [BigInt(5 * MS), 100]);
  assertEquals(bot.waitNextFeed(false, 4 * MS), "ok");
  assertEquals(bot.waitNextFeed(false, 4 * MS), "marketFeed");
  assertEquals(bot.currentTimestamp() - START, BigInt(10 * MS + 1_000));
});

Deno.test("gaps of months keep times exact to the nanosecond", () => {
  const times = [0, 1, 60 * DAY + 7, 60 * DAY + 8, 400 * DAY + 123_456_789, 3_000 * DAY + 1];
  const exact = times.map((ns) => START + BigInt(ns));
  const events = exact.map((exch, i) => level("buy", 100 + i, 1, { exch, local: exch + 333n }));
  const records = { exch: exact, local: exact.map((exch) => exch + 333n) };
  for (const pollIntervalNs of [0, 100_000]) {
    const market = eventsOf(replayOf(events, { pollIntervalNs })).filter(isMarket);
    assertEquals(market.map(({ exchTimestamp }) => exchTimestamp), records.exch);
    assertEquals(market.map(({ localTimestamp }) => localTimestamp), records.local);
  }
  const bot = replayOf(events, { endTime: START + BigInt(500 * DAY) });
  for (let day = 0; day < 398; day++) assertEquals(bot.elapse(DAY), "ok", `day ${day}`);
  assertEquals(bot.currentTimestamp(), START + BigInt(398 * DAY));
  assertEquals(bot.depth(0).bestBid, 103);
});

/** Feed latencies of -1.2 s, less up to 3 ms, as of a clock that runs behind the exchange's. */
function behind(): Recorded[] {
  return [0, 3, 1, 2].map((lessMs, i) => {
    const exch = START + BigInt(i * 10 * MS);
    return level("buy", 100 + i, 1, { exch, local: exch - 1_200_000_000n - BigInt(lessMs * MS) });
  });
}

Deno.test("a clock behind the exchange's: times stay as recorded, and the skew is measured", () => {
  const bot = replayOf(behind());
  const market = eventsOf(bot).filter(isMarket);
  assertEquals(
    market.map(({ exchTimestamp, localTimestamp }) => [exchTimestamp, localTimestamp]),
    behind().map(({ exch, local }) => [exch, local]),
  );
  assertEquals(bot.feedLatency(0)?.latencyNs, -1_202 * MS);
  // The quickest took -1203 ms, which counts as the base latency.
  assertEquals(bot.replayStatus(0).clockSkewNs, 1_204 * MS);
});

Deno.test("the skew decides when the exchange's book changes, never after the bot knows", () => {
  /** How long after the first event was received the exchange's book had it already, ns. */
  const bidAt = (options: Parameters<typeof replayOf>[1], elapseNs: number) => {
    const bot = replayOf(behind(), { ...options, startTime: START - 1_210_000_000n });
    bot.elapse(elapseNs);
    bot.register();
    bot.elapse(0);
    return bot.depth(0).bestBid;
  };
  const auto = {};
  // Received at -1200 ms, 10 ms after the start; by the skew it happened at -1204 ms.
  assertEquals(Number.isNaN(bidAt(auto, 6 * MS - 1)), true);
  assertEquals(Number.isNaN(bidAt({ clockSkewNs: "none" }, 10 * MS - 1)), true);
  assertEquals(bidAt({ clockSkewNs: "none" }, 10 * MS), 100);
  const bot = replayOf(behind(), { clockSkewNs: 1_207 * MS, baseLatencyNs: 5 });
  assertEquals(START - bot.currentTimestamp(), BigInt(1_207 * MS));
  assertEquals(bot.replayStatus(0).clockSkewNs, 1_207 * MS);
});

Deno.test("the skew rises when a quicker event follows", () => {
  const records = behind();
  const bot = replayOf(records.slice(0, 1), {});
  assertEquals(bot.replayStatus(0).clockSkewNs, 1_201 * MS);
  const two = replayOf(records.slice(0, 2), { baseLatencyNs: 0 });
  assertEquals(two.replayStatus(0).clockSkewNs, 1_203 * MS);
});

Deno.test("exchange times out of order are counted, and shown as they are", () => {
  const events = [after(50), after(20), after(60), after(10)].map(({ exch }, i) =>
    level("buy", 100 + i, 1, { exch, local: START + BigInt(1_000 + i) })
  );
  const bot = replayOf(events);
  const market = eventsOf(bot).filter(isMarket);
  assertEquals(market.map(({ exchTimestamp }) => exchTimestamp - START), [50n, 20n, 60n, 10n]);
  assertEquals(bot.replayStatus(0).reversed, 2);
});

Deno.test("real pace: time runs with the wall clock, times the speed", async () => {
  const records = stubRecords({ maxFeeds: 200 });
  const bot = replayOf(records, { clock: "real", speed: 4 });
  const startMs = performance.now();
  const batch = new EventBatch();
  let market = 0;
  let ahead = 0;
  while (bot.poll(batch) >= 0) {
    const passed = BigInt(Math.ceil((performance.now() - startMs) * 4 * MS));
    for (let i = 0; i < batch.length; i++) {
      if (batch.kind(i) > 5) continue;
      market++;
      if (batch.localTimestamp(i) - START > passed + 1_000_000n) ahead++;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assertEquals(market, records.length / 64);
  assertEquals(ahead, 0, "events that came before their time");
  assert(performance.now() - startMs >= 49, "200 ms at four times the speed");
});

Deno.test("real pace: a wait sleeps until its event", () => {
  const bot = replayOf([level("buy", 100, 1, after(0)), level("buy", 101, 1, after(40 * MS))], {
    clock: "real",
  });
  assertEquals(bot.waitNextFeed(false, 1_000 * MS), "marketFeed");
  assertEquals(bot.waitNextFeed(false, 1_000 * MS), "marketFeed");
  assertEquals(bot.depth(0).bestBid, 101);
  assert(bot.currentTimestamp() - START >= BigInt(40 * MS));
});

for (const clock of ["virtual", "real"] as const) {
  Deno.test(`seek goes on at a later time with the book of then, ${clock} clock`, () => {
    const records = stubRecords({ maxFeeds: 3_000 });
    const target = START + 2_000_000_000n;
    const bot = replayOf(records, { clock });
    bot.elapse(3 * MS);
    const plain = replayOf(records);
    plain.elapse(2_000 * MS);
    bot.seek(target);
    bot.elapse(0);
    assert(bot.currentTimestamp() >= target);
    if (clock === "virtual") {
      assertEquals(bot.currentTimestamp(), target);
      assertEquals(bot.depth(0).snapshot(), plain.depth(0).snapshot());
    }
    const batch = new EventBatch(1024);
    bot.poll(batch);
    const seen = [...batch.events()];
    const between = seen.filter(({ localTimestamp }) =>
      localTimestamp > START + BigInt(10 * MS) && localTimestamp < target
    );
    assertEquals(between, []);
    const clear = seen.findIndex(({ type }) => type === "depthClear");
    assertEquals(seen[clear - 1]?.type, "batchStart");
    assertEquals(seen[clear + 1]?.type, "snapshot");
    bot.close();
  });
}

Deno.test("seek goes over months, and beyond the end", () => {
  const events = [0, 200 * DAY, 300 * DAY].map((ns, i) => level("buy", 100 + i, 1, after(ns)));
  const bot = replayOf(events);
  bot.seek(START + BigInt(250 * DAY));
  bot.elapse(0);
  assertEquals([bot.currentTimestamp() - START, bot.depth(0).bestBid], [BigInt(250 * DAY), 101]);
  bot.seek(START + BigInt(900 * DAY));
  bot.elapse(0);
  assertEquals(bot.depth(0).bestBid, 102);
  assertEquals(eventsOf(bot).filter(({ type }) => type === "depth"), []);
});

Deno.test("seek does not go back", () => {
  const bot = replayOf([level("buy", 100, 1, after(0)), level("buy", 101, 1, after(DAY))]);
  bot.elapse(1_000);
  const now = bot.currentTimestamp();
  for (const timestamp of [now - 1n, -1n, 2n ** 63n, 5 as unknown as bigint]) {
    const error = assertThrows(() => bot.seek(timestamp), InvalidInputError);
    assertEquals([error.field, error.value], ["timestamp", timestamp]);
  }
  bot.seek(now);
  assertEquals(bot.instruments, [INSTRUMENT]);
});

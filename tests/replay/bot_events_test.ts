import { assert, assertEquals } from "@std/assert";
import { type BotEvent, EventBatch, EventKind, ReplayBot, StubBot } from "@hftlive/hftlive";
import { MemorySource, recordBot } from "./memory.ts";
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

Deno.test("a run of the stub, replayed, gives identical market events and the same book", () => {
  for (const feedLatencyJitterNs of [0, 3_000_000]) {
    using stub = new StubBot({ maxFeeds: 2_000, feedLatencyJitterNs, seed: 5 });
    const records = recordBot(stub);
    for (const pollIntervalNs of [0, 100_000, 50_000_000]) {
      using bot = replayOf(records, { pollIntervalNs });
      assertEquals(
        recordBot(bot),
        records,
        `jitter ${feedLatencyJitterNs}, poll ${pollIntervalNs}`,
      );
      assertEquals(bot.depth(0).snapshot(), stub.depth(0).snapshot());
      assertEquals(bot.feedLatency(0), stub.feedLatency(0));
    }
  }
});

Deno.test("blocks and several recordings in a row are no borders", () => {
  const records = stubRecords({ maxFeeds: 300 });
  const third = 64 * Math.floor(records.length / 192);
  const sources = [
    new MemorySource(records.slice(0, third), 7),
    new MemorySource([]),
    new MemorySource(records.slice(third), 1),
  ];
  const bot = new ReplayBot({ instruments: [{ ...INSTRUMENT, recording: sources }] });
  assertEquals(recordBot(bot), records);
  assertEquals(bot.replayStatus(0), {
    events: records.length / 64,
    skipped: 0,
    reversed: 0,
    clockSkewNs: 0,
    ended: true,
  });
  bot.close();
  bot.close();
  assertEquals(sources.map(({ closed }) => closed), [1, 1, 1]);
});

Deno.test("closing a bot early closes all its recordings", () => {
  const records = stubRecords({ maxFeeds: 3 });
  const sources = [new MemorySource(records), new MemorySource(records)];
  const other = new MemorySource(records);
  const bot = new ReplayBot({
    instruments: [
      { ...INSTRUMENT, recording: sources },
      { ...INSTRUMENT, symbol: "ethusdt", recording: other },
    ],
  });
  bot.poll(new EventBatch(1));
  bot[Symbol.dispose]();
  assertEquals([...sources, other].map(({ closed }) => closed), [1, 1, 1]);
});

Deno.test("levels of one message stand between marks, trades and single levels do not", () => {
  const first = after(0);
  const second = after(1_000_000);
  using bot = replayOf([
    level("buy", 100, 1, first),
    level("sell", 101, 1, first),
    { kind: EventKind.Trade, side: "buy", price: 101, qty: 1, ...first },
    level("buy", 100, 2, first),
    level("buy", 99, 1, second),
  ]);
  const types = eventsOf(bot).map((event) =>
    event.type === "batchStart" || event.type === "batchEnd"
      ? `${event.type}${event.registration ? " of the registration" : ""}`
      : event.type
  );
  assertEquals(types, [
    "connection",
    "batchStart of the registration",
    "batchEnd of the registration",
    "connection",
    "batchStart",
    "depth",
    "depth",
    "batchEnd",
    "trade",
    "depth",
    "depth",
  ]);
});

Deno.test("a wait for the next feed ends with a whole message", () => {
  using bot = replayOf([
    level("buy", 100, 1, after(0)),
    level("sell", 101, 1, after(0)),
    level("buy", 100.5, 1, after(5_000)),
  ]);
  assertEquals(bot.waitNextFeed(false, 1_000_000), "marketFeed");
  assertEquals([bot.depth(0).bestBid, bot.depth(0).bestAsk], [100, 101]);
  assertEquals(bot.currentTimestamp(), START + 1_000n);
  assertEquals(bot.waitNextFeed(false, 1_000_000), "marketFeed");
  assertEquals(bot.depth(0).bestBid, 100.5);
  assertEquals(bot.waitNextFeed(false, 1_000_000), "endOfData");
  assertEquals(bot.elapse(1), "endOfData");
  assertEquals(bot.poll(new EventBatch(64)) > 0, true, "what the waits handled");
  assertEquals(bot.poll(new EventBatch()), -1);
});

Deno.test("several instruments are merged by local time, each with its own events", () => {
  const options = { feedLatencyJitterNs: 5_000_000, maxFeeds: 500 };
  const recordings = [1, 2, 3].map((seed) => stubRecords({ ...options, seed }));
  const make = () =>
    new ReplayBot({
      pollIntervalNs: 700_000,
      instruments: recordings.map((records, asset) => ({
        ...INSTRUMENT,
        symbol: `symbol${asset}`,
        recording: new MemorySource(records),
      })),
    });
  for (const [asset, records] of recordings.entries()) {
    assertEquals(recordBot(make(), asset), records);
  }
  let last = 0n;
  let changes = 0;
  let lastAsset = -1;
  for (const { asset, localTimestamp } of eventsOf(make())) {
    assert(localTimestamp >= last, `${localTimestamp} after ${last}`);
    if (asset !== lastAsset) changes++;
    [last, lastAsset] = [localTimestamp, asset];
  }
  assert(changes > 500, `${changes} changes of the instrument`);
});

Deno.test("the first answer to a registration has the book where the replay begins", () => {
  const records = stubRecords({ maxFeeds: 400 });
  const whole = eventsOf(replayOf(records)).filter(isMarket);
  const startTime = START + 200_000_000n;
  using bot = replayOf(records, { startTime });
  assertEquals(bot.currentTimestamp(), startTime);
  const events = eventsOf(bot);
  const end = events.findIndex((event) =>
    event.type === "connection" && event.state === "registered"
  );
  const answer = events.slice(0, end);
  assertEquals(answer.map(({ localTimestamp }) => localTimestamp), answer.map(() => startTime));
  const isLater = ({ localTimestamp }: BotEvent) => localTimestamp >= startTime;
  assertEquals(events.slice(end + 1).filter(isMarket), whole.filter(isLater));

  using early = replayOf(records, { endTime: startTime });
  while (early.poll(new EventBatch()) >= 0);
  using fresh = replayOf(records, { startTime, endTime: startTime });
  while (fresh.poll(new EventBatch()) >= 0);
  assertEquals(fresh.depth(0).snapshot(), early.depth(0).snapshot());
  assert(fresh.depth(0).snapshot().bids.length > 1);
});

Deno.test("the data ends before the end time", () => {
  const records = stubRecords({ maxFeeds: 100 });
  const endTime = START + 30_100_000n;
  const events = eventsOf(replayOf(records, { endTime })).filter(isMarket);
  const whole = eventsOf(replayOf(records)).filter(isMarket);
  assertEquals(events, whole.filter(({ localTimestamp }) => localTimestamp < endTime));
  assert(whole.some(({ localTimestamp }) => localTimestamp === endTime));
});

Deno.test("a snapshot without times before the first event is part of the book", () => {
  const none = { exch: 0n, local: 0n, kind: EventKind.Snapshot };
  using bot = replayOf([
    { ...none, side: "buy", price: 100, qty: 3 },
    { ...none, side: "sell", price: 101, qty: 4 },
    level("buy", 100.5, 1, after(0)),
  ]);
  assertEquals(bot.currentTimestamp(), START);
  const events = eventsOf(bot);
  const market = events.filter(isMarket);
  assertEquals(market.map(({ type, localTimestamp }) => [type, localTimestamp - START]), [
    ["snapshot", 0n],
    ["snapshot", 0n],
    ["depth", 1_000n],
  ]);
  assertEquals([bot.depth(0).bestBid, bot.depth(0).bestAskQty], [100.5, 4]);
});

Deno.test("an event without a time takes that of the one before", () => {
  using bot = replayOf([
    level("buy", 100, 1, after(0)),
    level("buy", 99, 1, { exch: 0n, local: 0n }),
    level("buy", 98, 1, { exch: START + 10n, local: START + 500n }),
    level("buy", 96, 1, { exch: START + 20n, local: 0n }),
    level("buy", 97, 1, after(2_000)),
  ]);
  const times = eventsOf(bot).filter(isMarket)
    .map(({ exchTimestamp, localTimestamp }) => [exchTimestamp - START, localTimestamp - START]);
  assertEquals(times.map(([exch]) => exch), [0n, 1_000n, 10n, 20n, 2_000n]);
  assertEquals(times.map(([, local]) => local), [1_000n, 1_000n, 1_000n, 1_000n, 3_000n]);
  assertEquals(bot.replayStatus(0).clockSkewNs, 0);
});

Deno.test("an event for one side only reaches that side", () => {
  using bot = replayOf([
    { ...level("buy", 100, 1, after(0)), for: "local" },
    { ...level("buy", 101, 2, after(10)), for: "exch" },
    { ...level("buy", 99, 3, after(20)), for: "unmarked" },
    { ...level("sell", 105, 1, after(5_000_000)), for: "both" },
  ]);
  eventsOf(bot);
  const ticks = () => bot.depth(0).snapshot().bids.map(({ priceTick }) => priceTick);
  assertEquals(ticks(), [1000n, 990n]);
  bot.register();
  eventsOf(bot);
  assertEquals(ticks(), [1010n, 990n]);
});

Deno.test("a clear takes one side up to its price, or all", () => {
  const clear = { kind: EventKind.DepthClear };
  const bids = [100, 99, 98].map((price) => level("buy", price, 1, after(0)));
  const asks = [101, 102, 103].map((price) => level("sell", price, 1, after(0)));
  const left = (last: Parameters<typeof replayOf>[0]) => {
    using bot = replayOf([...bids, ...asks, ...last as []]);
    const prices = () => {
      const { bids, asks } = bot.depth(0).snapshot();
      return [bids, asks].map((side) => side.map(({ priceTick }) => Number(priceTick) / 10));
    };
    eventsOf(bot);
    const local = prices();
    bot.register();
    eventsOf(bot);
    assertEquals(prices(), local, "the exchange's book");
    return local;
  };
  const at = after(10);
  assertEquals(left([{ ...clear, side: "buy", price: 99, ...at }]), [[98], [101, 102, 103]]);
  assertEquals(left([{ ...clear, side: "sell", price: 102, ...at }]), [[100, 99, 98], [103]]);
  assertEquals(left([{ ...clear, side: "sell", ...at }]), [[100, 99, 98], []]);
  assertEquals(left([{ ...clear, side: "none", price: 99, ...at }]), [[], []]);
});

Deno.test("registering again brings the book as it is", () => {
  const records = stubRecords({ maxFeeds: 500, feedLatencyNs: 20_000_000 });
  using plain = replayOf(records);
  using bot = replayOf(records);
  for (let turn = 0; turn < 40; turn++) {
    bot.register();
    bot.elapse(9_000_000);
    plain.elapse(9_000_000);
    assertEquals(bot.depth(0).snapshot(), plain.depth(0).snapshot());
  }
});

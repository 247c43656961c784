import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  BotError,
  type EventBatch,
  EventKind,
  InvalidInputError,
  MarketStatistics,
} from "@hftlive/hftlive";
import { CompensatedSum } from "../../lib/client/compensated_sum.ts";
import { batchOf, INSTRUMENTS, ScriptedBot } from "./scripted_bot.ts";

/** Polls all that is scripted, adding each batch. */
function addAll(bot: ScriptedBot, statistics: MarketStatistics): void {
  while (bot.left > 0) statistics.add(batchOf(bot));
}

Deno.test("a compensated sum keeps what a plain one loses", () => {
  const sum = new CompensatedSum();
  for (const value of [1, 1e100, 1, -1e100]) sum.add(value);
  assertEquals(sum.value, 2);
});

Deno.test("counts of nothing are zero or unknown", () => {
  const statistics = new MarketStatistics(new ScriptedBot());
  assertEquals(JSON.parse(JSON.stringify(statistics)), {
    durationS: 0,
    totalTrades: 0,
    buyVolume: 0,
    sellVolume: 0,
    lastBid: null,
    lastAsk: null,
    minSpread: null,
    maxSpread: null,
    tradesPerSecond: 0,
    depthUpdates: 0,
    dropped: 0,
    feedLatencyNs: { p50: null, p99: null, max: null },
  });
});

Deno.test("volumes equal an independent sum in whole lots", () => {
  const bot = new ScriptedBot();
  const statistics = new MarketStatistics(bot);
  const lots = { buy: 0n, sell: 0n };
  let state = 1;
  for (let i = 0; i < 21_313; i++) {
    state = Math.imul(state, 48_271) % 0x7fff_ffff;
    const quantity = Math.abs(state) % 100_000 + 1;
    const buy = i % 3 !== 0;
    lots[buy ? "buy" : "sell"] += BigInt(quantity);
    bot.script(bot.trade(60_000, { qty: Number(`${quantity}e-3`), buy }));
  }
  addAll(bot, statistics);
  assertEquals(statistics.totalTrades, 21_313);
  const written = (thousandths: bigint) => Number(`${thousandths}e-3`);
  assertEquals(statistics.buyVolume, written(lots.buy));
  assertEquals(statistics.sellVolume, written(lots.sell));
});

Deno.test("book records are counted by kind, of one instrument only", () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  const statistics = new MarketStatistics(bot, { asset: 1 });
  for (const asset of [0, 1, 1]) {
    for (const kind of [EventKind.Depth, EventKind.Bbo, EventKind.Snapshot, EventKind.DepthClear]) {
      bot.script(bot.level(1, 1, { asset, kind }));
    }
    bot.trades(1, { asset });
  }
  addAll(bot, statistics);
  assertEquals([statistics.depthUpdates, statistics.totalTrades], [6, 2]);
});

Deno.test("spreads are sampled once a batch, on the tick grid, from books with two sides", () => {
  const bot = new ScriptedBot();
  const statistics = new MarketStatistics(bot);
  const sample = (bid: number, ask: number) => {
    bot.quotes[0] = { bid, ask };
    statistics.add(batchOf(bot.trades(1)));
  };
  sample(NaN, 60_000.5);
  assertEquals([statistics.lastBid, statistics.lastAsk, statistics.minSpread], [
    NaN,
    60_000.5,
    NaN,
  ]);
  sample(60_000.2, 60_000.5);
  sample(600_001 * 0.1, 600_002 * 0.1);
  sample(60_000, 60_000.7);
  sample(59_999.9, NaN);
  const { lastBid, lastAsk, minSpread, maxSpread } = statistics.toJSON();
  assertEquals([lastBid, lastAsk, minSpread, maxSpread], [59_999.9, 60_000.7, 0.1, 0.7]);
});

Deno.test("latencies are those of trades and changes, also of clocks that disagree", () => {
  const bot = new ScriptedBot();
  const statistics = new MarketStatistics(bot);
  for (let i = 1; i <= 100; i++) bot.script(bot.trade(1, { latencyNs: i }));
  bot.script(bot.trade(1, { latencyNs: -50 }));
  // Levels of a whole book keep the time at which they last changed: no latency.
  bot.script(bot.level(1, 1, { kind: EventKind.Snapshot }));
  // Without exchange time there is none either.
  bot.script(bot.trade(1, { latencyNs: Number(bot.time.toBigInt()) }));
  addAll(bot, statistics);
  assertEquals(statistics.feedLatencyNs.count, 101);
  assertEquals(statistics.feedLatencyNs.min, -50);
  assertEquals(statistics.toJSON().feedLatencyNs, { p50: 50, p99: 99, max: 100 });
});

Deno.test("time is the bot's, until the caller gives its own", () => {
  const bot = new ScriptedBot();
  const statistics = new MarketStatistics(bot);
  bot.trades(10);
  bot.time.add(5_000_000_000 - 1000);
  addAll(bot, statistics);
  assertEquals([statistics.durationS, statistics.tradesPerSecond], [5, 2]);
  bot.time.add(5_000_000_000);
  assertEquals(statistics.durationS, 5);
  statistics.sample();
  assertEquals([statistics.durationS, statistics.tradesPerSecond], [10, 1]);
  statistics.sample({ elapsedS: 4 });
  assertAlmostEquals(statistics.tradesPerSecond, 2.5);
  bot.close();
  assertEquals(statistics.toJSON().durationS, 4);
});

Deno.test("dropped is what overflow records count and what the caller adds", () => {
  const bot = new ScriptedBot(INSTRUMENTS);
  const statistics = new MarketStatistics(bot);
  bot.script(
    (writer) => writer.overflow(0, bot.time, "journal", 12),
    (writer) => writer.overflow(0, bot.time, "channel", NaN),
    (writer) => writer.overflow(1, bot.time, "journal", 100),
    (writer) => writer.overflow(-1, bot.time, "journal", 5),
  );
  addAll(bot, statistics);
  assertEquals([statistics.dropped, statistics.overflows], [17, 3]);
  statistics.sample({ dropped: 3 });
  statistics.sample({});
  assertEquals(statistics.dropped, 20);
});

Deno.test("records can be added one by one", () => {
  const bot = new ScriptedBot();
  const statistics = new MarketStatistics(bot);
  const batch: EventBatch = batchOf(bot.trades(3));
  statistics.addRecord(batch, 1);
  assertEquals([statistics.totalTrades, statistics.lastBid], [1, NaN]);
});

Deno.test("bad arguments are refused", () => {
  const bot = new ScriptedBot();
  const error = assertThrows(() => new MarketStatistics(bot, { asset: 1 }), BotError);
  assertEquals(error.reason, "instrumentNotFound");
  const statistics = new MarketStatistics(bot);
  assertThrows(() => statistics.sample({ elapsedS: -1 }), InvalidInputError, "elapsedS = -1");
  assertThrows(() => statistics.sample({ dropped: 0.5 }), InvalidInputError, "dropped = 0.5");
  bot.close();
  assertThrows(() => statistics.sample(), BotError, "closed");
});

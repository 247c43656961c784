import { assert, assertEquals } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import { BatchWriter } from "../../lib/bot/batch_writer.ts";
import type { MarketDepth } from "../../lib/bot/market_depth.ts";
import { BUY_FLAG, EventKind, LOCAL_FLAG, NO_ASSET, SELL_FLAG } from "../../lib/bot/record.ts";
import { NsTime } from "../../lib/model/time.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { addMarketRecords, bookOf, eventOf, namesIn, readRecords } from "./record_support.ts";

const BID = BUY_FLAG | LOCAL_FLAG;
const ASK = SELL_FLAG | LOCAL_FLAG;
const T0 = 1_700_000_000_000_000_000n;

function levels(depth: Pick<MarketDepth, "snapshot">) {
  const { bids, asks } = depth.snapshot();
  const short = (
    { priceTick, qty }: { priceTick: bigint; qty: number },
  ) => [Number(priceTick), qty];
  return { bids: bids.map(short), asks: asks.map(short) };
}

function at(ns: number): NsTime {
  return NsTime.from(T0 + BigInt(ns));
}

const NO_TIME = new NsTime();

/** Writes hand-made batches, as a bot's poll would fill them. */
class Script {
  readonly batch = new EventBatch(64);
  readonly writer = new BatchWriter();

  /** A batch of what `fill` writes. */
  of(fill: (writer: BatchWriter) => void): EventBatch {
    fill(this.writer.begin(this.batch));
    this.writer.end(at(1_000_000), false);
    return this.batch;
  }
}

for (const format of ["npz", "gz"] as const) {
  Deno.test(`${format}: what the disk is too slow for is counted, and leaves no wrong book`, async () => {
    await using directory = await TempDirectory.create();
    using bot = new StubBot({ seed: 3, maxFeeds: 4000, tradeProbability: 0 });
    const seen: Uint8Array[][] = [[]];
    const drops: string[] = [];
    await using recorder = new Recorder(bot, {
      directory: directory.path,
      format,
      maxBufferedBytes: 262_144,
    });
    recorder.addEventListener("drop", ({ detail }) => drops.push(detail.symbol));
    const batch = new EventBatch(256);
    let refused = 0;
    for (let polls = 0; bot.poll(batch) >= 0; polls++) {
      addMarketRecords(batch, seen);
      // The event loop, and with it the disk, only gets a turn now and then, and before the end.
      if (!recorder.write(batch)) refused++;
      if (polls % 1500 === 1499 || polls === 3900) await recorder.flush();
    }
    const { events, dropped, files } = await recorder.close();
    assert(refused > 0);
    assert(dropped > 0 && events > 0, `${events} events, ${dropped} dropped`);
    assertEquals(events + dropped, seen[0]!.length);
    assertEquals(files.map((file) => file.events), [events]);
    assert(drops.length > 0 && drops.length < 10, `${drops.length} notices`);
    const read = readRecords(files[0]!.path).map(eventOf);
    assertEquals(levels(bookOf(read)), levels(bot.depth(0)));
  });

  Deno.test(`${format}: what the bot's journal lost is replaced by the bot's book`, async () => {
    await using directory = await TempDirectory.create();
    using bot = new StubBot({ seed: 3, maxFeeds: 2000, journalCapacity: 100 });
    await using recorder = new Recorder(bot, { directory: directory.path, format });
    const batch = new EventBatch(256);
    for (let i = 0; bot.poll(batch) >= 0; i++) {
      recorder.write(batch);
      if (i === 500) bot.elapse(500_000_000);
    }
    const { overflows, lost, dropped, files, instruments } = await recorder.close();
    assertEquals([overflows, dropped, instruments[0]!.overflows], [1, 0, 1]);
    assert(lost > 500, `${lost}`);
    const read = readRecords(files[0]!.path).map(eventOf);
    assertEquals(levels(bookOf(read)), levels(bot.depth(0)));
  });
}

Deno.test("after a channel's overflow a snapshot without a clear gets one", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  const script = new Script();
  await using recorder = new Recorder(bot, { directory: directory.path });
  recorder.write(script.of((writer) => {
    writer.feed(BID | EventKind.Snapshot, 0, at(0), at(1), 100, 1);
    writer.feed(ASK | EventKind.Snapshot, 0, at(0), at(1), 101, 1);
    writer.overflow(-1, at(2), "channel", NaN);
    writer.feed(BID | EventKind.Depth, 0, at(2), at(3), 99, 1);
    writer.feed(BID | EventKind.Snapshot, 0, at(4), at(5), 98, 2);
    writer.feed(ASK | EventKind.Snapshot, 0, at(4), at(5), 102, 2);
  }));
  const { files, overflows, lost } = await recorder.close();
  assertEquals([overflows, lost], [1, 0]);
  const read = readRecords(files[0]!.path).map(eventOf);
  assertEquals(
    read.map(({ kind, price, local }) => [kind, price, Number(local - T0)]),
    [[4, 100, 1], [4, 101, 1], [1, 99, 3], [3, 0, 5], [4, 98, 5], [4, 102, 5]],
  );
});

Deno.test("a bot's own clear after an overflow is enough", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  const script = new Script();
  await using recorder = new Recorder(bot, { directory: directory.path });
  recorder.write(script.of((writer) => {
    writer.feed(BID | EventKind.Depth, 0, at(0), at(1), 100, 1);
    writer.overflow(0, at(2), "channel", NaN);
    writer.mark(EventKind.BatchStart, 0, at(3), true);
    // As the native bot makes it: without a time of the exchange.
    writer.feed(LOCAL_FLAG | EventKind.DepthClear, 0, NO_TIME, at(3), 0, 0);
    writer.feed(BID | EventKind.Snapshot, 0, at(4), at(5), 98, 2);
    writer.mark(EventKind.BatchEnd, 0, at(5), true);
  }));
  const { files, instruments } = await recorder.close();
  assertEquals(instruments[0]!.filledTimes, 1);
  const read = readRecords(files[0]!.path).map(eventOf);
  assertEquals(
    read.map((
      { kind, price, exch, local },
    ) => [kind, price, Number(exch - T0), Number(local - T0)]),
    [[1, 100, 0, 1], [3, 0, 0, 3], [4, 98, 4, 5]],
  );
});

Deno.test("levels of an answer without local time get times that fit", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  const script = new Script();
  await using recorder = new Recorder(bot, { directory: directory.path });
  recorder.write(script.of((writer) => {
    // The levels of an answer have the times of their last changes.
    writer.feed(BID | EventKind.Snapshot, 0, at(700), NO_TIME, 100, 1);
    writer.feed(ASK | EventKind.Snapshot, 0, at(300), NO_TIME, 101, 1);
    writer.feed(BID | EventKind.Trade, 0, at(800), at(900), 101, 1);
    writer.feed(ASK | EventKind.Snapshot, 0, at(100), NO_TIME, 102, 1);
    // The clock was set back.
    writer.feed(BID | EventKind.Trade, 0, at(750), at(850), 101, 1);
  }));
  const { files, instruments } = await recorder.close();
  const { filledTimes, raisedTimes, reversedExchTimes, negativeLatencies } = instruments[0]!;
  assertEquals([filledTimes, raisedTimes, reversedExchTimes, negativeLatencies], [3, 1, 1, 0]);
  const read = readRecords(files[0]!.path).map(eventOf);
  assertEquals(
    read.map(({ price, exch, local }) => [price, Number(exch - T0), Number(local - T0)]),
    [[100, 700, 900], [101, 700, 900], [101, 800, 900], [102, 800, 900], [101, 750, 900]],
  );
});

Deno.test("records are made valid for both sides of a backtest, and only lose the asset", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot({
    instruments: [
      { connector: "stub", symbol: "a", tickSize: 0.1, lotSize: 0.001 },
      { connector: "stub", symbol: "b", tickSize: 0.1, lotSize: 0.001 },
    ],
  });
  const script = new Script();
  await using recorder = new Recorder(bot, { directory: directory.path });
  const batch = script.of((writer) => {
    // A deletion as a fused book sends it, with neither flag.
    writer.feed(BUY_FLAG | EventKind.Depth, 1, at(0), at(1), 100, 0);
    writer.mark(EventKind.BatchEnd, NO_ASSET, at(1), false);
  });
  const record = new DataView(batch.bytes.buffer, 64);
  record.setBigUint64(40, 0xfff8_0000_0000_0001n, true);
  record.setBigInt64(48, -5n, true);
  record.setFloat64(56, 1.5, true);
  recorder.write(batch);
  const { files } = await recorder.close();
  assertEquals(files.map(({ instrument }) => instrument.symbol), ["b"]);
  const [read] = readRecords(files[0]!.path);
  const view = new DataView(read!.buffer);
  assertEquals(view.getBigUint64(0, true), 0xe000_0001n);
  assertEquals(view.getBigUint64(40, true), 0xfff8_0000_0000_0001n);
  assertEquals(view.getBigInt64(48, true), -5n);
  assertEquals(view.getFloat64(56, true), 1.5);
});

Deno.test("gz: what it cannot express is counted", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  const script = new Script();
  await using recorder = new Recorder(bot, { directory: directory.path, format: "gz" });
  recorder.write(script.of((writer) => {
    writer.feed(BID | EventKind.Bbo, 0, at(0), at(1), 100, 1);
    writer.feed(LOCAL_FLAG | EventKind.Trade, 0, at(0), at(1), 100, 1);
    writer.feed(BID | EventKind.Trade, 0, at(0), at(1), 100, 1);
  }));
  const { files, events, instruments } = await recorder.close();
  assertEquals([events, instruments[0]!.unwritable, files[0]!.events], [1, 2, 1]);
});

Deno.test("gz: no file is left of events that cannot be expressed", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  await using recorder = new Recorder(bot, { directory: directory.path, format: "gz" });
  recorder.write(new Script().of((writer) => {
    writer.feed(BID | EventKind.Bbo, 0, at(0), at(1), 100, 1);
  }));
  const { files, events, failure } = await recorder.close();
  assertEquals([files, events, failure, namesIn(directory.path)], [[], 0, undefined, []]);
});

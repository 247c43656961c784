import { assert, assertEquals } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import { EventKind } from "../../lib/bot/record.ts";
import { LiveClient } from "../../lib/client/live_client.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { ReplayBot } from "../../lib/replay/replay_bot.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { addMarketRecords, eventOf, recordStub, type SeenEvents } from "./record_support.ts";

const INSTRUMENTS = [
  { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
  { connector: "stub", symbol: "ethusdt", tickSize: 0.01, lotSize: 0.01 },
];

/** Replays the files of each instrument, and takes what the bot delivers. */
function replay(files: readonly { path: string; instrument: { symbol: string } }[]): SeenEvents {
  using bot = new ReplayBot({
    instruments: INSTRUMENTS.map((instrument) => ({
      ...instrument,
      recording: files.filter((file) => file.instrument.symbol === instrument.symbol)
        .map(({ path }) => path),
    })),
  });
  const seen: Uint8Array[][] = INSTRUMENTS.map(() => []);
  const batch = new EventBatch();
  while (bot.poll(batch) >= 0) addMarketRecords(batch, seen);
  return seen;
}

for (const format of ["npz", "gz"] as const) {
  Deno.test(`${format}: a stub's session replayed by a ReplayBot gives identical events`, async () => {
    await using directory = await TempDirectory.create();
    const { seen, report } = await recordStub(
      { directory: directory.path, format },
      { instruments: INSTRUMENTS, maxFeeds: 2000 },
    );
    for (const [asset, records] of replay(report.files).entries()) {
      assert(seen[asset]!.length > 5000);
      if (format === "npz") {
        assertEquals(records, seen[asset]);
      } else {
        // The collector's snapshots imply clears.
        const events = records.map(eventOf).filter(({ kind }) => kind !== EventKind.DepthClear);
        assertEquals(events, seen[asset]!.map(eventOf));
      }
    }
  });
}

Deno.test("files of a rotated recording are replayed as one, but for the books they begin with", async () => {
  await using directory = await TempDirectory.create();
  const { seen, report } = await recordStub(
    { directory: directory.path, rotateBytes: 65_536 },
    { instruments: INSTRUMENTS, maxFeeds: 2000 },
  );
  assert(report.files.length > 10);
  const isBook = (kind: number) => kind === EventKind.DepthClear || kind === EventKind.Snapshot;
  for (const [asset, records] of replay(report.files).entries()) {
    const events = records.map(eventOf).filter(({ kind }) => !isBook(kind));
    assertEquals(events, seen[asset]!.map(eventOf).filter(({ kind }) => !isBook(kind)));
  }
});

Deno.test("a client is recorded beside its other streams, up to its end", async () => {
  await using directory = await TempDirectory.create();
  const bot = new StubBot({ instruments: INSTRUMENTS, seed: 9, maxFeeds: 2000 });
  const seen: Uint8Array[][] = INSTRUMENTS.map(() => []);
  await using client = await LiveClient.start(bot);
  await using recorder = new Recorder(bot, { directory: directory.path });
  const recording = recorder.follow(client, { whenFull: "wait" });
  for await (const batch of client.batches()) addMarketRecords(batch, seen);
  await recording;
  const { events, dropped, files } = await recorder.close();
  assertEquals([events, dropped], [seen.flat().length, 0]);
  assertEquals(replay(files), seen);
});

Deno.test("a recording that is closed leaves its client running", async () => {
  await using directory = await TempDirectory.create();
  const bot = new StubBot({ maxFeeds: Infinity });
  await using client = await LiveClient.start(bot);
  const recorder = new Recorder(bot, { directory: directory.path });
  const recording = recorder.follow(client);
  await client.getTrade();
  const { state, events, files } = await recorder.close();
  await recording;
  assertEquals([state, files.length], ["closed", 1]);
  assert(events > 0);
  assertEquals((await recorder.close()).events, events);
  // What comes afterwards is dropped, and counted.
  const batch = new EventBatch();
  assert(await client.getTrade() !== undefined);
  await client.close();
  using other = new StubBot();
  other.poll(batch);
  recorder.write(batch);
  assertEquals(recorder.report.dropped > 0, true);
});

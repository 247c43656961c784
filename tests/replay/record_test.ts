import { assert, assertEquals } from "@std/assert";
import { EventKind } from "../../lib/bot/record.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { eventOf, namesIn, readRecords, recordStub } from "./record_support.ts";

const TWO = [
  { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
  { connector: "stub", symbol: "ethusdt", tickSize: 0.01, lotSize: 0.01 },
];

for (const compress of [false, true]) {
  Deno.test(`npz${compress ? ", compressed" : ""}: a stub's events are read back byte for byte`, async () => {
    await using directory = await TempDirectory.create();
    const { seen, report } = await recordStub(
      { directory: directory.path, compress },
      { instruments: TWO, maxFeeds: 3000 },
    );
    assertEquals(report.files.map(({ instrument }) => instrument.symbol).sort(), [
      "btcusdt",
      "ethusdt",
    ]);
    for (const { path, instrument, events, bytes } of report.files) {
      const expected = seen[TWO.findIndex(({ symbol }) => symbol === instrument.symbol)]!;
      assert(expected.length > 10_000);
      assertEquals(events, expected.length);
      assertEquals(readRecords(path), expected);
      assertEquals((await Deno.stat(path)).size, bytes);
    }
    assertEquals(report.events, seen.flat().length);
    assertEquals([report.dropped, report.overflows, report.failure], [0, 0, undefined]);
    assertEquals(report.others, { orders: 0, positions: 0, errors: 0, connections: 4 });
    assertEquals(namesIn(directory.path), [
      "btcusdt-20231114-221320.npz",
      "ethusdt-20231114-221320.npz",
    ]);
  });
}

Deno.test("gz: a stub's events are read back, but for the clears that a snapshot implies", async () => {
  await using directory = await TempDirectory.create();
  const { seen, report } = await recordStub(
    { directory: directory.path, format: "gz", prefix: "run1-" },
    { instruments: TWO, maxFeeds: 3000 },
  );
  assertEquals(namesIn(directory.path), [
    "run1-btcusdt-20231114-221320.gz",
    "run1-ethusdt-20231114-221320.gz",
  ]);
  for (const { path, instrument, events } of report.files) {
    const expected = seen[TWO.findIndex(({ symbol }) => symbol === instrument.symbol)]!;
    assertEquals(events, expected.length);
    const read = readRecords(path).map(eventOf);
    const clears = read.filter(({ kind }) => kind === EventKind.DepthClear);
    assertEquals(clears.map(({ side }) => side), ["buy", "sell"]);
    assertEquals(
      read.filter(({ kind }) => kind !== EventKind.DepthClear),
      expected.map(eventOf),
    );
  }
  assertEquals(report.instruments.map(({ unwritable }) => unwritable), [0, 0]);
});

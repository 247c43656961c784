import { assert, assertEquals } from "@std/assert";
import { EventKind } from "../../lib/bot/record.ts";
import type { RecorderOptions } from "../../lib/replay/record/options.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import {
  bookOf,
  eventOf,
  type MarketEvent,
  namesIn,
  readRecords,
  recordStub,
} from "./record_support.ts";

/** 150 s of a market whose clock starts at 22:13:20. */
const STUB = { maxFeeds: 1500, stepIntervalNs: 100_000_000 };

/** The book that a file begins with, and what it was recorded from. */
function split(events: readonly MarketEvent[]): [MarketEvent[], MarketEvent[]] {
  const first = events.findIndex(({ kind }) =>
    kind !== EventKind.DepthClear && kind !== EventKind.Snapshot
  );
  return [events.slice(0, first), events.slice(first)];
}

async function checkFiles(options: RecorderOptions, expectedNames: string[]) {
  const { seen, report } = await recordStub(options, STUB);
  assertEquals(namesIn(options.directory), [...expectedNames].sort());
  assertEquals(report.files.map(({ path }) => path.split("/").at(-1)), expectedNames);
  const expected = seen[0]!.map(eventOf);
  const [, expectedEvents] = split(expected);
  const all: MarketEvent[] = [];
  for (const [i, { path, events }] of report.files.entries()) {
    const read = readRecords(path).map(eventOf);
    const [book, rest] = split(read);
    assert(book.length > 0, `${path} begins without a book`);
    if (i > 0) assertEquals(events, rest.length);
    all.push(...rest);
    const until = expected.length - expectedEvents.length + all.length;
    // A file alone ends with the book of all that came until then.
    assertEquals(bookOf(read).snapshot(), bookOf(expected.slice(0, until)).snapshot());
    const first = rest[0]!;
    for (const { local, exch } of book.slice(i === 0 ? book.length : 0)) {
      assertEquals(local, first.local);
      assert(exch <= first.exch);
    }
  }
  assertEquals(all, expectedEvents);
  return report;
}

for (const format of ["npz", "gz"] as const) {
  Deno.test(`${format}: a file ends at the full minute, and the next begins with the book`, async () => {
    await using directory = await TempDirectory.create();
    const report = await checkFiles(
      { directory: directory.path, format, rotateMinutes: 1 },
      [
        `btcusdt-20231114-221320.${format}`,
        `btcusdt-20231114-221400.${format}`,
        `btcusdt-20231114-221500.${format}`,
      ],
    );
    const [, second] = report.files;
    const minute = 60_000_000_000n;
    const [, events] = split(readRecords(second!.path).map(eventOf));
    const minutes = new Set(events.map(({ local }) => local / minute));
    assertEquals(minutes.size, 1);
  });
}

Deno.test("a file ends at its size, and a second one of the same second gets a number", async () => {
  await using directory = await TempDirectory.create();
  const { report } = await recordStub(
    { directory: directory.path, rotateBytes: 65_536 },
    { maxFeeds: 2000 },
  );
  const names = namesIn(directory.path);
  assertEquals(names, report.files.map(({ path }) => path.split("/").at(-1)));
  assertEquals(names.slice(0, 3), [
    "btcusdt-20231114-221320.npz",
    "btcusdt-20231114-221320_02.npz",
    "btcusdt-20231114-221320_03.npz",
  ]);
  for (const { bytes } of report.files.slice(0, -1)) {
    assert(bytes >= 65_536 && bytes < 70_000, `${bytes}`);
  }
});

Deno.test("no file is overwritten, nor one that is being written", async () => {
  await using directory = await TempDirectory.create();
  const name = "btcusdt-20231114-221320";
  await directory.write(`${name}.npz`, "mine");
  await directory.write(`${name}_02.npz.part`, "left by a crash");
  const { report } = await recordStub({ directory: directory.path }, { maxFeeds: 100 });
  assertEquals(report.files.map(({ path }) => path), [directory.file(`${name}_03.npz`)]);
  assertEquals(await Deno.readTextFile(directory.file(`${name}.npz`)), "mine");
  assertEquals(await Deno.readTextFile(directory.file(`${name}_02.npz.part`)), "left by a crash");
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32 } from "node:zlib";
import { EventBatch } from "../../lib/bot/batch.ts";
import { BatchWriter } from "../../lib/bot/batch_writer.ts";
import { BUY_FLAG, EventKind } from "../../lib/bot/record.ts";
import { BotError, InvalidInputError } from "../../lib/model/errors.ts";
import { NsTime } from "../../lib/model/time.ts";
import { combineCrc32 } from "../../lib/replay/record/crc32.ts";
import { fileLabels, fileTime } from "../../lib/replay/record/names.ts";
import { NpzContainer } from "../../lib/replay/record/npz_container.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { eventOf, namesIn, readRecords } from "./record_support.ts";

Deno.test("the checksum of two contents is made of the checksums of each", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(5000));
  for (const at of [0, 1, 7, 256, 2500, 4999, 5000]) {
    const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
    assertEquals(combineCrc32(crc32(first), crc32(second), second.length), crc32(bytes), `${at}`);
  }
  // Beyond 4 GiB, without making them: in either order these zeros are the same bytes.
  let many = crc32(new Uint8Array(2 ** 20));
  for (let length = 2 ** 20; length < 2 ** 32; length *= 2) many = combineCrc32(many, many, length);
  const few = crc32(new Uint8Array(12_345));
  assertEquals(combineCrc32(many, few, 12_345), combineCrc32(few, many, 2 ** 32));
});

Deno.test("an npz file's records begin where hftbacktest's reader wants them", () => {
  for (const compressed of [false, true]) {
    const { prologue } = new NpzContainer(compressed);
    const npy = prologue.length - 256;
    assertEquals([...prologue.subarray(npy, npy + 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const length = new DataView(prologue.buffer).getUint16(npy + 8, true);
    assertEquals((10 + length) % 64, 0);
    assertEquals(prologue.at(-1), 0x0a);
  }
});

Deno.test("file names tell instruments apart, and have nothing that a file system refuses", () => {
  const labels = (...names: [string, string][]) =>
    fileLabels(
      names.map(([connector, symbol]) => ({ connector, symbol, tickSize: 1, lotSize: 1 })),
    );
  assertEquals(labels(["bf", "btcusdt"], ["bf", "ethusdt"]), ["btcusdt", "ethusdt"]);
  assertEquals(labels(["bf", "btcusdt"], ["by", "BTCUSDT"]), ["bf-btcusdt", "by-BTCUSDT"]);
  assertEquals(labels(["x", "BTC/USDT:USDT"]), ["BTC_USDT_USDT"]);
  assertEquals(labels(["x", ".."], ["x", "a/b"], ["x", "a:b"]), ["x-..-0", "x-a_b-1", "x-a_b-2"]);
  assertEquals(fileTime(1_723_161_255_030_314_667n), "20240808-235415");
  assertEquals(fileTime(0n), "19700101-000000");
});

Deno.test("options are checked before anything is made", async () => {
  await using parent = await TempDirectory.create();
  const directory = parent.file("new");
  using bot = new StubBot();
  const cases: [Record<string, unknown>, string][] = [
    [{ directory: "" }, 'directory = ""'],
    [{ format: "csv" }, 'format = "csv"'],
    [{ prefix: "a/b" }, 'prefix = "a/b"'],
    [{ rotateBytes: 100 }, "rotateBytes = 100"],
    [{ rotateBytes: 5e9 }, "rotateBytes = 5000000000"],
    [{ rotateMinutes: 0.5 }, "rotateMinutes = 0.5"],
    [{ compress: "yes" }, 'compress = "yes"'],
    [{ flushIntervalMs: 1 }, "flushIntervalMs = 1"],
    [{ maxBufferedBytes: 1 }, "maxBufferedBytes = 1"],
  ];
  for (const [option, message] of cases) {
    const options: { directory: string } = { directory, ...option };
    assertThrows(() => new Recorder(bot, options), InvalidInputError, `Cannot use ${message}`);
  }
  bot.close();
  assertThrows(() => new Recorder(bot, { directory }), BotError, "Cannot use bot: it is closed");
  assertEquals(namesIn(parent.path), []);
});

Deno.test("gz: numbers of any size are read back as they were, and none has an exponent", async () => {
  await using directory = await TempDirectory.create();
  const numbers = [0.1 + 0.2, 1e-7, 1.5e-9, 123_456_789.123_456_7, 1e21, 1.25e22, 5e-324, 60_000];
  using bot = new StubBot({
    instruments: [{ connector: "stub", symbol: "x", tickSize: 1e-9, lotSize: 1e-9, basePrice: 1 }],
  });
  await using recorder = new Recorder(bot, { directory: directory.path, format: "gz" });
  const batch = new EventBatch();
  const writer = new BatchWriter().begin(batch);
  const time = NsTime.from(1_700_000_000_000_000_000n);
  for (const number of numbers) {
    writer.feed(BUY_FLAG | EventKind.Trade, 0, time, time, number, number);
  }
  writer.end(time, false);
  recorder.write(batch);
  const { files } = await recorder.close();
  const { path } = files[0]!;
  assertEquals(
    readRecords(path).map(eventOf).map(({ price, qty }) => [price, qty]),
    numbers.map((number) => [number, number]),
  );
  const gunzip = new DecompressionStream("gzip");
  const text = await new Response((await Deno.open(path)).readable.pipeThrough(gunzip)).text();
  assert(!/\de[-+]?\d/i.test(text.replaceAll('"e":', "")), text);
});

Deno.test("a recorder only follows the client of its own bot", async () => {
  await using directory = await TempDirectory.create();
  using bot = new StubBot();
  using other = new StubBot();
  await using recorder = new Recorder(bot, { directory: directory.path });
  const client = { bot: other, async *batches() {} };
  const error = await recorder.follow(client).catch((error) => error);
  assert(error instanceof InvalidInputError);
  assertEquals(
    error.message,
    'Cannot use client = "one of another bot": expected the client of this bot',
  );
});

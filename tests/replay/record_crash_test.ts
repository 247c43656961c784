import { assert, assertEquals, assertRejects } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import { InvalidInputError } from "../../lib/model/errors.ts";
import { concat } from "../../lib/bytes.ts";
import { RecorderError } from "../../lib/replay/record/errors.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { recoverRecording } from "../../lib/replay/record/recover.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { startCli } from "../cli/run_cli.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import {
  addMarketRecords,
  eventOf,
  namesIn,
  readRecords,
  type SeenEvents,
} from "./record_support.ts";
import { EventKind } from "../../lib/bot/record.ts";

const STEM = "btcusdt-20231114-221320";
const FORMATS = [
  { format: "npz", compress: false },
  { format: "npz", compress: true },
  { format: "gz", compress: false },
] as const;

/** What the program of record_program.ts sees. */
function seenOf(maxFeeds: number): Uint8Array[] {
  using bot = new StubBot({ seed: 7, maxFeeds });
  const seen: Uint8Array[][] = [[]];
  const batch = new EventBatch();
  while (bot.poll(batch) >= 0) addMarketRecords(batch, seen);
  return seen[0]!;
}

/** Checks that a file has the first events of those seen, as far as these go, and counts them. */
function assertIsStart(path: string, seen: readonly Uint8Array[], count?: number): number {
  const events = readRecords(path).map(eventOf);
  const read = events.filter(({ kind }) => kind !== EventKind.DepthClear);
  assertEquals(read.slice(0, seen.length), seen.slice(0, count ?? read.length).map(eventOf));
  return read.length;
}

for (const { format, compress } of FORMATS) {
  const name = `${format}${compress ? ", compressed" : ""}`;

  Deno.test(`${name}: what was recorded before a kill -9 is recovered`, async () => {
    await using directory = await TempDirectory.create();
    const options = { directory: directory.path, format, compress, flushIntervalMs: 50 };
    await using child = startCli([JSON.stringify(options), "2000"], {
      script: "tests/replay/record_program.ts",
      permissions: ["-A"],
    });
    await child.prints("stdout", /^\d+\n/);
    const seen = seenOf(2000);
    const part = directory.file(`${STEM}.${format}.part`);
    // All is on the disk soon, although nobody asks for it.
    await using aside = await TempDirectory.create();
    for (let read = 0; read < seen.length;) {
      const copy = aside.file(`${STEM}.${format}.part`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (sizeOf(part) === 0) continue;
      await Deno.copyFile(part, copy);
      const recovered = await recoverRecording(copy).catch((error) => {
        if (!(error instanceof RecorderError)) throw error;
      });
      if (recovered === undefined) continue;
      read = assertIsStart(recovered.path, seen);
      await Deno.remove(recovered.path);
    }
    await assertRejects(
      () => recoverRecording(part),
      RecorderError,
      `Cannot recover recording ${part}: a process is still writing it`,
    );
    child.kill("SIGKILL");
    const { stdout } = await child.ended;
    assertEquals(Number(stdout), seen.length);
    const { path, bytes, leftOutBytes } = await recoverRecording(part);
    assertEquals([path, leftOutBytes], [directory.file(`${STEM}.${format}`), 0]);
    assertEquals(sizeOf(path), bytes);
    assertIsStart(path, seen, seen.length);
    assertEquals(namesIn(directory.path), [`${STEM}.${format}`]);
  });

  Deno.test(`${name}: a kill -9 in the middle of writing leaves a file of whole events`, async () => {
    await using directory = await TempDirectory.create();
    const options = { directory: directory.path, format, compress, flushIntervalMs: 10 };
    await using child = startCli([JSON.stringify(options), "1000000"], {
      script: "tests/replay/record_program.ts",
      permissions: ["-A"],
    });
    const part = directory.file(`${STEM}.${format}.part`);
    while (sizeOf(part) < 100_000) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    const { stdout } = await child.ended;
    assertEquals(stdout, "");
    const { path } = await recoverRecording(part);
    const read = assertIsStart(path, seenOf(10_000));
    assert(read > 1000, `${read}`);
  });

  Deno.test(`${name}: a file that was cut or damaged anywhere gives all before that`, async () => {
    await using directory = await TempDirectory.create();
    const { bytes, seen } = await partOf({ format, compress });
    const part = directory.file(`${STEM}.${format}.part`);
    const recover = async (content: Uint8Array): Promise<number> => {
      await Deno.writeFile(part, content);
      const { path, entries } = await recoverRecording(part);
      assertEquals(namesIn(directory.path), [`${STEM}.${format}`]);
      const read = assertIsStart(path, seen[0]!);
      if (format === "npz") assertEquals(entries, read);
      await Deno.remove(path);
      return read;
    };
    const all = await recover(bytes);
    assertEquals(all, seen[0]!.length);
    let fewer = all;
    for (const cut of [1, 63, 64, 65, 1000, 20_000]) {
      const read = await recover(bytes.subarray(0, bytes.length - cut));
      assert(read <= fewer && read > all / 2, `${read} of ${all} with ${cut} bytes cut`);
      fewer = read;
    }
    // What a disk may have behind the last synced byte when the power goes.
    for (const value of [0x00, 0xff]) {
      const tail = new Uint8Array(10_000).fill(value);
      assertEquals(await recover(concat([bytes, tail])), all);
    }
  });

  Deno.test(`${name}: a file without a whole record is left as it is`, async () => {
    await using directory = await TempDirectory.create();
    const { bytes } = await partOf({ format, compress });
    const part = directory.file(`${STEM}.${format}.part`);
    for (const size of [0, 5, 40, format === "gz" ? 100 : 310]) {
      await Deno.writeFile(part, bytes.subarray(0, size));
      await assertRejects(() => recoverRecording(part), RecorderError, "Cannot recover recording");
      assertEquals(namesIn(directory.path), [`${STEM}.${format}.part`]);
      assertEquals(sizeOf(part), size);
    }
  });
}

Deno.test("a recovery can be followed, and ended: then all is left as it is", async () => {
  await using directory = await TempDirectory.create();
  const { bytes } = await partOf({ format: "npz", compress: false });
  const part = directory.file(`${STEM}.npz.part`);
  await Deno.writeFile(part, bytes);
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => recoverRecording(part, { signal }), Error, "enough");
  assertEquals(namesIn(directory.path), [`${STEM}.npz.part`]);
  assertEquals(sizeOf(part), bytes.length);
  const counts: number[] = [];
  const { entries } = await recoverRecording(part, { onProgress: (count) => counts.push(count) });
  assertEquals(counts.at(-1), entries);
});

Deno.test("a recovered file does not take the place of another", async () => {
  await using directory = await TempDirectory.create();
  const { bytes, seen } = await partOf({ format: "npz", compress: false });
  await directory.write(`${STEM}.npz`, "mine");
  const part = directory.file(`${STEM}.npz.part`);
  await Deno.writeFile(part, bytes);
  const { path } = await recoverRecording(part);
  assertEquals(path, directory.file(`${STEM}_02.npz`));
  assertIsStart(path, seen[0]!, seen[0]!.length);
  assertEquals(await Deno.readTextFile(directory.file(`${STEM}.npz`)), "mine");
});

Deno.test("a part that is no file is told", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("a.npz.part");
  await Deno.mkdir(path);
  await assertRejects(
    () => recoverRecording(path),
    RecorderError,
    `Cannot recover recording ${path}: Is a directory`,
  );
});

Deno.test("only a part of a recording can be recovered", async () => {
  await using directory = await TempDirectory.create();
  const other = await directory.write("a.npz", "");
  for (const path of [other, directory.file("none.npz.part"), directory.path]) {
    await assertRejects(() => recoverRecording(path), InvalidInputError, "Cannot use recording");
  }
});

/** A file as it is while it grows, and the events in it. */
async function partOf(
  options: { format: "npz" | "gz"; compress: boolean },
): Promise<{ bytes: Uint8Array; seen: SeenEvents }> {
  await using directory = await TempDirectory.create();
  using bot = new StubBot({ seed: 7, maxFeeds: 2000 });
  await using recorder = new Recorder(bot, { directory: directory.path, ...options });
  const seen: Uint8Array[][] = [[]];
  const batch = new EventBatch();
  while (bot.poll(batch) >= 0) {
    addMarketRecords(batch, seen);
    if (!recorder.write(batch)) await recorder.flush();
  }
  await recorder.flush();
  const bytes = await Deno.readFile(directory.file(`${STEM}.${options.format}.part`));
  return { bytes, seen };
}

/** Bytes of a file; 0 where there is none. */
function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import { RecorderError } from "../../lib/replay/record/errors.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import type { RecorderOptions } from "../../lib/replay/record/options.ts";
import type { RecordingReport } from "../../lib/replay/record/report.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { cliCommand } from "../cli/run_cli.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { addMarketRecords, namesIn, readRecords } from "./record_support.ts";

/** A file system of 1 MB; disposing of it removes it. */
class SmallDisk implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one; tells why it cannot instead, where this user may not. */
  static async mount(): Promise<SmallDisk | string> {
    const path = await Deno.makeTempDir({ prefix: "hftlive-disk-" });
    try {
      const { code, stderr } = await new Deno.Command("mount", {
        args: ["-t", "tmpfs", "-o", "size=1m", "hftlive-test", path],
      }).output();
      if (code === 0) return new SmallDisk(path);
      await Deno.remove(path);
      return new TextDecoder().decode(stderr).trim();
    } catch (error) {
      await Deno.remove(path);
      return String(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Deno.Command("umount", { args: [this.path] }).output();
    await Deno.remove(this.path);
  }
}

/** Whether a small disk can be mounted here; prints why not. */
async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") {
    console.log("tests on a full disk are skipped: no tmpfs to mount");
    return false;
  }
  const disk = await SmallDisk.mount();
  if (typeof disk === "string") {
    console.log(`tests on a full disk are skipped: ${disk}`);
    return false;
  }
  await disk[Symbol.asyncDispose]();
  return true;
}

const ignore = !await canMount();

/** Polls a stub to its end, also after recording has failed. */
async function record(
  options: RecorderOptions,
): Promise<{ report: RecordingReport; seen: Uint8Array[]; failures: RecorderError[] }> {
  using bot = new StubBot({ seed: 7, maxFeeds: 20_000 });
  await using recorder = new Recorder(bot, { flushIntervalMs: 10, ...options });
  const failures: RecorderError[] = [];
  recorder.addEventListener("error", ({ detail }) => failures.push(detail));
  const seen: Uint8Array[][] = [[]];
  const batch = new EventBatch();
  for (let polls = 0; bot.poll(batch) >= 0; polls++) {
    addMarketRecords(batch, seen);
    recorder.write(batch);
    if (polls % 200 === 199) await recorder.flush();
  }
  return { report: await recorder.close(), seen: seen[0]!, failures };
}

for (
  const options of [
    { format: "npz" },
    { format: "npz", compress: true },
    { format: "gz" },
  ] as const
) {
  const name = `${options.format}${"compress" in options ? ", compressed" : ""}`;

  Deno.test({
    name: `${name}: a full disk ends the recording with a complete file, and not the bot`,
    ignore,
    async fn() {
      const disk = await SmallDisk.mount();
      assert(typeof disk !== "string", String(disk));
      await using _disk = disk;
      // Compressed, it all would fit.
      await Deno.writeFile(`${disk.path}/other`, new Uint8Array(900_000));
      const { report, seen, failures } = await record({ directory: disk.path, ...options });
      assertEquals(report.state, "failed");
      assertEquals(failures, [report.failure!]);
      const part = `${disk.path}/btcusdt-20231114-221320.${options.format}.part`;
      assertEquals(failures[0]?.path, part);
      assertEquals(
        failures[0]?.message.slice(0, 200),
        `Cannot write recording ${part}: No space left on device (os error 28)`,
      );
      assertEquals(report.files.map(({ path }) => path), [part.replace(".part", "")]);
      assertEquals(report.left, []);
      assert(report.events > 100 && report.events < seen.length, `${report.events}`);
      assertEquals(report.events + report.dropped, seen.length);
      assertEquals(namesIn(disk.path), [`btcusdt-20231114-221320.${options.format}`, "other"]);
      const records = readRecords(report.files[0]!.path);
      if (options.format === "npz") assertEquals(records, seen.slice(0, report.events));
    },
  });
}

Deno.test("a directory that is removed ends the recording", async () => {
  await using parent = await TempDirectory.create();
  const directory = parent.file("gone");
  using bot = new StubBot({ seed: 7 });
  await using recorder = new Recorder(bot, { directory });
  const failed = new Promise<RecorderError>((resolve) =>
    recorder.addEventListener("error", ({ detail }) => resolve(detail))
  );
  const batch = new EventBatch();
  bot.poll(batch);
  recorder.write(batch);
  await recorder.flush();
  await Deno.remove(directory, { recursive: true });
  bot.poll(batch);
  recorder.write(batch);
  await recorder.flush();
  const { message } = await failed;
  assert(message.endsWith("it, or its directory, is not there any more"), message);
  bot.poll(batch);
  assertEquals(recorder.write(batch), true);
  const { state, events, dropped, files, left } = await recorder.close();
  assertEquals([state, events, files, left], ["failed", 0, [], []]);
  assert(dropped > 0);
});

Deno.test("a directory that is a file is refused at once", async () => {
  await using directory = await TempDirectory.create();
  const path = await directory.write("file", "");
  using bot = new StubBot();
  assertThrows(
    () => new Recorder(bot, { directory: path }),
    RecorderError,
    `Cannot record into ${path}: `,
  );
});

Deno.test("a limit on the size of files ends the recording, and not the process", async () => {
  await using directory = await TempDirectory.create();
  const options = { directory: directory.path, flushIntervalMs: 10, maxBufferedBytes: 262_144 };
  const program = cliCommand([JSON.stringify(options), "20000"], {
    script: "tests/replay/record_program.ts",
    permissions: ["-A"],
  });
  // 256 blocks of 512 bytes; a program that does not ignore the signal is ended by it.
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'trap "" XFSZ; ulimit -f 256; exec "$@"', "sh", ...program],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { state, events, dropped, files, message } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(state, "failed");
  assert(message.endsWith("File too large (os error 27)"), message);
  assert(events > 0 && dropped > events, `${events} events, ${dropped} dropped`);
  assertEquals(files.length, 1);
  assertEquals(readRecords(files[0].path).length, events);
});

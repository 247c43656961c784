import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EventBatch, openRecording, Recorder, StubBot } from "@hftlive/hftlive";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type CliOptions, type CliResult, runCli, startCli } from "./run_cli.ts";

const STEM = "btcusdt-20231114-221320";
const GRID = ["--tick-size", "0.1", "--lot-size", "0.001"];

/** What recording into a directory needs, and not more. */
function writing(directory: string, ...more: string[]): CliOptions {
  return { permissions: [`--allow-read=${directory}`, `--allow-write=${directory}`, ...more] };
}

function record(
  directory: string,
  args: readonly string[],
  options: CliOptions = writing(directory),
): Promise<CliResult> {
  return runCli(["record", "--output", directory, ...args], options);
}

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

function countRecords(path: string): number {
  let count = 0;
  for (const source of openRecording(path)) {
    using _closing = source;
    for (let block = source.next(); block !== undefined; block = source.next()) {
      count += block.length;
    }
  }
  return count;
}

Deno.test("record --stub writes a file, a line a second and a summary", async () => {
  await using parent = await TempDirectory.create();
  const directory = parent.file("new");
  const { code, stdout, stderr } = await record(directory, ["--stub", "--duration", "1.6"]);
  assertEquals(code, 0, stderr);
  const [name = "", ...others] = namesIn(directory);
  assertEquals(others, []);
  assertMatch(name, /^btcusdt-\d{8}-\d{6}\.npz$/);
  assertMatch(
    stdout,
    /^ +1\.\d s {2}events [\d,]+ \(\d+\.\d\/s\) {2}files 0 {2}dropped 0 {2}overflows 0 {2}healthy\n/,
  );
  assertMatch(stdout, /^Summary: stub, 1\.6 s$/m);
  assertMatch(stdout, new RegExp(`^ +file +${directory}/${name}$`, "m"));
  assertMatch(stdout, /^dropped 0, overflows before the recorder 0$/m);
  assertStringIncludes(stderr, `Complete: ${directory}/${name}\n`);
  const events = Number(/^ +events +([\d,]+)$/m.exec(stdout)?.[1]?.replaceAll(",", ""));
  assert(events > 100);
  assertEquals(countRecords(`${directory}/${name}`), events);
});

Deno.test("record --json prints one object, and --replay makes the same npz of a gz", async () => {
  await using directory = await TempDirectory.create();
  const stub = ["--stub", "--seed", "7", "--speed", "max", "--duration", "20", "--json"];
  const first = await record(directory.path, [...stub, "--format", "gz", "--prefix", "a-"]);
  assertEquals(first.code, 0, first.stderr);
  const report = JSON.parse(first.stdout);
  const path = directory.file(`a-${STEM}.gz`);
  assertEquals([report.mode, report.durationS, report.failure], ["stub", 20, null]);
  assertEquals([report.dropped, report.overflows, report.lost, report.left], [0, 0, 0, []]);
  const { events } = report;
  const bytes = (await Deno.stat(path)).size;
  assertEquals(report.files, [{ path, connector: "stub", symbol: "btcusdt", events, bytes }]);
  assertEquals(report.bytes, bytes);
  assert(events > 50_000);
  assertEquals(report.instruments[0].events, events);
  assertEquals(report.health, { healthy: true, reason: null });

  const second = await record(directory.path, ["--replay", path, ...GRID, "--json"]);
  assertEquals(second.code, 0, second.stderr);
  const again = JSON.parse(second.stdout);
  assertEquals(again.mode, "replay");
  assertEquals(again.files[0].path, directory.file(`${STEM}.npz`));
  // The two clears that a collector's snapshot implies.
  assertEquals([again.events, countRecords(again.files[0].path)], [events + 2, events + 2]);
});

Deno.test({
  name: "record --replay turns a collector's gz into npz files",
  ignore: recordingMissing() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const args = ["--replay", RECORDING, ...GRID, "--compress", "--rotate-minutes", "2"];
    const options = writing(directory.path, `--allow-read=${RECORDING}`);
    const { code, stdout, stderr } = await record(directory.path, args, options);
    assertEquals(code, 0, stderr);
    assertEquals(
      namesIn(directory.path),
      [
        "btcusdt-20240808-235415.npz",
        "btcusdt-20240808-235600.npz",
        "btcusdt-20240808-235800.npz",
        "btcusdt-20240809-000000.npz",
      ].slice(0, namesIn(directory.path).length),
    );
    assertMatch(stdout, /^ +local times +[\d,]+ events before those of the exchange/m);
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends record with complete files, its summary and code 130`, async () => {
    await using directory = await TempDirectory.create();
    await using cli = startCli(
      ["record", "-o", directory.path, "--stub", "--format", "gz"],
      writing(directory.path),
    );
    await cli.prints("stdout", /events [1-9]/);
    cli.kill(signal);
    const { code, stdout, stderr } = await cli.ended;
    assertEquals(code, 130, stderr);
    assertMatch(stdout, /^Summary: stub/m);
    assertMatch(namesIn(directory.path).join(), /^btcusdt-\d{8}-\d{6}\.gz$/);
  });
}

Deno.test("record --recover completes what a kill -9 left behind", async () => {
  await using directory = await TempDirectory.create();
  const options = writing(directory.path);
  await using cli = startCli(["record", "-o", directory.path, "--stub", "--compress"], options);
  await cli.prints("stdout", /events [1-9].*\n.*events [1-9]/);
  const [name = ""] = namesIn(directory.path);
  const part = directory.file(name);
  const busy = await runCli(["record", "--recover", part], options);
  assertEquals(busy.code, 1);
  assertEquals(
    busy.stderr,
    `hftlive: Cannot recover recording ${part}: a process is still writing it\n`,
  );
  cli.kill("SIGKILL");
  await cli.ended;
  const { code, stdout, stderr } = await runCli(["record", "--recover", part], options);
  assertEquals(code, 0, stderr);
  const path = part.replace(".part", "");
  const [, records = ""] = /^Recovered .*: .*, ([\d,]+) records, [\d.]+ \w+\n$/.exec(stdout) ?? [];
  assertStringIncludes(stdout, `Recovered ${part}: ${path}, `);
  assertEquals(countRecords(path), Number(records.replaceAll(",", "")));
  assert(countRecords(path) > 1000);
  assertEquals(namesIn(directory.path), [name.replace(".part", "")]);
});

/** A file as a crash leaves it behind, and the number of events in it. */
async function leftBehind(
  directory: TempDirectory,
): Promise<{ part: string; complete: string; events: number }> {
  await using elsewhere = await TempDirectory.create();
  using bot = new StubBot({ maxFeeds: 1000 });
  await using recorder = new Recorder(bot, { directory: elsewhere.path });
  const batch = new EventBatch();
  while (bot.poll(batch) >= 0) recorder.write(batch);
  await recorder.flush();
  const complete = directory.file(`${STEM}.npz`);
  await Deno.copyFile(elsewhere.file(`${STEM}.npz.part`), `${complete}.part`);
  return { part: `${complete}.part`, complete, events: recorder.report.events };
}

Deno.test("record --recover goes on with other files where one cannot be recovered", async () => {
  await using directory = await TempDirectory.create();
  const options = writing(directory.path);
  const { part, complete, events } = await leftBehind(directory);
  const empty = await directory.write("a.gz.part", "");
  const paths = [empty, part];
  const args = ["record", "--json", ...paths.flatMap((path) => ["--recover", path])];
  const { code, stdout, stderr } = await runCli(args, options);
  assertEquals(code, 1);
  assertEquals(
    stderr,
    `hftlive: Cannot recover recording ${empty}: there is no whole record in it\n`,
  );
  const { recovered } = JSON.parse(stdout);
  const { path, entries, bytes } = recovered[0];
  assertEquals(recovered, [{ from: part, path, entries, bytes, leftOutBytes: 0 }]);
  assertEquals([path, entries], [complete, events]);
});

Deno.test("record tells a disk that takes no more, with code 1 and what is complete", async () => {
  await using directory = await TempDirectory.create();
  await using cli = startCli(
    ["record", "-o", directory.path, "--stub", "--rotate-mb", "1", "--buffer-mb", "1"],
    writing(directory.path),
  );
  await cli.prints("stdout", /events [1-9]/);
  await Deno.remove(directory.path, { recursive: true });
  const { code, stdout, stderr } = await cli.ended;
  await Deno.mkdir(directory.path);
  assertEquals(code, 1);
  assertMatch(stdout, /^dropped [1-9]/m);
  assertMatch(
    stderr,
    /^hftlive: Cannot write recording .*\.npz\.part: it, or its directory, is not there any more$/m,
  );
});

Deno.test("record refuses what does not go together", async () => {
  const cases: [string[], string][] = [
    [["--stub"], "Missing flag: record needs --output DIRECTORY, where the files go"],
    [["-o", "x"], "Nothing to record: give --stub for a random market"],
    [["-o", "x", "--stub", "--format", "gz", "--compress"], "Flag --compress needs --format npz"],
    [["-o", "x", "--stub", "--prefix", "a/b"], 'Cannot use --prefix = "a/b": expected at most 100'],
    [["-o", "x", "--stub", "--rotate-mb", "5000"], "Cannot use --rotate-mb = 5000"],
    [["--recover", "a.npz.part", "--stub"], "Flag --stub does not go with --recover"],
    [["--recover", "a.npz"], 'Cannot use --recover = "a.npz": expected a file that ends with'],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await runCli(["record", ...args]);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, `hftlive: ${message}`);
  }
});

Deno.test("record asks for the permissions of its directory", async () => {
  const { code, stderr } = await runCli(["record", "-o", "/nowhere/data", "--stub"]);
  assertEquals([code, stderr], [
    3,
    "hftlive: Cannot run record: permission is missing, run deno with " +
    "--allow-read=/nowhere/data --allow-write=/nowhere/data (or -P=record)\n",
  ]);
  const recover = await runCli(["record", "--recover", "/nowhere/a.gz.part"]);
  assertStringIncludes(recover.stderr, "--allow-read=/nowhere --allow-write=/nowhere");
});

Deno.test({
  name: "record --live writes what a connector sends, and fails without one",
  ignore: nativeReady() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const options = { permissions: ["-A"] };
    await using sim = await startSimConnector();
    const live = (connector: string): string[] => [
      ...["--live", "--connector", connector, "--symbol", "btcusdt", ...GRID, "--duration", "1.5"],
    ];
    const { code, stdout, stderr } = await record(directory.path, live(sim.name), options);
    assertEquals(code, 0, stderr + stdout);
    assertMatch(stdout, /^Summary: live/m);
    const [name = ""] = namesIn(directory.path);
    assert(countRecords(directory.file(name)) > 100);

    const nobody = uniqueConnectorName();
    const failed = await record(directory.path, live(nobody), options);
    assertEquals(failed.code, 1);
    assertMatch(failed.stderr, /^hftlive: Nothing to record after 1\.\d s: no connector/m);
    assertEquals(namesIn(directory.path), [name]);
  },
});

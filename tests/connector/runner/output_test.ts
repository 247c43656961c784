import { assert, assertEquals } from "@std/assert";
import { RotatingFile } from "@hftlive/hftlive";
import { cliCommand } from "../../cli/run_cli.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, ENDLESS, script, scriptRunner, untilPrinted } from "./support.ts";

/** What flood_program.ts prints. */
interface FloodReport {
  readonly exit: { readonly reason: string; readonly code: number };
  readonly lines: number;
  readonly kept: number;
  readonly cutBytes: number;
  readonly last: string;
  readonly grownBytes: number;
}

const FLOOD_BYTES = 100 * 1024 * 1024;
const LINE = `2025-11-22T10:00:00.5Z  INFO connector: ${"x".repeat(159)}`;

/** Runs a runner of a script in a process of its own, so that its memory can be told. */
async function flood(body: string): Promise<FloodReport> {
  await using directory = await TempDirectory.create();
  const program = await script(directory, body);
  const [deno = "", ...args] = cliCommand([program, directory.path], {
    permissions: ["-A"],
    script: "tests/connector/runner/flood_program.ts",
  });
  const { success, stdout } = await new Deno.Command(deno, { args, stdin: "null" }).output();
  assert(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("output: a flood of 100 MB on stderr is read to its end in bounded memory", async () => {
  const count = Math.ceil(FLOOD_BYTES / (LINE.length + 1));
  const report = await flood(`yes '${LINE}' | head -n ${count} >&2; echo last >&2; exit 3`);
  assertEquals(report.exit, { reason: "crashed", code: 3 });
  assertEquals([report.lines, report.kept, report.last], [count + 1, 2_000, "last"]);
  assert(report.grownBytes < 50e6, `${report.grownBytes} bytes more`);
});

Deno.test("output: a line of 100 MB is cut, and its lost bytes are counted", async () => {
  const report = await flood(`head -c ${FLOOD_BYTES} /dev/zero | tr '\\0' x >&2; exit 0`);
  assertEquals(report.exit, { reason: "exited", code: 0 });
  assertEquals([report.lines, report.cutBytes], [1, FLOOD_BYTES - 64 * 1024]);
  assert(report.grownBytes < 50e6, `${report.grownBytes} bytes more`);
});

Deno.test("output: logs follows the process to its end, for each reader from its own start", async () => {
  await using directory = await TempDirectory.create();
  const body = `trap 'echo three; exit 0' TERM; echo one; echo two; while :; do sleep 0.05; done`;
  await using runner = await scriptRunner(directory, body);
  await runner.start();
  await untilPrinted(runner, "two");
  const read = async (last: number): Promise<string[]> => {
    const lines: string[] = [];
    for await (const { raw } of runner.logs({ last })) lines.push(raw);
    return lines;
  };
  const readers = [read(100), read(1), read(0)];
  await runner.stop();
  assertEquals(await Promise.all(readers), [
    ["one", "two", "three"],
    ["two", "three"],
    ["three"],
  ]);
  assertEquals(await read(100), ["one", "two", "three"]);
  assertEquals(runner.outputCounts, { lines: 3, dropped: 0, cutLines: 0, cutBytes: 0 });
});

Deno.test("output: limits are kept, and what is dropped is counted", async () => {
  await using directory = await TempDirectory.create();
  const body = `for i in 1 2 3 4 5; do echo "line $i"; done; ${ENDLESS}`;
  await using runner = await scriptRunner(directory, body, { logLimits: { maxLines: 2 } });
  await runner.start();
  await untilPrinted(runner, "pid");
  assertEquals(runner.output.map(({ raw }) => raw), ["line 5", `pid ${runner.pid}`]);
  assertEquals([runner.outputCounts.lines, runner.outputCounts.dropped], [6, 4]);
});

Deno.test("output: a file gets the lines, redacted, of one run after the other", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("bf.log");
  {
    await using logFile = await RotatingFile.open(path);
    const body = `echo "signature=c0ffee"; echo end; exec sleep 1000`;
    await using runner = await scriptRunner(directory, body, { logFile });
    for (let run = 0; run < 2; run++) {
      await runner.start();
      await untilPrinted(runner, "end");
      await runner.stop();
    }
  }
  assertEquals(await Deno.readTextFile(path), "signature=***\nend\n".repeat(2));
  await assertNoChildren();
});

Deno.test("output: values of variables whose names sound secret are taken out, others are not", async () => {
  await using directory = await TempDirectory.create();
  const env = {
    EXCHANGE_API_KEY: "mZ8-v1/q",
    DB_PASSWORD: "tr0ub4dor & 3",
    "proxy_auth": "Basic dXNlcg==",
    AUTH_OFF: "true",
    CHANNEL: "/etc/channel.toml",
  };
  const body = `env | grep -E '^(EXCHANGE|DB|proxy|AUTH|CHANNEL)' | sort
echo "password is tr0ub4dor & 3" >&2; ${ENDLESS}`;
  await using runner = await scriptRunner(directory, body, { env });
  await runner.start();
  await untilPrinted(runner, "pid");
  await untilPrinted(runner, "password is");
  const lines = runner.output.map(({ raw }) => raw).filter((line) => !line.startsWith("pid"));
  assertEquals(lines.toSorted(), [
    "AUTH_OFF=true",
    "CHANNEL=/etc/channel.toml",
    "DB_PASSWORD=***",
    "EXCHANGE_API_KEY=***",
    "password is ***",
    "proxy_auth=***",
  ]);
});

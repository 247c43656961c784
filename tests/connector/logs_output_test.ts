import { assert, assertEquals, assertLess } from "@std/assert";
import { ConnectorOutput, RotatingFile } from "../../lib/connector/mod.ts";
import { simConnectorPath } from "../support/native_ready.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const noConnector = await connectorMissing();
if (noConnector !== undefined) console.log(`a test with a real log is skipped: ${noConnector}`);

async function connectorMissing(): Promise<string | undefined> {
  try {
    await Deno.stat(simConnectorPath());
    return undefined;
  } catch {
    return `no sim-connector at ${simConnectorPath()}`;
  }
}

/** Runs a shell script and reads both of its streams to the end. */
async function readScript(script: string, output: ConnectorOutput): Promise<void> {
  const child = new Deno.Command("sh", {
    args: ["-c", script],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await Promise.all([
    output.read(child.stdout, "stdout"),
    output.read(child.stderr, "stderr"),
    child.status,
  ]);
  output.close();
}

Deno.test("output: lines of a real process, read while it runs", async () => {
  const output = new ConnectorOutput({ secrets: ["hunter2hunter2"] });
  const script = `
    printf '\\033[2m2025-11-22T10:20:30.1Z\\033[0m \\033[32m INFO\\033[0m \\033[2mc\\033[0m\\033[2m:\\033[0m up\\n'
    printf '2025-11-22T10:20:30.2Z ERROR c::rest: failed url="https://x/?signature=abc" hunter2hunter2\\n'
    printf "thread 'main' panicked at src/main.rs:1:1:\\nno line end" >&2
  `;
  const following = Array.fromAsync(output.tail());
  await readScript(script, output);
  const lines = await following;
  const of = (stream: string): unknown[] =>
    lines.filter((line) => line.stream === stream)
      .map(({ level, target, message }) => [level, target, message]);
  assertEquals(of("stdout"), [
    ["info", "c", "up"],
    ["error", "c::rest", 'failed url="https://x/?signature=***" ***'],
  ]);
  assertEquals(of("stderr"), [
    ["error", undefined, "thread 'main' panicked at src/main.rs:1:1:"],
    [undefined, undefined, "no line end"],
  ]);
  assertEquals(output.counts, { lines: 4, dropped: 0, cutLines: 0, cutBytes: 0 });
});

for (const colours of [true, false]) {
  Deno.test({
    name: `output: the log of a real connector, ${colours ? "with" : "without"} colours`,
    ignore: noConnector !== undefined,
    async fn() {
      const output = new ConnectorOutput();
      const environment = colours ? "env -u NO_COLOR" : "env NO_COLOR=1";
      await readScript(
        `RUST_LOG=info ${environment} '${simConnectorPath()}' x binancefutures /none.toml`,
        output,
      );
      const line = output.last().find(({ message }) => message.includes("/none.toml"));
      assert(line, output.last().map(({ raw }) => raw).join("\n"));
      assertEquals(line.level, "error");
      assert(Date.parse(line.time ?? "") > Date.parse("2025-01-01"), line.time);
      assert(line.target?.startsWith("sim_connector"), line.target);
    },
  });
}

Deno.test("output: 100 MB on stderr leave little in memory, and all of it is counted", async () => {
  const output = new ConnectorOutput({ maxLines: 500 });
  const line = "x".repeat(199);
  const before = Deno.memoryUsage().rss;
  await readScript(`yes ${line} | head -c 100000000 >&2`, output);
  assertEquals(output.counts, { lines: 500_000, dropped: 499_500, cutLines: 0, cutBytes: 0 });
  assertEquals(output.last().length, 500);
  // The lines themselves would be 100 MB at the very least.
  assertLess(Deno.memoryUsage().rss - before, 80e6);
});

Deno.test("output: 100 MB without a line end are one line, cut", async () => {
  const output = new ConnectorOutput();
  const before = Deno.memoryUsage().rss;
  await readScript("head -c 100000000 /dev/zero | tr '\\0' 'y ' ", output);
  assertEquals(output.counts, {
    lines: 1,
    dropped: 0,
    cutLines: 1,
    cutBytes: 100_000_000 - 65_536,
  });
  assertEquals(output.last()[0]?.cutBytes, 100_000_000 - 65_536);
  assertLess(Deno.memoryUsage().rss - before, 80e6);
});

Deno.test("output: the file gets the same lines", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("c.log");
  {
    await using file = await RotatingFile.open(path);
    const output = new ConnectorOutput({ file, secrets: ["hunter2hunter2"] });
    await readScript(
      "printf 'one\\n\\033[1mtwo\\033[0m hunter2hunter2\\nlistenKey=abc\\n'",
      output,
    );
    assert(output.last().length === 3);
  }
  assertEquals(await Deno.readTextFile(path), "one\ntwo ***\nlistenKey=***\n");
});

Deno.test("output: a stream that fails tells so, and keeps what came before", async () => {
  const output = new ConnectorOutput();
  const stream = ReadableStream.from((function* () {
    yield new TextEncoder().encode("before\nhalf");
    throw new Error("expected by a test");
  })());
  let failure: unknown;
  try {
    await output.read(stream, "stdout");
  } catch (error) {
    failure = error;
  }
  assert(failure instanceof Error && failure.message === "expected by a test");
  assertEquals(output.last().map(({ raw }) => raw), ["before", "half"]);
});

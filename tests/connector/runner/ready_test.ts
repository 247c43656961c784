import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  ConnectorRunnerError,
  ConnectorStartupError,
  InvalidInputError,
  NativeBot,
  type Readiness,
  type ReadinessOptions,
} from "@hftlive/hftlive";
import { nativeReady, simConnectorPath } from "../../support/native_ready.ts";
import { startSimConnector } from "../../support/sim_connector.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { BTCUSDT, ENDLESS, script, scriptRunner, SIM_CONFIG, simRunner } from "./support.ts";

const missing = nativeReady();
const SHORT_MS = 300;

function outcome({ reached, ready }: Readiness): [string, boolean] {
  return [reached, ready];
}

Deno.test({
  name: "ready: a connector passes all levels",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await simRunner(directory);
    await runner.start();
    for (const level of ["alive", "attached", "registered", "fresh"] as const) {
      const readiness = await runner.waitForReady({ level, ...BTCUSDT });
      assertEquals([readiness.level, ...outcome(readiness)], [level, level, true]);
      assertEquals(readiness.reason, undefined);
      assert(readiness.elapsedMs >= 0);
    }
    assertEquals(outcome(await runner.waitForReady()), ["attached", true]);
  },
});

Deno.test({
  name: "ready: a process without a channel is alive and no more",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await scriptRunner(directory, ENDLESS);
    await runner.start();
    for (const level of ["attached", "registered", "fresh"] as const) {
      const readiness = await runner.waitForReady({ level, timeoutMs: SHORT_MS, ...BTCUSDT });
      assertEquals(outcome(readiness), ["alive", false]);
      assertStringIncludes(readiness.reason ?? "", "nothing publishes on channel");
      assert(readiness.elapsedMs >= SHORT_MS);
    }
  },
});

Deno.test({
  name: "ready: a channel that only bots have opened is no connector",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await scriptRunner(directory, ENDLESS);
    using _bot = new NativeBot({
      instruments: [{ connector: runner.connectorName, ...BTCUSDT }],
    });
    await runner.start();
    const readiness = await runner.waitForReady({ timeoutMs: SHORT_MS });
    assertEquals(outcome(readiness), ["alive", false]);
  },
});

Deno.test({
  name: "ready: another process's channel is not the connector's",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await scriptRunner(directory, ENDLESS);
    await runner.start();
    await using sim = await startSimConnector({ name: runner.connectorName });
    const readiness = await runner.waitForReady({ timeoutMs: SHORT_MS });
    assertEquals(outcome(readiness), ["alive", false]);
    assertStringIncludes(readiness.reason ?? "", `process ${sim.pid} publishes`);
    assertStringIncludes(readiness.reason ?? "", `${runner.pid}`);
  },
});

Deno.test({
  name: "ready: a script that becomes the connector is attached",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const binaryPath = await script(directory, `exec ${simConnectorPath()} "$@"`);
    await using runner = await simRunner(directory, SIM_CONFIG, { binaryPath });
    await runner.start();
    assertEquals(outcome(await runner.waitForReady()), ["attached", true]);
  },
});

Deno.test({
  name: "ready: a connector that answers no registration is attached and no more",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const config = `${SIM_CONFIG}[fault]\nrefuse_register = true\n`;
    await using runner = await simRunner(directory, config);
    await runner.start();
    assert((await runner.waitForReady()).ready);
    for (const level of ["registered", "fresh"] as const) {
      const readiness = await runner.waitForReady({ level, timeoutMs: SHORT_MS, ...BTCUSDT });
      assertEquals(outcome(readiness), ["attached", false]);
      assertStringIncludes(readiness.reason ?? "", "has not answered the registration of btcusdt");
    }
  },
});

Deno.test({
  name: "ready: a silent feed is not fresh, though its book is sent",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    // The first registration takes the market to 500 events; then nothing comes any more.
    const config = `${SIM_CONFIG}rate = "flat_out"\nevents = 500\n`;
    await using runner = await simRunner(directory, config);
    await runner.start();
    const wait: ReadinessOptions = { level: "fresh", ...BTCUSDT };
    assertEquals(outcome(await runner.waitForReady(wait)), ["fresh", true]);
    const again = await runner.waitForReady({ ...wait, timeoutMs: SHORT_MS });
    assertEquals(outcome(again), ["registered", false]);
    assertStringIncludes(again.reason ?? "", "no market event of btcusdt has come");
  },
});

Deno.test({
  name: "ready: a reason holds what the connector reports",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    // As with an exchange that cannot be reached: an answer, then trouble, never an event.
    const config = `${SIM_CONFIG}[fault]
silent_after_events = 0
live_error_after_events = 0
live_error_kinds = ["connection_interrupted"]
live_error_message = "no route, signature=c0ffee"
`;
    await using runner = await simRunner(directory, config);
    await runner.start();
    const wait = { level: "fresh", timeoutMs: 2_000, ...BTCUSDT } as const;
    const readiness = await runner.waitForReady(wait);
    assertEquals(outcome(readiness), ["registered", false]);
    assertStringIncludes(readiness.reason ?? "", "it reports connectionInterrupted");
    assertStringIncludes(readiness.reason ?? "", "signature=***");
  },
});

Deno.test({
  name: "ready: a wait does not hold up the event loop, whatever flood comes",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const config =
      `${SIM_CONFIG}start = "now"\nrate = "flat_out"\n[fault]\nrefuse_register = true\n`;
    await using runner = await simRunner(directory, config);
    await runner.start();
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const wait = { level: "registered", timeoutMs: 1_000, ...BTCUSDT } as const;
    assertEquals(outcome(await runner.waitForReady(wait)), ["attached", false]);
    clearInterval(timer);
    assert(turns >= 10, `${turns} turns`);
  },
});

Deno.test("ready: without the native library only the process is proven, and the reason says so", async () => {
  await using directory = await TempDirectory.create();
  const libraryPath = directory.file("no-library.so");
  await using runner = await scriptRunner(directory, ENDLESS, { libraryPath });
  await runner.start();
  assertEquals(outcome(await runner.waitForReady({ level: "alive" })), ["alive", true]);
  const readiness = await runner.waitForReady({ level: "attached", timeoutMs: 600_000 });
  assertEquals(outcome(readiness), ["alive", false]);
  assertStringIncludes(readiness.reason ?? "", "only that the process lives can be proven");
  assertStringIncludes(readiness.reason ?? "", libraryPath);
});

Deno.test("ready: a process that ends while it is waited for is an error with its last lines", async () => {
  await using directory = await TempDirectory.create();
  const body = `sleep 0.3; echo "thread 'main' panicked at src/main.rs:7:
no such file" >&2; exit 101`;
  // Without the library the wait would be over at once.
  await using runner = await scriptRunner(directory, body);
  await runner.start();
  await runner.exited;
  const error = await assertRejects(() => runner.waitForReady(), ConnectorStartupError);
  assertEquals(error.exitCode, 101);
  assertStringIncludes(error.message, "panicked at src/main.rs:7: no such file");
});

Deno.test({
  name: "ready: the real mistake of a symbol in place of the type is told in its words",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const binaryPath = await script(directory, `exec ${simConnectorPath()} "$1" BTCUSDT "$3"`);
    await using runner = await simRunner(directory, SIM_CONFIG, { binaryPath });
    const error = await assertRejects(async () => {
      await runner.start();
      await runner.waitForReady();
    }, ConnectorStartupError);
    assertEquals(error.exitCode, 1);
    assertStringIncludes(error.message, "This connector doesn't exist. connector=BTCUSDT");
  },
});

Deno.test({
  name: "ready: an abort or a stop ends the wait",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await using runner = await scriptRunner(directory, ENDLESS);
    await runner.start();
    const abort = new AbortController();
    const waiting = runner.waitForReady({ signal: abort.signal, timeoutMs: 600_000 });
    abort.abort(new Error("enough"));
    await assertRejects(() => waiting, Error, "enough");
    const stopped = runner.waitForReady({ timeoutMs: 600_000 });
    const refusal = assertRejects(() => stopped, ConnectorStartupError);
    await runner.stop();
    await refusal;
  },
});

Deno.test("ready: options are checked", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  await assertRejects(() => runner.waitForReady(), ConnectorRunnerError, "was not started");
  await runner.start();
  const wrong: [string, Record<string, unknown>][] = [
    ["level", { level: "ready" }],
    ["timeoutMs", { timeoutMs: -1 }],
    ["signal", { signal: {} }],
    ["symbol", { level: "fresh" }],
    ["symbol", { level: "fresh", ...BTCUSDT, symbol: "BTCUSDT" }],
    ["tickSize", { level: "registered", ...BTCUSDT, tickSize: 0 }],
    ["lotSize", { level: "registered", ...BTCUSDT, lotSize: undefined }],
  ];
  for (const [field, options] of wrong) {
    const error = await assertRejects(() => runner.waitForReady(options), InvalidInputError);
    assertEquals(error.field, field);
  }
});

Deno.test("ready: a panic's words are found before its stack, and what was logged before an empty one", async () => {
  await using directory = await TempDirectory.create();
  const frames = Array.from({ length: 60 }, (_, n) => `echo "  ${n}: core::ops::function" >&2`);
  const dies = async (said: string): Promise<string> => {
    const body = `sleep 0.3; cat >&2 <<'END'\n${said}\nEND\n${frames.join("\n")}\nexit 1`;
    await using runner = await scriptRunner(directory, body);
    await runner.start();
    await runner.exited;
    const error = await assertRejects(() => runner.waitForReady(), ConnectorStartupError);
    assertEquals(error.outputTail.length, 20);
    return error.message.replace(/^.* before it was ready: /, "");
  };
  const panic = "thread 'main' (7) panicked at src/main.rs:7:1:";
  assertEquals(await dies(`${panic}\nno such file`), `${panic} no such file`);
  assertEquals(
    await dies(
      `2026-11-22T14:29:13.391987Z ERROR connector: Couldn't build it. error=Config\n\n${panic}\n` +
        "called `Result::unwrap()` on an `Err` value: ()",
    ),
    "Couldn't build it. error=Config",
  );
});

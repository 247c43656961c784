import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ConnectorStartupError,
  InvalidInputError,
  NativeBot,
  probeChannel,
} from "@hftlive/hftlive";
import { cleanUpAfter } from "../../../lib/native/cleanup.ts";
import { NativeLibrary } from "../../../lib/native/library.ts";
import { nativeReady } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import {
  assertNoChildren,
  BTCUSDT,
  ENDLESS,
  IGNORES_SIGTERM,
  isAlive,
  namesIn,
  scriptRunner,
  SIM_CONFIG,
  simRunner,
  untilPrinted,
} from "./support.ts";

const missing = nativeReady();

/** What ended processes have left in iceoryx2's directory of nodes, by process id. */
async function nodesOf(pid: number): Promise<string[]> {
  return (await namesIn("/tmp/iceoryx2/nodes")).filter((name) => {
    const id = /^iox2_(\d+)\./.exec(name)?.[1];
    // The low 32 bits of a node's id are its process id.
    return id !== undefined && Number(BigInt(id) & 0xffff_ffffn) === pid;
  });
}

Deno.test("stop: SIGTERM is enough for most", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  await runner.start();
  const { pid } = runner;
  assert(pid !== undefined);
  const exit = await runner.stop();
  assertEquals(exit, { pid, code: 143, signal: "SIGTERM", reason: "stopped" });
  assertEquals(await runner.exited, exit);
  assertEquals(await runner.stop(), exit);
  await assertNoChildren();
});

Deno.test("stop: a code other than 0, or a panic, after our SIGTERM is no crash", async () => {
  await using directory = await TempDirectory.create();
  const bodies: [string, number, Deno.Signal | undefined][] = [
    [`trap 'exit 1' TERM`, 1, undefined],
    [`trap 'kill -ABRT $$' TERM`, 134, "SIGABRT"],
    // As when Ctrl+C reaches the connector while its parent stops it.
    [`trap 'trap - INT; kill -INT $$' TERM`, 130, "SIGINT"],
  ];
  for (const [body, code, signal] of bodies) {
    const loop = `${body}; echo ready; while :; do sleep 0.05; done`;
    await using runner = await scriptRunner(directory, loop);
    await runner.start();
    await untilPrinted(runner, "ready");
    const exit = await runner.stop();
    assertEquals([exit?.reason, exit?.code, exit?.signal], ["stopped", code, signal]);
  }
});

Deno.test("stop: SIGKILL ends what ignores SIGTERM, and it is reaped", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, IGNORES_SIGTERM, { shutdownTimeoutMs: 200 });
  await runner.start();
  const { pid } = runner;
  assert(pid !== undefined);
  await untilPrinted(runner, `pid ${pid}`);
  const start = performance.now();
  const exit = await runner.stop();
  assert(performance.now() - start >= 190, "SIGKILL came too early");
  assertEquals(exit, { pid, code: 137, signal: "SIGKILL", reason: "killed" });
  assert(!await isAlive(pid));
  await assertNoChildren();
});

Deno.test("stop: calls share one end, and the earliest deadline counts", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, IGNORES_SIGTERM);
  const states: string[] = [];
  await runner.start();
  await untilPrinted(runner, "pid");
  runner.addEventListener("statechange", ({ detail }) => states.push(detail.state));
  const calls = [runner.stop({ timeoutMs: 600_000 }), runner.stop(), runner.stop({ timeoutMs: 0 })];
  const exits = await Promise.all(calls);
  assertEquals(new Set(exits).size, 1);
  assertEquals(exits[0]?.reason, "killed");
  assertEquals(states, ["stopping", "ended"]);
  await assertRejects(() => runner.stop({ timeoutMs: -1 }), InvalidInputError);
});

Deno.test("stop: during a start, nothing is left running", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  // At as many moments of the start as there are turns of the event loop in it.
  for (let turns = 0; turns < 12; turns++) {
    const starting = runner.start().catch((error: unknown) => error);
    for (let turn = 0; turn < turns; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await runner.stop();
    const error = await starting;
    if (error !== undefined) assert(error instanceof ConnectorStartupError, String(error));
    assertEquals([runner.state, runner.isRunning], ["ended", false]);
    assertEquals(await namesIn(directory.file("run")), []);
  }
  await assertNoChildren();
});

Deno.test("stop: a process that was killed by others has crashed; stop then does nothing", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await scriptRunner(directory, ENDLESS);
  await runner.start();
  const { pid } = runner;
  assert(pid !== undefined);
  Deno.kill(pid, "SIGKILL");
  const exit = await runner.exited;
  assertEquals(exit, { pid, code: 137, signal: "SIGKILL", reason: "crashed" });
  assertEquals(await runner.stop(), exit);
});

Deno.test("stop: output that another process holds open does not hold up the end", async () => {
  await using directory = await TempDirectory.create();
  const body = `sleep 1000 & echo "child $!"; exec sleep 1000`;
  await using runner = await scriptRunner(directory, body);
  await runner.start();
  await untilPrinted(runner, "child");
  const child = Number(/child (\d+)/.exec(runner.output[0]?.raw ?? "")?.[1]);
  try {
    assertEquals((await runner.stop())?.reason, "stopped");
  } finally {
    Deno.kill(child, "SIGKILL");
  }
});

Deno.test("stop: await using ends the process when its block throws", async () => {
  await using directory = await TempDirectory.create();
  let pid: number | undefined;
  await assertRejects(
    async () => {
      await using runner = await scriptRunner(directory, ENDLESS);
      await runner.start();
      pid = runner.pid;
      throw new Error("in the block");
    },
    Error,
    "in the block",
  );
  assert(pid !== undefined && !await isAlive(pid));
  await assertNoChildren();
});

Deno.test({
  name: "stop: of a killed connector no iceoryx2 file is left, and of a living one every one",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    // No other node is made in between that would clear up as well: the bot is made before.
    const stubborn = `${SIM_CONFIG}[fault]\nignore_sigterm = true\n`;
    await using living = await simRunner(directory);
    await using runner = await simRunner(directory, stubborn, { shutdownTimeoutMs: 100 });
    await living.start();
    await runner.start();
    assert((await living.waitForReady()).ready);
    assert((await runner.waitForReady()).ready);
    const { pid } = runner;
    assert(pid !== undefined && living.pid !== undefined);
    assert((await nodesOf(pid)).length > 0);

    assertEquals((await runner.stop())?.reason, "killed");
    assertEquals(runner.warnings, []);
    assertEquals(await nodesOf(pid), []);
    using library = NativeLibrary.open();
    assertEquals(probeChannel(runner.connectorName), { exists: false, publishers: [], bots: 0 });
    assertEquals(cleanUpAfter(pid), { removed: 0, alive: 0, failures: [] });

    assert((await nodesOf(living.pid)).length > 0);
    const { alive, removed } = cleanUpAfter(living.pid);
    assertEquals([alive > 0, removed], [true, 0]);
    assert((await living.waitForReady({ level: "fresh", ...BTCUSDT })).ready);
    library.close();
  },
});

Deno.test({
  name: "stop: a bot on the channel of a killed connector goes on with the next one",
  ignore: missing !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const stubborn = `${SIM_CONFIG}[fault]\nignore_sigterm = true\n`;
    await using runner = await simRunner(directory, stubborn, { shutdownTimeoutMs: 100 });
    await runner.start();
    assert((await runner.waitForReady()).ready);
    const connector = runner.connectorName;
    using bot = new NativeBot({ instruments: [{ connector, ...BTCUSDT }] });
    assertEquals((await runner.stop())?.reason, "killed");
    // The bot holds the channel, so it is there still, but without a publisher.
    const { exists, publishers, bots } = probeChannel(connector);
    assertEquals({ exists, publishers, bots }, { exists: true, publishers: [], bots: 1 });
    await runner.start();
    assert((await runner.waitForReady({ level: "fresh", ...BTCUSDT })).ready);
    assertEquals(probeChannel(connector).bots, 1);
    assertEquals(bot.numAssets, 1);
  },
});

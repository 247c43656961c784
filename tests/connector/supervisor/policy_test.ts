/** Restarts, and when there are no more, with programs that end in all ways. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { NativeLibraryNotFoundError, Supervisor } from "@hftlive/hftlive";
import { nativeReady } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, ENDLESS, IGNORES_SIGTERM } from "../runner/support.ts";
import {
  endsOnceReady,
  pidOf,
  scriptSettings,
  settingsOf,
  stateOf,
  untilState,
  watched,
} from "./support.ts";

/** Without the library nothing but "alive" can be proven. */
const ignore = nativeReady({ simConnector: false }) !== undefined;

const READY = "ready: its process lives";

Deno.test("supervisor: a crash loop ends in a failed state that says why", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, endsOnceReady(7));
  await using run = await watched(directory, [connector]);
  const { supervisor, states } = run;
  supervisor.start();
  await supervisor.finished;
  const reason = "ended with code 7";
  assertEquals(states, [
    ...["starting", READY, `backing off: ${reason}, restart 1`],
    ...["starting", READY, `backing off: ${reason}, restart 2`],
    ...["starting", READY, `backing off: ${reason}, restart 3`],
    ...["starting", READY],
    `failed: ${reason}, after 3 restarts in 60 s`,
  ]);
  const [status] = supervisor.status().connectors;
  assertEquals([status?.restarts, status?.lastFailure, status?.pid], [3, reason, null]);
  const lines = supervisor.logs(connector.name).last().map(({ message }) => message);
  assertEquals(lines.filter((line) => line === "ending").length, 4);
  await assertNoChildren();
});

Deno.test("supervisor: an exchange that is away is no crash loop", async () => {
  await using directory = await TempDirectory.create();
  // Word for word what hftbacktest's connector prints.
  const panic = `
while [ ! -e "$0.ready" ]; do sleep 0.02; done; rm "$0.ready"
cat >&2 <<'END'
2026-11-22T14:21:57.596980Z ERROR connector::binancefutures: An error occurred in the market data stream connection. error=ConnectionRefused

thread 'main' (21139) panicked at connector/src/binancefutures/mod.rs:220:41:
called \`Result::unwrap()\` on an \`Err\` value: SendError("btcusdt")
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
END
exit 1`;
  const connector = await scriptSettings(directory, panic);
  await using run = await watched(directory, [{
    ...connector,
    restart: { ...connector.restart, maxRestarts: 1 },
  }]);
  const { supervisor, states } = run;
  const often = Promise.withResolvers<void>();
  supervisor.addEventListener("statechange", () => {
    if (states.filter((state) => state.startsWith("backing off")).length >= 3) often.resolve();
  });
  supervisor.start();
  await often.promise;
  await supervisor.stop();
  assertEquals(
    states.find((state) => state.startsWith("backing off")),
    "backing off: ended with code 1: it has no connection to its exchange, and ends when a symbol " +
      "is registered then: An error occurred in the market data stream connection. " +
      "error=ConnectionRefused, restart 1",
  );
});

Deno.test("supervisor: each policy does as it says", async () => {
  await using directory = await TempDirectory.create();
  const policies = (["never", "on-failure", "always"] as const).flatMap((policy) =>
    [0, 1].map((code) => ({ policy, code }))
  );
  const connectors = await Promise.all(policies.map(async ({ policy, code }) => {
    const settings = await scriptSettings(directory, endsOnceReady(code));
    return { ...settings, restart: { ...settings.restart, policy, maxRestarts: 1 } };
  }));
  await using run = await watched(directory, connectors);
  run.supervisor.start();
  await run.supervisor.finished;
  const row = "after 1 restart in 60 s";
  assertEquals(
    connectors.map(({ name }) => {
      const [status] = run.supervisor.status(name).connectors;
      const reason = status && "reason" in status.state ? status.state.reason : "";
      return [status?.state.status, reason, status?.restarts];
    }),
    [
      ["stopped", "ended with code 0", 0],
      ["failed", "ended with code 1", 0],
      ["stopped", "ended with code 0", 0],
      ["failed", `ended with code 1, ${row}`, 1],
      ["failed", `ended with code 0, ${row}`, 1],
      ["failed", `ended with code 1, ${row}`, 1],
    ],
  );
});

Deno.test("supervisor: a kill from outside is a failure, a request from outside is none", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, ENDLESS);
  await using run = await watched(directory, [connector]);
  const { supervisor, states } = run;
  supervisor.start();
  await untilState(supervisor, connector.name, "ready");
  Deno.kill(pidOf(supervisor, connector.name), "SIGKILL");
  await untilState(supervisor, connector.name, "backingOff");
  await untilState(supervisor, connector.name, "ready");
  Deno.kill(pidOf(supervisor, connector.name), "SIGTERM");
  await supervisor.finished;
  assertEquals(states, [
    ...["starting", READY, "backing off: was ended by SIGKILL, restart 1", "starting", READY],
    "stopped: was ended by SIGTERM",
  ]);
});

Deno.test("supervisor: what only a person can put right is given up at once", async () => {
  await using directory = await TempDirectory.create();
  const noConfig = await scriptSettings(directory, ENDLESS, {
    configPath: directory.file("nothing.toml"),
  });
  const noProgram = await scriptSettings(directory, ENDLESS, {
    binaryPath: directory.file("nothing"),
  });
  const notExecutable = await scriptSettings(directory, ENDLESS);
  await Deno.chmod(notExecutable.binaryPath!, 0o644);
  await using run = await watched(directory, [noConfig, noProgram, notExecutable]);
  run.supervisor.start();
  await run.supervisor.finished;
  const reasons = run.supervisor.status().connectors.map(({ state, restarts }) => {
    assertEquals([state.status, restarts], ["failed", 0]);
    return "reason" in state ? state.reason : "";
  });
  assertMatch(reasons[0]!, /nothing\.toml: no such file/);
  assertMatch(reasons[1]!, /Cannot find the connector's program/);
  assertMatch(reasons[2]!, /it is not executable, run: chmod \+x/);
});

Deno.test({
  name: "supervisor: one that is not ready in time is stopped and started again",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const connector = await scriptSettings(directory, ENDLESS, {
      // A script never publishes on a channel.
      ready: { level: "attached", symbol: undefined, timeoutMs: 200 },
    });
    await using run = await watched(directory, [{
      ...connector,
      restart: { ...connector.restart, maxRestarts: 1 },
    }]);
    run.supervisor.start();
    await run.supervisor.finished;
    const [, stopping = "", backingOff = "", ...rest] = run.states;
    assertMatch(stopping, /^stopping: not attached after 0\.2 s, only alive: /);
    assertMatch(backingOff, /^backing off: not attached .*, restart 1$/);
    assertEquals(rest.length, 3);
    assertMatch(rest[2]!, /^failed: not attached .*, after 1 restart in 60 s$/);
    await assertNoChildren();
  },
});

Deno.test({
  name: "supervisor: one that ends before it is ready leaves its last words",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const connector = await scriptSettings(directory, `echo "no such exchange" >&2; exit 1`, {
      ready: { level: "attached", symbol: undefined, timeoutMs: 60_000 },
    });
    await using run = await watched(directory, [{
      ...connector,
      restart: { ...connector.restart, policy: "never" },
    }]);
    run.supervisor.start();
    await run.supervisor.finished;
    assertStringIncludes(run.states.at(-1)!, "no such exchange");
    const lines = run.supervisor.logs(connector.name).last().map(({ raw }) => raw);
    assertEquals(lines.filter((line) => line === "no such exchange").length, 1);
  },
});

Deno.test({
  name: "supervisor: stop waits for the end of the process, whatever state it is in",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    const stubborn = await scriptSettings(directory, IGNORES_SIGTERM, { stopTimeoutMs: 300 });
    const backingOff = await scriptSettings(directory, "exit 1");
    const waiting = await scriptSettings(directory, ENDLESS, { dependsOn: [backingOff.name] });
    const notReady = await scriptSettings(directory, ENDLESS, {
      ready: { level: "attached", symbol: undefined, timeoutMs: 60_000 },
    });
    const connectors = [
      stubborn,
      { ...backingOff, restart: { ...backingOff.restart, firstDelayMs: 1e6, maxDelayMs: 1e6 } },
      waiting,
      notReady,
    ];
    await using run = await watched(directory, connectors);
    const { supervisor } = run;
    supervisor.start();
    await untilState(supervisor, stubborn.name, "ready");
    await untilState(supervisor, backingOff.name, "backingOff");
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    for (const { state } of supervisor.status().connectors) {
      assertEquals(state, { status: "stopped", reason: "on request" });
    }
    await supervisor.stopped;
    await assertNoChildren();
  },
});

Deno.test("supervisor: the wait until it has settled ends with a signal, its connectors do not", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, ENDLESS);
  await using run = await watched(directory, [connector]);
  const { supervisor } = run;
  const leaving = new AbortController();
  const settled = supervisor.settled({ signal: leaving.signal });
  leaving.abort(new Error("enough"));
  await assertRejects(() => settled, Error, "enough");
  supervisor.start();
  await supervisor.settled();
  assertEquals(stateOf(supervisor, connector.name), "ready");
});

Deno.test("supervisor: a connector that was stopped stays so until it is restarted", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, ENDLESS);
  const other = await scriptSettings(directory, ENDLESS);
  await using run = await watched(directory, [connector, other]);
  const { supervisor } = run;
  supervisor.start();
  await supervisor.settled();
  await supervisor.stop(connector.name);
  assertEquals(stateOf(supervisor, connector.name), "stopped");
  assertEquals(stateOf(supervisor, other.name), "ready");
  assertEquals((await supervisor.restart(connector.name)).status, "ready");
  const before = pidOf(supervisor, connector.name);
  assertEquals((await supervisor.restart(connector.name)).status, "ready");
  assert(pidOf(supervisor, connector.name) !== before);
  assertEquals(supervisor.status(connector.name).connectors[0]?.restarts, 2);
});

Deno.test("supervisor: restart brings back one that has failed, and counts from 0", async () => {
  await using directory = await TempDirectory.create();
  const flag = directory.file("works");
  const connector = await scriptSettings(directory, `[ -e "${flag}" ] || exit 1; exec sleep 1000`);
  // A connector that is stopped on request may be wanted again: the supervisor goes on for it.
  const other = await scriptSettings(directory, ENDLESS);
  await using run = await watched(directory, [connector, other]);
  const { supervisor } = run;
  supervisor.start();
  await untilState(supervisor, connector.name, "failed");
  assertEquals((await supervisor.restart(connector.name)).status, "backingOff");
  await untilState(supervisor, connector.name, "failed");
  await Deno.writeTextFile(flag, "");
  assertEquals((await supervisor.restart(connector.name)).status, "ready");
});

Deno.test("supervisor: changes can be iterated over, until it has stopped", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, ENDLESS);
  await using run = await watched(directory, [connector]);
  const { supervisor } = run;
  const changes = supervisor.changes();
  const ended = supervisor.changes({ signal: AbortSignal.abort() });
  supervisor.start();
  const seen: string[] = [];
  for await (const { connector: name, previous, state, time } of changes) {
    assertEquals(name, connector.name);
    assertEquals(new Date(time).toISOString(), time);
    seen.push(`${previous.status} ${state.status}`);
    if (state.status === "ready") supervisor.stop();
  }
  assertEquals(seen, [
    ...["stopped starting", "starting ready", "ready stopping", "stopping stopped"],
  ]);
  assertEquals(changes.dropped, 0);
  assertEquals(await Array.fromAsync(ended), []);
  assertEquals(await Array.fromAsync(supervisor.changes()), []);
});

Deno.test("supervisor: output goes to files as well, over restarts", async () => {
  await using directory = await TempDirectory.create();
  const connector = await scriptSettings(directory, endsOnceReady(1));
  const logFiles = { directory: directory.path, maxBytes: 1e6, maxFiles: 2 };
  const once = { ...connector, restart: { ...connector.restart, maxRestarts: 1 } };
  await using run = await watched(directory, [once], { logFiles });
  run.supervisor.start();
  await run.supervisor.finished;
  await run.supervisor.stop();
  const path = directory.file(`${connector.name}.log`);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  assertEquals(lines.filter((line) => line === "ending").length, 2);
  assertMatch(lines[0]!, /Z {2}INFO hftlive::supervisor: starting$/);
  assert(lines.some((line) => line.includes("WARN hftlive::supervisor: backing off: ")));
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
});

Deno.test("supervisor: without the native library nothing is started that could not be proven", async () => {
  await using directory = await TempDirectory.create();
  const libraryPath = directory.file("libnothing.so");
  const alive = await scriptSettings(directory, ENDLESS);
  const attached = await scriptSettings(directory, ENDLESS, {
    ready: { level: "attached", symbol: undefined, timeoutMs: 1_000 },
  });
  await assertRejects(
    () => Supervisor.create(settingsOf(directory, attached), { libraryPath }),
    NativeLibraryNotFoundError,
    libraryPath,
  );
  await using supervisor = await Supervisor.create(settingsOf(directory, alive), { libraryPath });
  supervisor.start();
  await supervisor.settled();
  assertEquals(stateOf(supervisor, alive.name), "ready");
});

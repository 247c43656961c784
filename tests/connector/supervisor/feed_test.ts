/** Feeds that fall silent, and dependencies, with real connectors. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ControlError } from "@hftlive/hftlive";
import { nativeReady } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, BTCUSDT, ENDLESS, until } from "../runner/support.ts";
import {
  pidOf,
  scriptSettings,
  simSettings,
  stateOf,
  SYNTHETIC,
  untilState,
  watched,
} from "./support.ts";

const missing = nativeReady();
const READY = "ready: market data comes";
const FEED_TIMEOUT_MS = 700;
const WATCHDOG = { symbols: [{ ...BTCUSDT, feedTimeoutMs: FEED_TIMEOUT_MS }] };
/** Alive, attached and answering, but without market data after a moment. */
const FALLS_SILENT = { ...SYNTHETIC, fault: { silent_after_events: 500 } };

function sim(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `supervisor: ${name}`, ignore: missing !== undefined, fn });
}

sim("a connector that is alive but silent is found and restarted", async () => {
  await using directory = await TempDirectory.create();
  const connector = await simSettings(directory, FALLS_SILENT, { watchdog: WATCHDOG });
  await using run = await watched(directory, [{
    ...connector,
    restart: { ...connector.restart, maxRestarts: 1 },
  }]);
  const { supervisor, states } = run;
  const pids = new Set<number>();
  const often = Promise.withResolvers<void>();
  supervisor.addEventListener("statechange", ({ detail: { state } }) => {
    if (state.status === "ready") pids.add(pidOf(supervisor, connector.name));
    if (pids.size === 4) often.resolve();
  });
  supervisor.start();
  await often.promise;
  await supervisor.stop();
  const reason = "no market data of btcusdt for 0.7 s";
  const silent = ["silent: no market data of btcusdt", `stopping: ${reason}`];
  // Whatever the limit for crashes: its exchange may have been away, and comes back by itself.
  assertEquals(states, [
    ...["starting", READY, ...silent, `backing off: ${reason}, restart 1`],
    ...["starting", READY, ...silent, `backing off: ${reason}, restart 2`],
    ...["starting", READY, ...silent, `backing off: ${reason}, restart 3`],
    ...["starting", READY, "stopping: on request", "stopped: on request"],
  ]);
  await assertNoChildren();
});

sim("feeds that are watched show their age, and a market that goes on is left alone", async () => {
  await using directory = await TempDirectory.create();
  const feedTimeoutMs = 1_500;
  const connector = await simSettings(directory, SYNTHETIC, {
    watchdog: { symbols: [{ ...BTCUSDT, feedTimeoutMs }] },
  });
  await using run = await watched(directory, [connector]);
  const { supervisor, states } = run;
  supervisor.start();
  await supervisor.settled();
  const [first] = supervisor.status().connectors;
  assertEquals(first?.feeds.map(({ symbol, timeoutMs }) => [symbol, timeoutMs]), [
    ["btcusdt", feedTimeoutMs],
  ]);
  await until("a feed", () => supervisor.status().connectors[0]?.feeds[0]?.seen === true);
  await new Promise((resolve) => setTimeout(resolve, 2 * feedTimeoutMs));
  assertEquals(states, ["starting", READY]);
});

sim("one symbol that is silent among others is enough", async () => {
  await using directory = await TempDirectory.create();
  // Its own symbol has no market: a typing error, or a delisted one.
  const ethusdt = { symbol: "ethusdt", tickSize: 0.1, lotSize: 0.001 };
  const connector = await simSettings(directory, SYNTHETIC, {
    watchdog: { symbols: [...WATCHDOG.symbols, { ...ethusdt, feedTimeoutMs: FEED_TIMEOUT_MS }] },
  });
  await using run = await watched(directory, [connector]);
  run.supervisor.start();
  await untilState(run.supervisor, connector.name, "backingOff");
  assert(run.states.includes("silent: no market data of ethusdt"), run.states.join("\n"));
});

sim("without restarts a silent connector is left running, and told", async () => {
  await using directory = await TempDirectory.create();
  const connector = await simSettings(directory, FALLS_SILENT, { watchdog: WATCHDOG });
  await using run = await watched(directory, [{
    ...connector,
    restart: { ...connector.restart, policy: "never" },
  }]);
  const { supervisor } = run;
  supervisor.start();
  await untilState(supervisor, connector.name, "silent");
  const pid = pidOf(supervisor, connector.name);
  await new Promise((resolve) => setTimeout(resolve, FEED_TIMEOUT_MS));
  assertEquals([pidOf(supervisor, connector.name), stateOf(supervisor, connector.name)], [
    pid,
    "silent",
  ]);
});

sim("a connector that refuses to register is never ready", async () => {
  await using directory = await TempDirectory.create();
  const connector = await simSettings(
    directory,
    { ...SYNTHETIC, fault: { refuse_register: true } },
    { ready: { level: "registered", symbol: BTCUSDT, timeoutMs: 1_000 } },
  );
  await using run = await watched(directory, [{
    ...connector,
    restart: { ...connector.restart, policy: "never" },
  }]);
  run.supervisor.start();
  await run.supervisor.finished;
  assertMatch(run.states.at(-1)!, /^failed: not registered after 1 s, only attached: /);
});

sim("a connector that panics, and one that hangs when asked to end, are both handled", async () => {
  await using directory = await TempDirectory.create();
  const panics = await simSettings(directory, {
    ...SYNTHETIC,
    fault: { panic_after_events: 500 },
  });
  const hangs = await simSettings(directory, { ...SYNTHETIC, fault: { hang_on_sigterm: true } }, {
    stopTimeoutMs: 300,
  });
  await using run = await watched(directory, [
    { ...panics, restart: { ...panics.restart, maxRestarts: 1 } },
    hangs,
  ]);
  const { supervisor } = run;
  supervisor.start();
  await untilState(supervisor, panics.name, "failed");
  const [status] = supervisor.status(panics.name).connectors;
  assertMatch(status?.lastFailure ?? "", /^ended with code 1$/);
  await untilState(supervisor, hangs.name, "ready");
  await supervisor.stop();
  assertEquals(stateOf(supervisor, hangs.name), "stopped");
  await assertNoChildren();
});

sim("a connector waits for those it depends on, and is stopped before them", async () => {
  await using directory = await TempDirectory.create();
  const base = await simSettings(directory, SYNTHETIC);
  const middle = await scriptSettings(directory, ENDLESS, { dependsOn: [base.name] });
  const top = await scriptSettings(directory, ENDLESS, { dependsOn: [middle.name, base.name] });
  await using run = await watched(directory, [top, middle, base]);
  const { supervisor, states } = run;
  supervisor.start();
  await supervisor.settled();
  await supervisor.stop();
  const alive = "ready: its process lives";
  const order = states.filter((state) => /ready|stopping|waiting/.test(state));
  assertEquals(order, [
    ...["#0 waiting for #1, #2", "#1 waiting for #2"],
    ...[`#2 ${READY}`, "#0 waiting for #1", `#1 ${alive}`, `#0 ${alive}`],
    ...["#0 stopping: on request", "#1 stopping: on request", "#2 stopping: on request"],
  ]);
});

Deno.test("supervisor: one that waits for a failed one goes on waiting, and nothing is left to do", async () => {
  await using directory = await TempDirectory.create();
  const base = await scriptSettings(directory, ENDLESS, {
    configPath: directory.file("nothing.toml"),
  });
  const top = await scriptSettings(directory, ENDLESS, { dependsOn: [base.name] });
  await using run = await watched(directory, [base, top]);
  const { supervisor } = run;
  supervisor.start();
  await supervisor.finished;
  await supervisor.settled();
  assertEquals(supervisor.status().connectors.map(({ state }) => state.status), [
    "failed",
    "waiting",
  ]);
  const [, waiting] = supervisor.status().connectors;
  assertEquals(waiting?.state, { status: "waiting", waitingFor: [base.name] });
  assertEquals(await supervisor.restart(top.name), waiting?.state);
  await assertRejects(
    () => supervisor.restart("nobody"),
    ControlError,
    `Cannot find connector "nobody": there are ${base.name}, ${top.name}`,
  );
});

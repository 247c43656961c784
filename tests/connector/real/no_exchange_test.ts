/** What hftbacktest's own connector does while its exchange cannot be reached, or says nothing. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ConnectorStartupError, type Readiness } from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, BTCUSDT, until, untilPrinted } from "../runner/support.ts";
import { simSettings, watched } from "../supervisor/support.ts";
import {
  assertAskedFor,
  closedPort,
  configFor,
  ms,
  MuteExchange,
  real,
  REAL_CONNECTOR,
  realRunner,
  timedStop,
} from "./support.ts";

const NO_EXCHANGE = "it has no connection to its exchange, and ends when a symbol is registered";

function outcome({ reached, ready }: Readiness): [string, boolean] {
  return [reached, ready];
}

real("without an exchange it is attached, and its end after SIGTERM is no crash", async () => {
  await using directory = await TempDirectory.create();
  await using runner = await realRunner(directory, configFor(closedPort()));
  await runner.start();
  const readiness = await runner.waitForReady({ level: "attached" });
  assertEquals(outcome(readiness), ["attached", true]);
  await untilPrinted(runner, "ConnectionRefused");
  const { exit, text } = await timedStop(runner);
  assertAskedFor(exit);
  console.log(`attached after ${ms(readiness.elapsedMs)}; ${text}`);
  await assertNoChildren();
});

real("a registration without an exchange ends it, and the error says why", async () => {
  await using directory = await TempDirectory.create();
  for (;;) {
    await using runner = await realRunner(directory, configFor(closedPort()));
    await runner.start();
    await untilPrinted(runner, "ConnectionRefused");
    try {
      const fresh = await runner.waitForReady({ level: "fresh", timeoutMs: 2_000, ...BTCUSDT });
      // It was just trying to connect, and took the symbol.
      assertEquals(outcome(fresh), ["registered", false]);
    } catch (error) {
      assert(error instanceof ConnectorStartupError, String(error));
      assertStringIncludes(error.message, NO_EXCHANGE);
      assertStringIncludes(error.message, "ConnectionRefused");
      assertEquals(error.exitCode, 1);
      assertEquals((await runner.exited).reason, "crashed");
      break;
    }
  }
  await assertNoChildren();
});

real("with an exchange that says nothing it is registered, but not fresh", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = new MuteExchange();
  await using runner = await realRunner(directory, configFor(exchange.port), {
    shutdownTimeoutMs: 1_000,
  });
  await runner.start();
  await until("a connection", () => exchange.connections > 0);
  const times: string[] = [];
  for (const level of ["alive", "attached", "registered"] as const) {
    const readiness = await runner.waitForReady({ level, ...BTCUSDT });
    assertEquals(outcome(readiness), [level, true]);
    times.push(`${level} after ${ms(readiness.elapsedMs)}`);
  }
  const fresh = await runner.waitForReady({ level: "fresh", timeoutMs: 1_000, ...BTCUSDT });
  assertEquals(outcome(fresh), ["registered", false]);
  assertMatch(fresh.reason ?? "", /^no market event of btcusdt has come/);
  const { exit, text } = await timedStop(runner);
  assertAskedFor(exit);
  console.log(`${times.join(", ")}; ${text}`);
  await assertNoChildren();
});

real("killed by somebody else, it has crashed", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = new MuteExchange();
  await using runner = await realRunner(directory, configFor(exchange.port));
  await runner.start();
  await runner.waitForReady({ level: "attached" });
  Deno.kill(runner.pid!, "SIGKILL");
  const { reason, signal } = await runner.exited;
  assertEquals([reason, signal], ["crashed", "SIGKILL"]);
});

real("supervised without an exchange, it is restarted again and again, not given up", async () => {
  await using directory = await TempDirectory.create();
  const connector = await simSettings(directory, {}, {
    binaryPath: REAL_CONNECTOR,
    configPath: await directory.write("real.toml", configFor(closedPort()), { mode: 0o600 }),
    ready: { level: "fresh", symbol: BTCUSDT, timeoutMs: 5_000 },
  });
  await using run = await watched(directory, [{
    ...connector,
    restart: { ...connector.restart, maxRestarts: 1, firstDelayMs: 10, maxDelayMs: 10 },
  }]);
  const { supervisor, states } = run;
  const backedOff = () => states.filter((state) => state.startsWith("backing off"));
  supervisor.start();
  await until("restarts", () => backedOff().length >= 4 || states.at(-1)!.startsWith("failed"));
  await supervisor.stop();
  assert(backedOff().length >= 4, states.join("\n"));
  for (const state of backedOff()) assertStringIncludes(state, NO_EXCHANGE);
  await assertNoChildren();
});

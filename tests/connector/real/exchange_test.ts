/** hftbacktest's own connector on the paper exchange: readiness, stop, and what loses its market. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type ConnectorRunner,
  type ConnectorSettings,
  LiveClient,
  NativeBot,
} from "@hftlive/hftlive";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, BTCUSDT, until } from "../runner/support.ts";
import { pidOf, simSettings, untilState, watched } from "../supervisor/support.ts";
import {
  assertAskedFor,
  ms,
  real,
  REAL_CONNECTOR,
  realRunner,
  TestExchange,
  timedStop,
} from "./support.ts";

const FEED_TIMEOUT_MS = 2_000;

/** Levels of the whole book, which the connector has asked for once there are as many. */
const LEVELS = 20;

/** The real connector on an exchange, supervised, with a watch over its feed. */
async function supervised(
  directory: TempDirectory,
  exchange: TestExchange,
): Promise<ConnectorSettings> {
  const path = await directory.write("paper.toml", exchange.paper.connectorToml(), { mode: 0o600 });
  const settings = await simSettings(directory, {}, {
    binaryPath: REAL_CONNECTOR,
    configPath: path,
    validateConfig: true,
    ready: { level: "fresh", symbol: BTCUSDT, timeoutMs: 5_000 },
    watchdog: { symbols: [{ ...BTCUSDT, feedTimeoutMs: FEED_TIMEOUT_MS }] },
    stopTimeoutMs: 500,
  });
  const restart = { ...settings.restart, maxRestarts: 2, firstDelayMs: 50, maxDelayMs: 200 };
  return { ...settings, restart };
}

/** A client that nobody touches, and what it tells. */
class Bystander implements AsyncDisposable {
  readonly client: LiveClient;
  losses = 0;
  recoveries = 0;

  private constructor(client: LiveClient) {
    this.client = client;
    client.addEventListener("connectionlost", () => this.losses++);
    client.addEventListener("connectionrestored", () => this.recoveries++);
  }

  static async start(connector: string): Promise<Bystander> {
    const bot = new NativeBot({ instruments: [{ connector, ...BTCUSDT }] });
    const options = { feedTimeoutMs: FEED_TIMEOUT_MS, healthIntervalMs: 50 };
    const bystander = new Bystander(await LiveClient.start(bot, options));
    await bystander.client.ready();
    await bystander.untilBook();
    return bystander;
  }

  /** Waits until the book is whole: what is fresh may be a trade. */
  async untilBook(): Promise<void> {
    await until("a book", () => this.client.snapshot().bids.length >= LEVELS);
  }

  /** A buy order far below the market, which rests. */
  async rest(): Promise<bigint> {
    await this.untilBook();
    const price = Math.round((this.client.snapshot().bids[0]!.price - 500) * 10) / 10;
    const { status, orderId } = await this.client.submitOrder({ side: "buy", price, qty: 0.002 });
    assertEquals(status, "new");
    return orderId;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client.close();
  }
}

/** Waits until no market data of a connector comes any more: some may be under way. */
async function untilSilent(runner: ConnectorRunner): Promise<void> {
  await until("silence", async () => {
    const { reached } = await runner.waitForReady({ level: "fresh", timeoutMs: 500, ...BTCUSDT });
    return reached === "registered";
  });
}

real("on an exchange it reaches every level, and its end after SIGTERM is no crash", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = await TestExchange.start();
  await using runner = await realRunner(directory, exchange.paper.connectorToml());
  await runner.start();
  const times: string[] = [];
  for (const level of ["alive", "attached", "registered", "fresh"] as const) {
    const readiness = await runner.waitForReady({ level, ...BTCUSDT });
    assertEquals([readiness.reached, readiness.ready], [level, true]);
    times.push(`${level} after ${ms(readiness.elapsedMs)}`);
  }
  const { exit, text } = await timedStop(runner);
  assertAskedFor(exit);
  const output = runner.output.map(({ raw }) => raw).join("\n");
  assert(!output.includes(exchange.paper.apiKey) && !output.includes(exchange.paper.secret));
  console.log(`${times.join(", ")}; ${text}`);
  await assertNoChildren();
});

real("in a market that falls silent it is registered, but not fresh", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = await TestExchange.start();
  await using runner = await realRunner(directory, exchange.paper.connectorToml(), {
    shutdownTimeoutMs: 1_000,
  });
  await runner.start();
  await runner.waitForReady({ level: "fresh", ...BTCUSDT });
  exchange.paper.inject({ fault: "silence", target: "market" });
  await untilSilent(runner);
  const { exit, text } = await timedStop(runner);
  assertAskedFor(exit);
  console.log(text);
});

real("a dropped stream stays silent, and neither a new bot nor time brings it back", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = await TestExchange.start();
  await using runner = await realRunner(directory, exchange.paper.connectorToml());
  await runner.start();
  await runner.waitForReady({ level: "fresh", ...BTCUSDT });
  await using _bystander = await Bystander.start(runner.connectorName);
  const { opened } = exchange.paper.report().streams;
  exchange.paper.inject({ fault: "dropStreams", streams: "market" });
  await until("a new connection", () => exchange.paper.report().streams.opened > opened);
  await untilSilent(runner);
  const again = await runner.waitForReady({ level: "fresh", timeoutMs: 3_000, ...BTCUSDT });
  assertEquals([again.reached, again.ready], ["registered", false]);
  assertMatch(again.reason ?? "", /^no market event of btcusdt has come/);
  assertEquals(runner.isRunning, true);
});

real(
  "a dropped stream is noticed by the supervisor, and a client has data again by itself",
  async () => {
    await using directory = await TempDirectory.create();
    await using exchange = await TestExchange.start();
    const connector = await supervised(directory, exchange);
    await using run = await watched(directory, [connector]);
    const { supervisor, states } = run;
    supervisor.start();
    await untilState(supervisor, connector.name, "ready");
    await using bystander = await Bystander.start(connector.name);
    const times: number[] = [];
    // More often than crashes would be forgiven.
    for (let drop = 1; drop <= 3; drop++) {
      const orderId = await bystander.rest();
      const droppedAt = performance.now();
      exchange.paper.inject({ fault: "dropStreams" });
      await until("the loss", () => bystander.losses === drop);
      await until("the recovery", () => bystander.recoveries === drop);
      times.push(performance.now() - droppedAt);
      await until("an end of the order", () => {
        const status = bystander.client.order(0, orderId)?.status ?? "none";
        return status !== "new";
      });
      await until("no order at the exchange", () => exchange.paper.report().orders.open === 0);
      await untilState(supervisor, connector.name, "ready");
    }
    assertEquals(states.filter((state) => state.startsWith("silent")).length, 3);
    assertEquals(supervisor.status().connectors[0]?.restarts, 3);
    console.log(`data again ${times.map(ms).join(", ")} after the drop`);
    await supervisor.stop();
    await assertNoChildren();
  },
);

real("killed while a client trades, it comes back, and its order is told as lost", async () => {
  await using directory = await TempDirectory.create();
  await using exchange = await TestExchange.start();
  const connector = await supervised(directory, exchange);
  await using run = await watched(directory, [connector]);
  const { supervisor } = run;
  supervisor.start();
  await untilState(supervisor, connector.name, "ready");
  await using bystander = await Bystander.start(connector.name);
  const { client } = bystander;
  const orderId = await bystander.rest();
  const updates = client.orderUpdates();
  const lost = Promise.withResolvers<string>();
  const reading = (async () => {
    for await (const update of updates) {
      if (update.orderId === orderId && update.status !== "new") lost.resolve(update.status);
    }
  })();

  const killedAt = performance.now();
  Deno.kill(pidOf(supervisor, connector.name), "SIGKILL");
  await until("the loss", () => bystander.losses === 1);
  await until("the recovery", () => bystander.recoveries === 1);
  const away = performance.now() - killedAt;
  assertEquals(await lost.promise, "none");
  // Nobody but the new process can have cancelled it: at the first registration.
  await until("no order at the exchange", () => exchange.paper.report().orders.open === 0);
  assertEquals(exchange.paper.report().orders.canceled, 1);
  await client.cancelOrder(await bystander.rest());
  console.log(`data again ${ms(away)} after the kill`);
  await supervisor.stop();
  await client.close();
  await reading;
});

real("an exchange that goes away and comes back finds the connector at work again", async () => {
  await using directory = await TempDirectory.create();
  const first = await TestExchange.start();
  const { port } = first;
  let connector: ConnectorSettings;
  try {
    connector = await supervised(directory, first);
  } catch (error) {
    await first[Symbol.asyncDispose]();
    throw error;
  }
  await using run = await watched(directory, [connector]);
  const { supervisor, states } = run;
  const failures = () => states.filter((state) => state.startsWith("backing off"));
  try {
    supervisor.start();
    await untilState(supervisor, connector.name, "ready");
  } finally {
    await first[Symbol.asyncDispose]();
  }
  await until("restarts in vain", () => failures().length >= 4);
  await using second = await TestExchange.start({ port, former: first.paper });
  await untilState(supervisor, connector.name, "ready");
  await using bystander = await Bystander.start(connector.name);
  assertEquals(bystander.client.health.healthy, true);
  assert(second.paper.report().streams.trades > 0);
  assert(!states.some((state) => state.startsWith("failed")), states.join("\n"));
  await supervisor.stop();
  await assertNoChildren();
});

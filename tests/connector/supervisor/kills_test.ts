/** A connector that is killed again and again under a client that trades. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  LiveClient,
  NativeBot,
  OrderTimeoutError,
  OrderUnknownError,
  type Supervisor,
} from "@hftlive/hftlive";
import { probeChannel } from "../../../lib/native/probe.ts";
import { NativeLibrary } from "../../../lib/native/library.ts";
import { iceoryxFilesOf } from "../../support/iceoryx_files.ts";
import { nativeReady } from "../../support/native_ready.ts";
import { TempDirectory } from "../../support/temp_directory.ts";
import { assertNoChildren, BTCUSDT, isAlive, until } from "../runner/support.ts";
import { pidOf, simSettings, untilState, watched } from "./support.ts";

/** How often the connector is killed. */
const KILLS = 20;

/** The longest time that it lives after the client has data again, ms. */
const MAX_LIFE_MS = 600;

/** What each process says that the account holds when it starts. */
const POSITION = 0.25;

const MARKET = {
  source: { kind: "synthetic", rate: 2_000 },
  account: { positions: { btcusdt: POSITION } },
};

/** Longer than a connector takes to come back. */
const PATIENT = { timeoutMs: 60_000 };

/** Trades and order updates of a client, the trades counted since the last loss of its connection. */
class Reader {
  trades = 0;
  losses = 0;
  recoveries = 0;
  repeated = 0;
  /** Statuses of each order's updates. */
  readonly statuses = new Map<bigint, string[]>();
  readonly #seen = new Set<string>();
  readonly #reading: Promise<unknown>;

  constructor(client: LiveClient) {
    client.addEventListener("connectionlost", () => {
      this.losses++;
      this.trades = 0;
    });
    client.addEventListener("connectionrestored", () => this.recoveries++);
    this.#reading = Promise.all([this.#readTrades(client), this.#readOrders(client)]);
  }

  async end(): Promise<void> {
    await this.#reading;
  }

  async #readOrders(client: LiveClient): Promise<void> {
    for await (const { orderId, status } of client.orderUpdates()) {
      this.statuses.set(orderId, [...this.statuses.get(orderId) ?? [], status]);
    }
  }

  async #readTrades(client: LiveClient): Promise<void> {
    for await (const { exchTimestamp, price, qty, side } of client.trades()) {
      this.trades++;
      const key = `${exchTimestamp} ${side} ${price} ${qty}`;
      if (this.#seen.has(key)) this.repeated++;
      this.#seen.add(key);
    }
  }
}

/** Kills a supervised connector, and returns its process. */
function kill(supervisor: Supervisor, name: string): number {
  const pid = pidOf(supervisor, name);
  Deno.kill(pid, "SIGKILL");
  return pid;
}

/** Orders that a client has at a connector, each of another fate. */
interface Orders {
  readonly filled: bigint;
  readonly resting: bigint;
  /** Its cancel will be read by nobody. */
  readonly cancelling: bigint;
  /** Its submission will be read by nobody. */
  readonly submitting: bigint;
  /** Settles once both requests have failed as they must. */
  readonly failures: Promise<OrderUnknownError[]>;
}

/** Has a client trade, then stops the connector's process, which then reads no request. */
async function trade(client: LiveClient, supervisor: Supervisor, name: string): Promise<Orders> {
  const price = Math.round((client.snapshot().bids[0]!.price - 500) * 10) / 10;
  const order = { side: "buy", price, qty: 0.001 } as const;
  const [resting, cancelling, filled] = [
    await client.submitOrder(order, PATIENT),
    await client.submitOrder(order, PATIENT),
    await client.submitOrder({ side: "buy", orderType: "market", qty: 0.001 }, PATIENT),
  ];
  assertEquals([resting.status, cancelling.status], ["new", "new"]);
  await until("the fill", () => client.order(0, filled.orderId)?.status === "filled");
  await until("the position", () => client.position() === POSITION + 0.001);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LIFE_MS));

  Deno.kill(pidOf(supervisor, name), "SIGSTOP");
  const submitting = filled.orderId + 1_000_000n;
  const failures = Promise.all([
    assertRejects(
      () => client.submitOrder({ ...order, orderId: submitting }, PATIENT),
      OrderUnknownError,
    ),
    assertRejects(() => client.cancelOrder(cancelling.orderId, PATIENT), OrderUnknownError),
  ]);
  return {
    filled: filled.orderId,
    resting: resting.orderId,
    cancelling: cancelling.orderId,
    submitting,
    failures,
  };
}

/** Sees that nothing of the orders is left open, and that each was told of once. */
async function checkReconciled(client: LiveClient, reader: Reader, orders: Orders): Promise<void> {
  const { filled, resting, cancelling, submitting, failures } = orders;
  for (const error of await failures) {
    assert(!(error instanceof OrderTimeoutError), error.message);
  }
  const state = (orderId: bigint) => client.order(0, orderId)?.status;
  assertEquals([resting, cancelling, submitting].map(state), ["none", "none", "none"]);
  assertEquals(state(filled), "filled");
  assertEquals(reader.statuses.get(resting), ["new", "none"]);
  assertEquals(reader.statuses.get(cancelling), ["new", "none"]);
  assertEquals(reader.statuses.get(submitting), ["none"]);
  assertEquals(reader.statuses.get(filled), ["new", "filled"]);
  assertEquals(client.position(), POSITION, "not what the new process says");
}

Deno.test({
  name: `supervisor: ${KILLS} kills in a row, and a client that is whole again after each`,
  ignore: nativeReady() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const connector = await simSettings(directory, MARKET);
    const { name } = connector;
    await using run = await watched(directory, [{
      ...connector,
      restart: { ...connector.restart, maxRestarts: KILLS, firstDelayMs: 5, maxDelayMs: 50 },
    }]);
    const { supervisor } = run;
    supervisor.start();
    await supervisor.settled();
    const instruments = [{ connector: name, ...BTCUSDT }];
    const killed: number[] = [];
    const away: number[] = [];
    {
      await using client = await LiveClient.start(new NativeBot({ instruments }));
      const reader = new Reader(client);
      await client.ready();
      for (let round = 1; round <= KILLS; round++) {
        await until("trades", () => reader.trades > 0);
        const orders = await trade(client, supervisor, name);
        const killedAt = performance.now();
        killed.push(kill(supervisor, name));
        await until("the loss", () => reader.losses === round);
        await until("the recovery", () => reader.recoveries === round && reader.trades > 0);
        away.push(performance.now() - killedAt);
        await checkReconciled(client, reader, orders);
      }
      assertEquals(client.health.healthy, true);
      assertEquals([client.dropped, reader.repeated], [0, 0]);
      assertEquals(reader.statuses.size, 4 * KILLS);
      await supervisor.stop();
      await client.close();
      await reader.end();
    }
    assertEquals(new Set(killed).size, KILLS);
    assertEquals(supervisor.status(name).connectors[0]?.restarts, KILLS);
    for (const pid of killed) {
      assertEquals(await isAlive(pid), false);
      assertEquals(iceoryxFilesOf(pid), [], `left behind by ${pid}`);
    }
    using _library = NativeLibrary.open();
    assertEquals(probeChannel(name).publishers, []);
    await assertNoChildren();
    const sorted = away.map(Math.round).toSorted((a, b) => a - b);
    console.log(
      `data again after ${sorted[0]} to ${sorted.at(-1)} ms, median ${sorted[KILLS / 2]} ms`,
    );
  },
});

Deno.test({
  name: "supervisor: after a kill the client's book is the connector's again",
  ignore: nativeReady() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    // The market ends soon and stays as it is, so that two books can be compared.
    const connector = await simSettings(directory, {
      source: { kind: "synthetic", rate: 2_000, events: 3_000 },
    });
    const { name } = connector;
    await using run = await watched(directory, [connector]);
    const { supervisor } = run;
    supervisor.start();
    await supervisor.settled();
    const instruments = [{ connector: name, ...BTCUSDT }];
    await using client = await LiveClient.start(new NativeBot({ instruments }));
    await client.ready();
    kill(supervisor, name);
    await untilState(supervisor, name, "backingOff");
    await untilState(supervisor, name, "ready");
    const ended = () =>
      supervisor.logs(name).last().filter(({ message }) =>
        message.startsWith("The source has ended")
      )
        .length > 0;
    await until("the end of the market", ended);
    await using fresh = await LiveClient.start(new NativeBot({ instruments }));
    await until("the book", () => fresh.snapshot().bids.length > 0);
    const levels = (one: LiveClient): string[] =>
      [...one.snapshot().bids, ...one.snapshot().asks].map(({ price, qty }) => `${price} ${qty}`);
    await until("equal books", () => levels(client).join() === levels(fresh).join());
    assert(levels(client).length > 10);
  },
});

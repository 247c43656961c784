/** A connector that is killed again and again under a client that trades. */

import { assert, assertEquals } from "@std/assert";
import { LiveClient, NativeBot, type Supervisor } from "@hftlive/hftlive";
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

const MARKET = { source: { kind: "synthetic", rate: 2_000 } };

/** Trades and book updates of a client, counted since the last loss of its connection. */
class Reader {
  trades = 0;
  losses = 0;
  recoveries = 0;
  repeated = 0;
  readonly #seen = new Set<string>();
  readonly #reading: Promise<void>;

  constructor(client: LiveClient) {
    client.addEventListener("connectionlost", () => {
      this.losses++;
      this.trades = 0;
    });
    client.addEventListener("connectionrestored", () => this.recoveries++);
    this.#reading = this.#read(client);
  }

  async end(): Promise<void> {
    await this.#reading;
  }

  async #read(client: LiveClient): Promise<void> {
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

Deno.test({
  name: `supervisor: ${KILLS} kills in a row, and a client that sees data again after each`,
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
        const price = Math.round((client.snapshot().bids[0]!.price - 500) * 10) / 10;
        const resting = await client.submitOrder({ side: "buy", price, qty: 0.001 });
        assertEquals(resting.status, "new");
        await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LIFE_MS));

        const killedAt = performance.now();
        killed.push(kill(supervisor, name));
        await until("the loss", () => reader.losses === round);
        await until("the recovery", () => reader.recoveries === round && reader.trades > 0);
        away.push(performance.now() - killedAt);
      }
      assertEquals(client.health.healthy, true);
      assertEquals([client.dropped, reader.repeated], [0, 0]);
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

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type ConnectionChangeEvent,
  LiveClient,
  type LiveClientEventMap,
  NativeBot,
  NotReadyError,
} from "@hftlive/hftlive";
import { until } from "./scripted_bot.ts";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";

const ignore = nativeReady() !== undefined;

function botOn(connector: string): NativeBot {
  return new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
}

/** The next event of a type. */
function next<K extends keyof LiveClientEventMap>(
  client: LiveClient,
  type: K,
): Promise<LiveClientEventMap[K]> {
  return new Promise((resolve) => client.addEventListener(type, resolve, { once: true }));
}

Deno.test({
  name: "native: without a connector a client never gets ready, and says why",
  ignore,
  async fn() {
    const connector = uniqueConnectorName();
    await using client = await LiveClient.start(botOn(connector));
    const error = await assertRejects(() => client.ready({ timeoutMs: 300 }), NotReadyError);
    assert(error.message.includes(`no connector is attached to "${connector}"`), error.message);
    assertEquals(error.health.instruments[0]?.level, "none");
    assertEquals(client.health.healthy, false);
  },
});

Deno.test({
  name: "native: an order is acknowledged, cancelled, and filled through the engine",
  ignore,
  async fn() {
    await using sim = await startSimConnector();
    await using client = await LiveClient.start(botOn(sim.name));
    const snapshot = client.getSnapshot();
    const health = await client.ready();
    assertEquals([health.healthy, health.instruments[0]?.level], [true, "fresh"]);
    assertEquals((await snapshot)?.symbol, "btcusdt");

    // A connector that has just started answers before it has a book.
    await until(() => client.snapshot().bids.length > 0);
    const [best] = client.snapshot().bids;
    const price = Math.round((best!.price - 1000) * 10) / 10;
    const resting = await client.submitOrder({ side: "buy", price, qty: 0.001 });
    assertEquals(resting.status, "new");
    const end = await client.cancelOrder(resting.orderId);
    assertEquals([end.orderId, end.status], [resting.orderId, "canceled"]);

    const updates = client.orderUpdates();
    const sent = await client.submitOrder({
      side: "buy",
      orderType: "market",
      timeInForce: "IOC",
      qty: 0.001,
    });
    let update = sent;
    while (update.status !== "filled") {
      const { value, done } = await updates.next();
      assert(!done);
      update = value;
    }
    assertEquals(update.orderId, sent.orderId);
    for await (const event of client.events()) {
      if (client.position() !== 0 || event.type === "position") break;
    }
    assertEquals(client.position(), 0.001);
    assertEquals(client.dropped, 0);
  },
});

Deno.test({
  name: "native: a killed connector is a lost connection, its successor restores it",
  ignore,
  async fn() {
    const name = uniqueConnectorName();
    const first = await startSimConnector({ name });
    try {
      await using client = await LiveClient.start(botOn(name));
      await client.ready();
      const lost: Promise<ConnectionChangeEvent> = next(client, "connectionlost");
      first.kill("SIGKILL");
      await first.stop();
      const { detail } = await lost;
      assertEquals([detail.level, detail.reason], [
        "none",
        `no connector is attached to "${name}"`,
      ]);
      assertEquals(client.health.healthy, false);

      const restored = next(client, "connectionrestored");
      const snapshot = client.snapshots().next();
      await using _second = await startSimConnector({ name });
      assertEquals((await restored).detail.level, "fresh");
      assertEquals((await snapshot).value?.symbol, "btcusdt");
      await until(() => client.snapshot().asks.length > 0);
      assertEquals((await client.ready()).healthy, true);
    } finally {
      await first.stop();
    }
  },
});

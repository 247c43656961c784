/** What becomes of a client's orders when the connector's process is killed. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  LiveClient,
  NativeBot,
  OrderTimeoutError,
  OrderUnknownError,
  type OrderUpdateEvent,
} from "@hftlive/hftlive";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { until } from "./scripted_bot.ts";

const SYMBOL = { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
/** Longer than a connector takes to come back. */
const PATIENT = { timeoutMs: 60_000 };

function market(position: number): { config: Record<string, unknown> } {
  return {
    config: {
      source: { kind: "synthetic", rate: 2_000 },
      account: { positions: { [SYMBOL.symbol]: position } },
    },
  };
}

/** Collects all order updates of a client until it ends. */
function collect(client: LiveClient): OrderUpdateEvent[] {
  const updates: OrderUpdateEvent[] = [];
  (async () => {
    for await (const update of client.orderUpdates()) updates.push(update);
  })();
  return updates;
}

Deno.test({
  name: "native: orders of a killed connector are accounted for when its successor answers",
  ignore: nativeReady() !== undefined,
  async fn() {
    const name = uniqueConnectorName();
    const first = await startSimConnector({ name, ...market(0) });
    try {
      const bot = new NativeBot({ instruments: [{ connector: name, ...SYMBOL }] });
      await using client = await LiveClient.start(bot);
      const updates = collect(client);
      const reports: string[] = [];
      client.addEventListener("error", ({ detail }) => reports.push(detail.message));
      await client.ready();
      await until(() => client.snapshot().bids.length > 0);
      const price = Math.round((client.snapshot().bids[0]!.price - 1000) * 10) / 10;
      const resting = { side: "buy", price, qty: 0.001 } as const;

      const open = await client.submitOrder(resting, PATIENT);
      const cancelled = await client.submitOrder(resting, PATIENT);
      const cancelling = await client.submitOrder(resting, PATIENT);
      await client.cancelOrder(cancelled.orderId, PATIENT);
      const bought = await client.submitOrder(
        { side: "buy", orderType: "market", qty: 0.002 },
        PATIENT,
      );
      await until(() => client.position() === 0.002);
      assertEquals(client.order(0, bought.orderId)?.status, "filled");

      // Requests that the process never reads.
      first.kill("SIGSTOP");
      const submitting = client.submitOrder({ ...resting, orderId: 77n }, PATIENT);
      const submitted = assertRejects(() => submitting, OrderUnknownError);
      const cancel = client.cancelOrder(cancelling.orderId, PATIENT);
      const cancelEnd = assertRejects(() => cancel, OrderUnknownError);
      first.kill("SIGKILL");
      await first.status;
      const seen = updates.length;

      await using second = await startSimConnector({ name, ...market(0.25) });
      for (const error of await Promise.all([submitted, cancelEnd])) {
        assert(!(error instanceof OrderTimeoutError), error.message);
        assert(error.message.endsWith("its connector does not know it any more"));
      }
      await client.ready();

      const lost = updates.slice(seen);
      const expected = [
        { orderId: 77n, status: "none", request: "new" },
        { orderId: open.orderId, status: "none", request: "none" },
        { orderId: cancelling.orderId, status: "none", request: "canceled" },
      ] as const;
      assertEquals(
        lost.map(({ orderId, status, request }) => ({ orderId, status, request })),
        [...expected],
      );
      for (const { orderId, status, request } of expected) {
        const order = client.order(0, orderId);
        assertEquals([order?.status, order?.request], [status, request]);
      }
      for (const update of lost) assertEquals([update.execQty, update.leavesQty], [0, 0.001]);
      assertEquals(client.order(0, bought.orderId)?.status, "filled");
      assertEquals(client.order(0, cancelled.orderId)?.status, "canceled");
      assertEquals(client.position(), 0.25, "as the successor says");
      assertEquals(
        reports.filter((text) => text.startsWith("Cannot account for orders of btcusdt")).length,
        1,
        reports.join("\n"),
      );

      // Nothing is told twice, and trading goes on.
      client.bot.register();
      const next = await client.submitOrder(resting, PATIENT);
      assertEquals((await client.cancelOrder(next.orderId, PATIENT)).status, "canceled");
      const late = updates.slice(seen + lost.length);
      assertEquals(late.every(({ orderId }) => orderId === next.orderId), true);
      assertEquals(second.running, true);
    } finally {
      await first.stop();
    }
  },
});

Deno.test({
  name: "native: an answer lost in an overflow leaves no order pending",
  ignore: nativeReady() !== undefined,
  async fn() {
    // A queue holds 10,000 events.
    const rate = 20_000;
    await using sim = await startSimConnector({
      config: {
        source: { kind: "synthetic", rate },
        account: { positions: { [SYMBOL.symbol]: 0 } },
      },
    });
    const bot = new NativeBot({ instruments: [{ connector: sim.name, ...SYMBOL }] });
    await using client = await LiveClient.start(bot);
    await client.ready();
    await until(() => client.snapshot().bids.length > 0);
    const price = Math.round((client.snapshot().bids[0]!.price - 1000) * 10) / 10;
    const resting = await client.submitOrder({ side: "buy", price, qty: 0.001 }, PATIENT);

    const buying = client.submitOrder({ side: "buy", orderType: "market", qty: 0.002 }, PATIENT);
    const bought = assertRejects(() => buying, OrderUnknownError);
    // No poll while the fill and many events after it are published.
    const from = Date.now();
    while (Date.now() < from + 2_000);
    const error = await bought;
    assert(!(error instanceof OrderTimeoutError), error.message);
    const lost = client.order(0, error.orderId);
    assertEquals([lost?.status, lost?.request], ["none", "new"]);
    assert(bot.connection(0).overflows > 0);
    assertEquals(client.position(), 0.002, "the position tells that it was filled");
    const kept = client.order(0, resting.orderId);
    assertEquals([kept?.status, kept?.request], ["new", "none"]);
    assertEquals((await client.cancelOrder(resting.orderId, PATIENT)).status, "canceled");
  },
});

/** What bots on one connector make of its death. */

import { assert, assertEquals } from "@std/assert";
import { type BotEvent, EventBatch, NativeBot, type OrderUpdateEvent } from "@hftlive/hftlive";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";

const PATIENCE_MS = 30_000;
const SYMBOLS = ["btcusdt", "ethusdt"];
const WAIT_NS = 20_000_000_000;

/** A bot, and every event that it delivered. */
class Observed {
  readonly bot: NativeBot;
  readonly events: BotEvent[] = [];
  readonly #batch = new EventBatch(512);

  constructor(connector: string) {
    this.bot = new NativeBot({
      instruments: SYMBOLS.map((symbol) => ({ connector, symbol, tickSize: 0.1, lotSize: 0.001 })),
    });
  }

  poll(): void {
    do {
      this.bot.poll(this.#batch);
      this.events.push(...this.#batch.events());
    } while (this.#batch.more);
  }

  /** Order updates in short. */
  orders(): string[] {
    return this.events.filter((event): event is OrderUpdateEvent => event.type === "order")
      .map(({ asset, orderId, status, request }) => `${asset} ${orderId} ${status} ${request}`);
  }
}

/** Polls all bots until a condition holds. */
async function until(what: string, bots: readonly Observed[], condition: () => boolean) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    for (const each of bots) each.poll();
    if (condition()) return;
    assert(Date.now() < deadline, `not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test({
  name: "native bot: every bot settles the orders that a killed connector had, each once",
  ignore: nativeReady() !== undefined,
  async fn() {
    const name = uniqueConnectorName();
    const config = (position: number) => ({
      source: { kind: "synthetic", symbols: SYMBOLS.map((name) => ({ name })) },
      // A market order is filled by half and stays open.
      orders: { max_filled_share: 0.5 },
      account: { positions: { btcusdt: position, ethusdt: -position } },
    });
    const first = await startSimConnector({ name, config: config(1) });
    let trader: Observed | undefined;
    let watcher: Observed | undefined;
    try {
      trader = new Observed(name);
      watcher = new Observed(name);
      const bots = [trader, watcher];
      const { bot } = trader;
      const depths = SYMBOLS.map((_, asset) => bot.depth(asset));
      await until("books", bots, () => depths.every((d) => d.bestBidQty > 0 && d.bestAskQty > 0));
      const far = depths.map(({ bestBid }) => Math.round((bestBid - 500) * 10) / 10);
      bot.submitBuyOrder(0, 1n, far[0]!, 0.001, "GTC", "limit", true);
      bot.submitBuyOrder(1, 2n, far[1]!, 0.001, "GTC", "limit", true);
      bot.submitBuyOrder(
        0,
        3n,
        Math.round(depths[0]!.bestAsk * 10 + 100) / 10,
        0.002,
        "GTC",
        "limit",
      );
      await until(
        "a partial fill",
        bots,
        () => bots.every((each) => each.bot.order(0, 3n)?.status === "partiallyFilled"),
      );
      assertEquals(bot.position(0), 1.001);

      first.kill("SIGSTOP");
      bot.submitSellOrder(1, 4n, 1_000_000, 0.001, "GTC", "limit");
      first.kill("SIGKILL");
      await first.status;
      for (const each of bots) {
        each.poll();
        each.events.length = 0;
      }
      await using _second = await startSimConnector({ name, config: config(2) });
      // A blocking wait ends as well.
      assertEquals(bot.waitOrderResponse(1, 4n, WAIT_NS), "orderResponse");
      const [one, other] = bots as [Observed, Observed];
      await until(
        "all orders settled",
        bots,
        () => one.orders().length === 4 && other.orders().length === 3,
      );
      // The watcher cannot know who got them, and asks twice. It never heard of 4.
      const open = ["0 1 none none", "0 3 none none", "1 2 none none"];
      assertEquals(one.orders().toSorted(), [...open, "1 4 none new"]);
      assertEquals(other.orders().toSorted(), open);
      for (const each of bots) {
        for (const asset of [0, 1]) assertEquals(each.bot.connection(asset).registered, true);
        assertEquals([each.bot.position(0), each.bot.position(1)], [2, -2]);
        assertEquals(each.bot.order(0, 3n)?.leavesQty, 0.001);
        const reports = each.events.flatMap((e) => e.type === "error" ? [e.message] : []);
        assertEquals(reports.length, 2, reports.join("\n"));
        assert(reports[0]!.endsWith(`connector ${name} does not know 1, 3`), reports[0]);
        each.bot.register();
      }

      // What is sent from here on is the new connector's.
      bot.clearInactiveOrders();
      assertEquals(bot.orders(0).size + bot.orders(1).size, 0);
      bot.submitBuyOrder(0, 1n, far[0]!, 0.001, "GTC", "limit", true);
      assertEquals(bot.order(0, 1n)?.status, "new");
      bot.cancel(0, 1n, true);
      assertEquals(bot.order(0, 1n)?.status, "canceled");
      one.poll();
      assertEquals(one.orders().filter((text) => text.includes("none none")).length, 3);
    } finally {
      trader?.bot.close();
      watcher?.bot.close();
      await first.stop();
    }
  },
});

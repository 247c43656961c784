import { assert, assertEquals } from "@std/assert";
import { type BotEvent, EventBatch, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { executionsOf, handledBy, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

/** A market whose prices do not move. */
const FLAT: StubBotOptions = {
  volatilityTicks: 0,
  spreadTicks: { min: 4, max: 4 },
  maxFeeds: Infinity,
  partialFillProbability: 0,
  orderLatencyNs: 0,
};

/** Prices above and below the best bid, in ticks from it. */
function priceAt(bot: StubBot, ticks: number): number {
  return (Number(bot.depth(0).bestBidTick) + ticks) * 0.1;
}

function askPriceAt(bot: StubBot, ticks: number): number {
  return (Number(bot.depth(0).bestAskTick) - ticks) * 0.1;
}

Deno.test("at the touch, an order is filled each step with the probability", NO_PERMISSIONS, () => {
  for (const probability of [0.3, 0.05, 1]) {
    const bot = ready(new StubBot({ ...FLAT, fill: { model: "probability", probability } }));
    let steps = 0;
    const orders = 600;
    for (let id = 1n; id <= orders; id++) {
      const isBuy = id % 2n === 0n;
      if (isBuy) bot.submitBuyOrder(0, id, priceAt(bot, 0), 0.1, "GTX", "limit", true);
      else bot.submitSellOrder(0, id, askPriceAt(bot, 0), 0.1, "GTX", "limit", true);
      const rested = bot.order(0, id)!.exchTimestamp;
      bot.waitOrderResponse(0, id, 1_000_000_000);
      const order = bot.order(0, id)!;
      assertEquals([order.status, order.maker], ["filled", true]);
      assertEquals(order.execPrice, Number(order.price.toFixed(1)), "a maker trades at its price");
      steps += Math.ceil(Number(order.exchTimestamp - rested) / 1_000_000);
    }
    // The mean of a geometric distribution, within five standard deviations.
    const mean = steps / orders;
    const deviation = Math.sqrt(1 - probability) / probability / Math.sqrt(orders);
    assert(
      Math.abs(mean - 1 / probability) <= 5 * deviation + 1e-9,
      `${mean} steps at a probability of ${probability}`,
    );
  }
});

Deno.test("behind the touch, an order is not filled", NO_PERMISSIONS, () => {
  const fill = { model: "probability", probability: 1 } as const;
  const bot = ready(new StubBot({ ...FLAT, fill }));
  bot.submitBuyOrder(0, 1n, priceAt(bot, -1), 0.1, "GTC", "limit");
  bot.submitSellOrder(0, 2n, askPriceAt(bot, -1), 0.1, "GTC", "limit");
  bot.submitBuyOrder(0, 3n, priceAt(bot, 1), 0.1, "GTC", "limit");
  bot.elapse(2_000_000_000);
  const statuses = [1n, 2n, 3n].map((id) => bot.order(0, id)?.status);
  assertEquals(statuses, ["new", "new", "filled"]);
});

Deno.test("a probability of zero fills no resting order", NO_PERMISSIONS, () => {
  const fill = { model: "probability", probability: 0 } as const;
  const bot = ready(new StubBot({ ...FLAT, volatilityTicks: 3, fill }));
  bot.submitBuyOrder(0, 1n, priceAt(bot, 3), 0.1, "GTC", "limit", true);
  bot.elapse(1_000_000_000);
  assertEquals(bot.order(0, 1n)?.status, "new");
});

Deno.test(
  "by touch, an order at the best price waits, one inside the spread is traded through",
  NO_PERMISSIONS,
  () => {
    const bot = ready(new StubBot({ ...FLAT, fill: { model: "touch" } }));
    bot.submitBuyOrder(0, 1n, priceAt(bot, 0), 0.1, "GTC", "limit");
    bot.submitSellOrder(0, 2n, askPriceAt(bot, 0), 0.1, "GTC", "limit");
    bot.submitBuyOrder(0, 3n, priceAt(bot, 1), 0.1, "GTC", "limit");
    bot.submitSellOrder(0, 4n, askPriceAt(bot, 1), 0.1, "GTC", "limit");
    bot.elapse(2_000_000_000);
    const statuses = [1n, 2n, 3n, 4n].map((id) => bot.order(0, id)?.status);
    assertEquals(statuses, ["new", "new", "filled", "filled"]);
    const events = handledBy(bot);
    for (const [id, taker] of [[3n, "sell"], [4n, "buy"]] as const) {
      const [execution] = executionsOf(events, id);
      const trade = ofType(events, "trade").find((each) =>
        each.exchTimestamp === execution!.exchTimestamp
      );
      assertEquals(trade?.side, taker);
    }
  },
);

Deno.test("by touch, every fill has its reason in the market", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      fill: { model: "touch" },
      maxFeeds: Infinity,
      volatilityTicks: 2,
      partialFillProbability: 0,
      seed: 3,
    }),
  );
  for (let id = 1n; id <= 300n; id++) {
    const offset = Number(id % 12n);
    bot.submitBuyOrder(0, 2n * id, priceAt(bot, -offset), 0.05, "GTX", "limit");
    bot.submitSellOrder(0, 2n * id + 1n, askPriceAt(bot, -offset), 0.05, "GTX", "limit");
    bot.elapse(4_000_000);
  }
  const events = handledBy(bot);
  const market = marketByTime(events);
  const executions = ofType(events, "order").filter((event) => event.execQty > 0);
  assert(executions.length > 100);
  for (const { side, price, execPrice, maker, exchTimestamp } of executions) {
    assertEquals([maker, execPrice], [true, Number(price.toFixed(1))]);
    const { low, high } = market.get(exchTimestamp)!;
    const limit = Math.round(price * 10);
    assert(side === "buy" ? low <= limit : high >= limit, `no reason to fill ${side} at ${price}`);
  }
});

/** For each step, how low sellers went and how high buyers: by a trade past a price, or by quotes. */
function marketByTime(events: readonly BotEvent[]): Map<bigint, { low: number; high: number }> {
  const market = new Map<bigint, { low: number; high: number }>();
  const bids = new Set<number>();
  const asks = new Set<number>();
  for (const event of events) {
    const at = event.exchTimestamp;
    const now = market.get(at) ?? { low: Infinity, high: -Infinity };
    if (event.type === "trade") {
      const tick = Math.round(event.price * 10);
      if (event.side === "sell") now.low = Math.min(now.low, tick + 1);
      else now.high = Math.max(now.high, tick - 1);
    } else if (event.type === "depth" || event.type === "snapshot") {
      const tick = Math.round(event.price * 10);
      const side = event.side === "buy" ? bids : asks;
      if (event.qty > 0) side.add(tick);
      else side.delete(tick);
    } else continue;
    // A step without an update of the book leaves it where it is.
    const quotes = { ask: Math.min(...asks), bid: Math.max(...bids) };
    market.set(at, { low: Math.min(now.low, quotes.ask), high: Math.max(now.high, quotes.bid) });
  }
  return market;
}

Deno.test("partial fills add up to the order", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      ...FLAT,
      partialFillProbability: 1,
      fill: { model: "probability", probability: 1 },
    }),
  );
  bot.submitBuyOrder(0, 1n, priceAt(bot, 0), 0.5, "GTC", "limit");
  bot.elapse(200_000_000);
  const executions = executionsOf(handledBy(bot), 1n);
  assert(executions.length > 2);
  let leaves = 500;
  for (const [i, event] of executions.entries()) {
    leaves -= Math.round(event.execQty * 1_000);
    assertEquals(Math.round(event.leavesQty * 1_000), leaves);
    assertEquals(event.status, i === executions.length - 1 ? "filled" : "partiallyFilled");
  }
  assertEquals(leaves, 0);
  assertEquals(bot.position(0), 0.5);
});

Deno.test(
  "rejects come as often as their probability says, and change nothing",
  NO_PERMISSIONS,
  () => {
    const bot = ready(new StubBot({ ...FLAT, rejectProbability: 0.25 }));
    const orders = 2_000;
    for (let id = 1n; id <= orders; id++) bot.submitBuyOrder(0, id, 1, 1, "GTC", "limit");
    bot.elapse(1_000_000);
    const rejected = [...bot.orders(0).values()].filter((order) => order.status === "rejected");
    assert(Math.abs(rejected.length - 500) < 5 * Math.sqrt(orders * 0.25 * 0.75));
    for (const order of rejected) assertEquals([order.request, order.execQty], ["none", 0]);
    bot.clearInactiveOrders(0);
    assertEquals(bot.orders(0).size, orders - rejected.length);

    const strict = ready(new StubBot({ ...FLAT, rejectProbability: 1 }));
    strict.submitBuyOrder(0, 1n, 0, 1, "GTC", "market", true);
    assertEquals(strict.order(0, 1n)?.status, "rejected");
    assertEquals(strict.position(0), 0);
  },
);

Deno.test("a cancel that comes too late is told, and the fill stands", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      ...FLAT,
      orderLatencyNs: { entryNs: 5_000_000, responseNs: 5_000_000 },
      fill: { model: "probability", probability: 1 },
    }),
  );
  bot.submitBuyOrder(0, 1n, priceAt(bot, 0), 0.1, "GTC", "limit", true);
  assertEquals(bot.order(0, 1n)?.status, "new");
  assertEquals(bot.cancel(0, 1n, true), "orderResponse");
  assertEquals([bot.order(0, 1n)?.status, bot.order(0, 1n)?.request], ["filled", "none"]);
  bot.elapse(20_000_000);
  const errors = ofType(handledBy(bot), "error");
  assertEquals(errors.map((event) => [event.asset, event.kind]), [[0, "orderError"]]);
  assert(errors[0]!.message.includes("orderId = 1"), errors[0]!.message);
});

Deno.test("a partial fill on its way leaves the cancel request pending", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      ...FLAT,
      orderLatencyNs: { entryNs: 5_000_000, responseNs: 5_000_000 },
      fill: { model: "probability", probability: 0.3 },
      partialFillProbability: 1,
      seed: 6,
    }),
  );
  bot.submitBuyOrder(0, 1n, priceAt(bot, 0), 100, "GTC", "limit", true);
  bot.cancel(0, 1n);
  const batch = new EventBatch();
  let partials = 0;
  for (let poll = 0; poll < 100 && bot.order(0, 1n)?.status !== "canceled"; poll++) {
    bot.poll(batch);
    for (const event of ofType([...batch.events()], "order")) {
      if (event.status !== "partiallyFilled") continue;
      partials++;
      assertEquals(bot.order(0, 1n)?.request, "canceled");
    }
  }
  assert(partials > 0);
  assertEquals([bot.order(0, 1n)?.status, bot.order(0, 1n)?.request], ["canceled", "none"]);
  assert(bot.position(0) > 0 && bot.position(0) < 100);
});

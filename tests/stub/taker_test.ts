import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type DepthSnapshot, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { executionsOf, handledBy, NEVER_FILL, NO_PERMISSIONS, ofType, ready } from "./helpers.ts";

/** A market that stands still, so that the displayed book is known. */
const STILL: StubBotOptions = {
  depthProbability: 0,
  tradeProbability: 0,
  depthLevels: 5,
  fill: NEVER_FILL,
  maxFeeds: Infinity,
};

function stillBot(options: StubBotOptions = {}): { bot: StubBot; book: DepthSnapshot } {
  const bot = ready(new StubBot({ ...STILL, ...options }));
  return { bot, book: bot.depth(0).snapshot() };
}

const sum = (values: readonly number[]): number => values.reduce((total, qty) => total + qty, 0);
const tick = (price: number): number => Math.round(price / 0.1);
const lots = (qty: number): number => Math.round(qty / 0.001);

Deno.test("a market order walks the displayed book, one execution a level", NO_PERMISSIONS, () => {
  const { bot, book } = stillBot();
  const [first, second] = [book.asks[0]!, book.asks[1]!];
  const qty = (lots(first.qty) + 1) / 1_000;
  assertEquals(bot.submitBuyOrder(0, 1n, 0, qty, "GTC", "market", true), "orderResponse");
  bot.elapse(0);
  const executions = executionsOf(handledBy(bot), 1n);
  assertEquals(
    executions.map((event) => [tick(event.execPrice), lots(event.execQty), event.status]),
    [
      [Number(first.priceTick), lots(first.qty), "partiallyFilled"],
      [Number(second.priceTick), 1, "filled"],
    ],
  );
  assert(executions.every((event) => !event.maker));
  assertEquals(bot.position(0), qty);
  assertEquals(bot.order(0, 1n)?.leavesQty, 0);
});

Deno.test(
  "a market order beyond the displayed book expires with what is left",
  NO_PERMISSIONS,
  () => {
    const { bot, book } = stillBot();
    const shown = sum(book.bids.map((level) => lots(level.qty)));
    bot.submitSellOrder(0, 1n, 0, (shown + 7) / 1_000, "GTC", "market", true);
    bot.elapse(1_000_000);
    const order = bot.order(0, 1n)!;
    assertEquals([order.status, lots(order.leavesQty)], ["expired", 7]);
    assertEquals(lots(bot.position(0)), -shown);
    const executions = executionsOf(handledBy(bot), 1n);
    assertEquals(
      executions.map((event) => tick(event.execPrice)),
      book.bids.map((level) => Number(level.priceTick)),
    );
  },
);

Deno.test(
  "a limit order takes no further than its price, and rests with what is left",
  NO_PERMISSIONS,
  () => {
    const { bot, book } = stillBot();
    const takeable = lots(book.asks[0]!.qty) + lots(book.asks[1]!.qty);
    const { price } = book.asks[1]!;
    bot.submitBuyOrder(0, 1n, price, (takeable + 50) / 1_000, "GTC", "limit", true);
    bot.elapse(50_000_000);
    const order = bot.order(0, 1n)!;
    assertEquals([order.status, order.request, lots(order.leavesQty)], [
      "partiallyFilled",
      "none",
      50,
    ]);
    bot.cancel(0, 1n, true);
    assertEquals(bot.order(0, 1n)?.status, "canceled");
    assertEquals(lots(bot.position(0)), takeable);
  },
);

Deno.test("an immediate-or-cancel order takes what is there and expires", NO_PERMISSIONS, () => {
  const { bot, book } = stillBot();
  const best = book.bids[0]!;
  bot.submitSellOrder(0, 1n, best.price, best.qty + 1, "IOC", "limit", true);
  bot.elapse(1_000_000);
  const order = bot.order(0, 1n)!;
  assertEquals([order.status, order.leavesQty], ["expired", 1]);
  assertEquals(bot.position(0), -best.qty);
});

Deno.test("a fill-or-kill order fills whole or not at all", NO_PERMISSIONS, () => {
  const { bot, book } = stillBot();
  const [first, second] = [book.asks[0]!, book.asks[1]!];
  const both = lots(first.qty) + lots(second.qty);
  bot.submitBuyOrder(0, 1n, second.price, (both + 1) / 1_000, "FOK", "limit", true);
  assertEquals(bot.order(0, 1n)?.status, "expired");
  assertEquals(bot.position(0), 0);
  bot.submitBuyOrder(0, 2n, second.price, both / 1_000, "FOK", "limit", true);
  bot.elapse(1_000_000);
  assertEquals(bot.order(0, 2n)?.status, "filled");
  assertEquals(lots(bot.position(0)), both);
});

Deno.test(
  "a post-only order rests at its own best and expires at the other",
  NO_PERMISSIONS,
  () => {
    const { bot, book } = stillBot({ spreadTicks: { min: 2, max: 2 } });
    bot.submitBuyOrder(0, 1n, book.bids[0]!.price, 1, "GTX", "limit", true);
    bot.submitBuyOrder(0, 2n, book.asks[0]!.price, 1, "GTX", "limit", true);
    bot.submitSellOrder(0, 3n, book.bids[0]!.price, 1, "GTX", "limit", true);
    bot.submitSellOrder(0, 4n, 0, 1, "GTX", "market", true);
    const statuses = [1n, 2n, 3n, 4n].map((id) => bot.order(0, id)?.status);
    assertEquals(statuses, ["new", "expired", "expired", "expired"]);
    assertEquals(bot.stateValues(0).numTrades, 0);
  },
);

Deno.test("immediate orders that cross nothing expire", NO_PERMISSIONS, () => {
  const { bot, book } = stillBot();
  bot.submitBuyOrder(0, 1n, book.bids[0]!.price, 1, "IOC", "limit", true);
  bot.submitBuyOrder(0, 2n, book.bids[0]!.price, 1, "FOK", "limit", true);
  assertEquals([1n, 2n].map((id) => bot.order(0, id)?.status), ["expired", "expired"]);
});

Deno.test("balance, fees and volumes add up from the executions", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      maxFeeds: Infinity,
      makerFee: -0.0001,
      takerFee: 0.0007,
      fill: { model: "probability", probability: 0.5 },
      partialFillProbability: 0.5,
    }),
  );
  for (let id = 1n; id <= 40n; id++) {
    const { bestBid, bestAsk } = bot.depth(0);
    bot.submitBuyOrder(0, 2n * id, id % 3n === 0n ? bestAsk : bestBid, 0.2, "GTC", "limit", true);
    bot.submitSellOrder(0, 2n * id + 1n, 0, 0.1, "GTC", "market");
    bot.elapse(5_000_000);
  }
  bot.elapse(100_000_000);
  const values = bot.stateValues(0);
  const executions = ofType(handledBy(bot), "order").filter((event) => event.execQty > 0);
  assert(executions.some((event) => event.maker) && executions.some((event) => !event.maker));
  const signed = executions.map((event) => event.side === "buy" ? event.execQty : -event.execQty);
  const value = executions.map((event) => event.execQty * event.execPrice);
  const fees = executions.map((event, i) => value[i]! * (event.maker ? -0.0001 : 0.0007));
  assertEquals(values.numTrades, executions.length);
  assertAlmostEquals(values.position, sum(signed), 1e-9);
  assertAlmostEquals(
    values.balance,
    -sum(signed.map((qty, i) => qty * executions[i]!.execPrice)),
    1e-6,
  );
  assertAlmostEquals(values.fee, sum(fees), 1e-9);
  assertAlmostEquals(values.tradingVolume, sum(executions.map((event) => event.execQty)), 1e-9);
  assertAlmostEquals(values.tradingValue, sum(value), 1e-6);
});

Deno.test("orders of one instrument do not touch another", NO_PERMISSIONS, () => {
  const bot = ready(
    new StubBot({
      maxFeeds: Infinity,
      instruments: [
        { connector: "a", symbol: "x", tickSize: 0.1, lotSize: 0.001 },
        { connector: "b", symbol: "y", tickSize: 0.5, lotSize: 10, basePrice: 700 },
      ],
    }),
  );
  bot.elapse(1_000_000);
  bot.submitBuyOrder(0, 1n, 0, 0.002, "GTC", "market", true);
  bot.submitSellOrder(1, 1n, 0, 30, "GTC", "market", true);
  bot.elapse(1_000_000);
  assertEquals([bot.position(0), bot.position(1)], [0.002, -30]);
  assertEquals([bot.orders(0).size, bot.orders(1).size], [1, 1]);
  assertEquals(bot.order(1, 1n)?.side, "sell");
  assert(bot.order(1, 1n)!.execPrice < 800 && bot.order(0, 1n)!.execPrice > 50_000);
});

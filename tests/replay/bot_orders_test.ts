import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  EventKind,
  type OrderUpdateEvent,
  type QueueModelOptions,
  ReplayBot,
  type ReplayBotOptions,
  type TimeInForce,
} from "@hftlive/hftlive";
import { MemorySource, type Recorded } from "./memory.ts";
import { after, eventsOf, INSTRUMENT, level, replayOf, START } from "./support.ts";

const MS = 1_000_000;
/** Long after everything else, so that the data does not end before an answer. */
const LAST = level("buy", 1, 1, after(10_000 * MS));

/** Bid 100: 5, asks 101: 1, 102: 2 at 0 ms; they reach the bot 1 ms later. */
const BOOK: readonly Recorded[] = [
  level("buy", 100, 5, after(0, MS)),
  level("sell", 101, 1, after(0, MS)),
  level("sell", 102, 2, after(0, MS)),
];

type Options = Omit<ReplayBotOptions, "instruments">;

/** A bot that has seen the book, 2 ms after the start; order latency 3 ms there, 4 ms back. */
function botOn(events: readonly Recorded[], options: Options = {}) {
  const orderLatency = { model: "constant", entryNs: 3 * MS, responseNs: 4 * MS } as const;
  const bot = replayOf([...BOOK, ...events, LAST], { orderLatency, pollIntervalNs: 0, ...options });
  bot.elapse(2 * MS);
  return bot;
}

/** A trade of the market; `side` is the taker's. */
function trade(side: "buy" | "sell", price: number, qty: number, atMs: number): Recorded {
  return { kind: EventKind.Trade, side, price, qty, ...after(atMs * MS, MS) };
}

/**
 * What became of orders: status, executed quantity and price, and times in ms after the start. Those
 * that a wait handled have the end of the last wait as local time.
 */
function answers(bot: ReplayBot): unknown[] {
  const isOrder = (event: { type: string }): event is OrderUpdateEvent => event.type === "order";
  return eventsOf(bot).filter(isOrder).map((event) => [
    event.orderId,
    event.status,
    event.execQty,
    event.execPrice,
    Number(event.exchTimestamp - START) / MS,
    Number(event.localTimestamp - START) / MS,
  ]);
}

const buy = (bot: ReplayBot, id: bigint, price: number, qty: number, tif: TimeInForce = "GTC") =>
  bot.submitBuyOrder(0, id, price, qty, tif, "limit");

Deno.test("an order reaches the book of its arrival, and its answer takes its way back", () => {
  // The ask moves away 4 ms after the start: before the order arrives, after the bot sent it.
  const gone = botOn([level("sell", 101, 0, after(4 * MS, MS))]);
  buy(gone, 1n, 102, 3, "IOC");
  assertEquals(gone.waitOrderResponse(0, 1n, 100 * MS), "orderResponse");
  assertEquals(Number(gone.currentTimestamp() - START) / MS, 9);
  assertEquals(gone.orderLatency(0)?.roundTripNs, 7 * MS);
  assertEquals(gone.order(0, 1n)?.execPrice, 102);

  // One that moves away at the moment of the arrival is gone, one ns later is not.
  for (const [ns, price] of [[5 * MS, 102], [5 * MS + 1, 101]] as const) {
    const bot = botOn([level("sell", 101, 0, after(ns, MS))]);
    buy(bot, 1n, 102, 1, "IOC");
    bot.waitOrderResponse(0, 1n, 100 * MS);
    assertEquals(bot.order(0, 1n)?.execPrice, price);
  }
});

Deno.test("an order walks the levels, rests with the rest, and is filled behind its queue", () => {
  const bot = botOn([
    level("sell", 101, 0, after(6 * MS, MS)),
    level("buy", 101, 2, after(7 * MS, MS)),
    trade("sell", 101, 1.5, 8),
    trade("sell", 101, 0.5, 9),
  ]);
  buy(bot, 1n, 101, 2.5);
  const seen = answers(bot);
  // Nothing was bid at 101 when it came to rest, so that nothing is ahead of it.
  assertEquals(seen, [
    [1n, "partiallyFilled", 1, 101, 5, 9],
    [1n, "filled", 1.5, 101, 8, 12],
  ]);
  assertEquals([bot.position(0), bot.stateValues(0).numTrades], [2.5, 2]);
});

Deno.test("a resting order is acknowledged, filled in part, and cancelled", () => {
  const bot = botOn([trade("sell", 100, 6, 20)]);
  buy(bot, 1n, 100, 2, "GTX");
  bot.elapse(25 * MS);
  assertEquals(bot.order(0, 1n)?.status, "partiallyFilled");
  assertEquals([bot.order(0, 1n)?.leavesQty, bot.position(0)], [1, 1]);
  bot.cancel(0, 1n);
  assertEquals(answers(bot), [
    [1n, "new", 0, 0, 5, 27],
    [1n, "partiallyFilled", 1, 100, 20, 27],
    [1n, "canceled", 0, 0, 30, 34],
  ]);
});

Deno.test("a cancel that comes too late is refused, and the fill stands", () => {
  const bot = botOn([trade("sell", 99, 9, 20)]);
  buy(bot, 1n, 100, 2);
  bot.elapse(16 * MS);
  // Sent at 18 ms, there at 21 ms; the trade is at 20 ms.
  bot.cancel(0, 1n);
  bot.elapse(20 * MS);
  const errors = eventsOf(bot).filter((event) => event.type === "error");
  assertEquals(errors.map(({ kind, message }) => [kind, message]), [
    ["orderError", "Cannot cancel order: orderId = 1 is no longer open"],
  ]);
  assertEquals(bot.order(0, 1n)?.status, "filled");
});

Deno.test("each queue model fills in its own time", () => {
  const events = [
    // 5 are ahead, then 5 more come behind, of 10 six go.
    level("buy", 100, 10, after(10 * MS, MS)),
    level("buy", 100, 4, after(11 * MS, MS)),
    ...[20, 21, 22, 23, 24, 25].map((ms) => trade("sell", 100, 1, ms)),
  ];
  const filledAt = (queueModel: QueueModelOptions) => {
    const bot = botOn(events, { queueModel });
    buy(bot, 1n, 100, 1);
    const filled = answers(bot).filter((answer) => Array.isArray(answer) && answer[1] === "filled");
    return filled.map((answer) => Array.isArray(answer) ? answer[4] : NaN);
  };
  assertEquals(filledAt({ model: "none" }), [20]);
  // Half of the six were ahead: 2 are left.
  assertEquals(filledAt({ model: "powerProb", n: 3 }), [22]);
  assertEquals(filledAt({ model: "logProb" }), [22]);
  // As many as can be there: 4.
  assertEquals(filledAt({ model: "riskAverse" }), [24]);
});

Deno.test("fees, balance and volume follow from the executions", () => {
  const bot = botOn([trade("sell", 99, 2, 20)], { makerFee: -0.0001, takerFee: 0.001 });
  bot.submitBuyOrder(0, 1n, 0, 2, "GTC", "market");
  buy(bot, 2n, 100, 1);
  answers(bot);
  const { position, balance, fee, numTrades, tradingVolume, tradingValue } = bot.stateValues(0);
  assertEquals([position, numTrades, tradingVolume], [3, 3, 3]);
  assertEquals([balance, tradingValue], [-303, 303]);
  assertAlmostEquals(fee, 203 * 0.001 - 100 * 0.0001, 1e-12);
});

Deno.test("no request and no answer overtakes another", () => {
  // The feed latency falls from 30 ms to 1 ms between order and cancel.
  const bot = replayOf([
    level("buy", 100, 5, after(0, 30 * MS)),
    level("buy", 99, 5, after(32 * MS, MS)),
    LAST,
  ], { orderLatency: { model: "recorded" }, pollIntervalNs: 0 });
  bot.elapse(30 * MS);
  buy(bot, 1n, 100, 1);
  bot.elapse(2 * MS);
  buy(bot, 2n, 99, 1);
  assertEquals(answers(bot), [
    [1n, "new", 0, 0, 60, 61],
    [2n, "new", 0, 0, 60, 61],
  ]);
});

Deno.test("recorded latencies follow the feed, times a factor", () => {
  const bot = replayOf([level("buy", 100, 5, after(0, 4 * MS)), LAST], {
    orderLatency: { model: "recorded", entryFactor: 2, responseFactor: 0.5 },
    pollIntervalNs: 0,
  });
  bot.elapse(10 * MS);
  buy(bot, 1n, 100, 1);
  assertEquals(answers(bot), [[1n, "new", 0, 0, 18, 20]]);
});

Deno.test("an overloaded exchange rejects, after the round trip of its measurement", () => {
  const row = (ms: number, exchMs: number | undefined, responseMs: number) => ({
    requestTimestamp: START + BigInt(ms * MS),
    exchTimestamp: exchMs === undefined ? 0n : START + BigInt(exchMs * MS),
    responseTimestamp: START + BigInt(responseMs * MS),
  });
  const bot = botOn([], {
    orderLatency: {
      model: "interpolated",
      rows: [row(0, 2, 5), row(20, 24, 30), row(40, undefined, 60), row(80, 82, 85)],
    },
  });
  buy(bot, 1n, 100, 1);
  bot.elapse(28 * MS);
  // At 30 ms: the row after is not handled, and round trips are 10 and 20 ms.
  buy(bot, 2n, 100, 1);
  bot.cancel(0, 1n);
  const seen = answers(bot);
  // Sent at 2 ms: 2.2 ms there. Back from 4.2 ms: 3 + 3 * 2.2 / 22 = 3.3 ms.
  assertEquals(seen.slice(0, 1), [[1n, "new", 0, 0, 4.2, 30]]);
  assertEquals(seen.slice(1).map((answer) => Array.isArray(answer) ? answer.slice(0, 5) : []), [
    [2n, "rejected", 0, 0, 45],
    [1n, "new", 0, 0, 45],
  ]);
  assertEquals([bot.order(0, 1n)?.request, bot.order(0, 2n)?.status], ["none", "rejected"]);
  bot.cancel(0, 1n);
  bot.elapse(100 * MS);
  assertEquals(bot.order(0, 1n)?.status, "canceled");
});

Deno.test("with a skewed clock orders are answered in the exchange's time", () => {
  const skewed = (ms: number) => ({
    exch: START + BigInt((ms + 1_000) * MS),
    local: START + BigInt((ms + 2) * MS),
  });
  const bot = replayOf([
    level("buy", 100, 5, skewed(0)),
    level("buy", 99, 5, skewed(5_000)),
  ], {
    orderLatency: { model: "constant", entryNs: 3 * MS, responseNs: 4 * MS },
    pollIntervalNs: 0,
  });
  assertEquals(bot.replayStatus(0).clockSkewNs, 999 * MS);
  // The first event is received 1 ms, the base latency, after it happened.
  bot.elapse(MS);
  assertEquals(bot.depth(0).bestBid, 100);
  buy(bot, 1n, 100, 1);
  // Sent at 2 ms, there at 5 ms, which is 1004 ms by the exchange's clock.
  assertEquals(answers(bot), [[1n, "new", 0, 0, 1_004, 9]]);
});

Deno.test("the bot's orders leave no trace in the market", () => {
  const quiet = eventsOf(botOn([trade("sell", 100, 1, 20)]));
  const bot = botOn([trade("sell", 100, 1, 20)]);
  bot.submitSellOrder(0, 1n, 0, 5, "GTC", "market");
  buy(bot, 2n, 101, 50);
  bot.elapse(50 * MS);
  assertEquals(bot.position(0) !== 0, true);
  const isMarket = ({ type }: { type: string }) => type === "depth" || type === "trade";
  assertEquals(eventsOf(bot).filter(isMarket), quiet.filter(isMarket));
});

Deno.test("orders of one instrument do not touch another", () => {
  const source = () => new MemorySource([...BOOK, trade("sell", 99, 9, 20), LAST]);
  const bot = new ReplayBot({
    instruments: ["a", "b"].map((symbol) => ({ ...INSTRUMENT, symbol, recording: source() })),
  });
  bot.elapse(2 * MS);
  bot.submitBuyOrder(1, 7n, 100, 1, "GTC", "limit");
  bot.elapse(100 * MS);
  assertEquals([bot.position(0), bot.position(1)], [0, 1]);
  assertEquals([bot.order(0, 7n), bot.order(1, 7n)?.status], [undefined, "filled"]);
});

Deno.test("orders after the end of the data are still answered", () => {
  const bot = replayOf([...BOOK], { pollIntervalNs: 0 });
  eventsOf(bot);
  buy(bot, 1n, 102, 1);
  assertEquals(bot.waitOrderResponse(0, 1n, 100 * MS), "orderResponse");
  assertEquals(bot.order(0, 1n)?.status, "filled");
  assert(eventsOf(bot).length > 0);
});

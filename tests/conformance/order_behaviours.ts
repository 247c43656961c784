/** What every bot does with orders. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Behaviours, type Driver, newOrderId } from "./driver.ts";
import { crossingBid, farBid, oneLot } from "./prices.ts";

/** Behaviours of orders, positions and their events. */
export const ORDER_BEHAVIOURS: Behaviours = {
  "a passive order is acknowledged, cancelled and forgotten"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = newOrderId();
    const price = farBid(bot);
    const qty = oneLot(bot);
    const sent = bot.currentTimestamp();
    bot.submitBuyOrder(0, orderId, price, qty, "GTC", "limit", true);
    const order = driver.untilOrder(orderId, "new", (o) => o.status === "new");
    const tick = BigInt(Math.round(price / bot.depth(0).tickSize));
    assertEquals(order.orderId, orderId);
    assertEquals(order.side, "buy");
    assertEquals(order.priceTick, tick);
    assertAlmostEquals(order.price, price, bot.depth(0).tickSize / 1e6);
    assertEquals(order.qty, qty);
    assertEquals(order.leavesQty, qty);
    assertEquals(order.timeInForce, "GTC");
    assertEquals(order.orderType, "limit");
    assert(order.localTimestamp >= sent && order.exchTimestamp > 0n);
    assertEquals(bot.orders(0).get(orderId), bot.order(0, orderId));

    bot.clearInactiveOrders(0);
    assert(bot.order(0, orderId) !== undefined, "an active order was forgotten");
    cancelAndWait(driver, orderId);
    bot.clearInactiveOrders();
    assertEquals(bot.order(0, orderId), undefined);
    assertEquals(bot.orders(0).has(orderId), false);

    const statuses = driver.orderEvents(orderId).map((event) => event.status);
    assertEquals(statuses.filter((status) => status === "new").length > 0, true);
    assertEquals(statuses.at(-1), "canceled");
  },

  "orders are copies"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const before = bot.orders(0);
    const orderId = newOrderId();
    bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit", true);
    assertEquals(before.has(orderId), false);
    cancelAndWait(driver, orderId);
  },

  "a request is pending until it is answered"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = newOrderId();
    const result = bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit");
    assertEquals(result, "ok");
    assertEquals(bot.order(0, orderId)?.request, "new");
    bot.waitOrderResponse(0, orderId, 10_000_000_000);
    assertEquals(bot.order(0, orderId)?.request, "none");
    assertEquals(bot.cancel(0, orderId), "ok");
    assertEquals(bot.order(0, orderId)?.request, "canceled");
    bot.waitOrderResponse(0, orderId, 10_000_000_000);
    assertEquals(bot.order(0, orderId)?.status, "canceled");
  },

  "a wait for an order that has no answer coming runs out"({ bot }) {
    assertEquals(bot.waitOrderResponse(0, newOrderId(), 1_000_000), "ok");
  },

  "an answer tells the latency of the request"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = newOrderId();
    bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit", true);
    const latency = bot.orderLatency(0)!;
    assertEquals(latency.requestTimestamp, bot.order(0, orderId)?.localTimestamp);
    assertEquals(
      BigInt(latency.roundTripNs),
      latency.responseTimestamp - latency.requestTimestamp,
    );
    assert(latency.roundTripNs > 0);
    cancelAndWait(driver, orderId);
  },

  "a crossing limit order and a market order change the position exactly"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const start = bot.position(0);
    const qty = oneLot(bot);
    const limit = crossingBid(bot);

    const bought = newOrderId();
    bot.submitBuyOrder(0, bought, limit, qty, "GTC", "limit", true);
    driver.untilOrder(bought, "filled", (order) => order.status === "filled");
    driver.until("the position", () => isNear(bot.position(0) - start, qty, qty));
    checkFill(driver, bought, qty, (price) => price <= limit);
    assert(
      driver.events.some((e) => e.type === "position" && e.qty === bot.position(0)),
      "no position event",
    );
    assertEquals(bot.stateValues(0).position, bot.position(0));

    const sold = newOrderId();
    bot.submitSellOrder(0, sold, 0, qty, "GTC", "market", true);
    driver.untilOrder(sold, "filled", (order) => order.status === "filled");
    driver.until("the old position", () => isNear(bot.position(0), start, qty));
    checkFill(driver, sold, qty, (price) => price > 0);
  },

  "post-only, immediate-or-cancel and fill-or-kill orders expire where they must"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const start = bot.position(0);
    const qty = oneLot(bot);
    const cases = [["GTX", crossingBid(bot)], ["IOC", farBid(bot)], ["FOK", farBid(bot)]] as const;
    for (const [timeInForce, price] of cases) {
      const orderId = newOrderId();
      bot.submitBuyOrder(0, orderId, price, qty, timeInForce, "limit", true);
      const order = driver.untilOrder(orderId, "expired", (o) => o.status === "expired");
      assertEquals(order.execQty, 0, timeInForce);
    }
    assertEquals(bot.position(0), start);
  },

  "immediate-or-cancel and fill-or-kill orders fill where they can"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const start = bot.position(0);
    const qty = oneLot(bot);
    for (const timeInForce of ["IOC", "FOK"] as const) {
      const orderId = newOrderId();
      bot.submitBuyOrder(0, orderId, crossingBid(bot), qty, timeInForce, "limit", true);
      driver.untilOrder(orderId, "filled", (order) => order.status === "filled");
    }
    const orderId = newOrderId();
    bot.submitSellOrder(0, orderId, 0, 2 * qty, "GTC", "market", true);
    driver.untilOrder(orderId, "filled", (order) => order.status === "filled");
    driver.until("the old position", () => isNear(bot.position(0), start, qty));
  },
};

/** Cancels an order and sees it cancelled. */
export function cancelAndWait(driver: Driver, orderId: bigint): void {
  driver.bot.cancel(0, orderId, true);
  const order = driver.untilOrder(orderId, "canceled", (o) => o.status === "canceled");
  assertEquals(order.request, "none");
  driver.drain();
}

function checkFill(
  driver: Driver,
  orderId: bigint,
  qty: number,
  isGoodPrice: (price: number) => boolean,
): void {
  const executions = driver.orderEvents(orderId).filter((event) => event.execQty > 0);
  const total = executions.reduce((sum, event) => sum + event.execQty, 0);
  assert(isNear(total, qty, qty), `executions add up to ${total}`);
  for (const { execPrice } of executions) assert(isGoodPrice(execPrice), `filled at ${execPrice}`);
  assertEquals(executions.at(-1)?.status, "filled");
  assertEquals(driver.bot.order(0, orderId)?.leavesQty, 0);
}

/** Equal but for the rounding of sums of decimals. */
function isNear(value: number, expected: number, lot: number): boolean {
  return Math.abs(value - expected) < lot / 1e6;
}

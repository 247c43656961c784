/** What every bot refuses, and how. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BotError,
  type BotErrorReason,
  EventBatch,
  type LiveBot,
  type OrderType,
  type TimeInForce,
} from "@hftlive/hftlive";
import { type Behaviours, newOrderId } from "./driver.ts";
import { cancelAndWait } from "./order_behaviours.ts";
import { farBid, oneLot } from "./prices.ts";

/** Behaviours in the face of wrong arguments. */
export const ERROR_BEHAVIOURS: Behaviours = {
  "an asset that does not exist is refused by every method"({ bot }) {
    for (const asset of [-1, 1.5, NaN, Infinity, bot.numAssets, 99, 2 ** 32]) {
      for (const [name, call] of Object.entries(assetCalls(bot, asset))) {
        const error = refused(call, "instrumentNotFound", name);
        assert(error.message.includes(String(asset)), `${name}: ${error.message}`);
      }
    }
  },

  "an order id in use is refused"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = newOrderId();
    const submit = () =>
      bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit", true);
    submit();
    const error = refused(submit, "orderIdExists");
    assert(error.message.includes(String(orderId)), error.message);
    cancelAndWait(driver, orderId);
    refused(submit, "orderIdExists");
    bot.clearInactiveOrders(0);
    submit();
    cancelAndWait(driver, orderId);
  },

  "an unknown order cannot be cancelled"({ bot }) {
    const orderId = newOrderId();
    const error = refused(() => bot.cancel(0, orderId), "orderNotFound");
    assert(error.message.includes(String(orderId)), error.message);
  },

  "an order is cancelled once"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = newOrderId();
    bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit");
    refused(() => bot.cancel(0, orderId), "invalidOrderStatus", "before its acknowledgement");
    driver.untilOrder(orderId, "new", (order) => order.status === "new");
    bot.cancel(0, orderId);
    const error = refused(() => bot.cancel(0, orderId), "invalidOrderStatus", "while asked for");
    assert(error.message.includes(String(orderId)), error.message);
    driver.untilOrder(orderId, "canceled", (order) => order.status === "canceled");
    refused(() => bot.cancel(0, orderId), "invalidOrderStatus", "when cancelled");
  },

  "a bad price is refused, naming it"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const { tickSize } = bot.depth(0);
    for (const price of [NaN, -1, 0, -tickSize, Infinity, farBid(bot) + tickSize / 2]) {
      refusedOrder(bot, "price", price, { price });
    }
  },

  "a bad quantity is refused, naming it"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const lot = oneLot(bot);
    for (const qty of [NaN, -lot, 0, Infinity, lot * 1.5, lot / 2]) {
      refusedOrder(bot, "qty", qty, { qty });
    }
  },

  "a bad order id is refused, naming it"(driver) {
    driver.untilTwoSided();
    for (const orderId of [-1n, 2n ** 64n, 7 as unknown as bigint]) {
      refusedOrder(driver.bot, "orderId", orderId, { orderId });
    }
  },

  "the largest order id is accepted"(driver) {
    const { bot } = driver;
    driver.untilTwoSided();
    const orderId = 2n ** 64n - 1n - newOrderId() % 1_000_000_000n;
    bot.submitBuyOrder(0, orderId, farBid(bot), oneLot(bot), "GTC", "limit", true);
    assertEquals(bot.order(0, orderId)?.orderId, orderId);
    cancelAndWait(driver, orderId);
  },

  "an unknown time in force or order type is refused, naming it"(driver) {
    driver.untilTwoSided();
    for (const timeInForce of ["unsupported", "DAY", "gtc", ""] as TimeInForce[]) {
      refusedOrder(driver.bot, "timeInForce", timeInForce, { timeInForce });
    }
    for (const orderType of ["unsupported", "stop", "LIMIT"] as OrderType[]) {
      refusedOrder(driver.bot, "orderType", orderType, { orderType });
    }
  },

  "a closed bot refuses everything but close"({ bot }) {
    bot.close();
    bot.close();
    bot[Symbol.dispose]();
    const calls = {
      ...assetCalls(bot, 0),
      currentTimestamp: () => bot.currentTimestamp(),
      clearAllLastTrades: () => bot.clearLastTrades(),
      clearAllInactiveOrders: () => bot.clearInactiveOrders(),
      waitNextFeed: () => bot.waitNextFeed(true, 1_000),
      elapse: () => bot.elapse(1_000),
      poll: () => bot.poll(new EventBatch(1)),
      registerAll: () => bot.register(),
    };
    for (const [name, call] of Object.entries(calls)) refused(call, "closed", name);
  },

  "`using` closes it"({ bot }) {
    {
      using scoped = bot;
      scoped.currentTimestamp();
    }
    refused(() => bot.currentTimestamp(), "closed");
  },
};

/** Every method that takes an asset number. */
function assetCalls(bot: LiveBot, asset: number): Record<string, () => unknown> {
  return {
    depth: () => bot.depth(asset),
    lastTrades: () => bot.lastTrades(asset),
    clearLastTrades: () => bot.clearLastTrades(asset),
    position: () => bot.position(asset),
    stateValues: () => bot.stateValues(asset),
    orders: () => bot.orders(asset),
    order: () => bot.order(asset, 1n),
    clearInactiveOrders: () => bot.clearInactiveOrders(asset),
    submitBuyOrder: () => bot.submitBuyOrder(asset, 1n, 1, 1, "GTC", "limit"),
    submitSellOrder: () => bot.submitSellOrder(asset, 1n, 1, 1, "GTC", "limit"),
    cancel: () => bot.cancel(asset, 1n),
    waitOrderResponse: () => bot.waitOrderResponse(asset, 1n, 1_000),
    feedLatency: () => bot.feedLatency(asset),
    orderLatency: () => bot.orderLatency(asset),
    connection: () => bot.connection(asset),
    register: () => bot.register(asset),
  };
}

/** Checks that a call throws a BotError with a reason. */
function refused(call: () => unknown, reason: BotErrorReason, what = ""): BotError {
  const error = assertThrows(call, BotError, undefined, what);
  assertEquals(error.reason, reason, `${what}: ${error.message}`);
  return error;
}

/** Checks that an order with one wrong field is refused on both sides, and leaves no order. */
function refusedOrder(
  bot: LiveBot,
  field: string,
  value: unknown,
  wrong: {
    orderId?: bigint;
    price?: number;
    qty?: number;
    timeInForce?: TimeInForce;
    orderType?: OrderType;
  },
): void {
  const before = bot.orders(0).size;
  const order = {
    orderId: newOrderId(),
    price: farBid(bot),
    qty: oneLot(bot),
    timeInForce: "GTC",
    orderType: "limit",
    ...wrong,
  } as const;
  const { orderId, price, qty, timeInForce, orderType } = order;
  for (
    const submit of [
      () => bot.submitBuyOrder(0, orderId, price, qty, timeInForce, orderType),
      () => bot.submitSellOrder(0, orderId, price, qty, timeInForce, orderType),
    ]
  ) {
    const { message } = refused(submit, "invalidOrderRequest", `${field} = ${String(value)}`);
    assert(message.includes(field) && message.includes(String(value)), message);
  }
  assertEquals(bot.orders(0).size, before);
}

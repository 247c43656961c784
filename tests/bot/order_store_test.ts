import { assertEquals, assertThrows } from "@std/assert";
import { BotError, type BotErrorReason } from "@hftlive/hftlive";
import { type OrderReport, OrderStore } from "../../lib/bot/order_store.ts";

const INSTRUMENT = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
const REQUEST = {
  orderId: 5n,
  price: 60_000.1,
  qty: 0.3,
  timeInForce: "GTC",
  orderType: "limit",
} as const;

function report(changes: Partial<OrderReport>): OrderReport {
  return {
    asset: 0,
    orderId: 5n,
    side: "buy",
    price: 60_000.1,
    priceTick: 600_001n,
    qty: 0.3,
    leavesQty: 0.3,
    execQty: 0,
    execPrice: 0,
    maker: false,
    timeInForce: "GTC",
    orderType: "limit",
    status: "new",
    request: "none",
    exchTimestamp: 200n,
    requestTimestamp: 100n,
    ...changes,
  };
}

function withOrder(): OrderStore {
  const store = new OrderStore(INSTRUMENT);
  store.submit("buy", REQUEST, 100n);
  return store;
}

function refused(call: () => unknown, reason: BotErrorReason): void {
  assertEquals(assertThrows(call, BotError).reason, reason);
}

Deno.test("a new order is pending, on the grid", () => {
  const store = new OrderStore(INSTRUMENT);
  const order = store.submit("sell", { ...REQUEST, price: 600_001 * 0.1, qty: 3 * 0.1 }, 100n);
  assertEquals(order.status, "new");
  assertEquals(order.request, "new");
  assertEquals(order.priceTick, 600_001n);
  assertEquals([order.qty, order.leavesQty], [0.3, 0.3]);
  assertEquals([order.exchTimestamp, order.localTimestamp], [0n, 100n]);
  refused(() => store.submit("buy", REQUEST, 101n), "orderIdExists");
});

Deno.test("an order goes through its life", () => {
  const store = withOrder();
  refused(() => store.cancel(5n, 110n), "invalidOrderStatus");
  store.apply(report({}));
  assertEquals([store.get(5n)?.status, store.get(5n)?.request], ["new", "none"]);
  store.apply(report({
    status: "partiallyFilled",
    execQty: 0.1,
    execPrice: 60_000.1,
    leavesQty: 0.2,
    maker: true,
    exchTimestamp: 300n,
  }));
  const partly = store.cancel(5n, 400n);
  assertEquals([partly.status, partly.request], ["partiallyFilled", "canceled"]);
  assertEquals(partly.localTimestamp, 400n);
  refused(() => store.cancel(5n, 410n), "invalidOrderStatus");
  store.apply(report({
    status: "canceled",
    leavesQty: 0.2,
    exchTimestamp: 500n,
    requestTimestamp: 400n,
  }));
  const order = store.get(5n)!;
  assertEquals([order.status, order.request, order.leavesQty], ["canceled", "none", 0.2]);
  assertEquals([order.execQty, order.execPrice, order.maker], [0.1, 60_000.1, true]);
  refused(() => store.cancel(5n, 600n), "invalidOrderStatus");
});

Deno.test("an execution on its way does not answer a later cancel request", () => {
  const store = withOrder();
  store.apply(report({}));
  store.cancel(5n, 250n);
  store.apply(report({ status: "partiallyFilled", execQty: 0.1, exchTimestamp: 240n }));
  assertEquals(store.get(5n)?.request, "canceled");
  store.apply(report({ status: "filled", execQty: 0.2, exchTimestamp: 245n, leavesQty: 0 }));
  assertEquals(store.get(5n)?.request, "none");
});

Deno.test("nothing follows a final status, and nothing older is taken in", () => {
  for (const status of ["filled", "canceled", "expired", "rejected"] as const) {
    const store = withOrder();
    store.apply(report({ status }));
    store.apply(report({ status: "new", exchTimestamp: 900n }));
    assertEquals(store.get(5n)?.status, status);
  }
  const store = withOrder();
  store.apply(report({ status: "partiallyFilled", exchTimestamp: 300n }));
  store.apply(report({ status: "new", exchTimestamp: 299n }));
  assertEquals(store.get(5n)?.status, "partiallyFilled");
});

Deno.test("an order that the exchange knows and the bot does not is remembered", () => {
  const store = new OrderStore(INSTRUMENT);
  store.apply(report({ orderId: 9n }));
  assertEquals(store.get(9n)?.status, "new");
  assertEquals(store.get(9n)?.localTimestamp, 100n);
});

Deno.test("copies stay as they were, and only inactive orders are forgotten", () => {
  const store = withOrder();
  const before = store.copy();
  const order = store.get(5n);
  store.apply(report({ status: "filled", leavesQty: 0 }));
  assertEquals(before.get(5n)?.request, "new");
  assertEquals(order?.request, "new");
  store.submit("buy", { ...REQUEST, orderId: 6n }, 100n);
  store.clearInactive();
  assertEquals([...store.copy().keys()], [6n]);
  refused(() => store.cancel(5n, 1n), "orderNotFound");
});

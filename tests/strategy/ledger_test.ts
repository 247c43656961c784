import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { OrderUpdateEvent } from "@hftlive/hftlive";
import { Account } from "../../lib/strategy/ledger/account.ts";
import { OrderLedger } from "../../lib/strategy/ledger/order_ledger.ts";
import { UntoldFills } from "../../lib/strategy/ledger/untold_fills.ts";

const BTC = { connector: "c", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
const FEES = { makerFee: -0.0001, takerFee: 0.0004 };

Deno.test("an account adds up cash, fees and the value of its position", () => {
  const account = new Account(BTC, 0, FEES);
  account.mark(100);
  account.execute({ isBuy: true, price: 100, qty: 2, maker: false, inferred: false });
  account.execute({ isBuy: false, price: 103, qty: 0.5, maker: true, inferred: false });
  account.mark(102);
  assertAlmostEquals(account.balance, -200 + 51.5);
  assertAlmostEquals(account.fee, 200 * 0.0004 - 51.5 * 0.0001);
  assertEquals(account.position, 1.5);
  assertAlmostEquals(account.equity, account.balance + 1.5 * 102 - account.fee);
  assertAlmostEquals(account.turnover, 251.5);
  assertEquals(account.fills, {
    count: 2,
    maker: 1,
    taker: 1,
    inferred: 0,
    bought: 2,
    sold: 0.5,
    averageBuyPrice: 100,
    averageSellPrice: 103,
  });
});

Deno.test("a position of before earns only what its price has moved since the start", () => {
  const account = new Account(BTC, 3, FEES);
  account.mark(NaN);
  account.mark(100);
  assertEquals([account.equity, account.position], [0, 3]);
  account.mark(101);
  assertEquals(account.equity, 3);
  // Without a price the last one stands.
  account.mark(NaN);
  assertEquals(account.equity, 3);
});

Deno.test("drawdown is the largest fall below a peak, not below the start", () => {
  const account = new Account(BTC, 1, FEES);
  for (const mid of [100, 110, 104, 108, 103, 120, 115]) account.mark(mid);
  assertEquals(account.maxDrawdown, 7);
  assertEquals(account.equity, 15);
});

const FRESH: OrderUpdateEvent = {
  type: "order",
  asset: 0,
  orderId: 1n,
  side: "buy",
  price: 100,
  qty: 10,
  leavesQty: 10,
  execQty: 0,
  execPrice: 0,
  maker: true,
  timeInForce: "GTC",
  orderType: "limit",
  status: "new",
  request: "none",
  exchTimestamp: 50n,
  localTimestamp: 80n,
};

const BOUGHT = { isBuy: true, maker: true, inferred: false };

const sent = (orderId: bigint, from = 10n, to = 20n) => ({ asset: 0, orderId, from, to });

Deno.test("executions are counted once, however often they are told", () => {
  const ledger = new OrderLedger();
  ledger.submitted(sent(1n));
  const partly = {
    ...FRESH,
    status: "partiallyFilled",
    leavesQty: 6,
    execQty: 4,
    execPrice: 99,
  } as const;
  assertEquals(ledger.update(FRESH, undefined), undefined);
  assertEquals(ledger.update(partly, undefined), { ...BOUGHT, price: 99, qty: 4 });
  assertEquals(ledger.update(partly, undefined), undefined);
  // An update between was lost: what it told is in the next.
  const filled = { ...partly, status: "filled", leavesQty: 0, execQty: 1, execPrice: 98 } as const;
  assertEquals(ledger.update(filled, undefined), { ...BOUGHT, price: 98, qty: 6 });
  assertEquals(ledger.update(filled, undefined), undefined);
  assertEquals(ledger.figures.filled, 1);
});

Deno.test("an end that is the first to tell of a part counts it", () => {
  const ledger = new OrderLedger();
  ledger.submitted(sent(1n));
  const ended = { ...FRESH, status: "canceled", leavesQty: 7, execPrice: 100 } as const;
  assertEquals(ledger.update(ended, undefined)?.qty, 3);
  ledger.submitted(sent(2n));
  // An engine that clears the open quantity of what has ended tells nothing by it.
  const cleared = { ...FRESH, orderId: 2n, status: "expired", leavesQty: 0 } as const;
  assertEquals(ledger.update(cleared, undefined), undefined);
  assertEquals(ledger.figures.canceled + ledger.figures.expired, 2);
});

Deno.test("orders of others are left out", () => {
  const ledger = new OrderLedger();
  assertEquals(ledger.update({ ...FRESH, status: "filled", leavesQty: 0 }, undefined), undefined);
  assertEquals(ledger.figures.submitted, 0);
});

Deno.test("each order is counted by its end, and the ends add up", () => {
  const ledger = new OrderLedger();
  for (let id = 1n; id <= 8n; id++) ledger.submitted(sent(id));
  const update = (orderId: bigint, change: Partial<OrderUpdateEvent>) =>
    ledger.update({ ...FRESH, orderId, ...change }, undefined);
  update(1n, { status: "filled", leavesQty: 0 });
  update(2n, { status: "canceled" });
  update(3n, { status: "expired" });
  update(4n, { status: "rejected" });
  update(5n, { status: "none" });
  update(6n, {});
  // Only a connector's copy of what is on its way.
  update(7n, { request: "new", exchTimestamp: 0n });
  assertEquals(ledger.figures, {
    submitted: 8,
    filled: 1,
    canceled: 1,
    expired: 1,
    rejected: 1,
    lost: 1,
    open: 1,
    unknown: 2,
  });
  assertEquals(ledger.openIds, [6n, 7n, 8n]);
});

Deno.test("latency is that of the bot where it is this request's, else that of the batch", () => {
  const ledger = new OrderLedger();
  const latency = {
    requestTimestamp: 15n,
    exchTimestamp: 50n,
    responseTimestamp: 78n,
    roundTripNs: 63,
  };
  ledger.submitted(sent(1n));
  ledger.update(FRESH, latency);
  assertEquals([ledger.latencyNs.count, ledger.latencyNs.max], [1, 63]);
  ledger.submitted(sent(2n, 70n, 75n));
  ledger.update({ ...FRESH, orderId: 2n }, latency);
  assertEquals([ledger.latencyNs.count, ledger.latencyNs.min], [2, 10]);
});

Deno.test("an execution does not answer a cancel that is on its way", () => {
  const ledger = new OrderLedger();
  ledger.submitted(sent(1n));
  ledger.update(FRESH, undefined);
  ledger.cancelSent(sent(1n, 79n, 79n));
  ledger.update({ ...FRESH, status: "partiallyFilled", leavesQty: 9 }, undefined);
  assertEquals(ledger.latencyNs.count, 1);
  ledger.update({ ...FRESH, status: "canceled", leavesQty: 9, localTimestamp: 99n }, undefined);
  assertEquals([ledger.latencyNs.count, ledger.latencyNs.min], [2, 20]);
});

Deno.test("who provided liquidity is concluded where the connector does not tell", () => {
  const ledger = new OrderLedger();
  let lastId = 0n;
  /** The execution of an order that was first told to be active at 50. */
  const executed = (change: Partial<OrderUpdateEvent>) => {
    const order = { ...FRESH, maker: false, orderId: ++lastId };
    ledger.submitted(sent(order.orderId));
    ledger.update(order, undefined);
    const end = { status: "filled", leavesQty: 0, execPrice: 100 } as const;
    return ledger.update({ ...order, ...end, ...change }, undefined)!.maker;
  };
  assertEquals(executed({ exchTimestamp: 50n }), false, "executed as it arrived");
  assertEquals(executed({ exchTimestamp: 51n }), true, "it had been in the book");
  assertEquals(executed({ exchTimestamp: 50n, timeInForce: "GTX" }), true);
  assertEquals(executed({ exchTimestamp: 51n, timeInForce: "IOC" }), false);
  assertEquals(executed({ exchTimestamp: 51n, orderType: "market" }), false);
  assertEquals(executed({ exchTimestamp: 50n, maker: true }), true, "the connector knows best");
});

Deno.test("an execution without a price is taken at the order's limit, and counted", () => {
  const ledger = new OrderLedger();
  ledger.submitted(sent(1n));
  const filled = { ...FRESH, status: "filled", leavesQty: 0, execPrice: 0 } as const;
  assertEquals(ledger.update(filled, undefined), {
    ...BOUGHT,
    price: 100,
    qty: 10,
    inferred: true,
  });
});

/** A ledger with orders of 10 that were lost: two sales, one of 12 bought, and one bought. */
function withLost() {
  const ledger = new OrderLedger();
  const lose = (orderId: bigint, change: Partial<OrderUpdateEvent> = {}) => {
    ledger.submitted(sent(orderId));
    ledger.update({ ...FRESH, orderId, ...change }, undefined);
    ledger.update({ ...FRESH, orderId, ...change, status: "none" }, undefined);
  };
  lose(1n, { side: "sell" });
  lose(2n, { side: "sell", price: 101 });
  lose(3n, { qty: 12, leavesQty: 12 });
  lose(4n);
  return { ledger, fills: new UntoldFills(ledger, 0.001, 0) };
}

const INFERRED = { ...BOUGHT, price: 100, qty: 10, inferred: true };

Deno.test("a lost order is executed when a position stays that nothing else explains", () => {
  const { ledger, fills } = withLost();
  assertEquals(fills.look(1), []);
  fills.position(10);
  // At first it may only be ahead of the news.
  assertEquals(fills.look(1.1), []);
  assertEquals(fills.look(1.3), []);
  assertEquals(fills.look(1.6), [INFERRED]);
  assertEquals(fills.look(2), []);
  // No other lost purchase is as small as this.
  fills.position(11);
  assertEquals([...fills.look(3), ...fills.look(4)], []);
  assertEquals(ledger.figures.lost, 4);
});

Deno.test("an execution that is told explains its position, whichever comes first", () => {
  const { fills } = withLost();
  const execution = { ...BOUGHT, price: 100, qty: 10 };
  for (let i = 0; i < 20; i++) {
    const [first, second] = i % 2 === 0
      ? [() => fills.position(10 * (i + 1)), () => fills.executed(execution)]
      : [() => fills.executed(execution), () => fills.position(10 * (i + 1))];
    first();
    assertEquals(fills.look(i), []);
    second();
    assertEquals(fills.look(i + 0.1), []);
  }
});

Deno.test("lost purchases and sales are found though their positions cancel out", () => {
  const { fills } = withLost();
  fills.look(0.3);
  fills.position(10);
  fills.position(0);
  fills.look(0.6);
  assertEquals(fills.look(0.9), [INFERRED, { ...INFERRED, isBuy: false }]);
});

Deno.test("a position that tells of several executions at once is explained by them", () => {
  const { fills } = withLost();
  fills.look(0.3);
  fills.executed({ ...BOUGHT, price: 100, qty: 30 });
  fills.executed({ ...BOUGHT, isBuy: false, price: 100, qty: 20 });
  fills.position(10);
  for (const time of [0.6, 0.9, 1.2]) assertEquals(fills.look(time), []);
});

Deno.test("news of a lost order that come late are taken in", () => {
  const ledger = new OrderLedger();
  ledger.submitted(sent(1n));
  ledger.update(FRESH, undefined);
  ledger.update({ ...FRESH, status: "none" }, undefined);
  assertEquals([ledger.figures.lost, ledger.openIds.length], [1, 0]);
  const filled = { ...FRESH, status: "filled", leavesQty: 0, execPrice: 99 } as const;
  assertEquals(ledger.update(filled, undefined)?.qty, 10);
  assertEquals([ledger.figures.lost, ledger.figures.filled], [0, 1]);
  assertEquals(ledger.takeLost(true, 10), undefined);
});

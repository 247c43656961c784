import { assert, assertEquals, assertThrows } from "@std/assert";
import { BotError } from "@hftlive/hftlive";
import { checkOrderRequest, type OrderRequest } from "../../lib/bot/order_request.ts";
import { numbers } from "./numbers.ts";

const INSTRUMENT = { connector: "stub", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
const GOOD: OrderRequest = {
  orderId: 1n,
  price: 60_000.1,
  qty: 0.001,
  timeInForce: "GTC",
  orderType: "limit",
};

Deno.test("every price and quantity on the grid passes, however it was computed", () => {
  const random = numbers(1);
  for (let i = 0; i < 20_000; i++) {
    const ticks = random.int(1, 10_000_000);
    const lots = random.int(1, 1_000_000);
    for (const price of [ticks * 0.1, ticks / 10, Number((ticks * 0.1).toFixed(1))]) {
      for (const qty of [lots * 0.001, lots / 1_000]) {
        checkOrderRequest(INSTRUMENT, { ...GOOD, price, qty });
      }
    }
  }
});

Deno.test("every time in force, type and id that exists passes", () => {
  for (const timeInForce of ["GTC", "GTX", "FOK", "IOC"] as const) {
    checkOrderRequest(INSTRUMENT, { ...GOOD, timeInForce });
  }
  checkOrderRequest(INSTRUMENT, { ...GOOD, orderType: "market", price: 0 });
  checkOrderRequest(INSTRUMENT, { ...GOOD, orderType: "market", price: 0.05 });
  for (const orderId of [0n, 2n ** 64n - 1n]) checkOrderRequest(INSTRUMENT, { ...GOOD, orderId });
});

Deno.test("anything else is refused, naming field and value", () => {
  const bad: Record<string, unknown[]> = {
    orderId: [-1n, 2n ** 64n, 1, "1", undefined],
    price: [NaN, 0, -0.1, Infinity, -Infinity, 60_000.15, 0.05, 1e300, "60000", undefined],
    qty: [NaN, 0, -0.001, Infinity, 0.0015, 0.0005, 1e300, "1", undefined],
    timeInForce: ["gtc", "DAY", "unsupported", undefined, 0],
    orderType: ["LIMIT", "stop", "unsupported", undefined, 0],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      const request = { ...GOOD, [field]: value };
      const error = assertThrows(() => checkOrderRequest(INSTRUMENT, request), BotError);
      assertEquals(error.reason, "invalidOrderRequest");
      assert(error.message.includes(`${field} = ${value}`), error.message);
    }
  }
  const market = { ...GOOD, orderType: "market", price: NaN } as const;
  assertThrows(() => checkOrderRequest(INSTRUMENT, market), BotError, "price = NaN");
});

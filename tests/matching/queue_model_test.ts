import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { checkQueueModel, type QueueModelOptions } from "../../lib/matching/queue_model.ts";
import { EngineOrder } from "../../lib/matching/resting_orders.ts";
import { Desk } from "./desk.ts";

/** Lots ahead of an order, as the engine has it. */
function aheadOf(order: unknown): number {
  assert(order instanceof EngineOrder);
  return order.aheadLots;
}

/** A buy order behind `ahead` lots, then `behind` more. */
function queued(model: QueueModelOptions, ahead: number, behind: number, lotSize = 1) {
  const desk = new Desk(model, lotSize).show({ bids: [[100, ahead]], asks: [[103, 5]] });
  const order = desk.buy("a", { tick: 100, lots: 4 });
  desk.show({ bids: [[100, ahead + behind]] });
  desk.news();
  return {
    desk,
    ahead: () => aheadOf(order),
    /** Shows another quantity at the price. */
    show(lots: number) {
      desk.show({ bids: [[100, lots]] });
      return aheadOf(order);
    },
  };
}

Deno.test("risk averse: a decrease moves an order only where it must", () => {
  const it = queued({ model: "riskAverse" }, 10, 5);
  assertEquals(it.show(11), 10);
  assertEquals(it.show(8), 8);
  assertEquals(it.show(20), 8);
  it.desk.trade("sell", 100, 3);
  assertEquals(it.ahead(), 5);
  assertEquals(it.show(17), 5);
});

Deno.test("none: an order is filled by the first trade at its price", () => {
  const it = queued({ model: "none" }, 10, 5);
  assertEquals(it.ahead(), 0);
  it.desk.trade("sell", 100, 3);
  assertEquals(it.desk.news(), ["a 3 at 100 maker, 1 left"]);
  assertEquals(it.show(50), 0);
});

Deno.test("power: a decrease is shared by f(x) = x ** n", () => {
  // Behind 10, ahead 10: half of 6 was ahead, whatever n.
  assertEquals(queued({ model: "powerProb", n: 3 }, 10, 10).show(14), 7);
  // Behind 4, ahead 8, n 1: a third of 3 was behind.
  assertAlmostEquals(queued({ model: "powerProb", n: 1 }, 8, 4).show(9), 6, 1e-12);
  // n 2: 16 / (16 + 64) = 0.2 was behind.
  assertAlmostEquals(queued({ model: "powerProb", n: 2 }, 8, 4).show(7), 8 - 0.8 * 5, 1e-12);
});

Deno.test("power: what cannot have been behind was ahead", () => {
  // Behind 1, ahead 8, n 1: 8 / 9 of 6 was ahead, and 6 / 9 behind, which 1 covers.
  assertAlmostEquals(queued({ model: "powerProb", n: 1 }, 8, 1).show(3), 8 - 8 * 6 / 9, 1e-12);
  // Behind 9, ahead 8, n 3: 729 / 1241 of 16 would be 9.4 behind; the 0.4 too many were ahead.
  assertAlmostEquals(queued({ model: "powerProb", n: 3 }, 8, 9).show(1), 1, 1e-12);
});

Deno.test("power: an increase, and what trades explain, move nothing", () => {
  const it = queued({ model: "powerProb", n: 3 }, 10, 10);
  assertEquals(it.show(30), 10);
  it.desk.trade("sell", 100, 4);
  assertEquals(it.ahead(), 6);
  assertEquals(it.show(26), 6);
  // Less fell away than was traded: somebody joined behind.
  it.desk.trade("sell", 100, 2);
  assertEquals(it.show(25), 4);
});

Deno.test("power: the estimate stays between 0 and what is displayed", () => {
  // 3 / (3 + 1) of 10 behind: 2.5 of 1 would have been ahead.
  assertEquals(queued({ model: "powerProb", n: 0.5 }, 1, 9).show(0), 0);
  assertEquals(queued({ model: "powerProb", n: 0.5 }, 1, 9).show(2), 0);
  assertEquals(queued({ model: "powerProb", n: 3 }, 0, 0).show(0), 0);
});

Deno.test("an estimate's part of a lot fills nothing", () => {
  const it = queued({ model: "powerProb", n: 1 }, 8, 4);
  assertAlmostEquals(it.show(11), 8 - 2 / 3, 1e-12);
  it.desk.trade("sell", 100, 8);
  assertEquals(it.desk.news(), []);
  assertEquals(it.ahead(), 0);
  it.desk.trade("sell", 100, 1);
  assertEquals(it.desk.news(), ["a 1 at 100 maker, 3 left"]);
});

Deno.test("log: a decrease is shared by f(x) = log(1 + x), in base units", () => {
  // Ahead 7, behind 1: log 2 / (log 2 + log 8) = 1/4 of 2 was behind.
  assertAlmostEquals(queued({ model: "logProb" }, 7, 1).show(6), 5.5, 1e-12);
  // The same in lots of 0.5.
  assertAlmostEquals(queued({ model: "logProb" }, 14, 2, 0.5).show(12), 11, 1e-12);
});

Deno.test("what is ahead of an older order is ahead of a younger one", () => {
  const desk = new Desk({ model: "powerProb", n: 10 }).show({ bids: [[100, 45]] });
  const a = desk.buy("a", { tick: 100, lots: 1 });
  desk.show({ bids: [[100, 55]] });
  const b = desk.buy("b", { tick: 100, lots: 1 });
  desk.show({ bids: [[100, 100]] });
  desk.show({ bids: [[100, 50]] });
  assert(aheadOf(b) >= aheadOf(a), `${aheadOf(b)} before ${aheadOf(a)}`);
  desk.engine.clear("none");
  const c = desk.buy("c", { tick: 100, lots: 1 });
  assertEquals(aheadOf(c), aheadOf(b));
});

Deno.test("a queue model that cannot be used is refused, naming what is wrong", () => {
  const cases: [unknown, string][] = [
    [undefined, "queueModel"],
    ["riskAverse", "queueModel"],
    [{ model: "fifo" }, "queueModel.model"],
    [{ model: "powerProb" }, "queueModel.n"],
    [{ model: "powerProb", n: -1 }, "queueModel.n"],
    [{ model: "powerProb", n: Infinity }, "queueModel.n"],
  ];
  for (const [value, field] of cases) {
    const error = assertThrows(
      () => checkQueueModel("queueModel", value as QueueModelOptions),
      InvalidInputError,
    );
    assertEquals(error.field, field);
  }
  assertEquals(checkQueueModel("queueModel", { model: "powerProb", n: 3 }), {
    model: "powerProb",
    n: 3,
  });
});

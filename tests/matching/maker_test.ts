import { assertEquals } from "@std/assert";
import { Desk } from "./desk.ts";

/** A buy order of 4 lots behind 10 at 100, a second of 3 lots behind 12. */
function desk(): Desk {
  const it = new Desk().show({ bids: [[100, 10]], asks: [[103, 5]] });
  it.buy("a", { tick: 100, lots: 4 });
  it.show({ bids: [[100, 12]] });
  it.buy("b", { tick: 100, lots: 3 });
  it.news();
  return it;
}

Deno.test("trades consume what is ahead, then fill an order in part, then to its end", () => {
  const it = desk();
  it.trade("sell", 100, 9);
  assertEquals(it.news(), []);
  it.trade("sell", 100, 3);
  assertEquals(it.news(), ["a 2 at 100 maker, 2 left"]);
  it.trade("sell", 100, 1);
  assertEquals(it.news(), ["a 1 at 100 maker, 1 left"]);
  // Of 12 lots that were ahead of b, 9 + 1 were consumed.
  it.trade("sell", 100, 4);
  assertEquals(it.news(), ["a 1 at 100 maker, 0 left", "b 1 at 100 maker, 2 left"]);
  it.trade("sell", 100, 100);
  assertEquals(it.news(), ["b 2 at 100 maker, 0 left"]);
  assertEquals(it.resting, []);
});

Deno.test("a trade fills all it reaches, each lot once", () => {
  const it = desk();
  it.trade("sell", 100, 18);
  assertEquals(it.news(), ["a 4 at 100 maker, 0 left", "b 2 at 100 maker, 1 left"]);
});

Deno.test("trades of the order's own side, or short of its price, do nothing", () => {
  const it = desk();
  it.trade("buy", 100, 50).trade("buy", 99, 50).trade("sell", 101, 50);
  assertEquals(it.news(), []);
});

Deno.test("a trade beyond the price skips the queue, up to its quantity", () => {
  const it = desk();
  it.trade("sell", 99, 5);
  assertEquals(it.news(), ["a 4 at 100 maker, 0 left", "b 1 at 100 maker, 2 left"]);
  it.trade("sell", 100, 1);
  assertEquals(it.news(), ["b 1 at 100 maker, 1 left"], "nothing is ahead any more");
});

Deno.test("better prices are filled first, of one price the older order", () => {
  const it = new Desk().show({ bids: [[90, 1]], asks: [[110, 1]] });
  for (const [tag, tick] of [["a", 104], ["b", 103], ["c", 104], ["d", 105]] as const) {
    it.sell(tag, { tick, lots: 2 });
  }
  it.news();
  it.trade("buy", 106, 7);
  assertEquals(it.news(), [
    "b 2 at 103 maker, 0 left",
    "a 2 at 104 maker, 0 left",
    "c 2 at 104 maker, 0 left",
    "d 1 at 105 maker, 1 left",
  ]);
});

Deno.test("orders better than the trade take its lots before those at its price", () => {
  const it = new Desk().show({ bids: [[100, 2]], asks: [[110, 1]] });
  it.buy("a", { tick: 101, lots: 3 });
  it.buy("b", { tick: 100, lots: 3 });
  it.news();
  it.trade("sell", 100, 4);
  assertEquals(it.news(), ["a 3 at 101 maker, 0 left"]);
  it.trade("sell", 100, 2);
  assertEquals(it.news(), ["b 1 at 100 maker, 2 left"]);
});

Deno.test("opposite quantity that comes to an order's price fills as much of it", () => {
  const it = desk();
  it.show({ asks: [[101, 2]] });
  assertEquals(it.news(), []);
  it.show({ asks: [[100, 3]] });
  assertEquals(it.news(), ["a 3 at 100 maker, 1 left"]);
  it.show({ asks: [[100, 3]] });
  it.show({ asks: [[100, 1]] });
  assertEquals(it.news(), [], "only what is new");
  it.show({ asks: [[100, 3]] });
  assertEquals(it.news(), ["a 1 at 100 maker, 0 left", "b 1 at 100 maker, 2 left"]);
  it.show({ asks: [[98, 1]] });
  assertEquals(it.news(), ["b 1 at 100 maker, 1 left"], "at its own price, not at the better one");
});

Deno.test("a level that comes back after it was passed is new", () => {
  const it = new Desk().show({ bids: [[90, 1]], asks: [[101, 5], [110, 1]] });
  it.show({ bids: [[102, 1]] });
  it.show({ bids: [[102, 0]] });
  it.buy("a", { tick: 101, lots: 9 });
  assertEquals(it.news(), ["a rests, 9 left"]);
  it.show({ asks: [[101, 5]] });
  assertEquals(it.news(), ["a 5 at 101 maker, 4 left"]);
});

Deno.test("the rest of a taker is filled by what newly appears", () => {
  const it = new Desk().show({ bids: [[90, 1]], asks: [[101, 5]] });
  it.buy("a", { tick: 101, lots: 8 });
  assertEquals(it.news(), ["a 5 at 101 taker, 3 left", "a rests, 3 left"]);
  it.show({ asks: [[101, 4]] });
  assertEquals(it.news(), []);
  it.show({ asks: [[101, 6]] });
  assertEquals(it.news(), ["a 2 at 101 maker, 1 left"]);
});

Deno.test("an order that is cancelled or filled is out of the queue", () => {
  const it = desk();
  const c = it.buy("c", { tick: 100, lots: 1 });
  it.news();
  assertEquals(it.engine.cancel(c), true);
  it.trade("sell", 99, 100);
  assertEquals(it.news(), ["a 4 at 100 maker, 0 left", "b 3 at 100 maker, 0 left"]);
  assertEquals(it.engine.cancel(c), false);
});

Deno.test("resting orders are listed oldest first, whatever their side and price", () => {
  const it = new Desk();
  it.sell("a", { tick: 7, lots: 1 });
  it.buy("b", { tick: 2, lots: 1 });
  it.sell("c", { tick: 6, lots: 1 });
  it.buy("d", { tick: 3, lots: 1 });
  assertEquals(it.resting, ["a", "b", "c", "d"]);
});

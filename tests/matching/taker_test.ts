import { assertEquals } from "@std/assert";
import { Desk } from "./desk.ts";

/** Bids 99: 3, 98: 5; asks 101: 2, 102: 4, 105: 7. */
function desk(): Desk {
  return new Desk().show({
    bids: [[99, 3], [98, 5]],
    asks: [[101, 2], [102, 4], [105, 7]],
  });
}

Deno.test("a limit order walks the levels within its limit and rests with the rest", () => {
  const it = desk();
  it.buy("a", { tick: 102, lots: 10 });
  assertEquals(it.news(), [
    "a 2 at 101 taker, 8 left",
    "a 4 at 102 taker, 4 left",
    "a rests, 4 left",
  ]);
  assertEquals(it.resting, ["a"]);
  assertEquals(it.engine.book.askTick, 101, "the market takes no notice");
  it.sell("b", { tick: 99, lots: 3 });
  assertEquals(it.news(), ["b 3 at 99 taker, 0 left"]);
  it.sell("c", { tick: 97, lots: 9 });
  assertEquals(it.news(), [
    "c 3 at 99 taker, 6 left",
    "c 5 at 98 taker, 1 left",
    "c rests, 1 left",
  ]);
});

Deno.test("an immediate-or-cancel order takes what is there and expires", () => {
  const it = desk();
  it.buy("a", { tick: 101, lots: 5, timeInForce: "IOC" });
  assertEquals(it.news(), ["a 2 at 101 taker, 3 left", "a nothingLeft, 3 left"]);
  it.buy("b", { tick: 100, lots: 5, timeInForce: "IOC" });
  assertEquals(it.news(), ["b nothingLeft, 5 left"]);
  it.buy("c", { tick: 101, lots: 2, timeInForce: "IOC" });
  assertEquals(it.news(), ["c 2 at 101 taker, 0 left"]);
  assertEquals(it.resting, []);
});

Deno.test("a fill-or-kill order is filled at once or not at all", () => {
  const it = desk();
  it.buy("a", { tick: 102, lots: 7, timeInForce: "FOK" });
  assertEquals(it.news(), ["a notFilledAtOnce, 7 left"]);
  it.buy("b", { tick: 102, lots: 6, timeInForce: "FOK" });
  assertEquals(it.news(), ["b 2 at 101 taker, 4 left", "b 4 at 102 taker, 0 left"]);
  it.sell("c", { tick: 100, lots: 1, timeInForce: "FOK" });
  assertEquals(it.news(), ["c notFilledAtOnce, 1 left"]);
});

Deno.test("a good-till-crossing order never takes", () => {
  const it = desk();
  it.buy("a", { tick: 101, lots: 1, timeInForce: "GTX" });
  assertEquals(it.news(), ["a wouldTake, 1 left"]);
  it.sell("b", { tick: 99, lots: 1, timeInForce: "GTX" });
  assertEquals(it.news(), ["b wouldTake, 1 left"]);
  it.buy("c", { tick: 100, lots: 1, timeInForce: "GTX" });
  assertEquals(it.news(), ["c rests, 1 left"]);
});

Deno.test("a market order takes every level, and what is left expires", () => {
  const it = desk();
  it.buy("a", { lots: 20, orderType: "market" });
  assertEquals(it.news(), [
    "a 2 at 101 taker, 18 left",
    "a 4 at 102 taker, 14 left",
    "a 7 at 105 taker, 7 left",
    "a nothingLeft, 7 left",
  ]);
  it.sell("b", { lots: 4, orderType: "market" });
  assertEquals(it.news(), ["b 3 at 99 taker, 1 left", "b 1 at 98 taker, 0 left"]);
  it.sell("c", { lots: 9, orderType: "market", timeInForce: "FOK" });
  assertEquals(it.news(), ["c notFilledAtOnce, 9 left"]);
  it.sell("d", { lots: 1, orderType: "market", timeInForce: "GTX" });
  assertEquals(it.news(), ["d wouldTake, 1 left"]);
});

Deno.test("an empty book gives a taker nothing", () => {
  const it = new Desk();
  it.buy("a", { lots: 1, orderType: "market" });
  it.sell("b", { tick: 5, lots: 1, timeInForce: "IOC" });
  it.sell("c", { tick: 5, lots: 1, timeInForce: "FOK" });
  it.buy("d", { tick: 5, lots: 1 });
  assertEquals(it.news(), [
    "a nothingLeft, 1 left",
    "b nothingLeft, 1 left",
    "c notFilledAtOnce, 1 left",
    "d rests, 1 left",
  ]);
});

Deno.test("displayed quantity can be taken by one order after another", () => {
  const it = desk();
  for (const tag of ["a", "b"]) {
    it.buy(tag, { tick: 101, lots: 2 });
    assertEquals(it.news(), [`${tag} 2 at 101 taker, 0 left`]);
  }
});

Deno.test("own orders do not trade with each other", () => {
  const it = desk();
  it.buy("a", { tick: 100, lots: 1 });
  it.sell("b", { tick: 100, lots: 1 });
  it.sell("c", { lots: 1, orderType: "market" });
  assertEquals(it.news(), ["a rests, 1 left", "b rests, 1 left", "c 1 at 99 taker, 0 left"]);
});

Deno.test("levels that the other side has passed cannot be taken", () => {
  const it = desk();
  it.engine.depth(true, 102, 1, 0);
  it.buy("a", { tick: 102, lots: 1, timeInForce: "IOC" });
  assertEquals(it.news(), ["a nothingLeft, 1 left"]);
  it.buy("b", { lots: 1, orderType: "market" });
  assertEquals(it.news(), ["b 1 at 105 taker, 0 left"]);
});

Deno.test("an emptied book keeps resting orders", () => {
  const it = desk();
  const order = it.buy("a", { tick: 98, lots: 1 });
  it.engine.clear("buy");
  assertEquals([it.engine.book.bidTick, it.engine.book.askTick], [-Infinity, 101]);
  it.engine.clear("none");
  assertEquals(it.engine.book.askTick, Infinity);
  assertEquals(it.resting, ["a"]);
  assertEquals([it.engine.cancel(order), it.engine.cancel(order)], [true, false]);
  assertEquals(it.resting, []);
});

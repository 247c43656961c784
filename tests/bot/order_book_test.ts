import { assert, assertEquals } from "@std/assert";
import { NO_ASK_TICK, NO_BID_TICK } from "@hftlive/hftlive";
import { OrderBook } from "../../lib/bot/order_book.ts";
import { NaiveDepth } from "./naive_depth.ts";
import { type Numbers, numbers } from "./numbers.ts";

const TICK = 0.1;
const LOT = 0.001;

function levels(
  map: Map<number, number>,
  isVisible: (tick: number) => boolean,
): [bigint, number][] {
  return [...map].filter(([tick]) => isVisible(tick)).map(([tick, qty]) => [BigInt(tick), qty]);
}

function assertSame(book: OrderBook, naive: NaiveDepth, random: Numbers): void {
  assertEquals(book.bidTick, naive.bestBid);
  assertEquals(book.askTick, naive.bestAsk);
  assertEquals(book.bestBidQty, naive.bids.get(naive.bestBid) ?? 0);
  assertEquals(book.bestAskQty, naive.asks.get(naive.bestAsk) ?? 0);
  for (let i = 0; i < 4; i++) {
    const tick = random.of([...naive.bids.keys(), ...naive.asks.keys(), 1]);
    assertEquals(book.bidQtyAtTick(BigInt(tick)), naive.bids.get(tick) ?? 0);
    assertEquals(book.askQtyAtTick(BigInt(tick)), naive.asks.get(tick) ?? 0);
  }
}

function assertSameSnapshot(book: OrderBook, naive: NaiveDepth): void {
  const { bids, asks } = book.snapshot();
  const expectedBids = levels(naive.bids, (tick) => tick <= naive.bestBid);
  const expectedAsks = levels(naive.asks, (tick) => tick >= naive.bestAsk);
  expectedBids.sort(([a], [b]) => a < b ? 1 : -1);
  expectedAsks.sort(([a], [b]) => a > b ? 1 : -1);
  assertEquals(bids.map((level) => [level.priceTick, level.qty]), expectedBids);
  assertEquals(asks.map((level) => [level.priceTick, level.qty]), expectedAsks);
}

/** Random updates; `spacing` spreads the levels out, `width` bounds them. */
function compare(seed: number, center: number, width: number, spacing: number): void {
  const random = numbers(seed);
  const book = new OrderBook(TICK, LOT);
  const naive = new NaiveDepth();
  let sawCrossing = false;
  for (let i = 0; i < 20_000; i++) {
    const tick = center + random.int(-width, width) * spacing;
    const qty = random.int(0, 2) === 0 ? 0 : random.int(1, 1_000) / 1_000;
    const action = random.int(0, 2_000);
    if (action === 0) {
      book.clear("buy");
      naive.clearBids();
    } else if (action === 1) {
      book.clear("sell");
      naive.clearAsks();
    } else if (action === 2) {
      book.clear();
      naive.clearBids();
      naive.clearAsks();
    } else if (action % 2 === 0) {
      const before = naive.bestAsk;
      book.updateBid(tick * TICK, qty);
      naive.updateBid(tick, qty);
      sawCrossing ||= naive.bestAsk > before;
    } else {
      book.updateAsk(tick * TICK, qty);
      naive.updateAsk(tick, qty);
    }
    assertSame(book, naive, random);
    assert(!(book.bidTick >= book.askTick), "crossed");
    if (i % 200 === 0) assertSameSnapshot(book, naive);
  }
  assert(sawCrossing);
}

Deno.test("the book equals a naive one over random updates, dense", () => {
  compare(1, 600_000, 30, 1);
});

Deno.test("the book equals a naive one over random updates, sparse", () => {
  compare(2, 60_000_000, 50, 1_000);
});

Deno.test("the book equals a naive one over random updates, powers of two apart", () => {
  compare(3, 2 ** 40, 200, 4_096);
});

Deno.test("the book equals a naive one while it wanders far", () => {
  const random = numbers(4);
  const book = new OrderBook(TICK, LOT);
  const naive = new NaiveDepth();
  let center = 1_000_000;
  for (let i = 0; i < 4_000; i++) {
    center += random.int(-20, 40);
    const isBid = random.int(0, 1) === 0;
    const tick = center + (isBid ? -random.int(1, 15) : random.int(1, 15));
    const qty = random.int(0, 3);
    if (isBid) {
      book.updateBid(tick * TICK, qty);
      naive.updateBid(tick, qty);
    } else {
      book.updateAsk(tick * TICK, qty);
      naive.updateAsk(tick, qty);
    }
    assertSame(book, naive, random);
  }
  assertSameSnapshot(book, naive);
});

Deno.test("an empty side has no price, no quantity and upstream's ticks", () => {
  const book = new OrderBook(TICK, LOT);
  for (const _ of [0, 1]) {
    assertEquals([book.bestBid, book.bestAsk], [NaN, NaN]);
    assertEquals([book.bestBidQty, book.bestAskQty], [0, 0]);
    assertEquals([book.bestBidTick, book.bestAskTick], [NO_BID_TICK, NO_ASK_TICK]);
    assertEquals(book.snapshot(), { bids: [], asks: [] });
    book.updateBid(10, 1);
    book.updateAsk(11, 1);
    assertEquals([book.bestBidTick, book.bestAskTick], [100n, 110n]);
    book.clear();
  }
});

Deno.test("an update that crosses moves the other best away", () => {
  const book = new OrderBook(1, 1);
  for (const price of [101, 102, 104]) book.updateAsk(price, price);
  for (const price of [100, 99, 97]) book.updateBid(price, price);
  book.updateBid(102, 5);
  assertEquals([book.bestBid, book.bestAsk, book.bestAskQty], [102, 104, 104]);
  assertEquals(book.askQtyAtTick(102n), 102, "as upstream, what was passed can be read by tick");
  assertEquals(book.snapshot().asks, [{ price: 104, priceTick: 104n, qty: 104 }]);
  book.updateAsk(99, 3);
  assertEquals([book.bestBid, book.bestAsk], [97, 99]);
});

Deno.test("a quantity that rounds to no lot removes the level", () => {
  const book = new OrderBook(TICK, LOT);
  book.updateBid(10, 0.001);
  book.updateBid(9.9, 0.0005);
  assertEquals(book.snapshot().bids.map((level) => level.priceTick), [100n, 99n]);
  for (const qty of [0.00049, 0, -1, NaN]) {
    book.updateBid(10, 0.001);
    book.updateBid(10, qty);
    assertEquals(book.bestBidTick, 99n);
  }
});

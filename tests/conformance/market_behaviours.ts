/** What every bot does with market data. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { BotError, type BotEvent, EventBatch, EventKind, type MarketDepth } from "@hftlive/hftlive";
import { OrderBook } from "../../lib/bot/order_book.ts";
import type { Behaviours } from "./driver.ts";

const KINDS: Record<BotEvent["type"], number> = {
  trade: EventKind.Trade,
  depth: EventKind.Depth,
  snapshot: EventKind.Snapshot,
  bbo: EventKind.Bbo,
  depthClear: EventKind.DepthClear,
  order: EventKind.Order,
  position: EventKind.Position,
  error: EventKind.Error,
  batchStart: EventKind.BatchStart,
  batchEnd: EventKind.BatchEnd,
  connection: EventKind.Connection,
  overflow: EventKind.Overflow,
};

/** Behaviours of the book, trades, waits and polls. */
export const MARKET_BEHAVIOURS: Behaviours = {
  "lists its instruments"({ bot }) {
    assert(bot.numAssets > 0);
    assertEquals(bot.numAssets, bot.instruments.length);
    for (const [asset, { connector, symbol, tickSize, lotSize }] of bot.instruments.entries()) {
      assert(connector.length > 0 && symbol.length > 0);
      assertEquals(bot.depth(asset).tickSize, tickSize);
      assertEquals(bot.depth(asset).lotSize, lotSize);
    }
  },

  "the book becomes two-sided and stays consistent"(driver) {
    const { bot } = driver;
    for (let asset = 0; asset < bot.numAssets; asset++) driver.untilTwoSided(asset);
    for (let turn = 0; turn < 50; turn++) {
      for (let asset = 0; asset < bot.numAssets; asset++) checkBook(bot.depth(asset));
      bot.waitNextFeed(false, 10_000_000);
    }
  },

  "trades gather up to the capacity and clear"(driver, { lastTradesCapacity }) {
    const { bot } = driver;
    bot.clearLastTrades();
    driver.until(
      "more trades than lastTrades keeps",
      () => driver.events.filter((e) => e.type === "trade").length > lastTradesCapacity,
    );
    let kept = 0;
    for (let asset = 0; asset < bot.numAssets; asset++) {
      const trades = bot.lastTrades(asset);
      kept += trades.length;
      assert(trades.length <= lastTradesCapacity, `${trades.length} trades are kept`);
      for (const trade of trades) {
        assertEquals(trade.type, "trade");
        assertEquals(trade.asset, asset);
        assert(trade.side === "buy" || trade.side === "sell");
        assert(trade.price > 0 && trade.qty > 0);
      }
      bot.clearLastTrades(asset);
      assertEquals(bot.lastTrades(asset), []);
    }
    assertEquals(kept > 0, lastTradesCapacity > 0);
  },

  "a wait for the next feed ends with it"({ bot }) {
    const results = new Set<string>();
    for (let turn = 0; turn < 10_000 && !results.has("marketFeed"); turn++) {
      results.add(bot.waitNextFeed(false, 10_000_000));
    }
    results.delete("ok");
    assertEquals([...results], ["marketFeed"]);
    assert(["ok", "marketFeed"].includes(bot.waitNextFeed(false, 0)));
  },

  "time passes in a wait, and never goes back"({ bot }) {
    const start = bot.currentTimestamp();
    assertEquals(bot.elapse(20_000_000), "ok");
    const end = bot.currentTimestamp();
    // A wall clock may be set while the test runs; half is enough to tell.
    assert(end - start >= 10_000_000n, `${end - start} ns passed`);
    assert(bot.currentTimestamp() >= end);
  },

  "a wait refuses a time that is none"({ bot }) {
    for (const ns of [NaN, -1, Infinity]) {
      for (
        const wait of [
          () => bot.elapse(ns),
          () => bot.waitNextFeed(true, ns),
          () => bot.waitOrderResponse(0, 1n, ns),
        ]
      ) {
        const error = assertThrows(wait, BotError, String(ns));
        assertEquals(error.reason, "invalidArgument");
      }
    }
  },

  "a feed's latency is the difference of its times"(driver) {
    const { bot } = driver;
    driver.until("a market event", () => bot.feedLatency(0) !== undefined);
    const { exchTimestamp, localTimestamp, latencyNs } = bot.feedLatency(0)!;
    assertEquals(BigInt(latencyNs), localTimestamp - exchTimestamp);
  },

  "records read in place agree with their objects"(driver) {
    const { bot } = driver;
    const batch = new EventBatch(64);
    const wanted = ["trade", "depth", "snapshot", "batchStart", "batchEnd", "connection"];
    const seen = new Set<string>();
    for (let turn = 0; turn < 100_000 && !wanted.every((type) => seen.has(type)); turn++) {
      bot.waitNextFeed(false, 5_000_000);
      assertEquals(bot.poll(batch), batch.length);
      for (let i = 0; i < batch.length; i++) {
        checkRecord(batch, i);
        seen.add(batch.event(i).type);
      }
      assertThrows(() => batch.event(-1), RangeError);
      assertThrows(() => batch.event(batch.length), RangeError);
    }
    for (const type of wanted) {
      assert(seen.has(type), `no ${type} among ${[...seen]}`);
    }
  },

  "a batch of one record delivers everything, in order"(driver) {
    const { bot } = driver;
    bot.elapse(50_000_000);
    const batch = new EventBatch(1);
    const books = bot.instruments.map(({ tickSize, lotSize }) => new OrderBook(tickSize, lotSize));
    const lastLocal = books.map(() => 0n);
    let compared = 0;
    let delivered = 0;
    for (let turn = 0; turn < 1_000_000 && compared < 20; turn++) {
      delivered += bot.poll(batch);
      for (const event of batch.events()) {
        assert(event.type !== "overflow", "events were lost");
        const { asset } = event;
        rebuild(books, event);
        if (event.type === "depth" || event.type === "trade") {
          assert(event.localTimestamp >= lastLocal[asset]!, "an event came before its turn");
          lastLocal[asset] = event.localTimestamp;
        }
      }
      if (batch.more || delivered < 100) continue;
      for (const [asset, book] of books.entries()) {
        assertEquals(bot.depth(asset).snapshot(), book.snapshot());
      }
      compared++;
    }
    assertEquals(compared, 20, "the bot never had a moment without more events");
  },
};

function rebuild(books: readonly OrderBook[], event: BotEvent): void {
  if (event.type === "depth" || event.type === "snapshot") {
    const book = books[event.asset]!;
    if (event.side === "buy") book.updateBid(event.price, event.qty);
    else book.updateAsk(event.price, event.qty);
  } else if (event.type === "depthClear") {
    books[event.asset]!.clear(event.side);
  }
}

/** Checks one book against itself. */
function checkBook(depth: MarketDepth): void {
  const { bestBid, bestAsk, bestBidTick, bestAskTick, tickSize } = depth;
  assert(bestBid < bestAsk, `crossed: ${bestBid} and ${bestAsk}`);
  assertEquals(BigInt(Math.round(bestBid / tickSize)), bestBidTick);
  assertEquals(BigInt(Math.round(bestAsk / tickSize)), bestAskTick);
  assert(depth.bestBidQty > 0 && depth.bestAskQty > 0);
  assertEquals(depth.bidQtyAtTick(bestBidTick), depth.bestBidQty);
  assertEquals(depth.askQtyAtTick(bestAskTick), depth.bestAskQty);
  assertEquals(depth.bidQtyAtTick(0n), 0);
  const { bids, asks } = depth.snapshot();
  assertEquals(bids[0], { price: bestBid, priceTick: bestBidTick, qty: depth.bestBidQty });
  assertEquals(asks[0], { price: bestAsk, priceTick: bestAskTick, qty: depth.bestAskQty });
  for (let i = 1; i < bids.length; i++) assert(bids[i]!.priceTick < bids[i - 1]!.priceTick);
  for (let i = 1; i < asks.length; i++) assert(asks[i]!.priceTick > asks[i - 1]!.priceTick);
  for (const level of bids) assertEquals(depth.bidQtyAtTick(level.priceTick), level.qty);
  for (const level of asks) assertEquals(depth.askQtyAtTick(level.priceTick), level.qty);
  for (const level of [...bids, ...asks]) assert(level.qty > 0);
}

/** Checks one record's accessors against its object. */
function checkRecord(batch: EventBatch, i: number): void {
  const event = batch.event(i);
  assertEquals(batch.kind(i), KINDS[event.type]);
  assertEquals(batch.asset(i), event.asset);
  assertEquals(batch.exchTimestamp(i), event.exchTimestamp);
  assertEquals(batch.localTimestamp(i), event.localTimestamp);
  switch (event.type) {
    case "trade":
    case "depth":
    case "snapshot":
    case "bbo":
      assertEquals(batch.side(i), event.side);
      assertEquals(batch.isBuy(i), event.side === "buy");
      assertEquals(batch.price(i), event.price);
      assertEquals(batch.qty(i), event.qty);
      assertEquals(
        BigInt(batch.latencyNs(i)),
        event.localTimestamp - event.exchTimestamp,
      );
      break;
    case "order":
      assertEquals(batch.orderId(i), event.orderId);
      assertEquals(batch.side(i), event.side);
      break;
  }
}

import { assert, assertEquals } from "@std/assert";
import { type BotEvent, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { OrderBook } from "../../lib/bot/order_book.ts";
import { eventsOf, NO_PERMISSIONS, ofType } from "./helpers.ts";

const STEPS = 20_000;

function marketOf(options: StubBotOptions): BotEvent[] {
  return eventsOf(new StubBot({ maxFeeds: STEPS, ...options }));
}

/** Number of successes within five standard deviations of a binomial distribution. */
function assertRate(successes: number, trials: number, probability: number): void {
  const expected = trials * probability;
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  assert(
    Math.abs(successes - expected) <= 5 * deviation,
    `${successes} of ${trials}, expected about ${expected}`,
  );
}

function updates(events: readonly BotEvent[]): number {
  return ofType(events, "batchStart").filter((mark) => !mark.registration).length;
}

Deno.test(
  "trades and book updates come as often as their probabilities say",
  NO_PERMISSIONS,
  () => {
    for (const [tradeProbability, depthProbability] of [[0.7, 0.8], [0, 1], [1, 0], [0.01, 0.5]]) {
      const events = marketOf({
        tradeProbability: tradeProbability!,
        depthProbability: depthProbability!,
      });
      assertRate(ofType(events, "trade").length, STEPS, tradeProbability!);
      assertRate(updates(events), STEPS, depthProbability!);
    }
    const events = marketOf({});
    assertRate(ofType(events, "trade").length, STEPS, 0.7);
    assertRate(updates(events), STEPS, 0.8);
  },
);

Deno.test(
  "buyers and sellers trade as often, with lots spread over their range",
  NO_PERMISSIONS,
  () => {
    const trades = ofType(marketOf({ levelLots: { min: 500, max: 500 } }), "trade");
    assertRate(trades.filter((trade) => trade.side === "buy").length, trades.length, 0.5);
    const lots = trades.map((trade) => Math.round(trade.qty / 0.001));
    assert(lots.every((count) => count >= 1 && count <= 200));
    assertRate(lots.filter((count) => count <= 50).length, trades.length, 0.25);
    assertRate(lots.filter((count) => count === 1).length, trades.length, 1 / 200);
  },
);

Deno.test(
  "the price walks by up to the volatility each step, up as often as down",
  NO_PERMISSIONS,
  () => {
    const { bestBids } = replay(marketOf({
      depthProbability: 1,
      volatilityTicks: 4,
      spreadTicks: { min: 2, max: 2 },
    }));
    const moves = bestBids.slice(1).map((tick, i) => tick - bestBids[i]!);
    assert(moves.every((move) => Math.abs(move) <= 4));
    for (let size = -4; size <= 4; size++) {
      assertRate(moves.filter((move) => move === size).length, moves.length, 1 / 9);
    }
  },
);

Deno.test("no volatility, no move", NO_PERMISSIONS, () => {
  const { bestBids, spreads } = replay(marketOf({
    volatilityTicks: 0,
    spreadTicks: { min: 3, max: 3 },
  }));
  assertEquals(new Set(bestBids).size, 1);
  assertEquals(new Set(spreads), new Set([3]));
});

Deno.test("the spread takes every width of its range, and no other", NO_PERMISSIONS, () => {
  const { spreads } = replay(marketOf({ spreadTicks: { min: 2, max: 6 } }));
  assertEquals([...new Set(spreads)].sort(), [2, 3, 4, 5, 6]);
});

Deno.test("a trade prints at the best price, no more than is displayed", NO_PERMISSIONS, () => {
  let trades = 0;
  replay(marketOf({ levelLots: { min: 1, max: 50 } }), (event, book) => {
    if (event.type !== "trade") return;
    trades++;
    const isBuy = event.side === "buy";
    assertEquals(Math.round(event.price / 0.1), isBuy ? book.askTick : book.bidTick);
    assert(event.qty <= (isBuy ? book.bestAskQty : book.bestBidQty));
  });
  assert(trades > 0);
});

const MARKETS: Record<string, StubBotOptions> = {
  default: {},
  "one level": { depthLevels: 1, volatilityTicks: 3 },
  "jumps over the whole book": { depthLevels: 5, volatilityTicks: 40 },
  "narrow to wide": { spreadTicks: { min: 1, max: 400 }, volatilityTicks: 2, depthLevels: 7 },
  "close to zero": {
    basePrice: 3,
    depthLevels: 8,
    spreadTicks: { min: 1, max: 3 },
    volatilityTicks: 9,
  },
};

for (const [name, options] of Object.entries(MARKETS)) {
  Deno.test(`the book is never crossed, never empty, on the grid: ${name}`, NO_PERMISSIONS, () => {
    const levels = options.depthLevels ?? 20;
    replay(marketOf(options), (event, book) => {
      if (event.type === "depth") {
        assert(book.bidTick < book.askTick, `crossed: ${book.bidTick}, ${book.askTick}`);
        assert(book.bestBidQty > 0 && book.bestAskQty > 0, "a side ran empty");
      }
      if (event.type === "depth" || event.type === "trade") {
        assertEquals(event.price, Number(event.price.toFixed(1)), "no decimal of a tick");
        assertEquals(event.qty, Number(event.qty.toFixed(3)), "no decimal of a lot");
        assert(event.price > 0);
      }
      if (event.type === "batchEnd") {
        const { bids, asks } = book.snapshot();
        assertEquals([bids.length, asks.length], [levels, levels]);
        assertEquals(bids[0]!.priceTick - bids.at(-1)!.priceTick, BigInt(levels - 1));
        assertEquals(asks.at(-1)!.priceTick - asks[0]!.priceTick, BigInt(levels - 1));
        for (const { qty } of [...bids, ...asks]) assert(qty >= 0.001 && qty <= 5);
      }
    });
  });
}

Deno.test("every instrument has a market of its own", NO_PERMISSIONS, () => {
  const events = eventsOf(
    new StubBot({
      maxFeeds: 2_000,
      instruments: [
        { connector: "a", symbol: "x", tickSize: 0.1, lotSize: 0.001 },
        { connector: "a", symbol: "y", tickSize: 0.1, lotSize: 0.001 },
        { connector: "b", symbol: "x", tickSize: 0.25, lotSize: 10, basePrice: 800 },
      ],
    }),
  );
  const trades = [0, 1, 2].map((asset) =>
    ofType(events, "trade").filter((trade) => trade.asset === asset)
  );
  for (const each of trades) assertRate(each.length, 2_000, 0.7);
  const prices = trades.map((each) => each.map((trade) => trade.price).join());
  assertEquals(new Set(prices).size, 3);
  for (const trade of trades[2]!) {
    assert(Math.abs(trade.price - 800) < 200);
    assertEquals(trade.price % 0.25, 0);
    assertEquals(trade.qty % 10, 0);
  }
});

/** Rebuilds the book of asset 0, showing each event after it was taken in. */
function replay(
  events: readonly BotEvent[],
  see: (event: BotEvent, book: OrderBook) => void = () => {},
): { bestBids: number[]; spreads: number[] } {
  const book = new OrderBook(0.1, 0.001);
  const bestBids: number[] = [];
  const spreads: number[] = [];
  for (const event of events) {
    if (event.type === "depth" || event.type === "snapshot") {
      if (event.side === "buy") book.updateBid(event.price, event.qty);
      else book.updateAsk(event.price, event.qty);
    } else if (event.type === "batchEnd") {
      bestBids.push(book.bidTick);
      spreads.push(book.askTick - book.bidTick);
    }
    see(event, book);
  }
  return { bestBids, spreads };
}

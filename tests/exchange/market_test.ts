import { assert, assertEquals } from "@std/assert";
import { EventBatch, PaperExchange, StubBot } from "@hftlive/hftlive";
import { ClientBook, levelsOf } from "./client_book.ts";
import { type Json, PaperClient, Stream } from "./paper_client.ts";
import { startRig } from "./rig.ts";
import { BTC, ETH } from "./scripted_market.ts";

const isDepth = (message: Json) => message.e === "depthUpdate";
const isTrade = (message: Json) => message.e === "trade";

/** Takes every message that is on its way to a stream. */
async function drain(stream: Stream): Promise<Json[]> {
  const id = crypto.randomUUID();
  stream.send({ method: "LIST_SUBSCRIPTIONS", id });
  const taken: Json[] = [];
  await stream.take((message) => {
    taken.push(message);
    return message.id === id;
  });
  return taken;
}

Deno.test("market: trades and depth go to those who have subscribed, in Binance's form", async () => {
  await using rig = await startRig();
  const { client, market } = rig;
  await using stream = await client.marketStream("btcusdt@trade", "btcusdt@depth@0ms");
  await using idle = await client.marketStream();
  const before = Date.now();
  market.bid(100, 2.5).ask(100.2, 0).buys(100.3, 0.004).sells(100, 1);
  const depth = await stream.take(isDepth);
  assert(depth.E >= before && depth.T >= before, "times are those of the wall clock");
  const { E: _e, T: _t, ...rest } = depth;
  assertEquals(rest, {
    e: "depthUpdate",
    s: "BTCUSDT",
    U: 12,
    u: 13,
    pu: 11,
    b: [["100.0", "2.500"]],
    a: [["100.2", "0.000"]],
  });
  const fields = ({ s, t, p, q, X, m }: Json) => [s, t, p, q, X, m];
  assertEquals(fields(await stream.take(isTrade)), [
    "BTCUSDT",
    1,
    "100.3",
    "0.004",
    "MARKET",
    false,
  ]);
  assertEquals(fields(await stream.take(isTrade)), [
    "BTCUSDT",
    2,
    "100.0",
    "1.000",
    "MARKET",
    true,
  ]);
  assertEquals((await drain(idle)).length, 1);
});

Deno.test("market: subscribing, listing, leaving, and what is wrong with a request", async () => {
  await using rig = await startRig({ instruments: [BTC, ETH] });
  const { client, market } = rig;
  await using stream = await client.marketStream();
  const ask = (request: Record<string, unknown>) => stream.ask(request);
  const params = ["btcusdt@trade", "ethusdt@trade", "BTCUSDT@depth", "nothere@depth@100ms"];
  assertEquals((await ask({ method: "SUBSCRIBE", params })).result, null);
  assertEquals((await ask({ method: "LIST_SUBSCRIPTIONS" })).result, params);
  assertEquals((await ask({ method: "UNSUBSCRIBE", params: params.slice(1) })).result, null);
  assertEquals((await ask({ method: "LIST_SUBSCRIPTIONS", id: 7 })).id, 7);
  market.buys(50, 1, 1).buys(100, 1);
  assertEquals((await stream.take(isTrade)).s, "BTCUSDT");

  const wrong: [string | Record<string, unknown>, number][] = [
    ["{", 3],
    ["[]", 2],
    [{ id: 1 }, 2],
    [{ method: "DANCE", id: 1 }, 2],
    [{ method: "SUBSCRIBE", id: 1 }, 2],
    [{ method: "SUBSCRIBE", params: [1], id: 1 }, 2],
    [{ method: "SUBSCRIBE", params: ["btcusdt"], id: 1 }, 2],
    [{ method: "SUBSCRIBE", params: ["btcusdt@kline_1m"], id: 1 }, 2],
    [{ method: "LIST_SUBSCRIPTIONS", id: {} }, 2],
    [{ method: "SET_PROPERTY", params: ["combined", 1], id: 1 }, 1],
    [{ method: "GET_PROPERTY", params: ["colour"], id: 1 }, 0],
  ];
  await using other = await client.marketStream();
  await using third = await client.marketStream();
  for (const [index, [request, code]] of wrong.entries()) {
    const asked = index % 2 === 0 ? other : third;
    asked.send(request);
    assertEquals((await asked.take()).error.code, code, JSON.stringify(request));
  }
});

Deno.test("market: streams in the address, and combined ones with their names", async () => {
  await using rig = await startRig();
  const { exchange, market } = rig;
  await using raw = await Stream.open(`${exchange.streamUrl}/btcusdt@trade`);
  const host = exchange.streamUrl.replace(/\/ws$/, "");
  await using combined = await Stream.open(`${host}/stream?streams=btcusdt@trade/btcusdt@depth`);
  market.buys(100.2, 1).bid(99, 3);
  assertEquals((await raw.take()).e, "trade");
  const [first, second] = [await combined.take(), await combined.take()];
  assertEquals([first.stream, first.data.e], ["btcusdt@trade", "trade"]);
  assertEquals([second.stream, second.data.e], ["btcusdt@depth", "depthUpdate"]);
  assertEquals((await combined.ask({ method: "GET_PROPERTY", params: ["combined"] })).result, true);
});

Deno.test("market: an unknown address is no stream", async () => {
  await using rig = await startRig();
  const host = rig.exchange.streamUrl.replace(/\/ws$/, "");
  for (const path of ["/", "/stream/x", "/ws/a/b/c", "/elsewhere"]) {
    const failed = await Stream.open(`${host}${path}`).then(() => false, () => true);
    assert(failed, path);
  }
});

Deno.test("market: snapshot and updates give the bot's book, whatever the market does", async () => {
  for (const seed of [1, 2, 3, 4]) {
    using bot = new StubBot({
      seed,
      instruments: [
        { connector: "x", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
        { connector: "x", symbol: "xrpusdt", tickSize: 0.0005, lotSize: 10, basePrice: 1.5 },
      ],
      volatilityTicks: 8,
      depthLevels: 30,
      maxFeeds: 400,
      stepsPerPoll: seed * 3,
    });
    await using exchange = await PaperExchange.start({ market: bot, waitForSubscriber: true });
    using client = new PaperClient(exchange);
    await using stream = await client.marketStream("btcusdt@depth@0ms", "xrpusdt@depth@0ms");
    const books = [new ClientBook(), new ClientBook()];
    const names = ["BTCUSDT", "XRPUSDT"];
    // Snapshots are taken in the middle, while updates go on.
    await stream.take(isDepth);
    for (const [asset, name] of names.entries()) {
      const { body } = await client.request("GET", `/fapi/v1/depth?symbol=${name}&limit=1000`);
      books[asset]!.load(body);
    }
    await exchange.marketDone;
    const taken = (await drain(stream)).filter(isDepth);
    for (const update of taken) {
      assert(books[names.indexOf(update.s)]!.apply(update), `a gap before ${update.U}`);
    }
    for (const [asset, book] of books.entries()) {
      assertEquals(book.levels(), levelsOf(bot, asset), `seed ${seed}, ${names[asset]}`);
      const { body } = await client.request(
        "GET",
        `/fapi/v1/depth?symbol=${names[asset]}&limit=1000`,
      );
      assertEquals({ bids: body.bids, asks: body.asks }, book.levels());
      assertEquals(body.lastUpdateId, book.id);
    }
    assert(taken.length > 20);
    assertEquals(exchange.report().market.state, "ended");
  }
});

Deno.test("market: levels that the other side passes are removed, and said to be", async () => {
  await using rig = await startRig();
  const { client, market } = rig;
  await using stream = await client.marketStream("btcusdt@depth@0ms");
  const book = new ClientBook();
  book.load((await client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=1000")).body);
  market.bid(100.4, 2).ask(99.7, 3);
  assert(book.apply(await stream.take(isDepth)));
  assertEquals(book.levels(), {
    bids: [["99.6", "1.000"]],
    asks: [["99.7", "3.000"], ["100.5", "1.000"], ["100.6", "1.000"]],
  });
});

Deno.test("market: a book that the bot has already is there from the start", async () => {
  using bot = new StubBot({ seed: 5, maxFeeds: 50 });
  const batch = new EventBatch();
  for (let i = 0; i < 20; i++) bot.poll(batch);
  await using exchange = await PaperExchange.start({ market: bot, waitForSubscriber: true });
  using client = new PaperClient(exchange);
  await using stream = await client.marketStream("btcusdt@depth");
  await stream.take(isDepth);
  await exchange.marketDone;
  const { body } = await client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
  assertEquals({ bids: body.bids, asks: body.asks }, levelsOf(bot, 0));
});

Deno.test("market: it waits for a subscriber if told to, and says how far it is", async () => {
  await using rig = await startRig({ waitForSubscriber: true });
  const { client, exchange, market } = rig;
  assertEquals(exchange.report().market.state, "waiting");
  const { body } = await client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=5");
  assertEquals(body.bids, []);
  await using stream = await client.marketStream("btcusdt@trade");
  market.buys(100, 1);
  await stream.take(isTrade);
  assertEquals(exchange.report().market.state, "running");
  market.end();
  await exchange.marketDone;
  assertEquals(exchange.report().market.state, "ended");
});

Deno.test("market: a bot that fails ends the market, not the exchange", async () => {
  await using rig = await startRig();
  const { client, exchange, market } = rig;
  market.bot.close();
  await exchange.marketDone;
  assertEquals(exchange.report().market.state, "failed");
  assertEquals((await client.request("GET", "/fapi/v1/ping")).status, 200);
});

Deno.test("market: a bot that is closed already ends the market at once", async () => {
  using bot = new StubBot();
  bot.close();
  await using exchange = await PaperExchange.start({ market: bot });
  await exchange.marketDone;
  assertEquals(exchange.report().market.state, "failed");
});

Deno.test("market: exchangeInfo tells grids and limits", async () => {
  await using rig = await startRig({ instruments: [BTC, ETH], minNotional: 7.5 });
  const { body } = await rig.client.request("GET", "/fapi/v1/exchangeInfo");
  const [btc, eth] = body.symbols;
  const filter = (symbol: Json, type: string) =>
    symbol.filters.find((each: Json) => each.filterType === type);
  assertEquals([btc.symbol, btc.baseAsset, btc.quoteAsset], ["BTCUSDT", "BTC", "USDT"]);
  assertEquals([btc.pricePrecision, btc.quantityPrecision], [1, 3]);
  assertEquals(filter(eth, "PRICE_FILTER").tickSize, "0.05");
  assertEquals(filter(eth, "LOT_SIZE").stepSize, "0.1");
  assertEquals(filter(btc, "MIN_NOTIONAL").notional, "7.50000000");
  assertEquals(
    body.rateLimits.map((limit: Json) => [limit.rateLimitType, limit.limit]),
    [["REQUEST_WEIGHT", 2400], ["ORDERS", 300], ["ORDERS", 1200]],
  );
});

import { assert, assertEquals } from "@std/assert";
import { PaperExchange, ReplayBot } from "@hftlive/hftlive";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { PaperClient } from "./paper_client.ts";
import { ClientBook, levelsOf } from "./client_book.ts";

const ignore = recordingMissing() !== undefined;

Deno.test({
  name: "recording: a recorded market is served whole, and its book adds up to the bot's",
  ignore,
  async fn() {
    using bot = new ReplayBot({
      instruments: [{
        connector: "binancefutures",
        symbol: "btcusdt",
        tickSize: 0.1,
        lotSize: 0.001,
        recording: RECORDING,
      }],
      // As fast as it is polled: a second of the market each.
      pollIntervalNs: 1_000_000_000,
    });
    await using exchange = await PaperExchange.start({ market: bot, waitForSubscriber: true });
    using client = new PaperClient(exchange);
    await using stream = await client.marketStream("btcusdt@trade", "btcusdt@depth@0ms");
    const book = new ClientBook();
    let trades = 0;
    await stream.take(({ e }) => {
      if (e === "trade") trades++;
      return e === "depthUpdate";
    });
    book.load((await client.request("GET", "/fapi/v1/depth?symbol=BTCUSDT&limit=1000")).body);
    const id = "end";
    await exchange.marketDone;
    stream.send({ method: "LIST_SUBSCRIPTIONS", id });
    await stream.take((message) => {
      if (message.e === "trade") trades++;
      if (message.e === "depthUpdate") assert(book.apply(message), `a gap before ${message.U}`);
      return message.id === id;
    });
    const { market, streams } = exchange.report();
    assertEquals(market.state, "ended");
    assert(trades > 1_000);
    assertEquals([trades, streams.dropped], [market.trades, 0]);
    const own = levelsOf(bot, 0);
    const { bids, asks } = book.levels();
    // A snapshot has a thousand levels at most; what lies deeper is only known where it changed.
    assertEquals(bids.slice(0, 200), own.bids.slice(0, 200));
    assertEquals(asks.slice(0, 200), own.asks.slice(0, 200));
  },
});

/**
 * Several streams at once, ended by one AbortSignal: the tape, the book and own orders are followed
 * while a bid is kept near the market, each request with a deadline. Ctrl+C, ten seconds, the end
 * of the data or a failure end all of it; then open orders are cancelled, and `await using` closes
 * client and bot.
 *
 *     deno run examples/async_streams.ts
 *     deno run -P=live examples/async_streams.ts --connector NAME
 *
 * Without a connector it runs on a random market, and needs no permission.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { HftliveError, LiveClient, NativeBot, OrderTimeoutError, StubBot } from "@hftlive/hftlive";

const RUN_MS = 10_000;
const DEADLINE_MS = 500;
const BTC = { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => stop.abort());
const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(RUN_MS)]);
const counts = { trades: 0, bookUpdates: 0, quotes: 0, late: 0 };

try {
  const { connector } = parseArgs(Deno.args, { string: ["connector"] });
  const bot = connector === undefined
    ? new StubBot({
      instruments: [{ connector: "stub", ...BTC }],
      clock: "real",
      maxFeeds: Infinity,
    })
    : new NativeBot({ instruments: [{ connector, ...BTC }] });
  await using client = await LiveClient.start(bot, { clearInactiveOrders: "healthInterval" });
  client.addEventListener("connectionlost", ({ detail }) => console.error(detail.reason));
  await client.ready({ timeoutMs: 5_000, signal });

  // Each task ends with the signal's reason. The first that ends otherwise ends the others.
  const tasks = [followTape(client), followBook(client), followOrders(client), keepBid(client)];
  const results = await Promise.allSettled(tasks.map((task) => task.finally(() => stop.abort())));

  // The signal is aborted by now: a deadline alone bounds what the way out waits for.
  const ended = await client.cancelAll({ timeoutMs: DEADLINE_MS });
  console.log(`done: ${JSON.stringify(counts)}, ${ended.length} cancelled on the way out`);
  for (const result of results) if (result.status === "rejected") throw result.reason;
} catch (error) {
  if (error instanceof HftliveError) {
    console.error(`async_streams: ${error.message}`);
    Deno.exitCode = 1;
  } else if (error !== signal.reason) {
    throw error;
  }
}

async function followTape(client: LiveClient): Promise<void> {
  for await (const _trade of client.trades({ signal })) counts.trades++;
}

async function followBook(client: LiveClient): Promise<void> {
  for await (const _update of client.bookUpdates({ signal })) counts.bookUpdates++;
}

/** Unlike market data, own orders are never dropped, however late they are read. */
async function followOrders(client: LiveClient): Promise<void> {
  for await (const { orderId, status, price, leavesQty } of client.orderUpdates({ signal })) {
    console.log(`order ${orderId}: ${status}, ${leavesQty} left at ${price.toFixed(1)}`);
  }
}

/** Keeps a post-only bid twenty ticks below the best one, and moves it when it is ten ticks off. */
async function keepBid(client: LiveClient): Promise<void> {
  const { tickSize, lotSize: qty } = BTC;
  let quoted = NaN;
  // A queue of one: only the newest trade matters, and older ones may be dropped.
  for await (const _trade of client.trades({ signal, queueSize: 1 })) {
    const price = client.bot.depth(0).bestBid - 20 * tickSize;
    if (Number.isNaN(price) || Math.abs(price - quoted) < 10 * tickSize) continue;
    await client.cancelAll({ timeoutMs: DEADLINE_MS, signal });
    try {
      const order = { side: "buy", price, qty, timeInForce: "GTX" } as const;
      await client.submitOrder(order, { timeoutMs: DEADLINE_MS, signal });
      counts.quotes++;
      quoted = price;
    } catch (error) {
      // No answer is no refusal: the order may be open. The next round cancels it first.
      if (!(error instanceof OrderTimeoutError)) throw error;
      counts.late++;
    }
  }
}

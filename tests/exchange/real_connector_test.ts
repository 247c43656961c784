/**
 * hftbacktest's own connector on the paper exchange. It runs if the variable
 * HFTBACKTEST_CONNECTOR names its program, built for Binance's futures and spot market.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  ConnectorRunner,
  LiveClient,
  NativeBot,
  type OrderStatus,
  type OrderUpdateEvent,
  PaperExchange,
  type PaperExchangeOptions,
  StubBot,
} from "@hftlive/hftlive";
import { until } from "../client/scripted_bot.ts";
import { nativeReady } from "../support/native_ready.ts";
import { uniqueConnectorName } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { ScriptedMarket } from "./scripted_market.ts";

const program = Deno.env.get("HFTBACKTEST_CONNECTOR");
if (program === undefined) {
  console.log("real connector tests are skipped: HFTBACKTEST_CONNECTOR names no program");
}
const ignore = program === undefined || nativeReady({ simConnector: false }) !== undefined;

/** How often the market moves, ms. */
const MOVE_MS = 20;

interface Chain extends AsyncDisposable {
  readonly market: ScriptedMarket;
  readonly exchange: PaperExchange;
  readonly client: LiveClient;
  readonly bot: NativeBot;
  /** Order updates that came, in order. */
  readonly updates: OrderUpdateEvent[];
  /** What the connector complained of. */
  readonly errors: string[];
  /** Goes on moving the market. */
  move(): void;
}

/** Bids from 100.0 down and asks from 100.2 up, 1 at each of 5 prices; the lowest bid flickers. */
async function startChain(options: Partial<PaperExchangeOptions> = {}): Promise<Chain> {
  await using parts = new AsyncDisposableStack();
  const market = parts.use(new ScriptedMarket());
  const fill = () => {
    for (let i = 0; i < 5; i++) market.bid(100 - i / 10, 1).ask(100.2 + i / 10, 1);
  };
  let moves = 0;
  const move = () => void market.bid(99.6, 1 + (moves++ % 9) / 1_000);
  const exchange = parts.use(await PaperExchange.start({ market: market.bot, ...options }));
  const directory = parts.use(await TempDirectory.create());
  const timer = setInterval(move, MOVE_MS);
  parts.defer(() => clearInterval(timer));
  const connectorName = uniqueConnectorName();
  const runner = parts.use(
    new ConnectorRunner({
      connectorName,
      connectorType: exchange.venue,
      configPath: await directory.write("paper.toml", exchange.connectorToml(), { mode: 0o600 }),
      binaryPath: program,
      autoBuild: false,
      runtimeDirectory: directory.file("run"),
      // It ends at once only when nothing more comes from the exchange.
      shutdownTimeoutMs: 500,
    }),
  );
  await runner.start();
  // With both streams open, what it does about a symbol that is registered it does once.
  await until(() => exchange.report().streams.opened === 2);
  const bot = new NativeBot({
    instruments: [{ connector: connectorName, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
  const client = parts.use(await LiveClient.start(bot));
  const errors: string[] = [];
  client.addEventListener("error", (event) => errors.push(event.detail.message));
  const updates: OrderUpdateEvent[] = [];
  const reading = (async () => {
    for await (const update of client.orderUpdates()) updates.push(update);
  })();
  parts.defer(async () => {
    await client.close();
    await reading;
  });
  await client.ready({ timeoutMs: 60_000 });
  // The snapshot that it asks for loses against updates that were faster, so that all levels move.
  await until(() => {
    fill();
    const { bids, asks } = client.snapshot();
    return bids.length === 5 && asks.length === 5;
  });
  await until(() => exchange.report().streams.user === 1);
  await untilCancelledAll(exchange, 1);
  const owned = parts.move();
  return {
    market,
    exchange,
    client,
    bot,
    updates,
    errors,
    move,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Waits until the connector has cancelled all orders so many times, which it does when its account's
 * stream opens. Until it has the answer, it takes every order for cancelled, also one just sent.
 */
async function untilCancelledAll(exchange: PaperExchange, times: number): Promise<void> {
  const count = () => {
    const { byEndpoint } = exchange.report().requests;
    return byEndpoint["DELETE /fapi/v1/allOpenOrders"] ?? byEndpoint["DELETE /api/v3/openOrders"];
  };
  await until(() => (count() ?? 0) >= times);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Waits until the bot has an order in a state. */
async function untilStatus(chain: Chain, orderId: bigint, status: OrderStatus): Promise<void> {
  await until(() => chain.bot.order(0, orderId)?.status === status);
}

/** Waits until the bot has the exchange's position. */
async function untilPosition(chain: Chain, position: number): Promise<void> {
  await until(() => Math.abs(chain.bot.position(0) - position) < 1e-9);
  assertEquals(chain.exchange.report().symbols[0]!.position, position);
}

Deno.test({
  name: "real connector: book and trades come through",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { market, client } = chain;
    const trades = client.trades()[Symbol.asyncIterator]();
    market.bid(100.1, 2.5).ask(100.2, 0).buys(100.3, 0.004).sells(100.1, 1);
    const seen: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const { value } = await trades.next();
      seen.push([value?.side, Math.round((value?.price ?? 0) * 10), value?.qty]);
    }
    await trades.return?.();
    assertEquals(seen, [["buy", 1003, 0.004], ["sell", 1001, 1]]);
    const { bids, asks } = client.snapshot();
    assertEquals([bids[0]?.priceTick, bids[0]?.qty, asks[0]?.priceTick], [1001n, 2.5, 1003n]);
  },
});

Deno.test({
  name: "real connector: every kind of order travels and comes back",
  ignore,
  async fn() {
    await using chain = await startChain({
      queueModel: { model: "riskAverse" },
      unneededParameters: "ignore",
    });
    const { market, client, exchange } = chain;

    const resting = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
    assertEquals([resting.status, resting.leavesQty], ["new", 1]);
    const canceled = await client.cancelOrder(resting.orderId);
    assertEquals(canceled.status, "canceled");

    const post = await client.submitOrder({
      side: "buy",
      price: 100.1,
      qty: 1,
      timeInForce: "GTX",
    });
    assertEquals(post.status, "new");
    const refused = await client.submitOrder({
      side: "buy",
      price: 100.2,
      qty: 1,
      timeInForce: "GTX",
    });
    assertEquals(refused.status, "expired");
    await until(() => chain.errors.some((error) => error.includes("-5022")));
    // It is alone at its price: the market's sale meets nobody else first.
    market.sells(100.1, 0.4);
    await untilStatus(chain, post.orderId, "partiallyFilled");
    assertEquals(chain.bot.order(0, post.orderId)?.leavesQty, 0.6);
    market.sells(100.0, 2);
    await untilStatus(chain, post.orderId, "filled");
    await untilPosition(chain, 1);

    const ioc = await client.submitOrder({
      side: "sell",
      price: 100,
      qty: 1.5,
      timeInForce: "IOC",
    });
    await untilStatus(chain, ioc.orderId, "expired");
    await untilPosition(chain, 0);

    const killed = await client.submitOrder({
      side: "sell",
      price: 100,
      qty: 1.5,
      timeInForce: "FOK",
    });
    await untilStatus(chain, killed.orderId, "expired");
    const fok = await client.submitOrder({
      side: "sell",
      price: 99.9,
      qty: 1.5,
      timeInForce: "FOK",
    });
    await untilStatus(chain, fok.orderId, "filled");
    await untilPosition(chain, -1.5);

    const atMarket = await client.submitOrder({
      side: "buy",
      price: 0,
      qty: 1.5,
      orderType: "market",
    });
    await untilStatus(chain, atMarket.orderId, "filled");
    await untilPosition(chain, 0);

    const { orders, symbols } = exchange.report();
    assertEquals(orders, { accepted: 6, filled: 3, canceled: 1, expired: 2, amended: 0, open: 0 });
    assertEquals([symbols[0]!.fills, symbols[0]!.makerFills], [7, 2]);
  },
});

Deno.test({
  name: "real connector: its market orders are refused as Binance refuses them",
  ignore,
  async fn() {
    await using chain = await startChain();
    const order = await chain.client.submitOrder({
      side: "buy",
      price: 0,
      qty: 1,
      orderType: "market",
    });
    assertEquals(order.status, "expired");
    await until(() => chain.errors.some((error) => error.includes("-1106")));
  },
});

Deno.test({
  name: "real connector: refused orders expire, whatever the code",
  ignore,
  async fn() {
    await using chain = await startChain({ balance: 10 });
    const { client, exchange, errors } = chain;
    exchange.inject({ fault: "rejectOrders", code: -1008 });
    const overloaded = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
    const margin = await client.submitOrder({ side: "buy", price: 99, qty: 100 });
    const small = await client.submitOrder({ side: "buy", price: 99, qty: 0.001 });
    assertEquals([overloaded.status, margin.status, small.status], [
      "expired",
      "expired",
      "expired",
    ]);
    for (const code of ["-1008", "-2019", "-4164"]) {
      await until(() => errors.some((error) => error.includes(code)));
    }
  },
});

Deno.test({
  name: "real connector: double and late messages leave the right state",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { client, exchange } = chain;
    for (const fault of ["duplicateUpdates", "reorderUpdates"] as const) {
      exchange.inject({ fault, count: 3 });
      const order = await client.submitOrder({
        side: "buy",
        price: 100.2,
        qty: 0.5,
        timeInForce: "IOC",
      });
      await untilStatus(chain, order.orderId, "filled");
      exchange.inject({ fault: "clear" });
    }
    await untilPosition(chain, 1);
    const { duplicated, reordered } = exchange.report().userUpdates;
    assert(duplicated > 0 && reordered > 0);
  },
});

Deno.test({
  name: "real connector: an order whose answer is late is known by its messages",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { client, exchange, bot } = chain;
    exchange.inject({ fault: "silence", target: "answers" });
    const order = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
    assertEquals([order.status, bot.order(0, order.orderId)?.request], ["new", "new"]);
    exchange.inject({ fault: "clear" });
    await until(() => bot.order(0, order.orderId)?.request === "none");
  },
});

Deno.test({
  name:
    "real connector: without its listen key, or its stream, it comes back and cancels all orders",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { client, exchange } = chain;
    for (
      const fault of [{ fault: "expireListenKey" }, {
        fault: "dropStreams",
        streams: "user",
      }] as const
    ) {
      const order = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
      const { streams: before, requests } = exchange.report();
      const cancels = requests.byEndpoint["DELETE /fapi/v1/allOpenOrders"] ?? 0;
      exchange.inject(fault);
      await untilStatus(chain, order.orderId, "canceled");
      await until(() => {
        const { opened, user } = exchange.report().streams;
        return opened > before.opened && user === 1;
      });
      await untilCancelledAll(exchange, cancels + 1);
    }
    assertEquals(exchange.report().orders.canceled, 2);
    const after = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
    assertEquals(after.status, "new");
  },
});

Deno.test({
  name:
    "real connector: what its account's stream lost, it takes for cancelled, with the right position",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { client, exchange } = chain;
    exchange.inject({ fault: "silence", target: "user" });
    const order = await client.submitOrder({ side: "buy", price: 100.2, qty: 0.5 });
    assertEquals(exchange.report().orders.filled, 1);
    exchange.inject({ fault: "clear" });
    exchange.inject({ fault: "dropStreams", streams: "user" });
    await untilPosition(chain, 0.5);
    await until(() => chain.updates.some(({ status }) => status === "canceled"));
    assertEquals(order.status, "new");
  },
});

Deno.test({
  name: "real connector: a dropped market stream is opened again, and stays silent",
  ignore,
  async fn() {
    await using chain = await startChain();
    const { exchange, errors } = chain;
    const { opened } = exchange.report().streams;
    exchange.inject({ fault: "dropStreams", streams: "market" });
    await until(() => exchange.report().streams.opened > opened);
    await until(() => errors.some((error) => error.includes("ConnectionAbort")));
    const { depthUpdates } = exchange.report().streams;
    const { levels } = exchange.report().market;
    await until(() => exchange.report().market.levels > levels + 20);
    // Nobody has subscribed: nothing was sent although the market moved.
    assertEquals(exchange.report().streams.depthUpdates, depthUpdates);
  },
});

Deno.test({
  name: "real connector: several symbols at once",
  ignore,
  async fn() {
    await using parts = new AsyncDisposableStack();
    const symbols = [
      { symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001, basePrice: 60_000 },
      { symbol: "xrpusdt", tickSize: 0.0001, lotSize: 0.1, basePrice: 2 },
    ];
    const market = parts.use(
      new StubBot({
        clock: "real",
        maxFeeds: Infinity,
        stepIntervalNs: 5_000_000,
        instruments: symbols.map((each) => ({ connector: "stub", ...each })),
      }),
    );
    const exchange = parts.use(await PaperExchange.start({ market }));
    const directory = parts.use(await TempDirectory.create());
    const connector = uniqueConnectorName();
    const runner = parts.use(
      new ConnectorRunner({
        connectorName: connector,
        connectorType: "binancefutures",
        configPath: await directory.write("paper.toml", exchange.connectorToml(), { mode: 0o600 }),
        binaryPath: program,
        autoBuild: false,
        runtimeDirectory: directory.file("run"),
        shutdownTimeoutMs: 500,
      }),
    );
    await runner.start();
    await until(() => exchange.report().streams.opened === 2);
    const instruments = symbols.map(({ symbol, tickSize, lotSize }) => ({
      connector,
      symbol,
      tickSize,
      lotSize,
    }));
    const client = parts.use(await LiveClient.start(new NativeBot({ instruments })));
    await client.ready({ timeoutMs: 60_000 });
    const seen = [0, 0];
    for await (const { asset, price } of client.trades()) {
      const { basePrice } = symbols[asset]!;
      assert(Math.abs(price / basePrice - 1) < 0.1, `${price} is a price of another symbol`);
      seen[asset]!++;
      if (seen.every((count) => count >= 5)) break;
    }
    await until(() => [0, 1].every((asset) => client.snapshot(asset).bids.length >= 10));
    await untilCancelledAll(exchange, 2);
    const order = await client.submitOrder({ asset: 1, side: "buy", price: 1, qty: 10.5 });
    assertEquals(order.status, "new");
    assertEquals(exchange.report().symbols.map((each) => each.openOrders), [0, 1]);
  },
});

Deno.test({
  name: "real connector: on the spot market orders travel, and little else comes back",
  ignore,
  async fn() {
    await using chain = await startChain({
      venue: "binancespot",
      balances: { BTC: 5 },
      connectorQuirks: "accept",
      unneededParameters: "ignore",
    });
    const { client, exchange, errors } = chain;
    const ioc = await client.submitOrder({
      side: "buy",
      price: 100.2,
      qty: 0.5,
      timeInForce: "IOC",
    });
    await untilStatus(chain, ioc.orderId, "filled");
    const atMarket = await client.submitOrder({
      side: "sell",
      price: 0,
      qty: 0.1,
      orderType: "market",
    });
    await untilStatus(chain, atMarket.orderId, "filled");
    const resting = await client.submitOrder({ side: "buy", price: 99, qty: 1 });
    assertEquals(resting.status, "new");
    // It cannot read the answer to a cancel, and takes no notice of the message.
    const canceling = client.cancelOrder(resting.orderId, { timeoutMs: 500 }).catch(() => {});
    await until(() => errors.some((error) => error.includes("decoding")));
    await canceling;
    assertEquals(chain.bot.order(0, resting.orderId)?.status, "new");
    const { orders, symbols } = exchange.report();
    assertEquals([orders.accepted, orders.filled, orders.canceled], [3, 2, 1]);
    assertEquals(symbols[0]!.position, 0.4);
    // Positions come under the name of the asset.
    assertEquals(chain.bot.position(0), 0);
  },
});

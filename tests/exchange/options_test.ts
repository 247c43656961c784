import { assert, assertEquals, assertRejects } from "@std/assert";
import { parse } from "smol-toml";
import {
  InvalidInputError,
  MissingPermissionError,
  PaperExchange,
  type PaperExchangeOptions,
} from "@hftlive/hftlive";
import { startRig } from "./rig.ts";
import { BTC, ScriptedMarket } from "./scripted_market.ts";

Deno.test("options: each that cannot be used is named", async () => {
  using market = new ScriptedMarket();
  const cases: [Record<string, unknown>, string][] = [
    [{ market: undefined }, "market"],
    [{ blance: 1 }, "blance"],
    [{ venue: "kraken" }, "venue"],
    [{ port: 70_000 }, "port"],
    [{ balance: -1 }, "balance"],
    [{ balance: 1e300 }, "balance"],
    [{ fees: { maker: 2, taker: 0 } }, "fees.maker"],
    [{ fees: { maker: 0 } }, "fees.taker"],
    [{ leverage: 0.5 }, "leverage"],
    [{ queueModel: { model: "luck" } }, "queueModel.model"],
    [{ minNotional: NaN }, "minNotional"],
    [{ maxQty: 0 }, "maxQty"],
    [{ maxOpenOrders: 0 }, "maxOpenOrders"],
    [{ unneededParameters: "maybe" }, "unneededParameters"],
    [{ rateLimits: { weightPerMinute: 0 } }, "rateLimits.weightPerMinute"],
    [{ listenKeyValidityMs: Infinity }, "listenKeyValidityMs"],
    [{ pingIntervalMs: 5 }, "pingIntervalMs"],
    [{ maxBufferedBytes: 1 }, "maxBufferedBytes"],
    [{ streamRequestsPerSecond: "10" }, "streamRequestsPerSecond"],
  ];
  for (const [option, field] of cases) {
    const options = { market: market.bot, ...option } as unknown as PaperExchangeOptions;
    const error = await assertRejects(() => PaperExchange.start(options), InvalidInputError);
    assertEquals(error.field, field);
  }
});

Deno.test("options: a key that cannot be used is not shown", async () => {
  using market = new ScriptedMarket();
  for (const field of ["apiKey", "secret", "adminToken"] as const) {
    const error = await assertRejects(
      () => PaperExchange.start({ market: market.bot, [field]: "hush hush" }),
      InvalidInputError,
      field,
    );
    assert(!error.message.includes("hush") && error.value === "***");
  }
});

Deno.test("options: symbols must be told apart, and be paid in one asset", async () => {
  const start = async (...symbols: string[]) => {
    using market = new ScriptedMarket(symbols.map((symbol) => ({ ...BTC, symbol })));
    await using _exchange = await PaperExchange.start({ market: market.bot });
  };
  for (
    const symbols of [["btcusdt", "BTCUSDT"], ["btcusdt", "btcusdc"], ["btc-usdt"]]
  ) {
    await assertRejects(() => start(...symbols), InvalidInputError, "symbol");
  }
  await start("btcusdt", "ethusdt", "1000pepeusdt");
});

Deno.test("options: a port that is taken, or may not be used", async () => {
  await using rig = await startRig();
  const port = Number(new URL(rig.exchange.apiUrl).port);
  using market = new ScriptedMarket();
  await assertRejects(
    () => PaperExchange.start({ market: market.bot, port }),
    InvalidInputError,
    "a port that is free and may be used",
  );
});

Deno.test({
  name: "options: a missing permission is named",
  permissions: { net: false },
  async fn() {
    using market = new ScriptedMarket();
    const error = await assertRejects(
      () => PaperExchange.start({ market: market.bot }),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-net=127.0.0.1"]);
  },
});

Deno.test("options: the connector's configuration names this exchange", async () => {
  await using rig = await startRig({ apiKey: "paper-key", secret: 'with"quote\\and=more' });
  const { exchange } = rig;
  assertEquals({ ...parse(exchange.connectorToml()) }, {
    stream_url: exchange.streamUrl,
    api_url: exchange.apiUrl,
    order_prefix: "paper",
    api_key: "paper-key",
    secret: 'with"quote\\and=more',
  });
  assertEquals((await rig.client.signed("GET", "/fapi/v2/balance")).status, 200);
});

Deno.test("options: closing twice is closing once", async () => {
  const rig = await startRig();
  await using stream = await rig.client.marketStream("btcusdt@trade");
  await Promise.all([rig.exchange.close(), rig.exchange.close()]);
  assertEquals((await stream.closed).code, 1001);
  assertEquals(rig.exchange.report().market.state, "stopped");
  await rig[Symbol.asyncDispose]();
});

Deno.test("options: clients that do not play along do not hold the closing up", async () => {
  const rig = await startRig();
  const { hostname, port } = new URL(rig.exchange.apiUrl);
  const head = [
    "GET /fapi/v1/ping HTTP/1.1\r\nhost",
    "POST /fapi/v1/order HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n",
    "GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
    "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ];
  const connections: Deno.TcpConn[] = [];
  for (const text of head) {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(text));
    connections.push(connection);
  }
  await connections[2]!.read(new Uint8Array(1_024));
  await rig.exchange.close();
  for (const connection of connections) connection.close();
  await rig[Symbol.asyncDispose]();
  // The server notices that they have gone.
  await new Promise((resolve) => setTimeout(resolve, 100));
});

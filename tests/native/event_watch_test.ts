import { assert, assertEquals, assertThrows } from "@std/assert";
import { BotError, EventBatch, InvalidInputError, LiveClient, NativeBot } from "@hftlive/hftlive";
import { inCheckout } from "../support/checkout.ts";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";

const ignore = nativeReady() !== undefined;
/** Longer than a test may take: only what ends a watch early can end it. */
const LONG = { lookEveryMs: 1, timeoutMs: 600_000 };
/** Looks once, and then not before the test has failed. */
const DEAF = { lookEveryMs: 600_000, timeoutMs: 600_000 };

function botOn(connector: string): NativeBot {
  return new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
}

Deno.test({
  name: "event watch: ends with its time, by request, with the next poll, and with the bot",
  ignore,
  async fn() {
    const bot = botOn(uniqueConnectorName());
    const batch = new EventBatch();
    bot.poll(batch);
    assertEquals(await bot.watchEvents({ lookEveryMs: 1, timeoutMs: 5 }).ended, false);

    const asked = bot.watchEvents(DEAF);
    asked.end();
    assertEquals(await asked.ended, false);
    asked.end();

    const polled = bot.watchEvents(DEAF);
    bot.poll(batch);
    assertEquals(await polled.ended, false);

    const waited = bot.watchEvents(LONG);
    bot.waitNextFeed(false, 1_000_000);
    assertEquals(await waited.ended, false);

    const former = bot.watchEvents(LONG);
    const closed = bot.watchEvents(DEAF);
    assertEquals(await former.ended, false);
    bot.close();
    assertEquals(await closed.ended, false);
    closed.end();
    const error = assertThrows(() => bot.watchEvents(LONG), BotError);
    assertEquals(error.reason, "closed");
  },
});

Deno.test({
  name: "event watch: refuses times that are none",
  ignore,
  fn() {
    using bot = botOn(uniqueConnectorName());
    for (const ms of [NaN, -1, Infinity, 1e300]) {
      for (const field of ["lookEveryMs", "timeoutMs"]) {
        const error = assertThrows(
          () => bot.watchEvents({ ...LONG, [field]: ms }),
          InvalidInputError,
        );
        assertEquals(error.field, field);
      }
    }
    assertThrows(() => bot.watchEvents({ ...LONG, lookEveryMs: 0 }), InvalidInputError);
  },
});

Deno.test({
  name: "event watch: ends when a connector comes and when an event comes",
  ignore,
  async fn() {
    const name = uniqueConnectorName();
    using bot = botOn(name);
    const batch = new EventBatch();
    bot.poll(batch);
    const coming = bot.watchEvents(LONG);
    await using _sim = await startSimConnector({ name });
    assertEquals(await coming.ended, true);

    // The book's changes, in one batch or many.
    for (let events = 0; events < 100;) {
      await bot.watchEvents({ ...LONG, timeoutMs: 50 }).ended;
      events += bot.poll(batch);
    }
    assert(bot.connection(0).registered);
  },
});

Deno.test({
  name: "event watch: a client asleep sees events, sends an order, and closes",
  ignore,
  async fn() {
    await using sim = await startSimConnector({
      config: { source: { kind: "synthetic", rate: 20 } },
    });
    await using client = await LiveClient.start(botOn(sim.name));
    await client.ready();
    let seen = 0;
    for await (const _event of client.events()) if (++seen === 10) break;
    const answer = await client.submitOrder({ side: "buy", price: 1, qty: 0.001 });
    assertEquals(answer.status, "new");
    assertEquals((await client.cancelOrder(answer.orderId)).status, "canceled");
    // Long enough to be asleep; the next event is 200 ms away.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals(client.dropped, 0);
  },
});

for (const ending of ["exit", "throw", "close", "signal", "worker"]) {
  Deno.test({
    name: `event watch: a program that ends by ${ending} while one runs does not wait for it`,
    ignore,
    async fn() {
      const program = inCheckout("tests/native/event_watch_program.ts");
      const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "--no-config", "-A", program, uniqueConnectorName(), ending],
        stdin: "null",
      }).output();
      const errors = new TextDecoder().decode(stderr);
      assertEquals(new TextDecoder().decode(stdout), "watching\n", errors);
      const expected = { exit: 7, throw: 1, close: 0, signal: 130, worker: 0 }[ending];
      assertEquals([code, signal], [expected, ending === "signal" ? "SIGINT" : null], errors);
    },
  });
}

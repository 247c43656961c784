import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  BotError,
  type BotEvent,
  DEFAULT_CHANNEL_SIZES,
  EventBatch,
  InvalidInputError,
  NativeBot,
  type NativeBotOptions,
  probeChannel,
} from "@hftlive/hftlive";
import { nativeReady, startSimConnector, uniqueConnectorName } from "../support/sim_connector.ts";
import { inCheckout } from "../support/checkout.ts";

const PATIENCE_MS = 30_000;
const missing = nativeReady();
const ignore = missing !== undefined;

function instrument(connector: string) {
  return { connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };
}

/** Polls until a condition holds, and keeps every event. */
class Poller {
  readonly events: BotEvent[] = [];
  readonly batch = new EventBatch(512);
  readonly #bot: NativeBot;

  constructor(bot: NativeBot) {
    this.#bot = bot;
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition()) {
      assert(Date.now() < deadline, `not within ${PATIENCE_MS} ms: ${what}`);
      this.#bot.poll(this.batch);
      this.events.push(...this.batch.events());
      if (!this.batch.more) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  states(): string[] {
    return this.events.flatMap((event) => event.type === "connection" ? [event.state] : []);
  }
}

/** As a real connector's errors quote the request that failed. */
const MESSAGE = "margin is insufficient: https://x/order?qty=1&signature=c0ffee";

Deno.test("native bot: options that cannot be used are named", () => {
  const good = instrument("bf");
  const cases: [string, Record<string, unknown>][] = [
    ["instruments", { instruments: [] }],
    ["instruments", { instruments: "btcusdt" }],
    ["instruments", { instruments: Array(4097).fill(good) }],
    ["instruments[0].connector", { instruments: [{ ...good, connector: "a/b" }] }],
    ["instruments[1].symbol", { instruments: [good, { ...good, symbol: "" }] }],
    ["instruments[1].symbol", { instruments: [good, good] }],
    ["instruments[0].tickSize", { instruments: [{ ...good, tickSize: 0 }] }],
    ["instruments[0].lotSize", { instruments: [{ ...good, lotSize: NaN }] }],
    [
      "instruments[0].lastTradesCapacity",
      { instruments: [{ ...good, lastTradesCapacity: 1.5 }] },
    ],
    ["instruments[0].roiLowerBound", { instruments: [good], depth: "roivec" }],
    [
      "instruments[0].roiUpperBound",
      { instruments: [{ ...good, roiLowerBound: 10, roiUpperBound: 10 }], depth: "roivec" },
    ],
    [
      "instruments[0].roiUpperBound",
      { instruments: [{ ...good, roiLowerBound: 0, roiUpperBound: 1e12 }], depth: "roivec" },
    ],
    ["depth", { instruments: [good], depth: "btree" }],
    ["botId", { instruments: [good], botId: 0n }],
    ["botId", { instruments: [good], botId: 2n ** 64n }],
    ["botId", { instruments: [good], botId: 7 }],
    ["journalCapacity", { instruments: [good], journalCapacity: 0 }],
    ["channel", { instruments: [good], channel: "/etc/channel.toml" }],
    ["channel.bufferSize", { instruments: [good], channel: { bufferSize: 0 } }],
    ["channel.maxBots", { instruments: [good], channel: { maxBots: 2 ** 16 + 1 } }],
    ["libraryPath", { instruments: [good], libraryPath: "" }],
  ];
  for (const [field, options] of cases) {
    const error = assertThrows(
      () => new NativeBot(options as unknown as NativeBotOptions),
      InvalidInputError,
      undefined,
      field,
    );
    assertEquals(error.field, field);
    assertStringIncludes(error.message, field);
  }
});

Deno.test({
  name: "native bot: without a connector nothing is attached, and no order leaves",
  ignore,
  fn() {
    const name = uniqueConnectorName();
    using bot = new NativeBot({ instruments: [instrument(name)] });
    const batch = new EventBatch();
    for (let i = 0; i < 3; i++) {
      bot.poll(batch);
      for (const event of batch.events()) {
        assert(event.type === "connection" && event.state === "detached", event.type);
      }
    }
    assertEquals(bot.connection(0), {
      ...{ attached: false, registered: false, lastFeedTimestamp: undefined },
      ...{ overflows: 0, dropped: 0, malformed: 0 },
    });
    assertEquals(bot.waitNextFeed(true, 1_000_000), "ok");
    const error = assertThrows(
      () => bot.submitBuyOrder(0, 1n, 60_000, 0.001, "GTC", "limit", true),
      BotError,
      name,
    );
    assertEquals(error.reason, "custom");
    assertEquals(bot.orders(0).size, 0);
    assertEquals(bot.feedLatency(0), undefined);
    assertEquals(bot.orderLatency(0), undefined);
    const depth = bot.depth(0);
    assertEquals([depth.bestBid, depth.bestAsk, depth.bestBidQty], [NaN, NaN, 0]);
    assertEquals(depth.snapshot(), { bids: [], asks: [] });
  },
});

Deno.test({
  name: "native bot: a probe creates nothing and sees connectors and bots",
  ignore,
  async fn() {
    const absent = uniqueConnectorName();
    assertEquals(probeChannel(absent), { exists: false, publishers: [], bots: 0 });
    assertEquals(probeChannel(absent).exists, false);
    for (const name of ["", "a/b", "a b", "x".repeat(201)]) {
      assertThrows(() => probeChannel(name), InvalidInputError, "connector");
    }

    const sim = await startSimConnector();
    try {
      using _bot = new NativeBot({ instruments: [instrument(sim.name)] });
      assertEquals(probeChannel(sim.name), {
        exists: true,
        publishers: [{ pid: sim.pid, alive: true }],
        bots: 1,
        sizes: DEFAULT_CHANNEL_SIZES,
      });
      sim.kill("SIGKILL");
      await sim.status;
      assertEquals(probeChannel(sim.name).publishers.filter(({ alive }) => alive), []);
    } finally {
      await sim.stop();
    }
  },
});

Deno.test({
  name: "native bot: views of a closed bot refuse, and a bot can be made again",
  ignore,
  fn() {
    const name = uniqueConnectorName();
    for (let round = 0; round < 5; round++) {
      const bot = new NativeBot({ instruments: [instrument(name)] });
      const depth = bot.depth(0);
      assertEquals(depth.tickSize, 0.1);
      bot.close();
      for (
        const read of [
          () => depth.bestBid,
          () => depth.bestAskTick,
          () => depth.bidQtyAtTick(1n),
          () => depth.snapshot(),
        ]
      ) {
        assertEquals(assertThrows(read, BotError).reason, "closed");
      }
    }
    assertEquals(probeChannel(name).exists, false);
  },
});

Deno.test({
  name: "native bot: instruments are copies that cannot be changed",
  ignore,
  fn() {
    const mine = instrument(uniqueConnectorName());
    using bot = new NativeBot({ instruments: [mine] });
    mine.tickSize = 7;
    assertEquals(bot.instruments[0]!.tickSize, 0.1);
    assert(Object.isFrozen(bot.instruments) && Object.isFrozen(bot.instruments[0]));
  },
});

Deno.test({
  name: "native bot: ticks beyond 64 bits name no level",
  ignore,
  async fn() {
    await using sim = await startSimConnector();
    using bot = new NativeBot({ instruments: [instrument(sim.name)] });
    const depth = bot.depth(0);
    await new Poller(bot).until("a bid", () => depth.bestBidQty > 0);
    const beyond = depth.bestBidTick + 2n ** 64n;
    assertEquals([depth.bidQtyAtTick(beyond), depth.askQtyAtTick(-beyond)], [0, 0]);
  },
});

Deno.test({
  name: "native bot: a connector's errors come with their words, without secrets, and only once",
  ignore,
  async fn() {
    await using sim = await startSimConnector({
      config: {
        source: { kind: "synthetic" },
        fault: { live_error_after_events: 20, live_error_message: MESSAGE },
      },
    });
    using bot = new NativeBot({ instruments: [instrument(sim.name)] });
    const poller = new Poller(bot);
    const errors = () => poller.events.filter((event) => event.type === "error");
    await poller.until("four errors", () => errors().length >= 4);
    assertEquals(errors().map(({ kind }) => kind), [
      "connectionInterrupted",
      "criticalConnectionError",
      "orderError",
      "custom",
    ]);
    assert(errors().every(({ localTimestamp }) => localTimestamp > 0n));
    const words = errors().map(({ message }) => message);
    assertStringIncludes(words[3]!, "margin is insufficient: https://x/order?qty=1&signature=***");
    assert(words.every((text) => !text.includes("c0ffee")));
    assertEquals(errors()[3]!.code, -1000n);

    const before = poller.events.length;
    await poller.until("more events", () => poller.events.length > before + 50);
    assertEquals(poller.batch.messages, []);
    assertEquals(errors().length, 4);
  },
});

Deno.test({
  name: "native bot: a malformed message is refused, told and counted",
  ignore,
  async fn() {
    await using sim = await startSimConnector({
      config: {
        source: { kind: "synthetic" },
        fault: { malformed_after_events: 20 },
      },
    });
    using bot = new NativeBot({ instruments: [instrument(sim.name)] });
    const poller = new Poller(bot);
    await poller.until("the error", () => poller.events.some(({ type }) => type === "error"));
    const error = poller.events.find((event) => event.type === "error");
    assert(error?.type === "error");
    assertEquals(error.kind, "malformed");
    assert(error.message.length > 0);
    assertEquals(bot.connection(0).malformed, 1);
    const before = poller.events.length;
    await poller.until("the market to go on", () => poller.events.length > before + 50);
  },
});

Deno.test({
  name: "native bot: what the journal cannot keep is counted and told",
  ignore,
  async fn() {
    await using sim = await startSimConnector({
      config: { source: { kind: "synthetic", rate: 5_000 } },
    });
    using bot = new NativeBot({ instruments: [instrument(sim.name)], journalCapacity: 100 });
    const poller = new Poller(bot);
    await poller.until("registration", () => bot.connection(0).registered);
    // Waits handle events without delivering them.
    while (bot.connection(0).dropped === 0) bot.elapse(50_000_000);
    const { dropped } = bot.connection(0);
    await poller.until("the loss", () => poller.events.some(({ type }) => type === "overflow"));
    const loss = poller.events.find((event) => event.type === "overflow");
    assert(loss?.type === "overflow");
    assertEquals(loss.cause, "journal");
    assert(loss.lost >= dropped, `${loss.lost} of ${dropped}`);
    assertEquals(bot.connection(0).overflows, 0);
  },
});

Deno.test({
  name: "native bot: a connector that is killed and started again is noticed and taken up again",
  ignore,
  async fn() {
    const name = uniqueConnectorName();
    const first = await startSimConnector({ name });
    let bot: NativeBot | undefined;
    try {
      bot = new NativeBot({ instruments: [instrument(name)] });
      const current = bot;
      const poller = new Poller(bot);
      await poller.until("a feed", () => current.connection(0).lastFeedTimestamp !== undefined);
      first.kill("SIGKILL");
      await first.status;
      await poller.until("the loss", () => poller.states().includes("detached"));
      assertEquals(bot.connection(0).attached, false);

      await using _second = await startSimConnector({ name });
      const lost = bot.connection(0).lastFeedTimestamp!;
      await poller.until("registration", () => current.connection(0).registered);
      await poller.until("a new feed", () => current.connection(0).lastFeedTimestamp! > lost);
      assertEquals(poller.states().at(-1), "registered");
      await poller.until("a book", () => current.depth(0).bestBidQty > 0);
      bot.close();
    } finally {
      bot?.close();
      await first.stop();
    }
  },
});

Deno.test({
  name: "native bot: one that nobody closed is released with its memory or its process",
  ignore,
  async fn() {
    const name = uniqueConnectorName();
    const program = inCheckout("tests/native/unclosed_bot.ts");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--no-config", "-A", "--v8-flags=--expose-gc", program, name],
      ],
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const counts = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(counts, { open: 1, collected: 0, keptByView: 1 });
    assertEquals(probeChannel(name).exists, false);
  },
});

Deno.test({
  name: "native bot: one in a worker ends with the worker",
  ignore,
  async fn() {
    const name = uniqueConnectorName();
    const worker = new Worker(new URL("bot_worker.ts", import.meta.url), { type: "module" });
    try {
      const answer = new Promise<string>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
      });
      worker.postMessage(name);
      assertEquals(await answer, "1 bot");
      assertEquals(probeChannel(name).bots, 1);
    } finally {
      worker.terminate();
    }
    const deadline = Date.now() + PATIENCE_MS;
    while (probeChannel(name).exists && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assertEquals(probeChannel(name).exists, false);
  },
});

Deno.test({
  name: "native bot: a connector that does not start is told with what it printed",
  ignore,
  async fn() {
    await assertRejects(
      () => startSimConnector({ config: "source = 1" }),
      Error,
      "Invalid configuration",
    );
  },
});

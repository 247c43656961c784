/** Runs of strategies on the stub: what they report, and how they end. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BotError,
  defineStrategy,
  InvalidInputError,
  type LiveBot,
  runStrategy,
  type StrategyError,
} from "@hftlive/hftlive";
import { quoter, reproducible, virtualStub } from "./support.ts";

Deno.test("money, fees and fills are those that the simulation itself counts", async () => {
  const fees = { makerFee: 0.0001, takerFee: 0.0004 };
  using bot = virtualStub(fees);
  const { report, error } = await runStrategy(bot, quoter, {
    durationS: 10,
    virtualTime: true,
    fees,
    closeBot: false,
  });
  assertEquals(error, undefined);
  const [figures] = report.instruments;
  const state = bot.stateValues(0);
  assert(state.numTrades > 100, `${state.numTrades} fills`);
  assertEquals(figures!.fills.count, state.numTrades);
  assertAlmostEquals(figures!.fills.bought + figures!.fills.sold, state.tradingVolume, 1e-9);
  assertAlmostEquals(figures!.balance, state.balance, 1e-6);
  assertAlmostEquals(figures!.fee, state.fee, 1e-9);
  assertAlmostEquals(figures!.turnover, state.tradingValue, 1e-6);
  assertEquals([figures!.position, figures!.positionDrift], [state.position, 0]);
  const mid = (bot.depth(0).bestBid + bot.depth(0).bestAsk) / 2;
  assertAlmostEquals(report.equity, state.balance + state.position * mid - state.fee, 1e-6);
});

Deno.test("the orders of a report add up, and none is left open", async () => {
  const { report } = await runStrategy(virtualStub(), quoter, { durationS: 5, virtualTime: true });
  const { submitted, ...ends } = report.instruments[0]!.orders;
  assertEquals(submitted, Object.values(ends).reduce((sum, count) => sum + count));
  assert(submitted > 400, `${submitted} orders`);
  assertEquals([ends.open, ends.unknown], [0, 0]);
  assert(ends.canceled >= 1, "the far order is cancelled at the end");
});

Deno.test("the same seed gives the same run, another one another", async () => {
  const run = async (seed: number) => {
    const bot = virtualStub({ seed, feedLatencyJitterNs: 500_000, rejectProbability: 0.05 });
    const { report, charts } = await runStrategy(bot, quoter, { durationS: 5, virtualTime: true });
    return { report: reproducible(report), charts };
  };
  const first = await run(7);
  assertEquals(await run(7), first);
  assert((await run(8)).report.equity !== first.report.equity);
});

Deno.test("the same seed gives the same run of a strategy that awaits its orders", async () => {
  const trader = defineStrategy({
    async run({ client, instruments, signal, sleep }) {
      for await (const trade of client.trades({ signal })) {
        const side = trade.side === "buy" ? "sell" : "buy";
        const { lotSize: qty } = instruments[0]!;
        const answer = await client.submitOrder({ side, price: trade.price, qty });
        if (answer.status === "new") await sleep(2e6);
        if (client.order(0, answer.orderId)?.status === "new") {
          await client.cancelOrder(answer.orderId);
        }
      }
    },
  });
  const run = async () => {
    const bot = virtualStub({ feedLatencyJitterNs: 500_000 });
    return await runStrategy(bot, trader, { durationS: 2, virtualTime: true });
  };
  const first = await run();
  assertEquals(first.error, undefined);
  assert(first.report.instruments[0]!.fills.count > 10);
  assertEquals(reproducible((await run()).report), reproducible(first.report));
});

Deno.test("onEvent gets every event in order, and waits for what it returns", async () => {
  const seen: string[] = [];
  let busy = false;
  const bot = virtualStub({ maxFeeds: 50 });
  const { report } = await runStrategy(
    bot,
    defineStrategy({
      async onEvent(event, { client }) {
        assertEquals(busy, false, "not before the last one has ended");
        busy = true;
        seen.push(event.type);
        if (event.type === "trade" && seen.length < 100) {
          await client.submitOrder({ side: "buy", price: event.price - 50, qty: 0.001 });
        }
        busy = false;
      },
    }),
    { virtualTime: true, cancelOnExit: false },
  );
  assertEquals(report.endReason, "endOfData");
  // The ledger and the strategy see the same.
  assertEquals(seen.length, report.events);
  assert(seen.includes("order") && seen.includes("depth"));
});

Deno.test("onBatch gets every record in place", async () => {
  let records = 0;
  const { report } = await runStrategy(
    virtualStub({ maxFeeds: 500 }),
    defineStrategy({ onBatch: (batch) => void (records += batch.length) }),
    { virtualTime: true },
  );
  assertEquals(records, report.events);
});

Deno.test("a run takes its time by the bot's clock", async () => {
  const { report } = await runStrategy(virtualStub(), defineStrategy({ onBatch() {} }), {
    durationS: 3600 * 0.01,
    virtualTime: true,
  });
  assertEquals(report.endReason, "duration");
  assertAlmostEquals(report.durationS, 36, 0.01);
});

Deno.test("timers of a strategy follow the bot's clock", async () => {
  const times: number[] = [];
  await runStrategy(
    virtualStub(),
    defineStrategy({
      async run({ now, sleep, every }) {
        const start = now();
        const elapsedMs = () => Number(now() - start) / 1e6;
        every(250e6, () => void times.push(elapsedMs()));
        await sleep(1_001e6);
        times.push(-elapsedMs());
      },
    }),
    { virtualTime: true },
  );
  // On steps of one millisecond.
  assertEquals(times, [250, 500, 750, 1000, -1001]);
});

Deno.test("run ends when it returns", async () => {
  const { report, error } = await runStrategy(
    virtualStub(),
    defineStrategy({ run: async ({ sleep }) => await sleep(5e6) }),
    { virtualTime: true },
  );
  assertEquals([report.endReason, error], ["finished", undefined]);
});

Deno.test("a signal interrupts a run, whose orders are cancelled", async () => {
  const stop = new AbortController();
  const bot = virtualStub();
  const { report } = await runStrategy(bot, {
    ...quoter,
    onBatch: (_, { now }) => {
      if (now() > 1_700_000_000_500_000_000n) stop.abort();
    },
  }, { signal: stop.signal, virtualTime: true });
  assertEquals(report.endReason, "interrupted");
  assertEquals(report.instruments[0]!.orders.open, 0);
});

const boom = (): never => {
  throw new RangeError("boom");
};
const FAILING = {
  setup: { setup: boom },
  onEvent: { onEvent: boom },
  onBatch: { onBatch: () => Promise.reject(new RangeError("boom")) },
  run: { run: () => Promise.reject(new RangeError("boom")) },
  teardown: { run: () => Promise.resolve(), teardown: boom },
  every: {
    setup: ({ every }: { every(ns: number, body: () => void): unknown }) => void every(1e6, boom),
  },
} as const;

for (const [part, strategy] of Object.entries(FAILING)) {
  Deno.test(`an error in ${part} ends the run and is told with its place`, async () => {
    const { report, error } = await runStrategy(virtualStub(), defineStrategy(strategy), {
      durationS: 5,
      virtualTime: true,
    });
    const { name, message, location, cause } = error as StrategyError;
    assertEquals(name, "StrategyError");
    assert(cause instanceof RangeError);
    const here = /run_test\.ts:\d+:\d+$/;
    assert(here.test(location ?? ""), location);
    assertEquals(message, `Strategy failed in ${part}: RangeError: boom (at ${location})`);
    assertEquals(report.endReason, "failed");
    assertEquals(report.failure, { message, location: location ?? null });
  });
}

Deno.test("a strategy that fails leaves no order open, and is torn down", async () => {
  const log: string[] = [];
  using bot = virtualStub();
  const { report } = await runStrategy(
    bot,
    defineStrategy({
      setup: async ({ client }) => {
        const price = client.bot.depth(0).bestBid - 10;
        await client.submitOrder({ side: "buy", price, qty: 0.001 });
        await client.submitOrder({ side: "buy", price: price - 1, qty: 0.001 });
      },
      onEvent: boom,
      teardown: ({ signal }) => void log.push(`teardown, aborted ${signal.aborted}`),
    }),
    { virtualTime: true, closeBot: false },
  );
  assertEquals(log, ["teardown, aborted true"]);
  assertEquals(report.instruments[0]!.orders.canceled, 2);
  assertEquals([...bot.orders(0).values()].map(({ status }) => status), ["canceled", "canceled"]);
});

Deno.test("an order that is on its way at the end is cancelled once it is answered", async () => {
  const { report } = await runStrategy(
    virtualStub({ orderLatencyNs: 50e6 }),
    defineStrategy({
      run({ bot, nextOrderId }) {
        const price = bot.depth(0).bestBid - 10;
        bot.submitBuyOrder(0, nextOrderId(), price, 0.001, "GTC", "limit");
        return Promise.resolve();
      },
    }),
    { virtualTime: true },
  );
  assertEquals(report.instruments[0]!.orders.canceled, 1);
});

Deno.test("cancelOnExit can leave orders at the exchange", async () => {
  const { report } = await runStrategy(virtualStub(), quoter, {
    durationS: 1,
    virtualTime: true,
    cancelOnExit: false,
  });
  assert(report.instruments[0]!.orders.open >= 1);
});

Deno.test("after the end a strategy cannot send orders any more", async () => {
  const late: (() => void)[] = [];
  using bot = virtualStub();
  await runStrategy(
    bot,
    defineStrategy({
      run({ bot, nextOrderId }) {
        late.push(() => bot.submitBuyOrder(0, nextOrderId(), 59_000, 0.001, "GTC", "limit"));
        return Promise.resolve();
      },
    }),
    { virtualTime: true, closeBot: false },
  );
  assertThrows(late[0]!, BotError, "Cannot submit order: the run has ended");
});

Deno.test("a strategy that does not end in time is told, and its orders are cancelled", async () => {
  const { report, error } = await runStrategy(
    virtualStub(),
    defineStrategy({
      setup: ({ client }) => {
        const price = client.bot.depth(0).bestBid - 10;
        return client.submitOrder({ side: "buy", price, qty: 0.001 });
      },
      run: () => new Promise(() => {}),
    }),
    { durationS: 1, virtualTime: true, stopTimeoutMs: 50 },
  );
  assertEquals(
    String(error),
    "HftliveError: Strategy did not end its work in 50 ms: it ignores its signal",
  );
  assertEquals(report.instruments[0]!.orders.canceled, 1);
});

Deno.test("a rejection that nobody awaits ends the run", async () => {
  const { error } = await runStrategy(
    virtualStub(),
    defineStrategy({
      setup: ({ client }) => {
        // Not awaited, and refused: there is no such instrument.
        client.submitOrder({ asset: 3, side: "buy", qty: 1, orderType: "market" });
      },
      onBatch() {},
    }),
    { durationS: 1, virtualTime: true, catchUnhandled: true, stopTimeoutMs: 1000 },
  );
  const { message } = error as StrategyError;
  assert(message.startsWith("Strategy failed in unhandled: BotError: Cannot find instrument"));
});

Deno.test("an exception that nobody catches ends the run", async () => {
  const { error } = await runStrategy(
    virtualStub(),
    defineStrategy({
      run: async ({ sleep }) => {
        setTimeout(boom);
        await sleep(3600e9);
      },
    }),
    { virtualTime: true, catchUnhandled: true },
  );
  const { part, location } = error as StrategyError;
  assertEquals(part, "unhandled");
  assert(/run_test\.ts:\d+:\d+$/.test(location ?? ""), location);
});

Deno.test("at the end of the data a strategy that still sleeps or waits has not failed", async () => {
  const { report, error } = await runStrategy(
    virtualStub({ maxFeeds: 100 }),
    defineStrategy({
      async run({ client, sleep }) {
        await sleep(90e6);
        const price = client.bot.depth(0).bestBid - 10;
        await client.submitOrder({ side: "buy", price, qty: 0.001 });
        await sleep(1e12);
      },
    }),
    { virtualTime: true },
  );
  assertEquals([report.endReason, error], ["endOfData", undefined]);
  assertEquals(report.instruments[0]!.orders.open, 1);
});

/** A bot that breaks down after some polls, and answers nothing from then on. */
function breakingStub(polls: number): LiveBot {
  const stub = virtualStub();
  let broken = false;
  return new Proxy<LiveBot>(stub, {
    get(target, key) {
      const value = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (key === "poll" && --polls < 0) broken = true;
        if (broken && key !== "close") throw new BotError("panic", "The engine has panicked");
        return value.apply(target, args);
      };
    },
  });
}

Deno.test("a bot that breaks down ends the run, with a report of what was known", async () => {
  const { report, error } = await runStrategy(breakingStub(1000), quoter, { virtualTime: true });
  assertEquals(String(error), "BotError: The engine has panicked");
  assertEquals(report.failure, { message: "The engine has panicked", location: null });
  assertEquals(report.endReason, "failed");
  const { orders, fills } = report.instruments[0]!;
  assert(orders.submitted > 50 && fills.count > 10 && orders.open > 0);
  assert(report.durationS > 0.9 && report.durationS < 1.1);
});

Deno.test("options that cannot be used are refused before anything runs", async () => {
  using bot = virtualStub();
  const idle = defineStrategy({ params: { lots: 1 }, onBatch() {} });
  const refused: [object, string][] = [
    [{ durationS: 0 }, "Cannot use durationS = 0: expected a number above 0"],
    [{ stopTimeoutMs: 0 }, "stopTimeoutMs"],
    [{ fees: { makerFee: 2, takerFee: 0 } }, "fees.makerFee"],
    [{ params: { lots: "1" } }, "params.lots"],
    [{ params: { lost: 1 } }, "did you mean lots?"],
  ];
  for (const [options, message] of refused) {
    await assertRejects(() => runStrategy(bot, idle, options), InvalidInputError, message);
  }
  // Nothing has used up the bot.
  assert(bot.currentTimestamp() > 0n);
});

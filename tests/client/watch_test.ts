import { assert, assertEquals } from "@std/assert";
import type { EventWatch, EventWatchOptions } from "@hftlive/hftlive";
import { LiveClient } from "@hftlive/hftlive";
import { ObservedBot } from "../../lib/strategy/observed_bot.ts";
import { ScriptedBot, turns, until } from "./scripted_bot.ts";

/** A watch that the test ends. */
class ScriptedWatch implements EventWatch {
  readonly #ended = Promise.withResolvers<boolean>();
  readonly ended = this.#ended.promise;
  isOver = false;

  constructor(readonly options: EventWatchOptions) {}

  end(): void {
    this.finish(false);
  }

  finish(readable: boolean): void {
    this.isOver = true;
    this.#ended.resolve(readable);
  }
}

/** A bot that says when something waits. */
class WatchedBot extends ScriptedBot {
  readonly watches: ScriptedWatch[] = [];

  /** The watch that runs. */
  get watch(): ScriptedWatch | undefined {
    const last = this.watches.at(-1);
    return last?.isOver ? undefined : last;
  }

  watchEvents(options: EventWatchOptions): EventWatch {
    assert(this.watch === undefined, "two watches at once");
    const watch = new ScriptedWatch(options);
    this.watches.push(watch);
    return watch;
  }

  /** Waits until the client sleeps. */
  async asleep(): Promise<ScriptedWatch> {
    await until(() => this.watch !== undefined);
    const { polls } = this;
    await turns(3);
    assertEquals(this.polls, polls, "a client that sleeps does not poll");
    return this.watch!;
  }
}

Deno.test("watch: a client with nothing to do lets its bot watch, and polls when that ends", async () => {
  const bot = new WatchedBot();
  await using client = await LiveClient.start(bot);
  const trades = client.trades();
  const first = await bot.asleep();
  assert(first.options.lookEveryMs < 2, `${first.options.lookEveryMs}`);

  bot.trades(1);
  first.finish(true);
  assertEquals((await trades.next()).value?.price, 1);

  // One that has timed out is followed by a poll and the next.
  const second = await bot.asleep();
  const { polls } = bot;
  second.finish(false);
  await until(() => bot.watches.length === 3);
  assertEquals(bot.polls, polls + 1);
});

Deno.test("watch: sleeps that may be longer get longer", async () => {
  const bot = new WatchedBot();
  await using _client = await LiveClient.start(bot, { maxIdleSleepMs: 300 });
  for (let i = 1; i <= 10; i++) {
    await until(() => bot.watches.length === i);
    bot.watch?.finish(false);
  }
  const looks = bot.watches.map(({ options }) => options.lookEveryMs);
  assertEquals([looks[1], looks[9]], [2 * looks[0]!, 300]);
  assert(bot.watches.every(({ options }) => options.timeoutMs >= options.lookEveryMs));
});

Deno.test("watch: only backoff has one", async () => {
  for (const idle of ["busySpin", "yielding"] as const) {
    const bot = new WatchedBot();
    await using _client = await LiveClient.start(bot, { idle });
    await until(() => bot.polls > 10_000);
    assertEquals(bot.watches.length, 0, idle);
  }
});

Deno.test("watch: an order ends it, and its answer is looked for at once", async () => {
  const bot = new WatchedBot();
  bot.onRequest = ({ orderId }) => bot.script(bot.update(orderId));
  await using client = await LiveClient.start(bot);
  const watch = await bot.asleep();
  const answer = await client.submitOrder({ side: "buy", price: 1, qty: 1 });
  assertEquals([answer.status, watch.isOver], ["new", true]);
});

Deno.test("watch: closing the client ends it, whether or not that closes the bot", async () => {
  for (const closeBot of [true, false]) {
    const bot = new WatchedBot();
    const client = await LiveClient.start(bot, { closeBot });
    const watch = await bot.asleep();
    const { polls } = bot;
    await client.close();
    assertEquals([watch.isOver, bot.closed], [true, closeBot]);
    await turns(3);
    assertEquals(bot.polls, polls);
  }
});

Deno.test("watch: a bot that was closed under a client is noticed", async () => {
  const bot = new WatchedBot();
  const client = await LiveClient.start(bot);
  const watch = await bot.asleep();
  bot.close();
  watch.finish(false);
  assertEquals(await client.finished, "failed");
});

Deno.test("watch: an observed bot has one if the bot has", () => {
  const observer = { submitted() {}, cancelSent() {}, refused() {}, polled() {} };
  assertEquals(new ObservedBot(new ScriptedBot(), observer).watchEvents, undefined);
  const bot = new WatchedBot();
  const observed = new ObservedBot(bot, observer);
  observed.watchEvents?.({ lookEveryMs: 1, timeoutMs: 2 });
  assertEquals(bot.watch?.options, { lookEveryMs: 1, timeoutMs: 2 });
});

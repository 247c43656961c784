import { assert, assertEquals } from "@std/assert";
import { IDLE_STRATEGIES, LiveClient } from "@hftlive/hftlive";
import { IdleStrategy } from "../../lib/client/idle.ts";
import { type PollResult, Pump } from "../../lib/client/pump.ts";
import { ScriptedBot, turns, until } from "./scripted_bot.ts";

let nowMs = 0;
const OPTIONS = { maxPollsPerTurn: 64, maxSleepMs: 10, now: () => nowMs };
const TURN_MS = 0.01;

/** Polls and sleeps of so many idle turns, which take their time but do not sleep. */
function idleTurns(strategy: IdleStrategy, count: number): { polls: number; sleepMs: number }[] {
  return Array.from({ length: count }, () => {
    nowMs += TURN_MS;
    return { polls: strategy.polls, sleepMs: strategy.idle() };
  });
}

Deno.test("busySpin never tires", () => {
  const all = idleTurns(new IdleStrategy("busySpin", OPTIONS), 2000);
  assert(all.every(({ polls, sleepMs }) => polls === 64 && sleepMs === 0));
});

Deno.test("yielding spins, then polls once a turn, and never sleeps", () => {
  const all = idleTurns(new IdleStrategy("yielding", OPTIONS), 2000);
  assertEquals([all[0]?.polls, all.at(-1)?.polls], [64, 1]);
  assert(all.every(({ sleepMs }) => sleepMs === 0));
});

Deno.test("backoff spins, yields, then sleeps for longer and longer up to its limit", () => {
  const strategy = new IdleStrategy("backoff", OPTIONS);
  const all = idleTurns(strategy, 2000);
  const sleeps = all.map(({ sleepMs }) => sleepMs).filter((sleepMs) => sleepMs > 0);
  assertEquals(sleeps.slice(0, 5), [1.7, 3.4, 6.8, 10, 10]);
  assertEquals(sleeps.at(-1), 10);
  assert(all.findIndex(({ polls }) => polls === 1) < all.findIndex(({ sleepMs }) => sleepMs > 0));
  strategy.busy();
  assertEquals(idleTurns(strategy, 1), [{ polls: 64, sleepMs: 0 }]);
});

/** How long the strategy looks before it sleeps, ms. */
function patienceMs(strategy: IdleStrategy): number {
  const start = nowMs;
  while (strategy.idle() === 0) nowMs += TURN_MS;
  return nowMs - start;
}

/** Events that follow each other; tells how often the strategy slept in between. */
function follow(strategy: IdleStrategy, gapsMs: readonly number[]): number {
  let sleeps = 0;
  for (const gapMs of gapsMs) {
    let hasSlept = false;
    for (const end = nowMs + gapMs; nowMs < end; nowMs += TURN_MS) hasSlept ||= strategy.idle() > 0;
    sleeps += hasSlept ? 1 : 0;
    strategy.busy();
  }
  return sleeps;
}

Deno.test("backoff looks for less long after a lone event than where events follow each other", () => {
  const strategy = new IdleStrategy("backoff", OPTIONS);
  const most = patienceMs(strategy);
  nowMs += 20;
  strategy.busy();
  const least = patienceMs(strategy);
  assert(least <= most / 10, `${least} of ${most} ms`);

  // A burst after a quiet time does not make it look for milliseconds.
  nowMs += 20;
  strategy.busy();
  assertEquals(follow(strategy, Array(50).fill(0.05)), 0);
  const afterBurst = patienceMs(strategy);
  assert(afterBurst < most / 10, `${afterBurst} of ${most} ms`);

  strategy.expect();
  assertEquals(Math.round(patienceMs(strategy)), Math.round(most), "an answer is expected");
});

Deno.test("backoff hardly sleeps at 1,000 events/s once it has seen some, out of a quiet time too", () => {
  const strategy = new IdleStrategy("backoff", OPTIONS);
  patienceMs(strategy);
  nowMs += 20;
  strategy.busy();
  // Exponential gaps, by a generator with a seed.
  let seed = 7;
  const gapsMs = Array.from({ length: 2000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return -Math.log(seed / 2_147_483_647);
  });
  const sleeps = follow(strategy, gapsMs);
  assert(sleeps < 60, `${sleeps} sleeps in 2,000 events`);
});

Deno.test("strategies differ in how often they poll while nothing happens", async () => {
  const polls: Record<string, number> = {};
  for (const idle of IDLE_STRATEGIES) {
    const bot = new ScriptedBot();
    await using _client = await LiveClient.start(bot, { idle });
    await turns(100);
    polls[idle] = bot.polls;
  }
  assert(polls.busySpin! > polls.backoff!, JSON.stringify(polls));
});

Deno.test("a request cuts a sleep short", async () => {
  const bot = new ScriptedBot();
  bot.onRequest = ({ orderId }) => bot.script(bot.update(orderId));
  await using client = await LiveClient.start(bot, { idle: "backoff", maxIdleSleepMs: 2 ** 30 });
  // Sleeps double: the one that follows a sleep of 400 ms outlasts the order's time limit.
  let { polls } = bot;
  let since = performance.now();
  while (true) {
    await turns(1);
    if (bot.polls === polls) continue;
    if (performance.now() - since > 400) break;
    polls = bot.polls;
    since = performance.now();
  }
  const answer = await client.submitOrder({ side: "buy", price: 1, qty: 1 }, { timeoutMs: 600 });
  assertEquals(answer.status, "new");
});

Deno.test("a pump sleeps as told until it is woken, and stays held until it is woken", async () => {
  const results: PollResult[] = ["busy", "idle", "held", 2 ** 30, "idle"];
  let polls = 0;
  const pump = new Pump(() => results[polls++]!, {
    polls: 1,
    busy: () => {},
    expect: () => {},
    idle: () => 2 ** 30,
  });
  pump.start();
  for (const expected of [2, 3, 4, 5]) {
    await until(() => polls === expected);
    await turns(3);
    assertEquals(polls, expected);
    pump.wake();
    if (expected === 5) pump.stop();
  }
  pump.wake();
  await turns(3);
  assertEquals(polls, 5);
});

Deno.test("a turn makes as many polls as told, and ends with the first that brings something", async () => {
  const turnsOfPolls: number[] = [];
  let polls = 0;
  const idle = {
    polls: 4,
    busy: () => turnsOfPolls.push(polls),
    expect: () => {},
    idle: () => {
      turnsOfPolls.push(polls);
      return 0;
    },
  };
  const pump = new Pump(() => ++polls === 6 ? "busy" : "idle", idle);
  pump.start();
  await until(() => turnsOfPolls.length >= 3);
  pump.stop();
  assertEquals(turnsOfPolls.slice(0, 3), [4, 6, 10]);
});

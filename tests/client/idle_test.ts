import { assert, assertEquals } from "@std/assert";
import { IDLE_STRATEGIES, LiveClient } from "@hftlive/hftlive";
import { IdleStrategy } from "../../lib/client/idle.ts";
import { type PollResult, Pump } from "../../lib/client/pump.ts";
import { ScriptedBot, turns, until } from "./scripted_bot.ts";

const OPTIONS = { maxPollsPerTurn: 64, maxSleepMs: 10 };

/** Polls and sleeps of so many idle turns. */
function idleTurns(strategy: IdleStrategy, count: number): { polls: number; sleepMs: number }[] {
  return Array.from({ length: count }, () => ({ polls: strategy.polls, sleepMs: strategy.idle() }));
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

/** Idle turns before the strategy sleeps. */
function patience(strategy: IdleStrategy): number {
  let turns = 0;
  while (strategy.idle() === 0) turns++;
  return turns;
}

Deno.test("backoff looks for less long after a lone event, and for longer the more follow", () => {
  let nowMs = 0;
  const strategy = new IdleStrategy("backoff", { ...OPTIONS, now: () => nowMs });
  const most = patience(strategy);
  strategy.busy();
  assertEquals(patience(strategy), most, "an event that came soon");
  nowMs += 20;
  strategy.busy();
  const least = patience(strategy);
  assert(least < most / 10, `${least} of ${most}`);
  strategy.busy();
  strategy.busy();
  assertEquals(patience(strategy), 4 * least);
  for (let event = 0; event < 10; event++) strategy.busy();
  assertEquals(patience(strategy), most);
  nowMs += 20;
  strategy.busy();
  strategy.expect();
  assertEquals(patience(strategy), most, "an answer is expected");
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

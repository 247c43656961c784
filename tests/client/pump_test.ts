import { assert, assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import type { EventWatch } from "../../lib/bot/live_bot.ts";
import { type Idle, type PollResult, Pump } from "../../lib/client/pump.ts";

const TURNS = 50;

/** Polls once a turn, and never sleeps unless told to. */
function idle(sleepMs = 0): Idle {
  return { polls: 1, busy() {}, expect() {}, idle: () => sleepMs };
}

/** Runs a pump for some turns of the event loop; answers how often it polled. */
async function pollsIn(turns: number, poll: (pump: Pump, polls: number) => PollResult) {
  let polls = 0;
  const pump: Pump = new Pump(() => poll(pump, ++polls), idle());
  pump.start();
  for (let turn = 0; turn < turns; turn++) await setImmediate();
  pump.stop();
  return polls;
}

Deno.test("a pump polls once a turn, whatever it finds and whoever wakes it meanwhile", async () => {
  const cases: Record<string, (pump: Pump, polls: number) => PollResult> = {
    "nothing": () => "idle",
    "something each time": () => "busy",
    "woken while it polls": (pump) => (pump.wake(), "busy"),
    "woken between two turns": (pump) => (queueMicrotask(() => pump.wake()), "idle"),
    "an answer expected while it polls": (pump) => (pump.expect(), "idle"),
  };
  for (const [name, poll] of Object.entries(cases)) {
    const polls = await pollsIn(TURNS, poll);
    assert(polls >= TURNS - 2 && polls <= TURNS + 2, `${name}: ${polls} polls in ${TURNS} turns`);
  }
});

Deno.test("what a poll brings reaches its consumer before the event loop turns", async () => {
  const seen: string[] = [];
  const event = Promise.withResolvers<void>();
  const consumer = event.promise.then(() => seen.push("consumer"));
  await pollsIn(3, (_, polls) => {
    seen.push(`poll ${polls}`);
    event.resolve();
    return "busy";
  });
  await consumer;
  assertEquals(seen.slice(0, 3), ["poll 1", "consumer", "poll 2"]);
});

Deno.test("a pump that is stopped polls no more, also by its own poll or with a turn due", async () => {
  assertEquals(await pollsIn(TURNS, (pump) => (pump.stop(), "busy")), 1);
  const late = await pollsIn(TURNS, (pump) => (queueMicrotask(() => pump.stop()), "busy"));
  assertEquals(late, 1);
  let polls = 0;
  const pump = new Pump(() => (polls++, "idle"), idle());
  pump.start();
  pump.stop();
  await setImmediate();
  assertEquals(polls, 0);
});

Deno.test("a held pump waits until it is woken", async () => {
  let polls = 0;
  const pump = new Pump(() => ++polls === 1 ? "held" : "idle", idle());
  pump.start();
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  assertEquals(polls, 1);
  pump.wake();
  pump.wake();
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  pump.stop();
  assert(polls > TURNS - 2 && polls <= TURNS + 3, `${polls}`);
});

Deno.test("a sleeping pump is woken at once, and its sleep ended", async () => {
  const polled: (() => void)[] = [];
  const nextPoll = () => new Promise<void>((resolve) => polled.push(resolve));
  const poll = (): PollResult => (polled.shift()?.(), "idle");
  // A sleep that would outlast the test, and that its sanitizers would find.
  const pump = new Pump(poll, idle(1e6));
  pump.start();
  await nextPoll();
  pump.wake();
  await nextPoll();
  pump.stop();

  const ends: string[] = [];
  const watch = (): EventWatch => {
    const ended = Promise.withResolvers<boolean>();
    const end = () => (ends.push("end"), ended.resolve(false));
    return { ended: ended.promise, end };
  };
  const watcher = new Pump(poll, idle(1e6), { watch });
  watcher.start();
  await nextPoll();
  watcher.wake();
  await nextPoll();
  assertEquals(ends, ["end"]);
  watcher.stop();
  await watcher.settled;
  assertEquals(ends, ["end", "end"]);
});

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { Timers } from "../../lib/strategy/timers.ts";

/** Timers on a clock that the test moves. */
function timersAt() {
  const errors: unknown[] = [];
  const clock = { now: 0n };
  const timers = new Timers({ now: () => clock.now, onError: (error) => errors.push(error) });
  const go = (ns: bigint): void => {
    clock.now = ns;
    timers.check();
  };
  return { timers, errors, go };
}

Deno.test("a repeated call keeps to its grid, and does not make up for what it missed", () => {
  const { timers, go } = timersAt();
  let calls = 0;
  const timer = timers.every(10, () => void calls++);
  const counts = [9n, 10n, 11n, 19n, 20n, 47n, 49n, 50n].map((ns) => {
    go(ns);
    return calls;
  });
  assertEquals(counts, [0, 1, 1, 1, 2, 3, 3, 4]);
  timer.cancel();
  go(100n);
  assertEquals(calls, 4);
});

Deno.test("a repeated call waits until the last one has settled", async () => {
  const { timers, go } = timersAt();
  const gates: (() => void)[] = [];
  timers.every(10, () => new Promise((resolve) => gates.push(resolve)));
  go(10n);
  go(20n);
  assertEquals(gates.length, 1);
  gates[0]!();
  await Promise.resolve();
  await Promise.resolve();
  go(30n);
  assertEquals(gates.length, 2);
});

Deno.test("an error in a repeated call is told, thrown or rejected", async () => {
  const { timers, errors, go } = timersAt();
  timers.every(10, () => {
    throw new Error("thrown");
  });
  timers.every(10, () => Promise.reject(new Error("rejected")));
  go(10n);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(errors.map(String), ["Error: thrown", "Error: rejected"]);
});

Deno.test("a sleep ends at its time, or with the run", async () => {
  const { timers, go } = timersAt();
  let awake = false;
  const sleep = timers.sleep(10).then(() => awake = true);
  go(9n);
  await Promise.resolve();
  assertEquals(awake, false);
  go(10n);
  await sleep;
  assertEquals(awake, true);
  const reason = new Error("over");
  const late = timers.sleep(10);
  timers.end(reason);
  assertEquals(await late.catch((error) => error), reason);
  await assertRejects(() => timers.sleep(1), Error, "over");
});

Deno.test("times that are none are refused", () => {
  const { timers } = timersAt();
  for (const interval of [0, -1, NaN, Infinity]) {
    assertThrows(() => timers.every(interval, () => {}), InvalidInputError, "intervalNs");
  }
  for (const duration of [-1, NaN, Infinity]) {
    assertThrows(() => timers.sleep(duration), InvalidInputError, "durationNs");
  }
});

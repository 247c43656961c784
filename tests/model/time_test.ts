import { assert, assertEquals } from "@std/assert";
import { nowNs, NsTime } from "@hftlive/hftlive";
import { numbers } from "../bot/numbers.ts";

Deno.test("NsTime keeps every bit of a timestamp", () => {
  const random = numbers(1);
  const edges = [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n];
  for (let i = 0; i < 10_000; i++) {
    const ns = edges[i] ?? random.bigint(2n ** 63n);
    assertEquals(NsTime.from(ns).toBigInt(), ns);
  }
});

Deno.test("NsTime adds and subtracts exactly", () => {
  const random = numbers(2);
  for (let i = 0; i < 100_000; i++) {
    const start = 2n ** 54n + random.bigint(2n ** 62n);
    const step = Number(random.bigint(2n ** 53n)) - 2 ** 52;
    const time = NsTime.from(start);
    const moved = new NsTime().copy(time).add(step);
    assertEquals(moved.toBigInt(), start + BigInt(step));
    assertEquals(moved.since(time), step);
    assertEquals(time.toBigInt(), start, "a copy is a time of its own");
  }
});

Deno.test("NsTime adds up over many steps", () => {
  const random = numbers(3);
  const time = NsTime.from(1_700_000_000_000_000_000n);
  let expected = time.toBigInt();
  for (let i = 0; i < 100_000; i++) {
    const step = random.int(0, 5_000_000);
    time.add(step);
    expected += BigInt(step);
  }
  assertEquals(time.toBigInt(), expected);
});

Deno.test("the clock counts nanoseconds since 1970 and does not go back", () => {
  // Not Date.now(): a machine whose clock is set while the process runs has the two apart.
  const before = BigInt(Math.floor(performance.timeOrigin + performance.now()));
  let last = nowNs();
  assert(last / 1_000_000n >= before, `${last} is before ${before} ms`);
  assert(last / 1_000_000n < before + 60_000n, `${last} is long after ${before} ms`);
  for (let i = 0; i < 1_000; i++) {
    const now = nowNs();
    assert(now >= last);
    last = now;
  }
});

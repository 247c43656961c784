import { assertEquals } from "@std/assert";
import { EventKind, EXCH_FLAG } from "@hftlive/hftlive";
import { type ErrorReport, EventQueue, QUEUED } from "../../lib/bot/event_queue.ts";
import { numbers } from "./numbers.ts";

function front(queue: EventQueue): unknown[] {
  const { ev, asset, exch, frontLocal, price, qty, detail, payload } = queue;
  return [ev, asset, exch, frontLocal, price, qty, detail, payload];
}

Deno.test("a queue gives back what went in, in order, however it grows and wraps", () => {
  const random = numbers(1);
  const queue = new EventQueue();
  const expected: unknown[][] = [];
  let longest = 0;
  for (let i = 0; i < 50_000; i++) {
    if (random.int(0, 100) < (i < 25_000 ? 55 : 45)) {
      const kind = random.int(0, 2);
      if (kind === 0) {
        queue.push(EventKind.Trade, i % 7, i, i + 5, i / 10, i / 1_000);
        expected.push([EventKind.Trade, i % 7, i, i + 5, i / 10, i / 1_000, 0, undefined]);
      } else if (kind === 1) {
        queue.pushMark(EventKind.BatchStart, 1, i, i + 5, 1);
        expected.push([EventKind.BatchStart, 1, i, i + 5, 0, 0, 1, undefined]);
      } else {
        const payload: ErrorReport = { kind: "custom", code: BigInt(i), message: `${i}` };
        queue.pushReport(EventKind.Error, 2, i, i + 5, payload);
        expected.push([EventKind.Error, 2, i, i + 5, 0, 0, 0, payload]);
      }
    } else if (queue.length > 0) {
      assertEquals(front(queue), expected.shift());
      queue.shift();
    }
    longest = Math.max(longest, queue.length);
    assertEquals(queue.length, expected.length);
    if (expected.length === 0) assertEquals(queue.frontLocal, Infinity);
  }
  assertEquals(longest > 1_000, true, "it grew several times");
  while (queue.length > 0) {
    assertEquals(front(queue), expected.shift());
    queue.shift();
  }
});

Deno.test("an event keeps all it has when it moves to another queue", () => {
  const from = new EventQueue();
  const to = new EventQueue();
  const payload: ErrorReport = { kind: "orderError", code: 3n, message: "no" };
  from.push(EventKind.Depth, 3, 10, 11, 1.5, 2.5);
  from.pushReport(EventKind.Error, 1, 12, 13, payload);
  for (const sequence of [7, 9]) {
    const expected = front(from);
    to.pushFrontOf(from, sequence);
    from.shift();
    assertEquals(front(to), expected);
    assertEquals(to.sequence, sequence);
    to.shift();
  }
});

Deno.test("events are added in place at the times that were set, and dropped together", () => {
  const queue = new EventQueue();
  const { price, qty, doubles, words, ev } = QUEUED;
  for (let i = 0; i < 200; i++) {
    queue.setTimes(i, i + 5);
    const at = queue.add(EventKind.Depth | EXCH_FLAG, 3 | (1 << 16));
    queue.doubles[at + price] = i / 10;
    queue.doubles[at + qty] = i / 1_000;
    assertEquals(at, ((queue.head + i) & queue.mask) * doubles);
    assertEquals(queue.words[at / doubles * words + ev], EventKind.Depth | EXCH_FLAG);
  }
  for (let i = 0; i < 200; i += 8) {
    const expected = [EventKind.Depth + EXCH_FLAG, 3, i, i + 5, i / 10, i / 1_000, 1, undefined];
    assertEquals(front(queue), expected);
    queue.drop(8);
    assertEquals(queue.length, 192 - i);
  }
  assertEquals(queue.frontLocal, Infinity);
});

Deno.test("a queue's times follow the time base", () => {
  const queue = new EventQueue();
  queue.rebase(100);
  assertEquals(queue.frontLocal, Infinity);
  for (let i = 0; i < 100; i++) queue.push(EventKind.Trade, 0, 1_000 + i, 2_000 + i, 1, 1);
  queue.rebase(100);
  for (let i = 0; i < 100; i++) {
    assertEquals([queue.exch, queue.frontLocal], [900 + i, 1_900 + i]);
    queue.shift();
  }
});

import { assertEquals } from "@std/assert";
import {
  BUY_FLAG,
  EventBatch,
  EventKind,
  EXCH_FLAG,
  LOCAL_FLAG,
  NsTime,
  SELL_FLAG,
} from "@hftlive/hftlive";
import { BatchWriter } from "../../lib/bot/batch_writer.ts";
import { EventQueue } from "../../lib/bot/event_queue.ts";
import { TimeBase } from "../../lib/bot/time_base.ts";
import { type ConnectionState, connectionStateCode } from "../../lib/model/codes.ts";
import { type Numbers, numbers } from "./numbers.ts";

const CAPACITY = 64;
const FEEDS = [
  EventKind.Depth,
  EventKind.Trade,
  EventKind.DepthClear,
  EventKind.Snapshot,
  EventKind.Bbo,
];
const MARKS = [EventKind.BatchStart, EventKind.BatchEnd] as const;
const STATES: readonly ConnectionState[] = ["detached", "attached", "registered"];

/** Puts a random event into a queue, and gives what writes the same one by itself. */
function pushRandom(random: Numbers, queue: EventQueue): (writer: BatchWriter, at: At) => void {
  const asset = random.of([0, 1, 49, 0xfffe]);
  // Before and after the base, and more than 32 bits away from it.
  const exch = Number(random.bigint(2n ** 52n)) - 2 ** 51;
  const local = exch + random.int(0, 2 ** 31);
  const qty = random.int(0, 1_000) / 1_000;
  switch (random.int(0, 3)) {
    case 0: {
      const ev = random.of(FEEDS) + EXCH_FLAG + LOCAL_FLAG + random.of([BUY_FLAG, SELL_FLAG, 0]);
      const price = random.int(0, 1_000_000) / 10;
      queue.push(ev, asset, exch, local, price, qty);
      return (writer, at) => writer.feed(ev, asset, at(exch), at(local), price, qty);
    }
    case 1:
      queue.push(EventKind.Position, asset, exch, local, 0, -qty);
      return (writer, at) => writer.position(asset, at(exch), at(local), -qty);
    case 2: {
      const kind = random.of(MARKS);
      const registration = random.of([true, false]);
      queue.pushMark(kind, asset, exch, local, registration ? 1 : 0);
      return (writer, at) => writer.mark(kind, asset, at(local), registration);
    }
    default: {
      const state = random.of(STATES);
      queue.pushMark(EventKind.Connection, asset, exch, local, connectionStateCode(state));
      return (writer, at) => writer.connection(asset, at(local), state);
    }
  }
}

/** A time of a queue as one of its own. */
type At = (time: number) => NsTime;

Deno.test("queued events give the records that are written one by one", () => {
  const random = numbers(11);
  const start = 1_700_000_000_000_000_000n;
  const base = new TimeBase(NsTime.from(start));
  const at: At = (time) => NsTime.from(start + BigInt(time));
  const queue = new EventQueue();
  const batch = new EventBatch(CAPACITY);
  const expected = new EventBatch(CAPACITY);
  const writer = new BatchWriter();
  const single = new BatchWriter();
  // Batches that are not empty, so that what was there before would show.
  batch.bytes.fill(0xff);
  for (let round = 0; round < 500; round++) {
    writer.begin(batch);
    single.begin(expected);
    while (writer.free > 0) {
      const writes = Array.from(
        { length: random.int(1, writer.free) },
        () => pushRandom(random, queue),
      );
      const count = random.int(1, writes.length);
      writer.queued(queue, count, base.start);
      queue.drop(count);
      for (const write of writes.slice(0, count)) write(single, at);
      for (let rest = count; rest < writes.length; rest++) queue.shift();
    }
    writer.end(at(round), false);
    single.end(at(round), false);
    assertEquals(batch.bytes.subarray(64), expected.bytes.subarray(64));
  }
});

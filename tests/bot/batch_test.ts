import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type BotEvent,
  BUY_FLAG,
  EventBatch,
  EventKind,
  EXCH_FLAG,
  InvalidInputError,
  LOCAL_FLAG,
  NsTime,
  type OrderUpdateEvent,
  RECORD_SIZE,
  SELL_FLAG,
} from "@hftlive/hftlive";
import { BatchWriter } from "../../lib/bot/batch_writer.ts";
import { type Numbers, numbers } from "./numbers.ts";

const TIME = NsTime.from(1_723_075_200_123_456_789n);
const FLAGS = LOCAL_FLAG + EXCH_FLAG;

/** Writes an event, as a bot would, and tells whether it fitted. */
function write(writer: BatchWriter, event: BotEvent): boolean {
  const exch = NsTime.from(event.exchTimestamp);
  const local = NsTime.from(event.localTimestamp);
  const { asset } = event;
  switch (event.type) {
    case "trade":
      return writer.feed(evOf(EventKind.Trade, event), asset, exch, local, event.price, event.qty);
    case "depth":
      return writer.feed(evOf(EventKind.Depth, event), asset, exch, local, event.price, event.qty);
    case "snapshot":
      return writer.feed(
        evOf(EventKind.Snapshot, event),
        asset,
        exch,
        local,
        event.price,
        event.qty,
      );
    case "bbo":
      return writer.feed(evOf(EventKind.Bbo, event), asset, exch, local, event.price, event.qty);
    case "depthClear":
      return writer.feed(evOf(EventKind.DepthClear, event), asset, exch, local, 0, 0);
    case "order":
      return writer.order(event);
    case "position":
      return writer.position(asset, exch, local, event.qty);
    case "error":
      return writer.error(asset, local, event.kind, event.code, event.message);
    case "batchStart":
      return writer.mark(EventKind.BatchStart, asset, local, event.registration);
    case "batchEnd":
      return writer.mark(EventKind.BatchEnd, asset, local, event.registration);
    case "connection":
      return writer.connection(asset, local, event.state);
    case "overflow":
      return writer.overflow(asset, local, event.cause, event.lost);
  }
}

function evOf(kind: number, event: { side: string }): number {
  return FLAGS + kind + (event.side === "buy" ? BUY_FLAG : event.side === "sell" ? SELL_FLAG : 0);
}

const TYPES = [
  "trade",
  "depth",
  "snapshot",
  "bbo",
  "depthClear",
  "order",
  "position",
  "error",
  "batchStart",
  "batchEnd",
  "connection",
  "overflow",
] as const satisfies BotEvent["type"][];

/** A random event. What a record has no room for is as the batch gives it back. */
function randomEvent(random: Numbers): BotEvent {
  const asset = random.of([-1, 0, 1, 7, 65_534]);
  const time = () => random.bigint(2n ** 63n);
  const number = () => random.of([0, 0.1, -0.1, 60_000.1, 1e300, Number.MIN_VALUE]);
  const side = random.of(["buy", "sell"] as const);
  const market = { asset, exchTimestamp: time(), localTimestamp: time() };
  const local = { asset, exchTimestamp: 0n, localTimestamp: time() };
  const type = random.of(TYPES);
  switch (type) {
    case "trade":
    case "depth":
    case "snapshot":
    case "bbo":
      return { type, ...market, side, price: number(), qty: number() };
    case "depthClear":
      return { type, ...market, side: random.of(["buy", "sell", "none"]) };
    case "order":
      return { ...randomOrder(random), ...market, localTimestamp: TIME.toBigInt() };
    case "position":
      return { type, ...market, qty: number() };
    case "error":
      return {
        type,
        ...local,
        kind: random.of(["connectionInterrupted", "orderError", "custom", "malformed"]),
        code: random.bigint(2n ** 63n) - 2n ** 62n,
        message: random.of(["", "no", "ungültig: 価格"]),
      };
    case "batchStart":
    case "batchEnd":
      return { type, ...local, registration: random.of([true, false]) };
    case "connection":
      return {
        type,
        ...local,
        state: random.of(["detached", "attached", "registered", "replaced"]),
      };
    case "overflow":
      return {
        type,
        ...local,
        cause: random.of(["channel", "journal"]),
        lost: random.of([NaN, 1, 1e9]),
      };
  }
}

function randomOrder(random: Numbers): OrderUpdateEvent {
  return {
    type: "order",
    asset: 0,
    exchTimestamp: 0n,
    localTimestamp: 0n,
    orderId: random.of([0n, 1n, 2n ** 64n - 1n, random.bigint(2n ** 64n)]),
    side: random.of(["buy", "sell", "none"]),
    price: random.int(0, 1_000_000) / 10,
    qty: random.int(0, 1_000) / 1_000,
    leavesQty: random.int(0, 1_000) / 1_000,
    execQty: random.int(0, 1_000) / 1_000,
    execPrice: random.int(0, 1_000_000) / 10,
    maker: random.of([true, false]),
    timeInForce: random.of(["GTC", "GTX", "FOK", "IOC", "unsupported"]),
    orderType: random.of(["limit", "market"]),
    status: random.of(["none", "new", "filled", "partiallyFilled", "rejected", "unsupported"]),
    request: random.of(["none", "new", "canceled"]),
  };
}

Deno.test("every kind of event comes back as it was written", () => {
  const random = numbers(1);
  const batch = new EventBatch(100);
  const writer = new BatchWriter();
  const seen = new Set<string>();
  for (let round = 0; round < 100; round++) {
    const events = Array.from({ length: random.int(0, 100) }, () => randomEvent(random));
    writer.begin(batch);
    for (const event of events) assert(write(writer, event));
    assertEquals(writer.length, events.length);
    assertEquals(writer.end(TIME, false), events.length);
    assertEquals(batch.length, events.length);
    assertEquals(batch.timestamp, TIME.toBigInt());
    assertEquals([...batch.events()], events);
    for (const event of events) seen.add(event.type);
  }
  assertEquals([...seen].sort(), [...TYPES].sort());
});

Deno.test("a full batch takes nothing more, and says that more is waiting", () => {
  const random = numbers(2);
  const batch = new EventBatch(3);
  const writer = new BatchWriter().begin(batch);
  const events = Array.from({ length: 3 }, () => randomEvent(random));
  for (const event of events) assert(write(writer, event));
  assertEquals(writer.free, 0);
  const before = batch.bytes.slice();
  const messages = batch.messages.length;
  for (let i = 0; i < 100; i++) assertEquals(write(writer, randomEvent(random)), false);
  assertEquals(batch.bytes, before);
  assertEquals(batch.messages.length, messages);
  writer.end(TIME, true);
  assertEquals([...batch.events()], events);
  assertEquals(batch.more, true);
  writer.begin(batch).end(TIME, false);
  assertEquals([batch.length, batch.more], [0, false]);
});

Deno.test("a record keeps nothing of the one that was there before", () => {
  const batch = new EventBatch(1);
  const writer = new BatchWriter();
  writer.begin(batch).order(randomOrder(numbers(3)));
  writer.end(TIME, false);
  writer.begin(batch).mark(EventKind.BatchEnd, 0, TIME, false);
  writer.end(TIME, false);
  const record = batch.bytes.subarray(RECORD_SIZE);
  const used = record.filter((byte, at) => byte !== 0 && at !== 0 && !(at >= 16 && at < 24));
  assertEquals(used.length, 0);
});

Deno.test("market records read in place, latency without a bigint", () => {
  const random = numbers(4);
  const batch = new EventBatch(1);
  const writer = new BatchWriter();
  for (let i = 0; i < 10_000; i++) {
    const exch = random.bigint(2n ** 62n);
    const latency = Number(random.bigint(2n ** 52n)) - 2 ** 51;
    const local = exch + BigInt(latency);
    if (local < 0n) continue;
    const ev = FLAGS + BUY_FLAG + EventKind.Depth;
    writer.begin(batch).feed(ev, 5, NsTime.from(exch), NsTime.from(local), 1.5, 2.5);
    writer.end(TIME, false);
    assertEquals(batch.latencyNs(0), latency);
    assertEquals([batch.kind(0), batch.asset(0), batch.flags(0)], [EventKind.Depth, 5, ev]);
    assertEquals([batch.price(0), batch.qty(0), batch.isBuy(0)], [1.5, 2.5, true]);
    assertEquals([batch.exchTimestamp(0), batch.localTimestamp(0)], [exch, local]);
  }
});

Deno.test("an order record's local time is the batch's", () => {
  const batch = new EventBatch(1);
  const writer = new BatchWriter();
  writer.begin(batch).order(randomOrder(numbers(5)));
  writer.end(TIME, false);
  assertEquals(batch.localTimestamp(0), TIME.toBigInt());
});

Deno.test("a writer can go from batch to batch", () => {
  const random = numbers(6);
  const batches = [new EventBatch(2), new EventBatch(5)];
  const writer = new BatchWriter();
  for (let i = 0; i < 20; i++) {
    const batch = random.of(batches);
    const event = randomEvent(random);
    write(writer.begin(batch), event);
    writer.end(TIME, false);
    assertEquals([...batch.events()], [event]);
  }
});

Deno.test("a batch checks its capacity and its indexes", () => {
  for (const capacity of [0, -1, 1.5, NaN, 1_048_577, "5" as unknown as number]) {
    const error = assertThrows(() => new EventBatch(capacity), InvalidInputError);
    assertEquals([error.field, error.value], ["capacity", capacity]);
  }
  const batch = new EventBatch(4);
  assertEquals([batch.length, batch.more, batch.capacity], [0, false, 4]);
  for (const i of [0, -1, NaN, 4]) assertThrows(() => batch.event(i), RangeError);
});

import { assertEquals } from "@std/assert";
import { ObjectQueue } from "../../lib/client/buffer.ts";
import { MixedBuffer } from "../../lib/client/mixed_buffer.ts";
import { RecordRing } from "../../lib/client/record_ring.ts";
import type { BotEvent, TradeEvent } from "../../lib/model/events.ts";
import { batchOf, ScriptedBot } from "./scripted_bot.ts";

function isTrade(event: BotEvent): event is TradeEvent {
  return event.type === "trade";
}

function drain<T>(queue: { shift(): T | undefined }): T[] {
  const items: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

Deno.test("ObjectQueue keeps order while it wraps and grows", () => {
  const queue = new ObjectQueue<number>();
  let pushed = 0;
  let taken = 0;
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < round % 7 + 2; i++) assertEquals(queue.push(pushed++), false);
    for (let i = 0; i < 3 && queue.size > 0; i++) assertEquals(queue.shift(), taken++);
  }
  assertEquals(queue.size, pushed - taken);
  assertEquals(drain(queue), Array.from({ length: pushed - taken }, (_, i) => taken + i));
});

Deno.test("ObjectQueue drops its oldest at its limit", () => {
  const queue = new ObjectQueue<number>(3);
  assertEquals([1, 2, 3, 4, 5].map((item) => queue.push(item)), [false, false, false, true, true]);
  assertEquals(drain(queue), [3, 4, 5]);
});

Deno.test("RecordRing keeps whole records across batches, and drops its oldest", () => {
  const ring = new RecordRing<TradeEvent>(3, isTrade);
  const bot = new ScriptedBot();
  const first = batchOf(bot.trades(2, { first: 1 }));
  const expected = [...first.events()];
  const second = batchOf(bot.trades(2, { first: 3 }));
  expected.push(...second.events());
  const drops = [
    ring.push(first, 0),
    ring.push(first, 1),
    ring.push(second, 0),
    ring.push(second, 1),
  ];
  assertEquals(drops, [false, false, false, true]);
  // The ring holds copies: what the batches hold now does not matter.
  first.bytes.fill(0);
  second.bytes.fill(0);
  assertEquals(drain(ring), expected.slice(1) as TradeEvent[]);
  assertEquals(ring.size, 0);
});

Deno.test("MixedBuffer drops market events only, and keeps the order of all", () => {
  const buffer = new MixedBuffer(2);
  const bot = new ScriptedBot();
  const batch = batchOf(
    bot.trades(1, { first: 1 }).script(bot.update(1n)).trades(2, { first: 2 })
      .script(bot.update(2n)).trades(1, { first: 4 }),
  );
  let dropped = 0;
  for (let i = 0; i < batch.length; i++) {
    const event = batch.event(i);
    if (event.type === "trade") dropped += buffer.pushRecord(batch, i) ? 1 : 0;
    else buffer.pushEvent(event);
  }
  assertEquals(dropped, 2);
  assertEquals(buffer.size, 4);
  const labels = drain(buffer).map((event) =>
    event.type === "trade" ? event.price : event.type === "order" ? event.orderId : event.type
  );
  assertEquals(labels, [1n, 3, 2n, 4]);
});

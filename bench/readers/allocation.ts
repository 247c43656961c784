/**
 * Reader: what JavaScript's heap grows by per event, as V8 counts it.
 *
 *     allocation.ts CHANNEL poll|batches
 *
 * @module
 */

import { getHeapStatistics } from "node:v8";
import { EventBatch, EventKind, LiveClient, NativeBot } from "@hftlive/hftlive";
import { END_MARK, FIRST_SEQUENCE, instruments } from "./report.ts";

/** How many events lie between two looks at the heap: a look costs some hundred bytes itself. */
const LOOK_EVERY = 5_000;

const [connector, kind] = Deno.args;
const bot = new NativeBot({ instruments: instruments(connector!, 1) });
let events = 0;
let polls = 0;
/** Read from every event, so that decoding is part of what is measured; a `let` would box each sum. */
const sums = new Float64Array(2);
let used = 0;
let grown = 0;
let looks = 0;
/** Looks that found less than before: V8 has collected, and what was made meanwhile is not known. */
let collections = 0;
let nextLook = 0;
/** Sequence numbers are small, so the lower half of the exchange time is all of it. */
let words = new Uint32Array(0);

function take(batch: EventBatch): boolean {
  if (words.buffer !== batch.bytes.buffer) words = new Uint32Array(batch.bytes.buffer);
  polls++;
  for (let i = 0; i < batch.length; i++) {
    const eventKind = batch.kind(i);
    if (eventKind !== EventKind.Trade && eventKind !== EventKind.Depth) continue;
    const sequence = words[(i + 1) * 16 + 2]!;
    if (sequence === END_MARK) return true;
    if (sequence < FIRST_SEQUENCE) continue;
    events++;
    sums[0]! += batch.price(i) * batch.qty(i) * (batch.isBuy(i) ? 1 : -1);
    sums[1]! += batch.latencyNs(i);
  }
  if (events >= nextLook && events > 0) look();
  return false;
}

function look(): void {
  const { used_heap_size: now } = getHeapStatistics();
  if (nextLook > 0) {
    looks++;
    if (now >= used) grown += now - used;
    else collections++;
  }
  used = now;
  nextLook = events + LOOK_EVERY;
}

if (kind === "batches") {
  await using client = await LiveClient.start(bot, { idle: "busySpin", batchCapacity: 4096 });
  for await (const batch of client.batches()) if (take(batch)) break;
} else {
  const batch = new EventBatch(4096);
  while (bot.poll(batch) <= 0 || !take(batch));
  bot.close();
}
// What was made between two looks with a collection is taken to be what was made between the others.
const bytes = grown * looks / Math.max(1, looks - collections);
console.log(JSON.stringify({ events, polls, bytes, collections, sums: [...sums] }));

/**
 * What the recorder's tests share: a bot that is recorded while its events are kept.
 *
 * @module
 */

import { EventBatch } from "../../lib/bot/batch.ts";
import type { LiveBot } from "../../lib/bot/live_bot.ts";
import { OrderBook } from "../../lib/bot/order_book.ts";
import { EventKind, RECORD_SIZE } from "../../lib/bot/record.ts";
import { openRecording } from "../../lib/replay/open_recording.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import type { RecordingReport } from "../../lib/replay/record/report.ts";
import type { RecorderOptions } from "../../lib/replay/record/options.ts";
import type { StubBotOptions } from "../../lib/stub/options.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";

/** Market events by asset, each the bytes of its record. */
export type SeenEvents = readonly Uint8Array[][];

/** A market event, for comparisons that tell where they fail. */
export interface MarketEvent {
  readonly kind: number;
  readonly side: "buy" | "sell" | "none";
  readonly price: number;
  readonly qty: number;
  readonly exch: bigint;
  readonly local: bigint;
}

/** Takes the market records out of a batch, as upstream's own events: without the asset number. */
export function addMarketRecords(batch: EventBatch, seen: Uint8Array[][]): void {
  for (let i = 0; i < batch.length; i++) {
    if (batch.kind(i) > EventKind.Bbo) continue;
    const record = batch.bytes.slice((i + 1) * RECORD_SIZE, (i + 2) * RECORD_SIZE);
    record.fill(0, 4, 8);
    seen[batch.asset(i)]!.push(record);
  }
}

/** Polls a bot to its end, or for a number of polls, and records it. */
export async function recordBot(
  bot: LiveBot,
  options: RecorderOptions,
  { polls = Infinity }: { polls?: number } = {},
): Promise<{ seen: SeenEvents; report: RecordingReport }> {
  const seen: Uint8Array[][] = bot.instruments.map(() => []);
  await using recorder = new Recorder(bot, options);
  const batch = new EventBatch(512);
  for (let left = polls; left > 0 && bot.poll(batch) >= 0; left--) {
    addMarketRecords(batch, seen);
    if (!recorder.write(batch)) await recorder.flush();
  }
  return { seen, report: await recorder.close() };
}

/** Records a stub, and closes it. */
export async function recordStub(
  options: RecorderOptions,
  stubOptions: StubBotOptions = {},
): Promise<{ seen: SeenEvents; report: RecordingReport }> {
  using bot = new StubBot({ seed: 7, ...stubOptions });
  return await recordBot(bot, options);
}

/** The records of a file. */
export function readRecords(path: string): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (const source of openRecording(path)) {
    using _closing = source;
    for (let block = source.next(); block !== undefined; block = source.next()) {
      for (let i = 0; i < block.length; i++) {
        records.push(block.bytes.slice(i * RECORD_SIZE, (i + 1) * RECORD_SIZE));
      }
    }
  }
  return records;
}

/** A record as an object. */
export function eventOf(record: Uint8Array): MarketEvent {
  const view = new DataView(record.buffer, record.byteOffset);
  const ev = view.getUint32(0, true);
  return {
    kind: ev & 0xff,
    side: ev & 0x2000_0000 ? "buy" : ev & 0x1000_0000 ? "sell" : "none",
    exch: view.getBigInt64(8, true),
    local: view.getBigInt64(16, true),
    price: view.getFloat64(24, true),
    qty: view.getFloat64(32, true),
  };
}

/** The book that a reader of these events holds; a tick is 0.1, a lot 0.001. */
export function bookOf(events: readonly MarketEvent[]): OrderBook {
  const book = new OrderBook(0.1, 0.001);
  for (const { kind, side, price, qty } of events) {
    if (kind === EventKind.DepthClear) book.clearTo(side, price);
    if (kind !== EventKind.Depth && kind !== EventKind.Snapshot) continue;
    if (side === "buy") book.updateBid(price, qty);
    else book.updateAsk(price, qty);
  }
  return book;
}

/** Names of the files of a directory, in order. */
export function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

/** Recordings made of events in a test. */

import {
  BUY_FLAG,
  EventBatch,
  EventKind,
  EXCH_FLAG,
  type LiveBot,
  LOCAL_FLAG,
  type MarketSource,
  RECORD,
  RECORD_SIZE,
  type RecordBlock,
  SELL_FLAG,
} from "@hftlive/hftlive";

/** A market event of a recording. */
export interface Recorded {
  readonly kind?: number;
  readonly side?: "buy" | "sell" | "none";
  /** "both" unless it is for the exchange's side or the bot's alone. */
  readonly for?: "both" | "exch" | "local" | "unmarked";
  readonly exch: bigint;
  readonly local: bigint;
  readonly price?: number;
  readonly qty?: number;
}

const FOR = {
  both: EXCH_FLAG + LOCAL_FLAG,
  exch: EXCH_FLAG,
  local: LOCAL_FLAG,
  unmarked: 0,
} as const;

/** The events as records. */
export function recordsOf(events: readonly Recorded[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(events.length * RECORD_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [index, event] of events.entries()) {
    const at = index * RECORD_SIZE;
    const { kind = EventKind.Depth, side = "buy", price = 0, qty = 0 } = event;
    const flag = side === "buy" ? BUY_FLAG : side === "sell" ? SELL_FLAG : 0;
    view.setUint32(at, FOR[event.for ?? "both"] + flag + kind, true);
    view.setBigInt64(at + RECORD.exchTimestamp, event.exch, true);
    view.setBigInt64(at + RECORD.localTimestamp, event.local, true);
    view.setFloat64(at + RECORD.price, price, true);
    view.setFloat64(at + RECORD.qty, qty, true);
  }
  return bytes;
}

/** A recording in memory, in blocks of so many records, all of them in the same memory. */
export class MemorySource implements MarketSource {
  readonly name = "memory";
  readonly symbol = undefined;
  skipped = 0;
  /** How often it was closed. */
  closed = 0;
  readonly #records: Uint8Array<ArrayBuffer>;
  readonly #block: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(events: readonly Recorded[] | Uint8Array<ArrayBuffer>, blockRecords = 1024) {
    this.#records = events instanceof Uint8Array ? events : recordsOf(events);
    this.#block = new Uint8Array(blockRecords * RECORD_SIZE);
  }

  next(): RecordBlock | undefined {
    if (this.#at === this.#records.length) return undefined;
    const piece = this.#records.subarray(this.#at, this.#at + this.#block.length);
    this.#at += piece.length;
    // What a block held is no longer valid: nobody may have kept it.
    this.#block.fill(0xff);
    this.#block.set(piece);
    return { bytes: this.#block, length: piece.length / RECORD_SIZE };
  }

  [Symbol.dispose](): void {
    this.closed++;
  }
}

/** All market records of a bot to the end of its data, without asset numbers. */
export function recordBot(bot: LiveBot, asset = 0): Uint8Array<ArrayBuffer> {
  const batch = new EventBatch(512);
  const pieces: Uint8Array[] = [];
  while (bot.poll(batch) >= 0) {
    for (let i = 0; i < batch.length; i++) {
      if (batch.kind(i) > EventKind.Bbo || batch.asset(i) !== asset) continue;
      const record = batch.bytes.slice((i + 1) * RECORD_SIZE, (i + 2) * RECORD_SIZE);
      record.fill(0, 4, 8);
      pieces.push(record);
    }
  }
  const all = new Uint8Array(pieces.length * RECORD_SIZE);
  for (const [index, piece] of pieces.entries()) all.set(piece, index * RECORD_SIZE);
  return all;
}

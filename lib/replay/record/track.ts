/**
 * The recording of one instrument.
 *
 * @module
 */

import { join } from "@std/path";
import { Grid } from "../../bot/grid.ts";
import type { DepthLevel, DepthSnapshot } from "../../bot/market_depth.ts";
import { OrderBook } from "../../bot/order_book.ts";
import { EventKind } from "../../bot/record.ts";
import type { Instrument } from "../../model/instrument.ts";
import { NsTime } from "../../model/time.ts";
import type { ChunkPool } from "./chunk_pool.ts";
import type { Encoder } from "./encoder.ts";
import { GzContainer } from "./gz_container.ts";
import { GzEncoder } from "./gz_encoder.ts";
import { MarketRecord } from "./market_record.ts";
import { fileTime } from "./names.ts";
import { NpzContainer } from "./npz_container.ts";
import { NpzEncoder } from "./npz_encoder.ts";
import { MAX_FILE_BYTES, type ResolvedOptions } from "./options.ts";
import { isBefore, RecordTimes, type TimeHalves } from "./record_times.ts";
import type { FinishedFile } from "./recording_file.ts";
import type { RecordedInstrument } from "./report.ts";
import { Tape } from "./tape.ts";

const NS_PER_MINUTE = 60_000_000_000n;

/** Share of the memory in use up to which recording goes on after events were dropped. */
const RESUME_LOAD = 0.5;

/** What a track is made of, and whom it tells. */
export interface TrackOptions {
  /** What is recorded. */
  readonly instrument: Instrument;
  /** Its asset number. */
  readonly asset: number;
  /** The part of its files' names that tells it apart. */
  readonly label: string;
  /** Options of the recorder. */
  readonly settings: ResolvedOptions;
  /** Memory for what waits for the disk. */
  readonly pool: ChunkPool;
  /** Called when a file is complete. */
  onFile(file: FinishedFile): void;
  /** Called when events begin to be dropped, because the disk is too slow. */
  onDrop(): void;
  /** Called once, when writing has failed. */
  onFailure(error: unknown): void;
}

/** Times to give a record that has none, when none came before it. */
export interface FirstTimes {
  /** Exchange time. */
  exch(): TimeHalves;
  /** Local time. */
  local(): TimeHalves;
}

/**
 * Records one instrument: keeps the book as a reader of the files has it, so that each file
 * can begin with it, and so that what was lost leaves no wrong book behind.
 */
export class Track {
  /** What is recorded. */
  readonly instrument: Instrument;
  /** Its asset number. */
  readonly asset: number;
  /** How often the bot told that its events were lost. */
  overflows = 0;

  /** Events of the bot that were taken. */
  #events = 0;
  /** Those that are in complete files. */
  #completeEvents = 0;
  /** Events of the bot that were not taken, or are lost. */
  #dropped = 0;
  /** Events that the format cannot express. */
  #unwritable = 0;
  readonly #times = new RecordTimes();
  readonly #options: TrackOptions;
  readonly #tape: Tape;
  readonly #encoder: Encoder;
  readonly #record = new MarketRecord();
  readonly #prices: Grid;
  #book: OrderBook;
  /** Local time at which the next file is due. */
  #boundary: TimeHalves = { hi: 0, lo: 0 };
  /** Whether a reader of the file holds another book than it should. */
  #gap = false;
  #dropping = false;
  /** Number of the message that the last event was part of. */
  #message = 0;
  /** Whether the bot's own book was emptied by an overflow, and no clear was seen since. */
  #stale = false;
  #stopped = false;

  /** @param options What it is made of, and whom it tells. */
  constructor(options: TrackOptions) {
    const { instrument, asset, settings } = options;
    this.instrument = instrument;
    this.asset = asset;
    this.#options = options;
    this.#prices = new Grid(instrument.tickSize);
    this.#book = new OrderBook(instrument.tickSize, instrument.lotSize);
    const { pool, onFailure } = options;
    const onFile = (file: FinishedFile): void => {
      this.#completeEvents += file.events;
      options.onFile(file);
    };
    const container = settings.format === "gz"
      ? new GzContainer()
      : new NpzContainer(settings.compress);
    this.#tape = new Tape({ pool, container, onFile, onFailure });
    this.#encoder = settings.format === "gz"
      ? new GzEncoder({
        instrument,
        tape: this.#tape,
        onDropped: (events) => {
          this.#events -= events;
          this.#drop(events);
        },
      })
      : new NpzEncoder(this.#tape);
  }

  /** What has become of its events. */
  get report(): RecordedInstrument {
    return {
      ...this.instrument,
      events: this.#events,
      dropped: this.#dropped,
      overflows: this.overflows,
      unwritable: this.#unwritable,
      filledTimes: this.#times.filled,
      raisedTimes: this.#times.raised,
      reversedExchTimes: this.#times.exchReversed,
      negativeLatencies: this.#times.negativeLatency,
    };
  }

  /** Settles when all that was taken until now is written, or writing has failed. Never rejects. */
  get idle(): Promise<void> {
    return this.#tape.idle;
  }

  /**
   * Takes the bot's book for that of the events so far: at the start, and where events were lost
   * on their way from the bot.
   *
   * @param snapshot The bot's book.
   */
  setBook(snapshot: DepthSnapshot): void {
    if (this.#tape.isOpen) this.#gap = true;
    this.#book = new OrderBook(this.instrument.tickSize, this.instrument.lotSize);
    for (const { price, qty } of snapshot.bids) this.#book.updateBid(price, qty);
    for (const { price, qty } of snapshot.asks) this.#book.updateAsk(price, qty);
  }

  /** Takes note that the bot lost events before it saw them, and will take its book anew. */
  setStale(): void {
    this.#stale = true;
  }

  /**
   * Takes a market record of a batch.
   *
   * @param words The batch as 32-bit words.
   * @param at Where the record begins.
   * @param message Number of the message that it is part of, which a new file is not to cut; 0
   * for none.
   * @param first Times, where the record has none and none came before.
   */
  add(words: Uint32Array, at: number, message: number, first: FirstTimes): void {
    const record = this.#record;
    record.copy(words, at);
    this.#times.correct(record, first);
    if (this.#stopped) {
      this.#dropped++;
      return;
    }
    const isFirst = message === 0 || message !== this.#message;
    this.#message = message;
    if (this.#tape.isOpen && isFirst && this.#isDue()) this.end();
    const { kind } = record;
    if (this.#stale && kind === EventKind.Snapshot) {
      // The answer of a connector that did not clear the book which its loss has spoilt.
      this.#gap = true;
      this.#book.clear();
    }
    if (kind === EventKind.Snapshot || kind === EventKind.DepthClear) this.#stale = false;
    if (this.#isReady()) this.#take();
    else this.#drop(1);
    this.#apply();
  }

  /** Takes note that a message has ended. */
  endMessage(): void {
    this.#encoder.endMessage();
  }

  /** Puts all that was taken on the disk. */
  checkpoint(): void {
    this.#encoder.flush();
    this.#tape.checkpoint();
  }

  /** Completes the file that is being written. */
  end(): void {
    this.#encoder.endMessage();
    this.#tape.end();
  }

  /** Takes no more: later events count as dropped. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Completes the file with what is safe of it, after a failure.
   *
   * @returns Path of the `.part` file that is left behind, if that fails as well.
   */
  rollBack(): Promise<string | undefined> {
    return this.#tape.rollBack();
  }

  /** Counts as dropped what was taken and is in no file, when nothing is written any more. */
  settle(): void {
    this.#dropped += this.#events - this.#completeEvents;
    this.#events = this.#completeEvents;
  }

  /** Makes sure that there is a file, and that its reader has the book. */
  #isReady(): boolean {
    // A book costs more than an event: it is not tried for each that is dropped.
    if (this.#dropping && this.#options.pool.load > RESUME_LOAD) return false;
    if (this.#tape.isOpen) return !this.#gap || this.#writeBook();
    this.#beginFile();
    return this.#writeBook();
  }

  #take(): void {
    switch (this.#encoder.event(this.#record)) {
      case "taken":
        this.#events++;
        break;
      case "full":
        this.#drop(1);
        break;
      case "unwritable":
        this.#unwritable++;
        break;
    }
  }

  #drop(events: number): void {
    this.#dropped += events;
    this.#gap = true;
    if (!this.#dropping) this.#options.onDrop();
    this.#dropping = true;
  }

  #beginFile(): void {
    const { directory, prefix, rotateMinutes } = this.#options.settings;
    const local = this.#record.localTimestamp;
    const period = BigInt(rotateMinutes) * NS_PER_MINUTE;
    this.#boundary = NsTime.from((local / period + 1n) * period);
    this.#tape.begin(join(directory, `${prefix}${this.#options.label}-${fileTime(local)}`));
    this.#encoder.begin();
  }

  /** Whether it is time for the next file. */
  #isDue(): boolean {
    const { words } = this.#record;
    if (!isBefore(words[5]!, words[4]!, this.#boundary.hi, this.#boundary.lo)) return true;
    const { contentBytes } = this.#encoder;
    const { format, compress, rotateBytes } = this.#options.settings;
    const bytes = format === "gz" || compress ? this.#tape.fileBytes : contentBytes;
    return bytes >= rotateBytes || contentBytes >= MAX_FILE_BYTES;
  }

  /** Writes the book as it was before the record at hand, at that record's local time. */
  #writeBook(): boolean {
    const { words } = this.#record;
    const done = this.#encoder.book({
      now: this.#decimalBook(),
      afterGap: this.#gap,
      exch: this.#times.previousExch,
      local: { hi: words[5]!, lo: words[4]! },
    });
    this.#gap = !done;
    if (done) this.#dropping = false;
    return done;
  }

  /** The book with prices as an exchange prints them. */
  #decimalBook(): DepthSnapshot {
    const { bids, asks } = this.#book.snapshot();
    const level = ({ priceTick, qty }: DepthLevel): DepthLevel => ({
      price: this.#prices.value(Number(priceTick)),
      priceTick,
      qty,
    });
    return { bids: bids.map(level), asks: asks.map(level) };
  }

  #apply(): void {
    const { kind, isBuy, isSell, price, qty } = this.#record;
    switch (kind) {
      case EventKind.Depth:
      case EventKind.Snapshot:
        if (isBuy) this.#book.updateBid(price, qty);
        else this.#book.updateAsk(price, qty);
        break;
      case EventKind.DepthClear:
        this.#book.clearTo(isBuy ? "buy" : isSell ? "sell" : "none", price);
        break;
    }
  }
}

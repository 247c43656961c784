/**
 * Market events from the lines of hftbacktest's collector.
 *
 * @module
 */

import { NsTime } from "../../model/time.ts";
import { RecordingError } from "../errors.ts";
import type { MarketSource, RecordBlock } from "../market_source.ts";
import { BinanceScanner } from "./binance_scanner.ts";
import type { ByteSource } from "./byte_source.ts";
import { streamOf, writeMessage } from "./collector_message.ts";
import { DamagedLine, isJsonObject, type JsonObject, showValue } from "./json_fields.ts";
import { LineReader } from "./lines.ts";
import { MessageWriter } from "./message_writer.ts";
import { RecordBuffer } from "./record_buffer.ts";
import { type Stream, StreamNames } from "./streams.ts";
import { MAX_SECONDS, setSeconds } from "./time.ts";

/** Records after which a block is full; the last line may take it beyond. */
const BLOCK_RECORDS = 2048;
/**
 * How far a line's time may lie before that of the line before. The collector
 * takes the times of messages and of snapshots in different tasks, so that they may cross.
 */
const MAX_CROSSING_NS = 1_000_000_000;
const SPACE = 0x20;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const NS_DIGITS = 9;

/** What is done with the messages of a stream. */
type Choice =
  | { readonly use: "read" | "leave"; readonly stream: Stream }
  | { readonly use: "refuse"; readonly stream: Stream; readonly why: string };

/** What a source takes from a file. */
export interface CollectorSelection {
  /** The symbol, as its stream has it. */
  readonly symbol: string;
  /** Other symbols in the file, in lower case. */
  readonly others: ReadonlySet<string>;
  /** Whether a symbol that is none of these may occur. */
  readonly allowUnknown: boolean;
  /** Levels of the one order book that is used, of those that Bybit offers for a symbol. */
  readonly bybitLevels: number;
  /** Whether best prices are delivered, too. */
  readonly withBookTicker: boolean;
  /** Whether damaged lines are left out. */
  readonly skipDamaged: boolean;
}

/** One symbol's events from lines of local time and message. */
export class CollectorSource implements MarketSource {
  readonly name: string;
  readonly symbol: string;
  skipped = 0;

  readonly #selection: CollectorSelection;
  readonly #lines: LineReader;
  readonly #streams: StreamNames<Choice>;
  readonly #records = new RecordBuffer();
  readonly #writer = new MessageWriter(this.#records);
  readonly #scanner = new BinanceScanner(this.#writer);
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  /** Local time of the line before. */
  readonly #last = new NsTime();
  #hasSymbol = false;
  #otherSymbol: string | undefined;
  #failure: RecordingError | undefined;
  #ended = false;

  /**
   * @param source The lines; it is closed with this.
   * @param selection What is taken from them.
   */
  constructor(source: ByteSource, selection: CollectorSelection) {
    this.name = source.file;
    this.symbol = selection.symbol;
    this.#selection = selection;
    this.#lines = new LineReader(source);
    this.#streams = new StreamNames((stream) => this.#choose(stream));
  }

  next(): RecordBlock | undefined {
    const records = this.#records;
    records.length = 0;
    while (records.length < BLOCK_RECORDS && this.#failure === undefined && !this.#ended) {
      this.#step();
    }
    if (records.length > 0) return records;
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#lines[Symbol.dispose]();
  }

  /** Takes in the next line. */
  #step(): void {
    const { records } = this.#writer;
    const mark = records.length;
    try {
      if (this.#lines.next()) {
        this.#line();
        this.#last.copy(this.#writer.local);
      } else this.#end();
    } catch (error) {
      const isLine = error instanceof DamagedLine;
      if (!isLine && !(error instanceof RecordingError)) throw error;
      // A message counts as a whole.
      records.length = mark;
      if (this.#selection.skipDamaged) {
        this.skipped++;
        this.#ended ||= !isLine;
      } else {
        this.#failure = isLine ? this.#lines.error(error.message) : error;
      }
    }
  }

  #end(): void {
    this.#ended = true;
    if (this.#hasSymbol || this.#otherSymbol === undefined) return;
    throw this.#lines.error(
      `found only messages of other symbols such as ${this.#otherSymbol}, expected ${this.symbol}`,
    );
  }

  #line(): void {
    const { bytes, start, end } = this.#lines;
    const json = this.#time(bytes, start, end) + 1;
    const head = this.#streams.find(bytes, json, end);
    let choice = head?.value;
    if (choice?.use === "leave") return;
    if (head !== undefined && choice?.use === "read") {
      const { kind } = choice.stream;
      const after = json + head.bytes.length;
      if ((kind === "trade" || kind === "depth") && this.#scanner.write(kind, bytes, after, end)) {
        return;
      }
    }
    const message = this.#parse(json, end);
    choice ??= this.#choose(streamOf(message));
    if (choice.use === "leave") return;
    if (choice.use === "refuse") throw new DamagedLine(choice.why);
    writeMessage(choice.stream, message, this.#writer);
  }

  /** Takes the time that begins a line, and returns where it ends. */
  #time(bytes: Uint8Array, start: number, end: number): number {
    let space = start;
    while (space < end && isDigit(bytes[space]!)) space++;
    const split = Math.max(start, space - NS_DIGITS);
    const seconds = wholeNumber(bytes, start, split);
    const ns = wholeNumber(bytes, split, space);
    const isTime = space > start && space < end && bytes[space] === SPACE;
    if (!isTime || seconds > MAX_SECONDS) {
      const found = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 40)));
      throw new DamagedLine(
        `the line begins with ${showValue(found)}, expected a time in nanoseconds and a space`,
      );
    }
    const { local } = this.#writer;
    setSeconds(local, seconds, ns);
    const sinceLast = local.since(this.#last);
    if (sinceLast < -MAX_CROSSING_NS) {
      throw new DamagedLine(
        `the local time is ${local.toBigInt()}, expected none before ${this.#last.toBigInt()}`,
      );
    }
    if (sinceLast < 0) local.copy(this.#last);
    return space;
  }

  #parse(start: number, end: number): JsonObject {
    let message: unknown;
    try {
      message = JSON.parse(this.#decoder.decode(this.#lines.bytes.subarray(start, end)));
    } catch (error) {
      if (error instanceof TypeError) throw new DamagedLine("the message is no UTF-8");
      if (!(error instanceof SyntaxError)) throw error;
      throw new DamagedLine(`the message is no JSON, ${error.message}`);
    }
    if (!isJsonObject(message)) {
      throw new DamagedLine(`the message is ${showValue(message)}, expected an object`);
    }
    return message;
  }

  #choose(stream: Stream): Choice {
    const { symbol, others, allowUnknown, withBookTicker, bybitLevels } = this.#selection;
    const leave: Choice = { use: "leave", stream };
    const key = stream.symbol.toLowerCase();
    if (stream.kind === "other") return leave;
    if (stream.kind === "snapshot") {
      if (others.size === 0 && this.#otherSymbol === undefined) return { use: "read", stream };
      const why = "found a snapshot that names no symbol, in a recording of several symbols";
      return { use: "refuse", stream, why };
    }
    if (key === symbol.toLowerCase()) {
      this.#hasSymbol = true;
      const isLeft = (stream.kind === "bookTicker" && !withBookTicker) ||
        (stream.kind === "bybitOrderBook" && stream.levels !== bybitLevels);
      return isLeft ? leave : { use: "read", stream };
    }
    this.#otherSymbol ??= stream.symbol;
    if (allowUnknown || others.has(key)) return leave;
    const why = `found symbol ${showValue(stream.symbol)}, which the recording's beginning does ` +
      "not have, name the symbols to read with the option symbols";
    return { use: "refuse", stream, why };
  }
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9;
}

function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at]! - DIGIT_0);
  return value;
}

/**
 * Events as the lines of hftbacktest's collector: `<local time, ns> <JSON of Binance futures>`.
 *
 * @module
 */

import type { DepthLevel } from "../../bot/market_depth.ts";
import { OrderBook } from "../../bot/order_book.ts";
import { EventKind } from "../../bot/record.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { Encoder, Taken, WholeBook } from "./encoder.ts";
import type { MarketRecord } from "./market_record.ts";
import type { TimeHalves } from "./record_times.ts";
import type { Tape } from "./tape.ts";

const NS_PER_MS = 1_000_000n;

/** Update ids that are left out where events were lost, as an exchange's would be. */
const GAP_IDS = 1000;

/** A line that may grow: one message about the book. */
interface Message {
  readonly kind: "update" | "snapshot";
  readonly local: bigint;
  exchMs: number;
  readonly bids: Level[];
  readonly asks: Level[];
  events: number;
}

type Level = Pick<DepthLevel, "price" | "qty">;

/** Whom a {@linkcode GzEncoder} writes to. */
export interface GzEncoderOptions {
  /** What the events are of. */
  readonly instrument: Instrument;
  /** Takes the bytes. */
  readonly tape: Tape;
  /** Called with the number of events of a line that there was no memory for. */
  onDropped(events: number): void;
}

/**
 * Writes lines. The levels of one message share a line as long as a reader, who takes the
 * bids of a line before its asks, gets them in the order in which they came.
 */
export class GzEncoder implements Encoder {
  readonly #options: GzEncoderOptions;
  readonly #text = new TextEncoder();
  /** Symbol as the exchange writes it in messages, and in the names of streams. */
  readonly #upper: string;
  readonly #lower: string;
  /** The book of a reader who has read all lines until here. */
  readonly #book: OrderBook;
  #message: Message | undefined;
  #contentBytes = 0;
  #updateId = 0;
  #tradeId = 0;

  /** @param options Whom to write to. */
  constructor(options: GzEncoderOptions) {
    this.#options = options;
    const { symbol, tickSize, lotSize } = options.instrument;
    this.#upper = symbol.toUpperCase();
    this.#lower = symbol.toLowerCase();
    this.#book = new OrderBook(tickSize, lotSize);
  }

  get contentBytes(): number {
    return this.#contentBytes;
  }

  begin(): void {
    this.#contentBytes = 0;
  }

  event(record: MarketRecord): Taken {
    switch (record.kind) {
      case EventKind.Depth:
      case EventKind.Snapshot:
        this.#level(record);
        return "taken";
      case EventKind.Trade:
        if (!record.isBuy && !record.isSell) return "unwritable";
        return this.#trade(record) ? "taken" : "full";
      case EventKind.DepthClear:
        return this.#clear(record) ? "taken" : "full";
      default:
        return "unwritable";
    }
  }

  book({ now, afterGap, exch, local }: WholeBook): boolean {
    this.endMessage();
    const times = { exchMs: toMs(toNs(exch)), local: toNs(local), events: 0 };
    if (afterGap) this.#updateId += GAP_IDS;
    const before = this.#book.snapshot();
    const bids = goneOf(before.bids, now.bids);
    const asks = goneOf(before.asks, now.asks);
    if (bids.length + asks.length > 0 && !this.#write({ kind: "update", ...times, bids, asks })) {
      return false;
    }
    if (now.bids.length + now.asks.length === 0) return true;
    return this.#write({ kind: "snapshot", ...times, bids: [...now.bids], asks: [...now.asks] });
  }

  endMessage(): void {
    const message = this.#message;
    this.#message = undefined;
    if (message === undefined) return;
    if (!this.#write(message)) this.#options.onDropped(message.events);
  }

  flush(): void {
    // A reader takes each snapshot for a whole one.
    if (this.#message?.kind === "update") this.endMessage();
  }

  #level(record: MarketRecord): void {
    const { isBuy, price, qty } = record;
    const kind = record.kind === EventKind.Snapshot ? "snapshot" : "update";
    const local = record.localTimestamp;
    const exchMs = toMs(record.exchTimestamp);
    if (!this.#continues(kind, local, exchMs, isBuy)) this.endMessage();
    const message = this.#message ??= { kind, local, exchMs, bids: [], asks: [], events: 0 };
    // The levels of an answer have the times of their last changes; the answer has the latest.
    message.exchMs = exchMs;
    (isBuy ? message.bids : message.asks).push({ price, qty });
    message.events++;
  }

  /** Whether a level belongs to the message before it. */
  #continues(kind: Message["kind"], local: bigint, exchMs: number, isBuy: boolean): boolean {
    const message = this.#message;
    if (message === undefined || message.kind !== kind || message.local !== local) return false;
    return kind === "snapshot" ||
      (message.exchMs === exchMs && !(isBuy && message.asks.length > 0));
  }

  #trade(record: MarketRecord): boolean {
    this.endMessage();
    const ms = toMs(record.exchTimestamp);
    const data = `{"e":"trade","E":${ms},"T":${ms},"s":${JSON.stringify(this.#upper)},` +
      `"t":${this.#tradeId + 1},"p":"${decimal(record.price)}","q":"${decimal(record.qty)}",` +
      `"X":"MARKET","m":${record.isSell}}`;
    if (!this.#line(record.localTimestamp, this.#stream("trade", data), 1)) return false;
    this.#tradeId++;
    return true;
  }

  /** Takes each level out, since the collector's lines have no word for an empty book. */
  #clear(record: MarketRecord): boolean {
    this.endMessage();
    const { isBuy, isSell, price } = record;
    const { bids, asks } = this.#book.snapshot();
    // As bots do: of one side, what is up to a price.
    const isLimited = (isBuy || isSell) && price > 0 && price < Infinity;
    const upTo = BigInt(isLimited ? Math.round(price / this.#book.tickSize) : 0);
    return this.#write({
      kind: "update",
      local: record.localTimestamp,
      exchMs: toMs(record.exchTimestamp),
      bids: isSell
        ? []
        : bids.filter(({ priceTick }) => !isLimited || priceTick >= upTo).map(removed),
      asks: isBuy
        ? []
        : asks.filter(({ priceTick }) => !isLimited || priceTick <= upTo).map(removed),
      events: 1,
    });
  }

  #write(message: Message): boolean {
    const { kind, local, exchMs, bids, asks, events } = message;
    if (kind === "snapshot") {
      bids.sort((a, b) => b.price - a.price);
      asks.sort((a, b) => a.price - b.price);
    }
    const before = this.#updateId;
    const id = before + 1;
    const times = `"E":${exchMs},"T":${exchMs}`;
    const json = kind === "snapshot"
      ? `{"lastUpdateId":${id},${times},"bids":${levelsText(bids)},"asks":${levelsText(asks)}}`
      : this.#stream(
        "depth@0ms",
        `{"e":"depthUpdate",${times},"s":${JSON.stringify(this.#upper)},` +
          `"U":${id},"u":${id},"pu":${before},"b":${levelsText(bids)},"a":${levelsText(asks)}}`,
      );
    if (!this.#line(local, json, events)) return false;
    this.#updateId = id;
    for (const { price, qty } of bids) this.#book.updateBid(price, qty);
    for (const { price, qty } of asks) this.#book.updateAsk(price, qty);
    return true;
  }

  #stream(name: string, data: string): string {
    return `{"stream":${JSON.stringify(`${this.#lower}@${name}`)},"data":${data}}`;
  }

  #line(local: bigint, json: string, events: number): boolean {
    const bytes = this.#text.encode(`${local} ${json}\n`);
    if (!this.#options.tape.append(bytes, events)) return false;
    this.#contentBytes += bytes.length;
    return true;
  }
}

/** The levels that are gone, as updates that remove them. */
function goneOf(before: readonly DepthLevel[], now: readonly DepthLevel[]): Level[] {
  const left = new Set(now.map(({ priceTick }) => priceTick));
  return before.filter(({ priceTick }) => !left.has(priceTick)).map(removed);
}

function removed({ price }: DepthLevel): Level {
  return { price, qty: 0 };
}

function levelsText(levels: readonly Level[]): string {
  return `[${levels.map(({ price, qty }) => `["${decimal(price)}","${decimal(qty)}"]`).join(",")}]`;
}

/** The shortest decimal that reads back as the same number, without an exponent. */
function decimal(value: number): string {
  const text = String(value);
  const at = text.indexOf("e");
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)\.?(\d*)e/.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

function toMs(ns: bigint): number {
  return Number(ns / NS_PER_MS);
}

function toNs({ hi, lo }: TimeHalves): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

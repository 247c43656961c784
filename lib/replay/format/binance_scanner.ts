/**
 * Binance's trades and depth updates, read from their bytes.
 *
 * @module
 */

import { BUY_FLAG, SELL_FLAG } from "../../bot/record.ts";
import type { MessageWriter } from "./message_writer.ts";
import { MAX_MS } from "./time.ts";

/** Digits of a whole number that a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

const ENVELOPE = bytesOf(',"data":{');
const MARKET = bytesOf('"MARKET"');
const TRUE = bytesOf("true");
const FALSE = bytesOf("false");
const END = bytesOf("}}");

const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const KEY_E = 0x45;
const KEY_T = 0x54;
const KEY_X = 0x58;
const KEY_A = 0x61;
const KEY_B = 0x62;
const KEY_M = 0x6d;
const KEY_P = 0x70;
const KEY_Q = 0x71;
const KEY_U = 0x75;

/**
 * Writes the records of a message without making text or objects of it: a file is read three
 * times as fast as with `JSON.parse`. It only knows the form in which the exchange writes its
 * messages. Whatever differs is left to `writeMessage`, which makes the same of any JSON, and
 * tells what is wrong with it.
 */
export class BinanceScanner {
  readonly #writer: MessageWriter;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #failed = false;

  // Fields of the message; NaN for one that has not occurred.
  #eventTime = NaN;
  #time = NaN;
  #updateId = NaN;
  #price = NaN;
  #qty = NaN;
  #side = 0;
  #isTrade = false;
  #isMarket = true;
  #hasBids = false;
  #hasAsks = false;

  /** @param writer Where the records go; its local time is set. */
  constructor(writer: MessageWriter) {
    this.#writer = writer;
  }

  /**
   * Writes a message of a combined stream.
   *
   * @param kind What it carries.
   * @param bytes Where it lies.
   * @param start After the name of its stream.
   * @param end After its last byte.
   * @returns Whether its form was known; if not, nothing was written.
   */
  write(kind: "trade" | "depth", bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#failed = false;
    this.#eventTime = this.#time = this.#updateId = NaN;
    this.#price = this.#qty = NaN;
    this.#side = 0;
    this.#isTrade = kind === "trade";
    this.#isMarket = true;
    this.#hasBids = this.#hasAsks = false;
    const { records } = this.#writer;
    const mark = records.length;
    const isKnown = this.#skip(ENVELOPE) && this.#members() && this.#skip(END) && this.#at === end;
    if (isKnown && (this.#isTrade ? this.#writeTrade() : this.#keepDepth(mark))) return true;
    records.length = mark;
    return false;
  }

  #keepDepth(start: number): boolean {
    if (!this.#hasBids || !this.#hasAsks) return false;
    this.#writer.keep(start, this.#updateId);
    return true;
  }

  #writeTrade(): boolean {
    if (!this.#setTime() || this.#side === 0 || !(this.#price >= 0 && this.#qty >= 0)) return false;
    if (this.#isMarket) this.#writer.trade(this.#side, this.#price, this.#qty);
    return true;
  }

  /** Reads `"key":value` pairs up to the end of the object. */
  #members(): boolean {
    const bytes = this.#bytes;
    do {
      if (bytes[this.#at] !== QUOTE) return false;
      // The keys that matter have one letter.
      const key = bytes[this.#at + 2] === QUOTE ? bytes[this.#at + 1]! : 0;
      if (key === 0) this.#text();
      else if (isPlain(key)) this.#at += 3;
      else return false;
      if (bytes[this.#at++] !== COLON) return false;
      this.#value(key);
      if (this.#failed) return false;
    } while (bytes[this.#at++] === COMMA);
    this.#at--;
    return true;
  }

  #value(key: number): void {
    if (key === KEY_T) this.#time = this.#integer();
    else if (key === KEY_E) this.#eventTime = this.#integer();
    else if (this.#isTrade) this.#tradeValue(key);
    else if (key === KEY_U) this.#updateId = this.#integer();
    else if (key === KEY_B) this.#hasBids = this.#levels(BUY_FLAG);
    else if (key === KEY_A) this.#hasAsks = this.#levels(SELL_FLAG);
    else this.#otherValue();
  }

  #tradeValue(key: number): void {
    if (key === KEY_P) this.#price = this.#decimal();
    else if (key === KEY_Q) this.#qty = this.#decimal();
    else if (key === KEY_X) {
      const start = this.#at;
      this.#text();
      this.#isMarket = startsWith(this.#bytes, start, MARKET);
    } else if (key === KEY_M) {
      // The buyer was the maker, so the seller took.
      this.#side = this.#boolean() ? SELL_FLAG : BUY_FLAG;
    } else this.#otherValue();
  }

  /** Goes beyond a value that does not matter. */
  #otherValue(): void {
    const first = this.#bytes[this.#at]!;
    if (first === QUOTE) this.#text();
    else if (first === TRUE[0] || first === FALSE[0]) this.#boolean();
    else this.#integer();
  }

  /** Writes a list of levels; time and update id have to come before it. */
  #levels(side: number): boolean {
    const bytes = this.#bytes;
    const writer = this.#writer;
    if (bytes[this.#at++] !== BRACKET || !this.#setTime() || !(this.#updateId >= 0)) {
      this.#failed = true;
      return false;
    }
    if (bytes[this.#at] === BRACKET_END) {
      this.#at++;
      return true;
    }
    do {
      if (bytes[this.#at++] !== BRACKET) this.#failed = true;
      const price = this.#decimal();
      if (bytes[this.#at++] !== COMMA) this.#failed = true;
      const qty = this.#decimal();
      if (bytes[this.#at++] !== BRACKET_END) this.#failed = true;
      if (this.#failed) return false;
      writer.depth(side, price, qty);
    } while (bytes[this.#at++] === COMMA);
    if (bytes[this.#at - 1] !== BRACKET_END) this.#failed = true;
    return true;
  }

  #setTime(): boolean {
    const ms = Number.isNaN(this.#time) ? this.#eventTime : this.#time;
    if (!(ms <= MAX_MS)) return false;
    this.#writer.setExchTime(ms);
    return true;
  }

  /** Reads a decimal number in quotes: nothing but digits and at most one point. */
  #decimal(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at++] !== QUOTE) this.#failed = true;
    const start = at;
    let value = 0;
    let digit = bytes[at]! - DIGIT_0;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - DIGIT_0;
    }
    let digits = at - start;
    let decimals = 0;
    if (digits === 0) this.#failed = true;
    if (bytes[at] === POINT) {
      const point = at;
      digit = bytes[++at]! - DIGIT_0;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = bytes[++at]! - DIGIT_0;
      }
      decimals = at - point - 1;
      digits += decimals;
      if (decimals === 0) this.#failed = true;
    }
    if (bytes[at++] !== QUOTE || digits > EXACT_DIGITS) this.#failed = true;
    this.#at = at;
    // A quotient of two exact numbers is the number nearest to the decimal.
    return value / POWERS_OF_TEN[decimals]!;
  }

  #integer(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let value = 0;
    let digit = bytes[at]! - DIGIT_0;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - DIGIT_0;
    }
    const digits = at - start;
    const isPlain = digits > 0 && digits <= EXACT_DIGITS &&
      (digits === 1 || bytes[start] !== DIGIT_0);
    if (!isPlain) this.#failed = true;
    this.#at = at;
    return value;
  }

  #boolean(): boolean {
    const isTrue = this.#skip(TRUE);
    if (!isTrue && !this.#skip(FALSE)) this.#failed = true;
    return isTrue;
  }

  /** Goes beyond a text in quotes. */
  #text(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at++] !== QUOTE) this.#failed = true;
    // Escapes, control characters and letters beyond ASCII are left to JSON.parse.
    while (isPlain(bytes[at]!)) at++;
    if (bytes[at] !== QUOTE) this.#failed = true;
    this.#at = at + 1;
  }

  #skip(expected: Uint8Array): boolean {
    if (!startsWith(this.#bytes, this.#at, expected)) return false;
    this.#at += expected.length;
    return true;
  }
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== 0x5c;
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) {
    if (bytes[at + i] !== expected[i]) return false;
  }
  return true;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

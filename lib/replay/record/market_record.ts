/**
 * The record that is being written.
 *
 * @module
 */

import {
  BUY_FLAG,
  EventKind,
  EXCH_FLAG,
  LOCAL_FLAG,
  RECORD,
  RECORD_SIZE,
  SELL_FLAG,
} from "../../bot/record.ts";
import type { TimeHalves } from "./record_times.ts";

/** 32-bit words of a record. */
export const RECORD_WORDS: number = RECORD_SIZE / 4;

/**
 * One market record as it goes into a file: upstream's `Event`. The same memory is used for
 * each, so that nothing is allocated.
 */
export class MarketRecord {
  /** The record as 32-bit words. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly #numbers: Float64Array;
  readonly #times: BigInt64Array;

  constructor() {
    const buffer = new ArrayBuffer(RECORD_SIZE);
    this.words = new Uint32Array(buffer);
    this.#numbers = new Float64Array(buffer);
    this.#times = new BigInt64Array(buffer);
  }

  /** Kind: a number from `EventKind`. */
  get kind(): number {
    return this.words[0]! & 0xff;
  }

  /** Whether it is on the buy side. */
  get isBuy(): boolean {
    return (this.words[0]! & BUY_FLAG) !== 0;
  }

  /** Whether it is on the sell side. */
  get isSell(): boolean {
    return (this.words[0]! & SELL_FLAG) !== 0;
  }

  /** Price, in quote currency. */
  get price(): number {
    return this.#numbers[RECORD.price / 8]!;
  }

  /** Quantity, in base units. */
  get qty(): number {
    return this.#numbers[RECORD.qty / 8]!;
  }

  /** Exchange time, ns since the Unix epoch. */
  get exchTimestamp(): bigint {
    return this.#times[RECORD.exchTimestamp / 8]!;
  }

  /** Local time, ns since the Unix epoch. */
  get localTimestamp(): bigint {
    return this.#times[RECORD.localTimestamp / 8]!;
  }

  /**
   * Takes a record of a batch. What only a batch has is left out, and it is made valid for
   * both sides of a backtest: a live feed's records only have upstream's local flag.
   *
   * @param words The batch as 32-bit words.
   * @param at Where the record begins.
   */
  copy(words: Uint32Array, at: number): void {
    const own = this.words;
    for (let i = 0; i < RECORD_WORDS; i++) own[i] = words[at + i]!;
    // Bit 31 makes the number unsigned only when it is stored.
    own[0] = own[0]! | EXCH_FLAG | LOCAL_FLAG;
    own[1] = 0;
  }

  /** Makes it a clearing of the whole book. */
  setClear(exch: TimeHalves, local: TimeHalves): void {
    this.#set(EventKind.DepthClear, exch, local, 0, 0);
  }

  /** Makes it a level of a whole book. */
  setLevel(
    side: "buy" | "sell",
    exch: TimeHalves,
    local: TimeHalves,
    price: number,
    qty: number,
  ): void {
    const flag = side === "buy" ? BUY_FLAG : SELL_FLAG;
    this.#set(EventKind.Snapshot | flag, exch, local, price, qty);
  }

  #set(ev: number, exch: TimeHalves, local: TimeHalves, price: number, qty: number): void {
    const { words } = this;
    words.fill(0);
    words[0] = ev | EXCH_FLAG | LOCAL_FLAG;
    words[2] = exch.lo;
    words[3] = exch.hi;
    words[4] = local.lo;
    words[5] = local.hi;
    this.#numbers[RECORD.price / 8] = price;
    this.#numbers[RECORD.qty / 8] = qty;
  }
}

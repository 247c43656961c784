/**
 * Events as hftbacktest's own records.
 *
 * @module
 */

import { RECORD_SIZE } from "../../bot/record.ts";
import type { DepthLevel } from "../../bot/market_depth.ts";
import type { Encoder, Taken, WholeBook } from "./encoder.ts";
import { MarketRecord, RECORD_WORDS } from "./market_record.ts";
import type { Tape } from "./tape.ts";

/** Writes 64-byte records as they are. */
export class NpzEncoder implements Encoder {
  readonly #tape: Tape;
  readonly #own = new MarketRecord();
  #contentBytes = 0;

  /** @param tape Takes the bytes. */
  constructor(tape: Tape) {
    this.#tape = tape;
  }

  get contentBytes(): number {
    return this.#contentBytes;
  }

  begin(): void {
    this.#contentBytes = 0;
  }

  event(record: MarketRecord): Taken {
    return this.#write(record, 1) ? "taken" : "full";
  }

  book({ now, afterGap, exch, local }: WholeBook): boolean {
    const own = this.#own;
    const level = (side: "buy" | "sell") => ({ price, qty }: DepthLevel): boolean => {
      own.setLevel(side, exch, local, price, qty);
      return this.#write(own, 0);
    };
    if (!afterGap && now.bids.length + now.asks.length === 0) return true;
    own.setClear(exch, local);
    return this.#write(own, 0) && now.bids.every(level("buy")) && now.asks.every(level("sell"));
  }

  endMessage(): void {}

  flush(): void {}

  #write(record: MarketRecord, events: number): boolean {
    const chunk = this.#tape.room(RECORD_SIZE);
    if (chunk === undefined) return false;
    const { words } = chunk;
    const at = chunk.length / 4;
    for (let i = 0; i < RECORD_WORDS; i++) words[at + i] = record.words[i]!;
    chunk.length += RECORD_SIZE;
    chunk.events += events;
    this.#contentBytes += RECORD_SIZE;
    return true;
  }
}

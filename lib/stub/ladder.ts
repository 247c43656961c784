/**
 * One side of the stub's book.
 *
 * @module
 */

import { EventKind } from "../bot/record.ts";
import type { MarketFeed } from "./market_feed.ts";
import type { StubRange } from "./options.ts";
import type { Random } from "./random.ts";

// Own constant, for the compiler: see event_queue.ts.
const DEPTH = EventKind.Depth;

/** What a {@linkcode Ladder} is made of. */
export interface LadderOptions {
  /** How many levels it has. */
  readonly depth: number;
  /** Lots of a level. */
  readonly levelLots: StubRange;
  /** Source of the lots. */
  readonly random: Random;
  /** Is told each level that changes: its lots now, 0 when it is gone. */
  readonly feed: MarketFeed;
}

/**
 * A side of the book: as many levels as it is deep, on neighbouring ticks, from the
 * best away from the market. It moves as a whole.
 */
export class Ladder {
  /** How many levels it has. */
  readonly depth: number;

  /** 1 for bids, whose best is the highest; -1 for asks. */
  readonly #sign: number;
  readonly #minLots: number;
  readonly #maxLots: number;
  readonly #random: Random;
  readonly #feed: MarketFeed;
  /** Lots by the low bits of the tick. */
  readonly #lots: Int32Array;
  readonly #mask: number;
  #best = 0;

  /**
   * @param sign 1 for bids, -1 for asks.
   * @param best Tick of the best level.
   * @param options What it is made of.
   */
  constructor(sign: 1 | -1, best: number, options: LadderOptions) {
    const { depth, levelLots, random, feed } = options;
    this.depth = depth;
    this.#sign = sign;
    this.#minLots = levelLots.min;
    this.#maxLots = levelLots.max;
    this.#random = random;
    this.#feed = feed;
    this.#best = best;
    let size = 2;
    while (size < depth) size *= 2;
    this.#lots = new Int32Array(size);
    this.#mask = size - 1;
    for (let i = 0; i < depth; i++) this.#lots[this.tickAt(i) & this.#mask] = this.#drawLots();
  }

  /** Tick of the best level. */
  get best(): number {
    return this.#best;
  }

  /** Tick of the level `i` away from the best. */
  tickAt(i: number): number {
    return this.#best - this.#sign * i;
  }

  /** Lots at the level `i` away from the best. */
  lotsAt(i: number): number {
    return this.#lots[this.tickAt(i) & this.#mask]!;
  }

  /** Whether a price is at the best level or on the market's side of it. */
  reaches(tick: number): boolean {
    return (tick - this.#best) * this.#sign >= 0;
  }

  /** Sends every level, best first. */
  snapshot(): void {
    for (let i = 0; i < this.depth; i++) {
      this.#feed.push(EventKind.Snapshot, this.#sign > 0, this.tickAt(i), this.lotsAt(i));
    }
  }

  /** Draws the lots of one of its levels anew. */
  redraw(): void {
    this.#add(this.tickAt(this.#random.int(0, this.depth - 1)));
  }

  /** Moves the best to a tick. Levels are added before others are removed, so it is never empty. */
  moveTo(tick: number): void {
    const sign = this.#sign;
    const { depth } = this;
    // Ranks grow towards the market on both sides: rank = sign * tick.
    const from = sign * this.#best;
    const to = sign * tick;
    this.#best = tick;
    if (to > from) {
      const end = Math.max(from, to - depth);
      for (let rank = to; rank > end; rank--) this.#add(sign * rank);
      for (let rank = Math.min(from, to - depth); rank > from - depth; rank--) {
        this.#remove(sign * rank);
      }
    } else if (to < from) {
      for (let rank = Math.min(to, from - depth); rank > to - depth; rank--) {
        this.#add(sign * rank);
      }
      const end = Math.max(to, from - depth);
      for (let rank = from; rank > end; rank--) this.#remove(sign * rank);
    }
  }

  #add(tick: number): void {
    const lots = this.#drawLots();
    this.#lots[tick & this.#mask] = lots;
    this.#feed.push(DEPTH, this.#sign > 0, tick, lots);
  }

  #remove(tick: number): void {
    this.#feed.push(DEPTH, this.#sign > 0, tick, 0);
  }

  #drawLots(): number {
    return this.#random.int(this.#minLots, this.#maxLots);
  }
}

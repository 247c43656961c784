/**
 * One side of the stub's book.
 *
 * @module
 */

/** What a {@linkcode Ladder} tells of its changes: a level has `lots` now, 0 when it is gone. */
export type LevelListener = (tick: number, lots: number) => void;

/**
 * A side of the book: as many levels as it is deep, on neighbouring ticks, from the
 * best away from the market. It moves as a whole.
 */
export class Ladder {
  /** Tick of the best level. */
  best: number;

  /** 1 for bids, whose best is the highest; -1 for asks. */
  readonly #sign: number;
  readonly #depth: number;
  readonly #drawLots: () => number;
  /** Lots by the low bits of the tick. */
  readonly #lots: Float64Array;
  readonly #mask: number;

  /**
   * @param sign 1 for bids, -1 for asks.
   * @param best Tick of the best level.
   * @param depth How many levels it has.
   * @param drawLots Draws the lots of a new level.
   */
  constructor(sign: 1 | -1, best: number, depth: number, drawLots: () => number) {
    this.#sign = sign;
    this.best = best;
    this.#depth = depth;
    this.#drawLots = drawLots;
    let size = 2;
    while (size < depth) size *= 2;
    this.#lots = new Float64Array(size);
    this.#mask = size - 1;
    for (let i = 0; i < depth; i++) this.#lots[this.tickAt(i) & this.#mask] = drawLots();
  }

  /** How many levels it has. */
  get depth(): number {
    return this.#depth;
  }

  /** Tick of the level `i` away from the best. */
  tickAt(i: number): number {
    return this.best - this.#sign * i;
  }

  /** Lots at the level `i` away from the best. */
  lotsAt(i: number): number {
    return this.#lots[this.tickAt(i) & this.#mask]!;
  }

  /** Whether a price is at the best level or on the market's side of it. */
  reaches(tick: number): boolean {
    return (tick - this.best) * this.#sign >= 0;
  }

  /** Draws the lots of the level `i` away from the best anew. */
  redraw(i: number, changed: LevelListener): void {
    this.#add(this.tickAt(i), changed);
  }

  /** Moves the best to a tick. Levels are added before others are removed, so it is never empty. */
  moveTo(tick: number, changed: LevelListener): void {
    const sign = this.#sign;
    // Ranks grow towards the market on both sides: rank = sign * tick.
    const from = sign * this.best;
    const to = sign * tick;
    const fromEnd = from - this.#depth;
    const toEnd = to - this.#depth;
    for (let rank = to; rank > Math.max(toEnd, from); rank--) this.#add(sign * rank, changed);
    for (let rank = Math.min(to, fromEnd); rank > toEnd; rank--) this.#add(sign * rank, changed);
    for (let rank = from; rank > Math.max(fromEnd, to); rank--) changed(sign * rank, 0);
    for (let rank = Math.min(from, toEnd); rank > fromEnd; rank--) changed(sign * rank, 0);
    this.best = tick;
  }

  #add(tick: number, changed: LevelListener): void {
    const lots = this.#drawLots();
    this.#lots[tick & this.#mask] = lots;
    changed(tick, lots);
  }
}

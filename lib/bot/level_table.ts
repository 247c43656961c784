/**
 * Quantities by price tick.
 *
 * @module
 */

const EMPTY = Infinity;
const MIN_SLOTS = 64;
/** Ticks looked up one by one before the whole table is searched instead. */
const NEAR_TICKS = 64;

/**
 * A hash table from price tick to quantity, open addressing over two typed
 * arrays. Neighbouring ticks share cache lines, and nothing is allocated while the
 * book wanders. A removed level keeps its slot, with quantity 0, until the next
 * rebuild.
 */
export class LevelTable {
  #ticks = new Float64Array(MIN_SLOTS).fill(EMPTY);
  #qtys = new Float64Array(MIN_SLOTS);
  #mask = MIN_SLOTS - 1;
  /** Slots that hold a tick, whether or not it still has a quantity. */
  #used = 0;
  // What the next rebuild of the same size moves into, so that it allocates nothing.
  #spareTicks = new Float64Array(MIN_SLOTS);
  #spareQtys = new Float64Array(MIN_SLOTS);

  /** Quantities by slot; another array once the table has been rebuilt. */
  get qtys(): Float64Array<ArrayBuffer> {
    return this.#qtys;
  }

  /** Quantity at a tick; 0 where there is none. */
  get(tick: number): number {
    return this.#qtys[this.#slot(tick)]!;
  }

  /** Sets the quantity at a tick; 0 removes it. */
  set(tick: number, qty: number): void {
    if (qty === 0) {
      this.remove(tick);
    } else {
      const slot = this.claim(tick);
      this.#qtys[slot] = qty;
    }
  }

  /** Removes the quantity at a tick, if there is one. */
  remove(tick: number): void {
    // An empty slot has quantity 0 as it is.
    this.#qtys[this.#slot(tick)] = 0;
  }

  /**
   * The slot of a tick, where its quantity, which is not 0, is to be written next: in
   * {@linkcode qtys} as it is after this call, since the table may have moved.
   */
  claim(tick: number): number {
    const slot = this.#slot(tick);
    return this.#ticks[slot] === tick ? slot : this.#add(tick, slot);
  }

  /** Removes every level. */
  clear(): void {
    this.#ticks.fill(EMPTY);
    this.#qtys.fill(0);
    this.#used = 0;
  }

  /** Highest tick with a quantity from `low` up to, not including, `end`; -Infinity for none. */
  highest(low: number, end: number): number {
    const near = Math.max(low, end - NEAR_TICKS);
    for (let tick = end - 1; tick >= near; tick--) {
      if (this.#qtys[this.#slot(tick)]! > 0) return tick;
    }
    let found = -Infinity;
    if (near > low) {
      for (let slot = 0; slot <= this.#mask; slot++) {
        const tick = this.#ticks[slot]!;
        if (this.#qtys[slot]! > 0 && tick >= low && tick < near && tick > found) found = tick;
      }
    }
    return found;
  }

  /** Lowest tick with a quantity above, not including, `start` up to `high`; Infinity for none. */
  lowest(start: number, high: number): number {
    const near = Math.min(high, start + NEAR_TICKS);
    for (let tick = start + 1; tick <= near; tick++) {
      if (this.#qtys[this.#slot(tick)]! > 0) return tick;
    }
    let found = Infinity;
    if (near < high) {
      for (let slot = 0; slot <= this.#mask; slot++) {
        const tick = this.#ticks[slot]!;
        if (this.#qtys[slot]! > 0 && tick <= high && tick > near && tick < found) found = tick;
      }
    }
    return found;
  }

  /** Ticks that have a quantity, lowest first. */
  ticks(): Float64Array {
    return this.#ticks.filter((_, slot) => this.#qtys[slot]! > 0).sort();
  }

  /** The slot that holds a tick, or the empty one where it belongs. */
  #slot(tick: number): number {
    // Higher bits are mixed in, or levels a power of two apart would pile up.
    let slot = (tick ^ (tick >>> 9) ^ (tick >>> 18)) & this.#mask;
    while (this.#ticks[slot] !== tick && this.#ticks[slot] !== EMPTY) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #add(tick: number, empty: number): number {
    let slot = empty;
    if (this.#used * 2 > this.#mask) {
      this.#rebuild();
      slot = this.#slot(tick);
    }
    this.#ticks[slot] = tick;
    this.#used++;
    return slot;
  }

  /** Drops removed levels, and grows where the live ones need it. */
  #rebuild(): void {
    const ticks = this.#ticks;
    const qtys = this.#qtys;
    let live = 0;
    for (let slot = 0; slot < qtys.length; slot++) if (qtys[slot]! > 0) live++;
    let slots = ticks.length;
    while (slots < live * 4) slots *= 2;
    // Not at once, so that a book whose size comes and goes keeps its memory.
    while (slots > MIN_SLOTS && slots > live * 16) slots /= 2;
    const isSpare = this.#spareTicks.length === slots;
    this.#ticks = (isSpare ? this.#spareTicks : new Float64Array(slots)).fill(EMPTY);
    this.#qtys = isSpare ? this.#spareQtys.fill(0) : new Float64Array(slots);
    this.#spareTicks = ticks;
    this.#spareQtys = qtys;
    this.#mask = slots - 1;
    this.#used = live;
    for (let old = 0; old < ticks.length; old++) {
      if (qtys[old]! === 0) continue;
      const slot = this.#slot(ticks[old]!);
      this.#ticks[slot] = ticks[old]!;
      this.#qtys[slot] = qtys[old]!;
    }
  }
}

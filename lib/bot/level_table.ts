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

  /** Quantity at a tick; 0 where there is none. */
  get(tick: number): number {
    return this.#qtys[this.#slot(tick)]!;
  }

  /** Sets the quantity at a tick; 0 removes it. */
  set(tick: number, qty: number): void {
    let slot = this.#slot(tick);
    if (this.#ticks[slot] === EMPTY) {
      if (qty === 0) return;
      if (this.#used * 2 > this.#mask) {
        this.#rebuild();
        slot = this.#slot(tick);
      }
      this.#ticks[slot] = tick;
      this.#used++;
    }
    this.#qtys[slot] = qty;
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
      if (this.get(tick) > 0) return tick;
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
      if (this.get(tick) > 0) return tick;
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

  /** Drops removed levels, and grows where the live ones need it. */
  #rebuild(): void {
    const ticks = this.#ticks;
    const qtys = this.#qtys;
    const live = qtys.reduce((count, qty) => qty > 0 ? count + 1 : count, 0);
    let slots = MIN_SLOTS;
    while (slots < live * 4) slots *= 2;
    this.#ticks = new Float64Array(slots).fill(EMPTY);
    this.#qtys = new Float64Array(slots);
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

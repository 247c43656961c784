/**
 * Sums that do not drift.
 *
 * @module
 */

/**
 * A sum of doubles that keeps what rounding cuts off (Neumaier's variant of Kahan's), so
 * that millions of quantities add up as exactly as two.
 */
export class CompensatedSum {
  #sum = 0;
  #rest = 0;

  /** The sum so far. */
  get value(): number {
    return this.#sum + this.#rest;
  }

  /** Adds a number. */
  add(value: number): void {
    const sum = this.#sum + value;
    this.#rest += Math.abs(this.#sum) >= Math.abs(value)
      ? (this.#sum - sum) + value
      : (value - sum) + this.#sum;
    this.#sum = sum;
  }
}

/**
 * What was bought, or sold, between two samples.
 *
 * @module
 */

/** Significant digits of an average, which is finer than a tick. */
const DIGITS = 12;

/** Adds up executions of one side. */
export class Flow {
  #qty = 0;
  #value = 0;

  /** Adds an execution. */
  add(price: number, qty: number): void {
    this.#qty += qty;
    this.#value += qty * price;
  }

  /** Average price, null for none, and quantity since the last call. */
  take(): [price: number | null, qty: number] {
    const [qty, value] = [this.#qty, this.#value];
    this.#qty = this.#value = 0;
    return qty > 0 ? [Number((value / qty).toPrecision(DIGITS)), qty] : [null, 0];
  }
}

/**
 * Whole steps of a price or quantity grid.
 *
 * @module
 */

/** How far from a whole number of steps a value may lie to be taken for one. */
const TOLERANCE = 1e-6;
const MAX_DECIMALS = 15;

/**
 * A grid of ticks or lots. A step such as 0.1 has no exact double, so that `600001 * 0.1` is not
 * 60000.1; the values here are the decimals that an exchange would print.
 */
export class Grid {
  readonly #step: number;
  /** Steps in 1, or 0 where that is no whole number: dividing by it is exact, and fast. */
  readonly #perUnit: number;
  /** Decimals to round a product to; undefined where none is needed, or the step has too many. */
  readonly #decimals: number | undefined;

  /** @param step Width of a step. */
  constructor(step: number) {
    this.#step = step;
    const perUnit = Math.round(1 / step);
    this.#perUnit = Math.abs(perUnit * step - 1) < 1e-12 ? perUnit : 0;
    const isExact = this.#perUnit !== 0 || Number.isInteger(step);
    this.#decimals = isExact ? undefined : decimalsOf(step);
  }

  /** The value of a number of steps. */
  value(steps: number): number {
    if (this.#perUnit !== 0) return steps / this.#perUnit;
    const value = steps * this.#step;
    return this.#decimals === undefined ? value : Number(value.toFixed(this.#decimals));
  }

  /** The number of steps next to a value. */
  steps(value: number): number {
    return Math.round(value / this.#step);
  }

  /**
   * The value on the grid that a computed one stands for: 0.3 for 0.1 + 0.2 on steps of 0.1.
   *
   * @param value Any number.
   * @returns The nearest value of the grid, or the value itself if it lies off the grid.
   */
  snap(value: number): number {
    const steps = value / this.#step;
    const whole = Math.round(steps);
    // Adding 0 turns -0 into 0.
    return Math.abs(steps - whole) <= TOLERANCE ? this.value(whole) + 0 : value;
  }
}

/** Decimals with which a step is written; undefined if it is no decimal fraction. */
function decimalsOf(step: number): number | undefined {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    if (Number(step.toFixed(decimals)) === step) return decimals;
  }
  return undefined;
}

/**
 * Whole steps of a price or quantity grid.
 *
 * @module
 */

/**
 * A grid of ticks or lots. A step such as 0.1 has no exact double, so that
 * `600001 * 0.1` is not 60000.1; where the step is one over a whole number, dividing
 * by that gives the decimal that an exchange would print.
 */
export class Grid {
  readonly #step: number;
  /** Steps in 1, or 0 where that is no whole number. */
  readonly #perUnit: number;

  /** @param step Width of a step. */
  constructor(step: number) {
    this.#step = step;
    const perUnit = Math.round(1 / step);
    this.#perUnit = Math.abs(perUnit * step - 1) < 1e-12 ? perUnit : 0;
  }

  /** The value of a number of steps. */
  value(steps: number): number {
    return this.#perUnit === 0 ? steps * this.#step : steps / this.#perUnit;
  }

  /** The number of steps next to a value. */
  steps(value: number): number {
    return Math.round(value / this.#step);
  }
}

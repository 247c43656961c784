/**
 * Finds the step of a grid from values on it.
 *
 * @module
 */

/** Fewer values than this may all lie on a coarser grid by chance. */
const MIN_VALUES = 100;

/** Digits after the point that a step may have. */
const MAX_DECIMALS = 8;

/** The largest step that a number of values are multiples of. */
export class StepFinder {
  #count = 0;
  #decimals = 0;
  /** In units of the last of the digits after the point. */
  #divisor = 0;

  /** Takes in a value; 0 and what has too many digits tell nothing. */
  add(value: number): void {
    if (!(value > 0 && value < Number.MAX_SAFE_INTEGER)) return;
    let scaled = value * 10 ** this.#decimals;
    let decimals = this.#decimals;
    while (!isWhole(scaled)) {
      if (++decimals > MAX_DECIMALS) return;
      scaled = value * 10 ** decimals;
    }
    this.#count++;
    this.#divisor *= 10 ** (decimals - this.#decimals);
    this.#decimals = decimals;
    this.#divisor = commonDivisor(this.#divisor, Math.round(scaled));
  }

  /** The step; undefined before enough values were seen. */
  get step(): number | undefined {
    if (this.#count < MIN_VALUES) return undefined;
    // A division gives the double next to the decimal; a product with 0.1 does not.
    return this.#divisor / 10 ** this.#decimals;
  }
}

/** Whether a number is whole but for what a double's product rounds. */
function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= Math.abs(value) * 4 * Number.EPSILON;
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

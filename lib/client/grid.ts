/**
 * Prices and quantities as people write them.
 *
 * @module
 */

/** How far from a whole number of steps a value may lie to be taken for one. */
const TOLERANCE = 1e-6;
const MAX_DECIMALS = 15;

/**
 * The value on a grid that a computed one stands for: 0.3 for 0.1 + 0.2 on steps of 0.1.
 *
 * @param value Any number.
 * @param step Width of the grid, such as a tick size.
 * @returns The nearest grid value as it is written, or the value itself if it lies off the grid.
 */
export function snapToGrid(value: number, step: number): number {
  const steps = value / step;
  const whole = Math.round(steps);
  if (!(Math.abs(steps - whole) <= TOLERANCE)) return value;
  const decimals = decimalsOf(step);
  // Adding 0 turns -0 into 0.
  return decimals === undefined ? whole * step + 0 : Number((whole * step).toFixed(decimals)) + 0;
}

/** Decimals with which a step is written; undefined if it is no decimal fraction. */
function decimalsOf(step: number): number | undefined {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    if (Number(step.toFixed(decimals)) === step) return decimals;
  }
  return undefined;
}

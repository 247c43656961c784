/**
 * Prices and quantities as an exchange writes them.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";

/** Digits after the point that a step may have. */
const MAX_DECIMALS = 12;

/** More units than this could not be told apart as doubles. */
const MAX_UNITS = 2n ** 53n - 1n;

/** What Binance takes for a number: digits, and a point with more of them. */
const DECIMAL = /^([0-9]{1,20})(?:\.([0-9]{1,20}))?$/;

/** Why a text is no value of a grid. */
export type GridProblem =
  /** It is no decimal number. */
  | "malformed"
  /** It has more digits after the point than the grid. */
  | "tooPrecise"
  /** It lies between two steps. */
  | "offGrid"
  /** It is too large to be told exactly. */
  | "tooLarge";

/**
 * A grid of ticks or lots whose step is a short decimal. Values are counted in whole
 * steps; decimal texts are made and read without rounding.
 */
export class DecimalGrid {
  /** Width of a step. */
  readonly step: number;
  /** Digits after the point. */
  readonly decimals: number;
  /** Width of a step in units of the last digit. */
  readonly unitsPerStep: number;

  /**
   * @param field Name of the step, for the message.
   * @param step Width of a step.
   * @throws {InvalidInputError} If the step is no decimal of up to 12 digits after the point.
   */
  constructor(field: string, step: number) {
    const decimals = decimalsOf(step);
    if (decimals === undefined) {
      throw new InvalidInputError(
        field,
        step,
        `a positive decimal of up to ${MAX_DECIMALS} digits after the point`,
      );
    }
    this.step = step;
    this.decimals = decimals;
    this.unitsPerStep = Math.round(step * 10 ** decimals);
  }

  /** The number of steps next to a value. */
  steps(value: number): number {
    return Math.round(value / this.step);
  }

  /** The text of a number of steps, with every digit that the grid has. */
  format(steps: number): string {
    const units = steps * this.unitsPerStep;
    if (this.decimals === 0) return String(units);
    const digits = String(Math.abs(units)).padStart(this.decimals + 1, "0");
    const point = digits.length - this.decimals;
    const sign = units < 0 ? "-" : "";
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /**
   * Reads a text.
   *
   * @param text Digits, with or without a point; zeros at its end do not count as precision.
   * @returns The number of steps, or why there is none.
   */
  parse(text: string): number | GridProblem {
    const match = DECIMAL.exec(text);
    if (match === null) return "malformed";
    const fraction = (match[2] ?? "").replace(/0+$/, "");
    if (fraction.length > this.decimals) return "tooPrecise";
    const units = BigInt(match[1]! + fraction.padEnd(this.decimals, "0"));
    if (units > MAX_UNITS) return "tooLarge";
    const steps = Number(units) / this.unitsPerStep;
    return Number.isInteger(steps) ? steps : "offGrid";
  }
}

function decimalsOf(step: number): number | undefined {
  if (!(typeof step === "number" && step > 0 && Number.isFinite(step))) return undefined;
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const units = step * 10 ** decimals;
    const whole = Math.round(units);
    if (whole > 0 && whole <= 1e9 && Math.abs(units - whole) < whole * 1e-12) return decimals;
  }
  return undefined;
}

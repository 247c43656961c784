/**
 * Amounts of money, exact to a hundred millionth.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";

/** An amount of an asset, in units of 10^-8. */
export type Money = bigint;

/** Digits after the point. */
export const MONEY_DECIMALS = 8;

const ONE = 10n ** BigInt(MONEY_DECIMALS);
const RATE_SCALE = 10n ** 9n;

/** The quotient rounded to the nearest whole number, halves away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  if (divisor < 0n) return divideRounded(-dividend, -divisor);
  const half = divisor / 2n;
  return (dividend < 0n ? dividend - half : dividend + half) / divisor;
}

/**
 * Money from a number.
 *
 * @param field Name of the option, for the message.
 * @param amount The amount, at most 10^15.
 * @throws {InvalidInputError} If it is no such number.
 */
export function moneyOf(field: string, amount: number): Money {
  if (typeof amount !== "number" || !(Math.abs(amount) <= 1e15)) {
    throw new InvalidInputError(field, amount, "an amount of at most 1e15");
  }
  const whole = Math.trunc(amount);
  return BigInt(whole) * ONE + BigInt(Math.round((amount - whole) * Number(ONE)));
}

/** A share of an amount, such as a fee; rates are told to nine digits after the point. */
export function shareOf(amount: Money, rate: number): Money {
  return divideRounded(amount * BigInt(Math.round(rate * Number(RATE_SCALE))), RATE_SCALE);
}

/** An amount as a number, for reports. */
export function moneyValue(amount: Money): number {
  return Number(amount) / Number(ONE);
}

/** An amount as a decimal with eight digits after the point. */
export function formatMoney(amount: Money): string {
  return formatFixed(amount, MONEY_DECIMALS);
}

/**
 * A whole number of units as a decimal.
 *
 * @param units The number of units.
 * @param decimals Digits after the point that a unit stands for.
 */
export function formatFixed(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const sign = units < 0n ? "-" : "";
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * Fields of parsed messages, checked.
 *
 * @module
 */

import { MAX_MS } from "./time.ts";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** A line cannot be used; the message says what was found there and what was expected. */
export class DamagedLine extends Error {}

const DECIMAL = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** Whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A price: a decimal number as text. */
export function priceOf(value: unknown): number {
  return decimal(value, "price");
}

/** A quantity: a decimal number from 0 as text. */
export function qtyOf(value: unknown): number {
  const qty = decimal(value, "quantity");
  if (qty < 0) throw new DamagedLine(`quantity is ${qty}, expected a number from 0`);
  return qty;
}

/** A time in milliseconds since the Unix epoch. */
export function msOf(value: unknown, name: string): number {
  if (
    typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_MS
  ) {
    throw new DamagedLine(`${name} is ${showValue(value)}, expected milliseconds since 1970`);
  }
  return value;
}

/** A value as an error shows it: short, on one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function decimal(value: unknown, name: string): number {
  const number = typeof value === "string" && DECIMAL.test(value) ? Number(value) : NaN;
  if (!Number.isFinite(number)) {
    throw new DamagedLine(`${name} is ${showValue(value)}, expected a decimal number as text`);
  }
  return number;
}

/**
 * Prices between two ticks, and values, as decimals.
 *
 * @module
 */

import { divideRounded, formatFixed, formatMoney } from "../account/money.ts";
import type { Position } from "../account/position.ts";
import type { PaperSymbol } from "./paper_symbol.ts";
import type { PaperOrder } from "../trading/order.ts";

/** Digits that an average has more than a price. */
const AVERAGE_DIGITS = 5;
const AVERAGE_PARTS = 10n ** BigInt(AVERAGE_DIGITS);

/** Average price of an order's executions; 0 without one. */
export function averageText(order: PaperOrder): string {
  const { symbol, filledLots, filledTickLots } = order;
  if (filledLots === 0) return "0";
  return partsText(symbol, divideRounded(filledTickLots * AVERAGE_PARTS, BigInt(filledLots)));
}

/** Average entry price of a position; 0 without one. */
export function entryText(symbol: PaperSymbol, position: Position): string {
  return position.lots === 0 ? "0" : partsText(symbol, position.entry(AVERAGE_PARTS));
}

/** A price between two ticks, such as the middle of the book. */
export function markText(symbol: PaperSymbol, tick: number): string {
  return partsText(symbol, BigInt(Math.round(tick * Number(AVERAGE_PARTS))));
}

/** Value of a quantity at a price that may lie between two ticks. */
export function notionalText(symbol: PaperSymbol, lots: number, tick: number): string {
  return formatMoney(symbol.value(BigInt(Math.round(tick * lots))));
}

function partsText(symbol: PaperSymbol, parts: bigint): string {
  const { unitsPerStep, decimals } = symbol.prices;
  return formatFixed(parts * BigInt(unitsPerStep), decimals + AVERAGE_DIGITS);
}

/**
 * Values as Binance's USD-M futures write them.
 *
 * @module
 */

import { divideRounded, formatFixed, formatMoney } from "../account/money.ts";
import type { Position } from "../account/position.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { PaperOrder, PaperOrderStatus } from "../trading/order.ts";

/** Digits that an average has more than a price. */
const AVERAGE_DIGITS = 5;
const AVERAGE_PARTS = 10n ** BigInt(AVERAGE_DIGITS);

const STATUSES: Readonly<Record<PaperOrderStatus, string>> = {
  new: "NEW",
  partiallyFilled: "PARTIALLY_FILLED",
  filled: "FILLED",
  canceled: "CANCELED",
  expired: "EXPIRED",
};

/** An order's state. */
export function statusText(status: PaperOrderStatus): string {
  return STATUSES[status];
}

/** An order's limit price; 0 for a market order. */
export function priceText(order: PaperOrder): string {
  return order.orderType === "market" ? "0" : order.symbol.prices.format(order.tick);
}

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

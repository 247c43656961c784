/**
 * What orders on every market are written with.
 *
 * @module
 */

import type { PaperOrder, PaperOrderStatus } from "../trading/order.ts";

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

/** An order's side. */
export function sideText(order: PaperOrder): string {
  return order.isBuy ? "BUY" : "SELL";
}

/** An order's limit price; 0 for a market order. */
export function priceText(order: PaperOrder): string {
  return order.orderType === "market" ? "0" : order.symbol.prices.format(order.tick);
}

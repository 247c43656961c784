/**
 * Counting what becomes of orders.
 *
 * @module
 */

import type { PaperOrderCounts } from "../report.ts";
import type { OrderChange } from "./desk.ts";
import type { PaperOrder } from "./order.ts";

/** Counts of nothing. */
export function noOrders(): PaperOrderCounts {
  return { accepted: 0, filled: 0, canceled: 0, expired: 0, amended: 0 };
}

/** Counts what happened to an order. */
export function countChange(
  counts: PaperOrderCounts,
  order: PaperOrder,
  change: OrderChange,
): void {
  if (change.type === "new") counts.accepted++;
  else if (change.type !== "trade") counts[change.type]++;
  else if (order.status === "filled") counts.filled++;
}

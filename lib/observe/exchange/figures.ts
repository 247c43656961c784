/**
 * Figures of a paper exchange's report that the page and the metrics share.
 *
 * @module
 */

import type { PaperExchangeReport } from "../../exchange/report.ts";

/** Lowest HTTP status of a refusal. */
const REFUSED = 400;

/** Requests that were answered with an error. */
export function refusedRequests({ requests: { byStatus } }: PaperExchangeReport): number {
  return Object.entries(byStatus)
    .reduce((sum, [status, count]) => Number(status) >= REFUSED ? sum + count : sum, 0);
}

/** Messages that did not reach those who listened. */
export function lostMessages({ streams, userUpdates }: PaperExchangeReport): number {
  const { dropped, withheldByFault, droppedWhileDelayed, skippedByFault } = streams;
  return dropped + withheldByFault + droppedWhileDelayed + skippedByFault + userUpdates.withheld;
}

/** What goes wrong on demand, in words. */
export function activeFaults({ faults }: PaperExchangeReport): string[] {
  const { delayMs, silent, rejectOrders, duplicateUpdates, reorderUpdates, skipDepthUpdates } =
    faults;
  const counted = (count: number, text: string): string[] => count > 0 ? [`${count} ${text}`] : [];
  return [
    ...Object.entries(delayMs).flatMap(([target, ms]) => ms > 0 ? [`${target} ${ms} ms late`] : []),
    ...silent.map((target) => `${target} silent`),
    ...counted(rejectOrders, "orders to be rejected"),
    ...counted(duplicateUpdates, "updates to come twice"),
    ...counted(reorderUpdates, "updates to come late"),
    ...counted(skipDepthUpdates, "depth updates to be left out"),
  ];
}

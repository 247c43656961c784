/**
 * Executions that nobody told.
 *
 * @module
 */

import type { Execution } from "../../model/execution.ts";
import type { OrderLedger } from "./order_ledger.ts";

/** How long a quantity has to be missing, so that what is still on its way is not taken for lost. */
const SETTLED_S = 0.25;

/** What positions tell of one side, beyond what executions tell. */
interface Side {
  readonly isBuy: boolean;
  /** Quantity by which positions have moved that no execution explains, in base units. */
  missing: number;
  /** The least that was missing since the last look that counted. */
  least: number;
}

/**
 * Finds executions that only positions tell of. Upstream's connectors forget an order whose cancel
 * was refused, and drop the news of the execution that was the reason, if that comes later. The
 * position comes all the same, so that what it moved by belongs to such an order.
 */
export class UntoldFills {
  readonly #orders: OrderLedger;
  readonly #halfLot: number;
  readonly #buys: Side = { isBuy: true, missing: 0, least: 0 };
  readonly #sells: Side = { isBuy: false, missing: 0, least: 0 };
  #position: number;
  #sinceS = 0;

  /**
   * @param orders The orders, lost ones among them.
   * @param lotSize Smallest quantity step, in base units.
   * @param position Signed quantity held at the start, in base units.
   */
  constructor(orders: OrderLedger, lotSize: number, position: number) {
    this.#orders = orders;
    this.#halfLot = lotSize / 2;
    this.#position = position;
  }

  /** Takes note of a position that the exchange has told, in base units. */
  position(qty: number): void {
    const moved = qty - this.#position;
    this.#position = qty;
    (moved > 0 ? this.#buys : this.#sells).missing += Math.abs(moved);
  }

  /** Takes note of an execution that explains a position, before or after it. */
  executed({ isBuy, qty }: Execution): void {
    (isBuy ? this.#buys : this.#sells).missing -= qty;
  }

  /**
   * Looks for what is missing for longer than news are on their way.
   *
   * @param timeS Seconds since the start.
   * @returns Executions of lost orders that explain it, oldest first; they are taken note of.
   */
  look(timeS: number): Execution[] {
    const sides = [this.#buys, this.#sells];
    for (const side of sides) side.least = Math.min(side.least, this.#missing(side));
    if (timeS - this.#sinceS < SETTLED_S) return [];
    this.#sinceS = timeS;
    return sides.flatMap((side) => {
      const found = this.#take(side);
      side.least = this.#missing(side);
      return found;
    });
  }

  #take({ isBuy, least }: Side): Execution[] {
    const found: Execution[] = [];
    for (let left = least; left > this.#halfLot;) {
      const execution = this.#orders.takeLost(isBuy, left);
      if (execution === undefined) break;
      this.executed(execution);
      found.push(execution);
      left -= execution.qty;
    }
    return found;
  }

  /** A position that tells of a purchase and a sale at once hides as much of both. */
  #missing({ missing }: Side): number {
    return missing - Math.min(0, this.#buys.missing, this.#sells.missing);
  }
}

/**
 * Finding executions in what is told about an order.
 *
 * @module
 */

import { isActive } from "./codes.ts";
import type { OrderUpdateEvent } from "./events.ts";
import type { OrderFields } from "./order.ts";

/** Share of an order's quantity below which a difference is no execution. */
const NOTHING = 1e-9;

/** An execution of an own order. */
export interface Execution {
  /** Whether it bought. */
  readonly isBuy: boolean;
  /** Price, in quote currency. */
  readonly price: number;
  /** Quantity, in base units. */
  readonly qty: number;
  /** Whether it provided liquidity. */
  readonly maker: boolean;
  /** Whether its price, or all of it, was not told but concluded. */
  readonly inferred: boolean;
}

/** How far an order has come. */
export class OrderProgress {
  /** Exchange time of the first update that told it is active; undefined before. */
  #activeSince: bigint | undefined;
  #executed = 0;

  /** Quantity executed so far, in base units. */
  get executed(): number {
    return this.#executed;
  }

  /**
   * How far an order has come that was there before anybody looked.
   *
   * @param order The order.
   * @returns Its progress, with nothing left to tell.
   */
  static of({ qty, leavesQty }: OrderFields): OrderProgress {
    const progress = new OrderProgress();
    progress.#executed = qty - leavesQty;
    progress.#activeSince = 0n;
    return progress;
  }

  /**
   * Takes in what the exchange says about the order.
   *
   * @param update What it says.
   * @returns What was executed that was not known; a repeated update tells nothing new.
   */
  update(update: OrderUpdateEvent): Execution | undefined {
    const execution = this.#executionIn(update);
    if (isActive(update.status) && update.request !== "new") {
      this.#activeSince ??= update.exchTimestamp;
    }
    return execution;
  }

  #executionIn(update: OrderUpdateEvent): Execution | undefined {
    const { side, qty, leavesQty, execPrice, price } = update;
    if (!tellsExecuted(update)) return undefined;
    const executed = qty - leavesQty - this.#executed;
    if (executed <= qty * NOTHING) return undefined;
    this.#executed += executed;
    const inferred = !(execPrice > 0);
    return {
      isBuy: side === "buy",
      price: inferred ? price : execPrice,
      qty: executed,
      maker: update.maker || this.#wasResting(update),
      inferred,
    };
  }

  /**
   * Whether the order provided liquidity, where nobody says so: upstream's connectors do not. One that
   * must not take has not; another one if it had been in the book before.
   */
  #wasResting(update: OrderUpdateEvent): boolean {
    if (update.timeInForce === "GTX") return true;
    return canRest(update) && this.#activeSince !== undefined &&
      this.#activeSince < update.exchTimestamp;
  }
}

/** Whether an order can stand in the book. */
export function canRest({ orderType, timeInForce }: OrderFields): boolean {
  return orderType !== "market" && timeInForce !== "IOC" && timeInForce !== "FOK";
}

/** Whether an update's open quantity tells how much was executed. */
function tellsExecuted({ status, leavesQty }: OrderUpdateEvent): boolean {
  if (status === "filled" || status === "partiallyFilled") return true;
  // An end may be the first to tell of a part; where none is left, the engine has cleared it.
  return (status === "canceled" || status === "expired") && leavesQty > 0;
}

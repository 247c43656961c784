/**
 * Why the exchange says no.
 *
 * @module
 */

import { HftliveError } from "../../model/errors.ts";

/** Why a request about an order was refused. */
export type RefusalReason =
  | "duplicateClientOrderId"
  | "notCovered"
  | "tooManyOpenOrders"
  | "belowMinNotional"
  | "wouldTake"
  | "reduceOnly"
  | "notOpen"
  | "unchanged";

/** A request about an order was refused; what answers it turns this into the exchange's words. */
export class OrderRefusal extends HftliveError {
  /** Name of the class. */
  override name = "OrderRefusal";
  /** Why. */
  readonly reason: RefusalReason;

  /**
   * @param reason Why.
   * @param message What was asked, a colon, and what stands against it.
   */
  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

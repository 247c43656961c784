/**
 * Errors that only a client throws.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";
import type { Health } from "./health.ts";

/** What was asked for an order. */
export type OrderAction = "submit" | "cancel";

/**
 * No answer about an order came, and none will be waited for: its state is unknown. It may
 * be open, filled or refused; never take it for rejected.
 */
export class OrderUnknownError extends HftliveError {
  /** Name of the class, for logs and `switch`. */
  override name = "OrderUnknownError";
  /** What was asked. */
  readonly action: OrderAction;
  /** Asset number. */
  readonly asset: number;
  /** Id of the order. */
  readonly orderId: bigint;

  /**
   * Makes an error.
   *
   * @param action What was asked.
   * @param order Which order.
   * @param why Why there will be no answer.
   * @param options The standard error options, such as `cause`.
   */
  constructor(
    action: OrderAction,
    order: { readonly asset: number; readonly orderId: bigint },
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      `Cannot tell the state of order ${order.orderId} of asset ${order.asset} after its ${action}: ${why}`,
      options,
    );
    this.action = action;
    this.asset = order.asset;
    this.orderId = order.orderId;
  }
}

/** No answer about an order came in time: its state is unknown, not rejected. */
export class OrderTimeoutError extends OrderUnknownError {
  /** Name of the class, for logs and `switch`. */
  override name = "OrderTimeoutError";
  /** How long was waited, ms. */
  readonly timeoutMs: number;

  /**
   * Makes an error.
   *
   * @param action What was asked.
   * @param order Which order.
   * @param timeoutMs How long was waited, ms.
   */
  constructor(
    action: OrderAction,
    order: { readonly asset: number; readonly orderId: bigint },
    timeoutMs: number,
  ) {
    super(action, order, `no answer in ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The client did not get as healthy as was waited for. */
export class NotReadyError extends HftliveError {
  /** Name of the class, for logs and `switch`. */
  override name = "NotReadyError";
  /** The health when the wait was given up. */
  readonly health: Health;

  /**
   * Makes an error.
   *
   * @param why What is missing.
   * @param health The health when the wait was given up.
   */
  constructor(why: string, health: Health) {
    super(`Cannot get ready: ${why}`);
    this.health = health;
  }
}

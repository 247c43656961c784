/**
 * Where a simulated bot trades.
 *
 * @module
 */

import type { Order } from "../model/order.ts";
import type { EventQueue } from "./event_queue.ts";

/**
 * An exchange in this process, with the connector before it. It lives on its own
 * timeline: {@linkcode Venue.runNext} does whatever happens next there, and puts what
 * comes of it into the queues, each in the order of local time. Times are numbers of
 * nanoseconds from the simulation's `TimeBase`.
 */
export interface Venue {
  /** Events of the market, and answers to registrations. */
  readonly feeds: EventQueue;
  /** Answers about orders. */
  readonly responses: EventQueue;
  /** When something happens next; Infinity when nothing will. */
  readonly nextTime: number;
  /** Does what happens next. */
  runNext(): void;
  /** Sends an order on its way. */
  submit(asset: number, order: Order, now: number): void;
  /** Sends a cancel request on its way. */
  cancel(asset: number, order: Order, now: number): void;
  /** Sends a registration on its way. */
  register(asset: number, now: number): void;
  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void;
}

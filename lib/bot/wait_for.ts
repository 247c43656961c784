/**
 * What ends a wait.
 *
 * @module
 */

import type { ElapseResult } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { EventQueue } from "./event_queue.ts";
import { EventKind } from "./record.ts";
import { MAX_DURATION_NS } from "./time_base.ts";

/** What a wait is for. */
export interface WaitFor {
  /** Whether a market event ends it. */
  readonly feed: boolean;
  /** Whether any order response ends it. */
  readonly anyResponse: boolean;
  /** The order whose response ends it. */
  readonly order?: { readonly asset: number; readonly orderId: bigint };
}

/** Waits for its time only. */
export const NOTHING: WaitFor = { feed: false, anyResponse: false };
/** Waits for a market event. */
export const FEED: WaitFor = { feed: true, anyResponse: false };
/** Waits for a market event or an order response. */
export const FEED_OR_RESPONSE: WaitFor = { feed: true, anyResponse: true };

/** What the event at the front of a queue answers, if a wait is for it. */
export function answer(queue: EventQueue, waitFor: WaitFor): ElapseResult | undefined {
  const kind = queue.ev & 0xff;
  if (kind <= EventKind.Bbo) return waitFor.feed ? "marketFeed" : undefined;
  if (kind !== EventKind.Order) return undefined;
  if (waitFor.anyResponse) return "orderResponse";
  const { order } = waitFor;
  const { payload } = queue;
  const isAnswer = order !== undefined && payload !== undefined && "orderId" in payload &&
    payload.orderId === order.orderId && queue.asset === order.asset;
  return isAnswer ? "orderResponse" : undefined;
}

/**
 * Checks the time that a wait may take.
 *
 * @param field Name of the argument.
 * @param ns Its value, nanoseconds.
 * @throws {BotError} "invalidArgument", naming field and value.
 */
export function checkDuration(field: string, ns: number): void {
  if (!(typeof ns === "number" && ns >= 0 && ns <= MAX_DURATION_NS)) {
    throw new BotError(
      "invalidArgument",
      `Cannot wait: ${field} = ${String(ns)}, expected nanoseconds from 0 to 2 ** 50`,
    );
  }
}

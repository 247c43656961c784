/**
 * Events that a client dispatches as an `EventTarget`.
 *
 * @module
 */

import type { ErrorEvent, OverflowEvent } from "../model/events.ts";
import type { InstrumentHealth } from "./health.ts";

/**
 * An instrument stopped being healthy ("connectionlost") or is healthy again
 * ("connectionrestored"). Dispatched once a change; a loss only after it was healthy.
 */
export class ConnectionChangeEvent extends CustomEvent<InstrumentHealth> {
  /**
   * Makes an event.
   *
   * @param type What changed.
   * @param health What is proven now; its reason says what is missing.
   */
  constructor(type: "connectionlost" | "connectionrestored", health: InstrumentHealth) {
    super(type, { detail: health });
  }
}

/** What a {@linkcode ClientErrorEvent} tells. */
export interface ClientErrorDetail {
  /** Whether it ended the client. */
  readonly fatal: boolean;
  /** What happened, for people. */
  readonly message: string;
  /** What a connector reported; undefined for an error of the bot. */
  readonly report: ErrorEvent | undefined;
  /** What the bot threw; undefined for a report. */
  readonly cause: unknown;
}

/** A connector reported trouble, or the bot failed ("error"). */
export class ClientErrorEvent extends CustomEvent<ClientErrorDetail> {
  /**
   * Makes an event.
   *
   * @param detail What happened.
   */
  constructor(detail: ClientErrorDetail) {
    super("error", { detail });
  }
}

/** Events were, or may have been, lost on the way to the client ("overflow"). */
export class ClientOverflowEvent extends CustomEvent<OverflowEvent> {
  /**
   * Makes an event.
   *
   * @param overflow Where, and how many.
   */
  constructor(overflow: OverflowEvent) {
    super("overflow", { detail: overflow });
  }
}

/** Event types of a client and their classes. */
export interface LiveClientEventMap {
  /** An instrument stopped being healthy. */
  connectionlost: ConnectionChangeEvent;
  /** An instrument that was lost is healthy again. */
  connectionrestored: ConnectionChangeEvent;
  /** A connector reported trouble, or the bot failed. */
  error: ClientErrorEvent;
  /** Events were, or may have been, lost. */
  overflow: ClientOverflowEvent;
}

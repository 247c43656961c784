/**
 * States of a connector runner, and the events it dispatches as an `EventTarget`.
 *
 * @module
 */

import type { ConnectorExit } from "./exit.ts";

/**
 * What a runner does: "idle" before its first start, "building" while cargo runs, "starting" until
 * the process is there, "running" while it is, "stopping" after it was asked to end, "ended" when
 * it is reaped and nothing of it is left.
 */
export type ConnectorRunnerState =
  | "idle"
  | "building"
  | "starting"
  | "running"
  | "stopping"
  | "ended";

/** What a {@linkcode ConnectorStateEvent} tells. */
export interface ConnectorStateChange {
  /** The state now. */
  readonly state: ConnectorRunnerState;
  /** The state before. */
  readonly previous: ConnectorRunnerState;
  /** How the process ended, for the state "ended"; undefined when it had not begun. */
  readonly exit: ConnectorExit | undefined;
}

/** The state of a runner changed ("statechange"). */
export class ConnectorStateEvent extends CustomEvent<ConnectorStateChange> {
  /**
   * Makes an event.
   *
   * @param change From what to what.
   */
  constructor(change: ConnectorStateChange) {
    super("statechange", { detail: change });
  }
}

/** Something should be looked at, though the connector can go on ("warning"). */
export class ConnectorWarningEvent extends CustomEvent<string> {
  /**
   * Makes an event.
   *
   * @param message What it is: one line, without secrets.
   */
  constructor(message: string) {
    super("warning", { detail: message });
  }
}

/** Event types of a runner and their classes. */
export interface ConnectorRunnerEventMap {
  /** The state changed. */
  statechange: ConnectorStateEvent;
  /** Something should be looked at. */
  warning: ConnectorWarningEvent;
}

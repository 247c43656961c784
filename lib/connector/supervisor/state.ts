/**
 * What a supervised connector is doing.
 *
 * @module
 */

import type { ReadinessLevel } from "../readiness.ts";

/** What a supervised connector is doing; `status` tells the states apart. */
export type SupervisedState =
  /** It does not run, and nobody wants it to: not started yet, stopped on request, or ended by itself. */
  | { readonly status: "stopped"; readonly reason: string }
  /** It waits until other connectors are ready. */
  | { readonly status: "waiting"; readonly waitingFor: readonly string[] }
  /** Its program is being built. */
  | { readonly status: "building" }
  /** Its process runs, or is about to, and has not proven what it has to. */
  | { readonly status: "starting" }
  /** It has proven what it has to, and nothing has been amiss since. */
  | { readonly status: "ready"; readonly level: ReadinessLevel }
  /** Its process runs, but no market data has come for too long. */
  | { readonly status: "silent"; readonly symbols: readonly string[] }
  /** It has failed and will be started again at `until`, ms since the Unix epoch. */
  | {
    readonly status: "backingOff";
    readonly reason: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly until: number;
  }
  /** It has failed and will not be started again unless someone asks for it. */
  | { readonly status: "failed"; readonly reason: string }
  /** Its process has been asked to end. */
  | { readonly status: "stopping"; readonly reason: string };

/** The states, by name. */
export type SupervisedStateName = SupervisedState["status"];

/** A connector went from one state to the next. */
export interface SupervisorStateChange {
  /** Name of the connector. */
  readonly connector: string;
  /** What it is doing now. */
  readonly state: SupervisedState;
  /** What it was doing before. */
  readonly previous: SupervisedState;
  /** When, as an ISO 8601 text. */
  readonly time: string;
}

/**
 * A state as one line for people.
 *
 * @param state The state.
 * @param now The time, ms since the Unix epoch.
 * @returns Such as `backing off: exited with code 1, restart 2 in 1.8 s`.
 */
export function describeState(state: SupervisedState, now: number = Date.now()): string {
  switch (state.status) {
    case "stopped":
      return `stopped: ${state.reason}`;
    case "waiting":
      return `waiting for ${state.waitingFor.join(", ")}`;
    case "building":
    case "starting":
      return state.status;
    case "ready":
      return `ready: ${LEVELS[state.level]}`;
    case "silent":
      return `silent: no market data of ${state.symbols.join(", ")}`;
    case "backingOff": {
      const seconds = Math.max(0, state.until - now) / 1_000;
      return `backing off: ${state.reason}, restart ${state.attempt} in ${seconds.toFixed(1)} s`;
    }
    case "failed":
      return `failed: ${state.reason}`;
    case "stopping":
      return `stopping: ${state.reason}`;
  }
}

const LEVELS: Readonly<Record<ReadinessLevel, string>> = {
  alive: "its process lives",
  attached: "publishes on its channel",
  registered: "answers registrations",
  fresh: "market data comes",
};

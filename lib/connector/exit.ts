/**
 * How a connector's process ended.
 *
 * @module
 */

/**
 * Why a process ended: "stopped" since the runner asked it to, whatever code it ended with;
 * "killed" by the runner, since it did not end in time; "exited" by itself with code 0, or asked by
 * others (SIGINT, SIGTERM, SIGHUP); "crashed" in any other way, SIGKILL from others included.
 */
export type ExitReason = "stopped" | "killed" | "exited" | "crashed";

/** How a process ended. */
export interface ConnectorExit {
  /** Its process id. */
  readonly pid: number;
  /** Its exit code; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  /** The signal that ended it, if one did. */
  readonly signal: Deno.Signal | undefined;
  /** Why it ended. */
  readonly reason: ExitReason;
}

/** What the runner had done when a process ended. */
export interface EndRequests {
  /** Whether SIGTERM was sent. */
  readonly asked: boolean;
  /** Whether SIGKILL was sent. */
  readonly forced: boolean;
}

/** Signals by which people and systems ask any process to end. */
const REQUESTS: ReadonlySet<Deno.Signal> = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Tells why a process ended.
 *
 * The real connector panics, with code 1, some time after SIGTERM: that is no crash.
 *
 * @param status What the system says.
 * @param requests What the runner had sent to it.
 * @returns The reason.
 */
export function exitReason(status: Deno.CommandStatus, requests: EndRequests): ExitReason {
  if (requests.forced && status.signal === "SIGKILL") return "killed";
  if (requests.asked) return "stopped";
  if (status.success || (status.signal !== null && REQUESTS.has(status.signal))) return "exited";
  return "crashed";
}

/** How a process ended, in words, such as "ended with code 7". */
export function describeExit({ code, signal }: ConnectorExit): string {
  return signal === undefined ? `ended with code ${code}` : `was ended by ${signal}`;
}

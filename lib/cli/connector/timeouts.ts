/**
 * How long a supervisor's start and stop may take.
 *
 * @module
 */

import type { SupervisorSettings } from "../../connector/supervisor/settings.ts";

/** Time that the supervisor itself may need, ms. */
const MARGIN_MS = 15_000;

/**
 * How long all connectors may take to be ready: at worst, each waits for the one before. A build
 * comes on top.
 */
export function startTimeoutMs({ connectors }: SupervisorSettings): number {
  return connectors.reduce((sum, { ready }) => sum + ready.timeoutMs, 4 * MARGIN_MS);
}

/** How long all connectors may take to stop: at worst, each waits for the one before. */
export function stopTimeoutMs({ connectors }: SupervisorSettings): number {
  return connectors.reduce((sum, { stopTimeoutMs }) => sum + stopTimeoutMs, MARGIN_MS);
}

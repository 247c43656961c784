/**
 * Recognising a connector that has ended only because its exchange was away.
 *
 * @module
 */

import type { LogLine } from "./logs/mod.ts";

/**
 * What hftbacktest's own connector panics with when a symbol is registered while it is between two
 * tries to connect: there is nobody to hand the symbol to.
 */
const REGISTERED_UNCONNECTED = /^called `Result::unwrap\(\)` on an `Err` value: SendError\("/;

const CONNECTION_ERROR = /connection/i;

/**
 * Looks into a connector's last lines for the panic of one that had no connection to its exchange.
 *
 * @param lines What it printed last.
 * @returns What happened, in words; undefined when it ended for another reason.
 */
export function exchangeAbsence(lines: readonly LogLine[]): string | undefined {
  if (!lines.some(({ raw }) => REGISTERED_UNCONNECTED.test(raw))) return undefined;
  const reported = lines.findLast(({ level, target, message }) =>
    level === "error" && target !== undefined && CONNECTION_ERROR.test(message)
  );
  const trouble = reported === undefined ? "" : `: ${reported.message}`;
  return `it has no connection to its exchange, and ends when a symbol is registered then${trouble}`;
}

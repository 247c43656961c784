/**
 * Recognising a connector that has ended only because its exchange was away.
 *
 * @module
 */

import type { LogLine } from "./logs/mod.ts";

/** Where hftbacktest's own connector panicked, on the first line of a panic. */
const PANIC = /panicked at connector\/src\/\w+\/(\w+)\.rs:/;

/** What it panics with when a part of it that should listen is gone, on the second line. */
const NOBODY_LISTENS = /on an `Err` value: SendError(\("|)/;

const CONNECTION_ERROR = /connection/i;

/**
 * Looks into a connector's last lines for the panics of one that has lost, or never had, the
 * connection to its exchange.
 *
 * @param lines What it printed last.
 * @returns What happened, in words; undefined when it ended for another reason.
 */
export function exchangeAbsence(lines: readonly LogLine[]): string | undefined {
  const at = lines.findLastIndex(({ raw }) => PANIC.test(raw));
  if (at < 0) return undefined;
  const [, module] = PANIC.exec(lines[at]?.raw ?? "") ?? [];
  const [, symbol] = NOBODY_LISTENS.exec(lines[at + 1]?.raw ?? "") ?? [];
  // Between two tries to connect there is nobody to hand a symbol to.
  const what = symbol
    ? "it has no connection to its exchange, and ends when a symbol is registered then"
    // A book that was asked for comes when the connection that it was meant for is gone.
    : symbol === "" && module === "market_data_stream"
    ? "it lost the connection to its exchange while it asked for a book, which ends it"
    : undefined;
  if (what === undefined) return undefined;
  const reported = lines.findLast(({ level, target, message }) =>
    level === "error" && target !== undefined && CONNECTION_ERROR.test(message)
  );
  return reported === undefined ? what : `${what}: ${reported.message}`;
}

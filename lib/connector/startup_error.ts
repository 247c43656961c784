/**
 * The error for a connector that ended before it was ready.
 *
 * @module
 */

import { ConnectorStartupError } from "./errors.ts";
import { type ConnectorExit, describeExit } from "./exit.ts";
import type { ConnectorOutput, LogLine } from "./logs/mod.ts";

/** Lines that the error holds. */
const TAIL_LINES = 20;

/**
 * Makes the error.
 *
 * @param connectorName Name of the connector.
 * @param exit How it ended.
 * @param output What it printed.
 * @returns The error, with the last lines.
 */
export function startupError(
  connectorName: string,
  exit: ConnectorExit,
  output: ConnectorOutput,
): ConnectorStartupError {
  const lines = output.last(TAIL_LINES);
  const words = lastWords(lines);
  const said = words === undefined ? "it printed nothing" : words;
  return new ConnectorStartupError(
    `Cannot start connector ${connectorName}: it ${
      describeExit(exit)
    } before it was ready: ${said}`,
    { exitCode: exit.code, signal: exit.signal, outputTail: lines.map(({ raw }) => raw) },
  );
}

/** The line that tells most: the last error, with what a panic says on its next line. */
function lastWords(lines: readonly LogLine[]): string | undefined {
  const at = lines.findLastIndex(({ level, raw }) => level === "error" || /^error\b/i.test(raw));
  const line = lines[at] ?? lines.findLast(({ raw }) => raw !== "");
  if (line === undefined) return undefined;
  const isPanic = line.level === "error" && line.time === undefined;
  const next = isPanic ? lines[at + 1] : undefined;
  return next === undefined ? line.message : `${line.message} ${next.message}`;
}

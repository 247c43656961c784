/**
 * The error for a connector that ended before it was ready.
 *
 * @module
 */

import { channelMismatch } from "./channel/channel_mismatch.ts";
import type { ConnectorChannel } from "./channel/run_channel.ts";
import { ConnectorStartupError } from "./errors.ts";
import { exchangeAbsence } from "./exchange_absence.ts";
import { type ConnectorExit, describeExit } from "./exit.ts";
import type { ConnectorOutput, LogLine } from "./logs/mod.ts";
import type { RunnerSettings } from "./runner_options.ts";

/** Lines that the error holds. */
const TAIL_LINES = 20;

/** Lines that are looked through for what tells most: a panic may print its whole stack after it. */
const SEARCHED_LINES = 500;

/** The second line of a panic that has nothing to say, since the error was logged before it. */
const EMPTY_ERROR = /on an `Err` value: \(\)$/;

/**
 * Makes the error.
 *
 * @param settings The connector.
 * @param end How it ended, what it printed, and which channel it asked for.
 * @returns The error, with the last lines.
 */
export function startupError(
  settings: Pick<RunnerSettings, "connectorName" | "libraryPath">,
  { exit, output, channel }: {
    exit: ConnectorExit;
    output: ConnectorOutput;
    channel: ConnectorChannel;
  },
): ConnectorStartupError {
  const { connectorName } = settings;
  const lines = output.last(SEARCHED_LINES);
  const words = channelMismatch(lines, settings, channel.sizes) ?? exchangeAbsence(lines) ??
    lastWords(lines);
  const said = words === undefined ? "it printed nothing" : words;
  return new ConnectorStartupError(
    `Cannot start connector ${connectorName}: it ${
      describeExit(exit)
    } before it was ready: ${said}`,
    {
      exitCode: exit.code,
      signal: exit.signal,
      outputTail: lines.slice(-TAIL_LINES).map(({ raw }) => raw),
    },
  );
}

/** The line that tells most: the last error, with what a panic says on its next line. */
function lastWords(lines: readonly LogLine[]): string | undefined {
  const at = lines.findLastIndex(({ level, raw }) => level === "error" || /^error\b/i.test(raw));
  const line = lines[at] ?? lines.findLast(({ raw }) => raw !== "");
  if (line === undefined) return undefined;
  const isPanic = line.level === "error" && line.time === undefined;
  const next = isPanic ? lines[at + 1] : undefined;
  if (next === undefined) return line.message;
  const logged = EMPTY_ERROR.test(next.raw) && lines.slice(0, at).findLast(isLoggedError);
  return logged ? logged.message : `${line.message} ${next.message}`;
}

function isLoggedError({ level, time }: LogLine): boolean {
  return level === "error" && time !== undefined;
}

/**
 * What a supervisor does, as lines among a connector's own.
 *
 * @module
 */

import type { LogLine } from "../logs/log_line.ts";

const TARGET = "hftlive::supervisor";

/**
 * Makes a line in the format of the connector's own log.
 *
 * @param level How important it is.
 * @param message What the supervisor has done, or seen.
 * @returns The line, of now.
 */
export function supervisorLine(level: "info" | "warn", message: string): LogLine {
  const time = new Date().toISOString();
  return {
    time,
    level,
    target: TARGET,
    message,
    raw: `${time} ${level.toUpperCase().padStart(5)} ${TARGET}: ${message}`,
    stream: "stderr",
    cutBytes: 0,
  };
}

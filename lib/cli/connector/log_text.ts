/**
 * Lines of a connector's output as an operator sees them.
 *
 * @module
 */

import type { ConnectorLogLevel } from "../../connector/logs/log_line.ts";
import type { Style } from "../ansi.ts";

/** A line, as far as its text needs it. */
export interface PrintedLine {
  /** The whole line. */
  readonly raw: string;
  /** Its level; null or undefined for a line that is no log line. */
  readonly level?: ConnectorLogLevel | null | undefined;
}

/** A line in the colour of its level. */
export function logText({ raw, level }: PrintedLine, style: Style): string {
  switch (level) {
    case "error":
      return style.red(raw);
    case "warn":
      return style.yellow(raw);
    case "debug":
    case "trace":
      return style.dim(raw);
    default:
      return raw;
  }
}

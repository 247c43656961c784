/**
 * Reading a line of a connector's output.
 *
 * @module
 */

/** Levels of the connector's log, from the least to the most important. */
export const CONNECTOR_LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** A level of the connector's log. */
export type ConnectorLogLevel = typeof CONNECTOR_LOG_LEVELS[number];

/** Where a process prints. */
export type OutputStream = "stdout" | "stderr";

/** A line that a connector printed, with secrets taken out. */
export interface LogLine {
  /** When it was logged, as it was printed: UTC in RFC 3339; undefined for other lines. */
  readonly time: string | undefined;
  /** Its level; "error" for a panic, undefined for other lines that are no log lines. */
  readonly level: ConnectorLogLevel | undefined;
  /** The module that logged it, with the spans around it; undefined for other lines. */
  readonly target: string | undefined;
  /** What it says, with its fields as `name=value`; the whole line when it is no log line. */
  readonly message: string;
  /** The whole line, without colours and control characters. */
  readonly raw: string;
  /** Where it was printed. */
  readonly stream: OutputStream;
  /** Bytes that were left out at its end, since it was too long; 0 for nearly all lines. */
  readonly cutBytes: number;
}

/** Time and level, in the default format of tracing-subscriber. */
const LOG_LINE =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z) +(TRACE|DEBUG|INFO|WARN|ERROR) +(.*)$/;

/** Rust's own first line of a panic; newer versions add the thread's id. */
const PANIC = /^thread '.*'(?: \(\d+\))? panicked at /;

// deno-lint-ignore no-control-regex -- these are what is to be removed
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

/** Control sequences of terminals: colours and the like, and titles. */
// deno-lint-ignore no-control-regex -- these are what is to be removed
const SEQUENCES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;

/**
 * Takes colours and control characters out of a line; a tab stays.
 *
 * @param text The line as it was printed.
 * @returns What of it can be read, safe to be printed on a terminal.
 */
export function stripControls(text: string): string {
  return text.replace(SEQUENCES, "").replace(CONTROLS, "");
}

/**
 * Reads a line in the default format of the Rust crate tracing-subscriber, which connectors log
 * in. Any other line, such as a panic's, becomes a line without time and target.
 *
 * @param raw The line, without colours, control characters and secrets.
 * @param origin Where it was printed, and how much of it is missing.
 * @returns The line, taken apart.
 */
export function parseLogLine(
  raw: string,
  origin: { stream: OutputStream; cutBytes?: number },
): LogLine {
  const { stream, cutBytes = 0 } = origin;
  const match = LOG_LINE.exec(raw);
  if (match === null) {
    const level = PANIC.test(raw) ? "error" : undefined;
    return { time: undefined, level, target: undefined, message: raw, raw, stream, cutBytes };
  }
  const [, time, name, rest = ""] = match;
  const level = CONNECTOR_LOG_LEVELS.find((known) => known.toUpperCase() === name);
  const end = targetEnd(rest);
  const target = end > 0 ? rest.slice(0, end) : undefined;
  const message = end > 0 ? rest.slice(end + 2) : rest;
  return { time, level, target, message, raw, stream, cutBytes };
}

/** Where the target ends, before its colon; 0 when there is none. */
function targetEnd(rest: string): number {
  const first = wordEnd(rest, 0);
  // Spans come first, and show by their braces: `order{id=7}: connector::rest: sent`.
  const second = rest.slice(0, first).includes("{") ? wordEnd(rest, first + 2) : 0;
  return second > first ? second : first;
}

/** Where the word that starts at a position ends, before ": "; 0 when no colon follows it. */
function wordEnd(rest: string, start: number): number {
  for (let at = start; at < rest.length; at++) {
    if (rest[at] === " ") return rest[at - 1] === ":" && at - 1 > start ? at - 1 : 0;
    if (rest[at] === "{") {
      at = rest.indexOf("}", at);
      if (at < 0) return 0;
    }
  }
  return 0;
}

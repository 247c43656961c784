/**
 * Stand-in for the parts of `@std/log` in use.
 *
 * @module
 */

import { inspect } from "node:util";

const LEVEL_CODES = { NOTSET: 0, DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, CRITICAL: 50 } as const;

/** Names of the levels, least important first. */
export type LevelName = keyof typeof LEVEL_CODES;

/** Numbers of the levels. */
export type LogLevel = (typeof LEVEL_CODES)[LevelName];

/** Makes one line out of a record. */
export type FormatterFunction = (logRecord: LogRecord) => string;

/** What one call of a logger recorded. */
export class LogRecord {
  readonly msg: string;
  readonly args: unknown[];
  readonly level: number;
  readonly levelName: LevelName;
  readonly loggerName: string;
  readonly datetime: Date = new Date();

  constructor(options: { msg: string; args: unknown[]; level: LogLevel; loggerName: string }) {
    this.msg = options.msg;
    this.args = [...options.args];
    this.level = options.level;
    this.levelName = nameOf(options.level);
    this.loggerName = options.loggerName;
  }
}

/** Target of log records: formats those of its level and above, and hands them to `log`. */
export abstract class BaseHandler {
  /** Least important level that is handled. */
  levelName: LevelName;
  /** Makes one line out of a record. */
  formatter: FormatterFunction;

  constructor(levelName: LevelName, options?: { formatter?: FormatterFunction }) {
    this.levelName = levelName;
    this.formatter = options?.formatter ?? (({ levelName, msg }) => `${levelName} ${msg}`);
  }

  /** Formats and writes a record, unless its level is too low. */
  handle(logRecord: LogRecord): void {
    if (LEVEL_CODES[this.levelName] <= logRecord.level) this.log(this.format(logRecord));
  }

  /** Makes one line out of a record. */
  format(logRecord: LogRecord): string {
    return this.formatter(logRecord);
  }

  /** Writes a line. */
  abstract log(msg: string): void;

  /** Prepares the target. */
  setup(): void {}

  /** Releases the target. */
  destroy(): void {}
}

/** Source of log records. */
export class Logger {
  /** Least important level that is passed on. */
  levelName: LevelName;
  /** Where records go. */
  handlers: BaseHandler[];
  /** Name of the source. */
  readonly loggerName: string;

  constructor(
    loggerName: string,
    levelName: LevelName,
    options: { handlers?: BaseHandler[] } = {},
  ) {
    this.loggerName = loggerName;
    this.levelName = levelName;
    this.handlers = options.handlers ?? [];
  }

  /** Logs at level DEBUG. */
  debug<T>(msg: () => T, ...args: unknown[]): T | undefined {
    return this.#log("DEBUG", msg, args);
  }

  /** Logs at level INFO. */
  info<T>(msg: () => T, ...args: unknown[]): T | undefined {
    return this.#log("INFO", msg, args);
  }

  /** Logs at level WARN. */
  warn<T>(msg: () => T, ...args: unknown[]): T | undefined {
    return this.#log("WARN", msg, args);
  }

  /** Logs at level ERROR. */
  error<T>(msg: () => T, ...args: unknown[]): T | undefined {
    return this.#log("ERROR", msg, args);
  }

  #log<T>(levelName: LevelName, msg: () => T, args: unknown[]): T | undefined {
    const level = LEVEL_CODES[levelName];
    if (LEVEL_CODES[this.levelName] > level) return undefined;
    const value = msg();
    const text = typeof value === "string" ? value : inspect(value);
    const record = new LogRecord({ msg: text, args, level, loggerName: this.loggerName });
    for (const handler of this.handlers) handler.handle(record);
    return value;
  }
}

function nameOf(level: LogLevel): LevelName {
  for (const [name, code] of Object.entries(LEVEL_CODES)) {
    if (code === level && isLevelName(name)) return name;
  }
  throw new TypeError(`Cannot name the log level: ${level}`);
}

function isLevelName(name: string): name is LevelName {
  return name in LEVEL_CODES;
}

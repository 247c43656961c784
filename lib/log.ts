/**
 * Logging, over `@std/log` so that nothing else knows that package.
 *
 * Lines go to standard error (standard output belongs to results) and, if asked, to a file.
 * Values that look like credentials are masked before a line is written.
 *
 * @module
 */

import { BaseHandler, type LevelName, Logger, type LogRecord } from "@std/log";
import { checkOneOf } from "./model/check.ts";
import { InvalidInputError, MissingPermissionError } from "./model/errors.ts";

/** How much is logged: a level and those to its right. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Options of {@linkcode setup}. */
export interface LogOptions {
  /**
   * Least important level that is written.
   *
   * @default {"info"}
   */
  readonly level?: LogLevel;
  /** File that lines are appended to as well; needs `--allow-write` for it. */
  readonly file?: string;
  /**
   * Least important level that is appended to the file.
   *
   * @default the same as `level`
   */
  readonly fileLevel?: LogLevel;
  /** Loggers whose lines go to the file alone, since their user has shown them already. */
  readonly fileOnly?: readonly string[];
  /**
   * Shows a line.
   *
   * @default writes it to standard error
   */
  readonly write?: (line: string) => void;
}

/** Values written after a message as `name=value`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A named source of log lines. A message given as a function is only made when it is written. */
export interface Log {
  /** Logs what helps to find a fault. */
  debug(message: string | (() => string), fields?: LogFields): void;
  /** Logs what a user may want to know. */
  info(message: string | (() => string), fields?: LogFields): void;
  /** Logs what went wrong and was handled. */
  warn(message: string | (() => string), fields?: LogFields): void;
  /** Logs what went wrong and was not handled. */
  error(message: string | (() => string), fields?: LogFields): void;
}

const LEVELS: Readonly<Record<LogLevel, LevelName>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

/** The levels, least important first. */
const NAMES: readonly LogLevel[] = ["debug", "info", "warn", "error"];

const SECRET_NAME = /api_?key|secret|signature|passw|passphrase|token|authorization|listen_?key/i;

const SECRET_TEXT =
  /((?:api[_-]?key|secret|signature|password|passphrase|token|authorization|listen_?key)\w*["']?\s*[=:]\s*(?:bearer\s+)?["']?)[^\s"'&,;}]+/gi;

class StderrHandler extends BaseHandler {
  write: ((line: string) => void) | undefined;

  override log(line: string): void {
    if (this.write) this.write(line);
    // deno-lint-ignore no-console -- needs no permission and writes whole lines to stderr
    else console.error(line);
  }
}

/** Writes every line at once: what a crashing program logged last is what matters. */
class FileHandler extends BaseHandler {
  #file: Deno.FsFile | undefined;
  readonly #path: string;

  constructor(path: string, level: LevelName) {
    super(level, { formatter: formatLine });
    this.#path = path;
    this.#file = Deno.openSync(path, { append: true, create: true });
  }

  override log(line: string): void {
    const bytes = new TextEncoder().encode(`${line}\n`);
    try {
      for (let at = 0; this.#file && at < bytes.length;) {
        at += this.#file.writeSync(bytes.subarray(at));
      }
    } catch (error) {
      this.destroy();
      getLogger("log").error("Cannot write the log file, going on without it", {
        file: this.#path,
        error,
      });
    }
  }

  override destroy(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.close();
  }
}

const stderrHandler = new StderrHandler(LEVELS.warn, { formatter: formatLine });
const loggers = new Map<string, Logger>();
let fileHandler: FileHandler | undefined;
let fileOnly: readonly string[] = [];
/** The lower one of the handlers' levels. */
let levelName: LevelName = LEVELS.warn;

/**
 * Sets the level and the targets of all loggers, those handed out before included. Until it is
 * called, warnings and errors go to standard error.
 *
 * @param options Level and file; a file of an earlier call is closed.
 * @throws {InvalidInputError} If the level is unknown or the file cannot be opened.
 * @throws {MissingPermissionError} If the file may not be written.
 *
 * @example Log everything
 * ```ts no-assert
 * import { getLogger, setup } from "./log.ts";
 *
 * setup({ level: "debug" });
 * getLogger("connector").info("started", { pid: 4711 });
 * ```
 */
export function setup(options: LogOptions = {}): void {
  const { level = "info", file, fileLevel = level } = options;
  const nextLevel = LEVELS[checkOneOf("level", level, NAMES)];
  const nextFileLevel = LEVELS[checkOneOf("fileLevel", fileLevel, NAMES)];
  const nextFile = file === undefined ? undefined : openFile(file, nextFileLevel);
  fileHandler?.destroy();
  fileHandler = nextFile;
  fileOnly = options.fileOnly ?? [];
  stderrHandler.levelName = nextLevel;
  stderrHandler.write = options.write;
  const isLower = nextFile !== undefined && NAMES.indexOf(fileLevel) < NAMES.indexOf(level);
  levelName = isLower ? nextFileLevel : nextLevel;
  for (const logger of loggers.values()) configure(logger);
}

/**
 * A logger with a name; the same name gives the same logger.
 *
 * @param name Part of the program that logs, such as "connector".
 * @returns The logger, which follows later calls of {@linkcode setup}.
 *
 * @example Log a warning
 * ```ts no-assert
 * import { getLogger } from "./log.ts";
 *
 * getLogger("client").warn("feed is late", { symbol: "BTCUSDT", ageMs: 12_000 });
 * ```
 */
export function getLogger(name: string): Log {
  const logger = loggers.get(name) ?? configure(new Logger(name, levelName));
  loggers.set(name, logger);
  return {
    debug: (message, fields) => void logger.debug(lazy(message), fields),
    info: (message, fields) => void logger.info(lazy(message), fields),
    warn: (message, fields) => void logger.warn(lazy(message), fields),
    error: (message, fields) => void logger.error(lazy(message), fields),
  };
}

function openFile(path: string, level: LevelName): FileHandler {
  try {
    return new FileHandler(path, level);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new MissingPermissionError("Cannot open the log file", [`--allow-write=${path}`], {
        cause: error,
      });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError("file", path, `a file that can be written (${reason})`);
  }
}

function configure(logger: Logger): Logger {
  logger.levelName = levelName;
  const shown = fileOnly.includes(logger.loggerName) ? [] : [stderrHandler];
  logger.handlers = fileHandler ? [...shown, fileHandler] : shown;
  return logger;
}

function lazy(message: string | (() => string)): () => string {
  return typeof message === "string" ? () => message : message;
}

function formatLine(record: LogRecord): string {
  const time = record.datetime.toISOString();
  const line = `${time} ${record.levelName.padEnd(5)} ${record.loggerName}: ${record.msg}${
    formatFields(record.args[0])
  }`;
  return mask(line).replace(/\r?\n/g, "\n  ").replace(/(?![\t\n])\p{Cc}/gu, "");
}

function formatFields(fields: unknown): string {
  if (typeof fields !== "object" || fields === null) return "";
  return Object.entries(fields).map(([name, value]) =>
    ` ${name}=${SECRET_NAME.test(name) ? "***" : formatValue(value)}`
  ).join("");
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
  if (value instanceof Error) return JSON.stringify(`${value.name}: ${value.message}`);
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (name, inner) => {
    if (name !== "" && SECRET_NAME.test(name)) return "***";
    return typeof inner === "bigint" ? String(inner) : inner;
  });
}

function mask(text: string): string {
  return text.replace(SECRET_TEXT, "$1***");
}

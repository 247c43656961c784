/**
 * What can go wrong around a connector process.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";

/** Base of the errors about building, starting, running and configuring a connector. */
export class ConnectorRunnerError extends HftliveError {
  /** Name of the class. */
  override name = "ConnectorRunnerError";
}

/** The connector could not be built. */
export class ConnectorBuildError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ConnectorBuildError";
  /** Cargo's exit code; undefined when it was not started. */
  readonly exitCode: number | undefined;
  /** The compiler's, or cargo's, first error in full; empty when it gave none. */
  readonly firstError: string;
  /** The last lines that cargo printed. */
  readonly outputTail: readonly string[];

  /**
   * Makes the error.
   *
   * @param message What was being done, a colon, and what stood in the way.
   * @param options What cargo left behind, and the standard error options.
   */
  constructor(
    message: string,
    options: ErrorOptions & {
      exitCode?: number | undefined;
      firstError?: string;
      outputTail?: readonly string[];
    } = {},
  ) {
    super(message, options);
    this.exitCode = options.exitCode;
    this.firstError = options.firstError ?? "";
    this.outputTail = options.outputTail ?? [];
  }
}

/** The connector did not start, or ended before it was ready. */
export class ConnectorStartupError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ConnectorStartupError";
  /** Its exit code; undefined when it was not started or has not ended. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, if one did. */
  readonly signal: string | undefined;
  /** The last lines it printed, redacted. */
  readonly outputTail: readonly string[];

  /**
   * Makes the error.
   *
   * @param message What was being done, a colon, and what stood in the way.
   * @param options How it ended, and the standard error options.
   */
  constructor(
    message: string,
    options: ErrorOptions & {
      exitCode?: number | undefined;
      signal?: string | undefined;
      outputTail?: readonly string[];
    } = {},
  ) {
    super(message, options);
    this.exitCode = options.exitCode;
    this.signal = options.signal;
    this.outputTail = options.outputTail ?? [];
  }
}

/** A place where something was looked for. */
export interface ConnectorLookup {
  /** What named the place: an option, an environment variable, or a rule. */
  readonly origin: string;
  /** The path or variable looked at. */
  readonly path: string;
  /** What was found there. */
  readonly result: string;
}

/** The project or the connector's program is in none of the places where it is looked for. */
export class ConnectorNotFoundError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ConnectorNotFoundError";
  /** Where it was looked for, in order. */
  readonly tried: readonly ConnectorLookup[];

  /**
   * Makes the error.
   *
   * @param action What was being done and what would help, such as "Cannot find the project".
   * @param tried Where it was looked for, in order.
   */
  constructor(action: string, tried: readonly ConnectorLookup[]) {
    const lines = tried.map(({ origin, path, result }) => `\n  ${origin}: ${path}: ${result}`);
    super(`${action}: tried${lines.join("")}`);
    this.tried = tried;
  }
}

/** One thing that is wrong with a configuration file. */
export interface ConfigProblem {
  /** The file. */
  readonly file: string;
  /** Line in the file, counted from 1; undefined when no line is to blame, as for a missing key. */
  readonly line?: number;
  /** The key, as it stands in the file or should. */
  readonly field?: string;
  /** The refused value; left out when it is, or may hold, a secret. */
  readonly value?: unknown;
  /** What is wrong, on one line and without secrets. */
  readonly message: string;
}

/** A configuration cannot be used; `problems` holds all that is wrong with it. */
export class ConnectorConfigError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ConnectorConfigError";
  /** The file. */
  readonly file: string;
  /** All that is wrong, in the order of the lines; never empty. */
  readonly problems: readonly ConfigProblem[];

  /**
   * Makes the error.
   *
   * @param file The file.
   * @param problems All that is wrong with it: at least one.
   * @param options What was being done, and the standard error options; the cause must not hold
   * secrets.
   */
  constructor(
    file: string,
    problems: readonly [ConfigProblem, ...ConfigProblem[]],
    options: ErrorOptions & { action?: string } = {},
  ) {
    const [first] = problems;
    const { action = "Cannot use the connector configuration" } = options;
    super(
      problems.length === 1
        ? `${action}: ${formatProblem(first)}`
        : `${action} ${file}: ${problems.length} problems` +
          problems.map((problem) => `\n  ${formatProblem(problem)}`).join(""),
      options,
    );
    this.file = file;
    this.problems = problems;
  }

  /** Line of the first problem. */
  get line(): number | undefined {
    return this.problems[0]?.line;
  }

  /** Key of the first problem. */
  get field(): string | undefined {
    return this.problems[0]?.field;
  }

  /** Refused value of the first problem; undefined when it is, or may hold, a secret. */
  get value(): unknown {
    return this.problems[0]?.value;
  }
}

/**
 * A problem as one line, in the form that editors and terminals turn into a link.
 *
 * @param problem The problem.
 * @returns Such as `bf.toml:3: unknown key "strem_url", did you mean "stream_url"`.
 */
export function formatProblem(problem: ConfigProblem): string {
  const { file, line, message } = problem;
  return line === undefined ? `${file}: ${message}` : `${file}:${line}: ${message}`;
}

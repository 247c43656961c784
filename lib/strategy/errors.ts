/**
 * Errors of strategies.
 *
 * @module
 */

import { HftliveError } from "../model/errors.ts";
import { locate } from "./location.ts";

/** A file is no strategy that can be run. */
export class StrategyLoadError extends HftliveError {
  /** Name of the class, for logs and `switch`. */
  override name = "StrategyLoadError";
  /** The file, as it was named. */
  readonly path: string;

  /**
   * Makes an error.
   *
   * @param path The file, as it was named.
   * @param problem What is wrong with it.
   * @param options The standard error options, such as `cause`.
   */
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`Cannot load strategy ${path}: ${problem}`, options);
    this.path = path;
  }
}

/** What of a strategy failed. */
export type StrategyPart =
  | "setup"
  | "onEvent"
  | "onBatch"
  | "run"
  | "teardown"
  | "every"
  | "unhandled";

/** A strategy threw while it ran; `cause` is what it threw. */
export class StrategyError extends HftliveError {
  /** Name of the class, for logs and `switch`. */
  override name = "StrategyError";
  /** Which of its functions; "unhandled" for what nobody awaited or caught. */
  readonly part: StrategyPart;
  /** Where it was thrown, as FILE:LINE:COLUMN; undefined where the error does not tell. */
  readonly location: string | undefined;

  /**
   * Makes an error.
   *
   * @param part Which function of the strategy.
   * @param cause What it threw.
   */
  constructor(part: StrategyPart, cause: unknown) {
    const location = locate(cause);
    const at = location === undefined ? "" : ` (at ${location})`;
    super(`Strategy failed in ${part}: ${firstLine(cause)}${at}`, { cause });
    this.part = part;
    this.location = location;
  }
}

/** The first line of anything that was thrown. */
export function firstLine(error: unknown): string {
  // Errors of other realms, and those of subclasses of ours, tell their names as well.
  const text = String(error);
  return text.split("\n", 1)[0]!;
}

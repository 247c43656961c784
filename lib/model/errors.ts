/**
 * Errors that hftlive throws on purpose. Each says what was being done, a colon,
 * and the value that stood in the way.
 *
 * @module
 */

/** Base of every error that hftlive throws on purpose. */
export class HftliveError extends Error {
  /** Name of the class, for logs and `switch`. */
  override name = "HftliveError";
}

/**
 * Names and numbers of bot failures. 10 to 19 are upstream's C ABI codes
 * (py-hftbacktest/src/live.rs and backtest.rs); 20 and above are hftlive's.
 */
export const BOT_ERROR_CODES = {
  orderIdExists: 10,
  orderRequestInProcess: 11,
  orderNotFound: 12,
  invalidOrderRequest: 13,
  invalidOrderStatus: 14,
  endOfData: 15,
  instrumentNotFound: 16,
  timeout: 17,
  interrupted: 18,
  custom: 19,
  closed: 20,
  wrongThread: 21,
  invalidArgument: 22,
  panic: 23,
  buildFailed: 24,
} as const;

/** Why a bot refused or failed. */
export type BotErrorReason = keyof typeof BOT_ERROR_CODES;

/** A bot refused a call or failed in it; `code` is upstream's number where upstream has one. */
export class BotError extends HftliveError {
  /** Name of the class. */
  override name = "BotError";
  /** Why, as a word. */
  readonly reason: BotErrorReason;
  /** Why, as the engine's number. */
  readonly code: number;

  /**
   * Makes the error.
   *
   * @param reason Why the call failed.
   * @param message What was being done, a colon, and the current value.
   * @param options The standard error options, such as `cause`.
   */
  constructor(reason: BotErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.code = BOT_ERROR_CODES[reason];
  }
}

const REASONS = new Map<number, BotErrorReason>(
  (Object.keys(BOT_ERROR_CODES) as BotErrorReason[]).map((
    reason,
  ) => [BOT_ERROR_CODES[reason], reason]),
);

/** Reason for an engine's error code; "custom" for one this version does not know. */
export function botErrorReason(code: number): BotErrorReason {
  return REASONS.get(code) ?? "custom";
}

/** An option, flag, file entry or message has a value that cannot be used. */
export class InvalidInputError extends HftliveError {
  /** Name of the class. */
  override name = "InvalidInputError";
  /** Name of the option, flag or entry, as its user wrote it. */
  readonly field: string;
  /** The value that was refused. */
  readonly value: unknown;
  /** What would have been accepted. */
  readonly expected: string;

  /**
   * Makes the error.
   *
   * @param field Name of the option, flag or entry, as its user wrote it.
   * @param value The value that was refused.
   * @param expected What would have been accepted, such as "a positive number".
   */
  constructor(field: string, value: unknown, expected: string) {
    super(`Cannot use ${field} = ${show(value)}: expected ${expected}`);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}

/** A permission that Deno was not given is needed; a command line answers it with exit code 3. */
export class MissingPermissionError extends HftliveError {
  /** Name of the class. */
  override name = "MissingPermissionError";
  /** The flags to add to `deno run`, such as `--allow-ffi`. */
  readonly flags: string[];

  /**
   * Makes the error.
   *
   * @param action What was being done, such as "Cannot load the native library".
   * @param flags The flags to add to `deno run`.
   * @param options The standard error options, such as `cause`.
   */
  constructor(action: string, flags: string[], options?: ErrorOptions) {
    super(`${action}: permission is missing, run deno with ${flags.join(" ")}`, options);
    this.flags = flags;
  }
}

/** A value as an error message shows it: short, on one line. */
function show(value: unknown): string {
  const text = typeof value === "bigint"
    ? `${value}n`
    : typeof value === "number" || value === undefined
    ? String(value)
    : JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? `${inner}n` : inner) ??
      String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

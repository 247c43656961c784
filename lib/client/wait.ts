/**
 * Promises that are settled from outside, by time, or by an abort.
 *
 * @module
 */

import { checkNumber } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";

/** The longest time that `setTimeout` keeps; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;

/** How long to wait. */
export interface WaitOptions {
  /** Longest wait in ms, 0 to 2,147,483,647. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait: its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks a time limit and a signal.
 *
 * @param options What the caller gave.
 * @throws {InvalidInputError} If one of them cannot be used.
 */
export function checkWait(options: WaitOptions): void {
  if (options.timeoutMs !== undefined) {
    checkNumber("timeoutMs", options.timeoutMs, { min: 0, max: MAX_TIMEOUT_MS });
  }
  checkSignal(options.signal);
}

/**
 * Checks that a signal is one.
 *
 * @param signal What the caller gave.
 * @throws {InvalidInputError} If it is neither a signal nor undefined.
 */
export function checkSignal(signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidInputError("signal", signal, "an AbortSignal");
  }
}

/** What a {@linkcode Waiter} needs besides the wait's limits. */
export interface WaiterOptions<T> extends WaitOptions {
  /** Called when the time has passed; has to settle the waiter. */
  readonly onTimeout: (waiter: Waiter<T>) => void;
  /** Called once when it is settled, however that came. */
  readonly onSettled: (waiter: Waiter<T>) => void;
}

/** A promise that settles once. Its timer and its listener are released with it. */
export class Waiter<T> {
  /** What the caller awaits. */
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  readonly #onSettled: (waiter: Waiter<T>) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled = false;

  /** @param options Limits, checked by the caller, and what to call. */
  constructor(options: WaiterOptions<T>) {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onSettled = options.onSettled;
    this.#signal = options.signal;
    this.#onAbort = () => this.reject(this.#signal?.reason);
    if (this.#signal?.aborted) {
      this.#onAbort();
      return;
    }
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (options.timeoutMs !== undefined) {
      this.#timer = setTimeout(() => options.onTimeout(this), options.timeoutMs);
    }
  }

  /** Fulfils the promise, unless it is settled. */
  resolve(value: T): void {
    if (this.#release()) this.#resolve(value);
  }

  /** Rejects the promise, unless it is settled. */
  reject(error: unknown): void {
    if (this.#release()) this.#reject(error);
  }

  #release(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onSettled(this);
    return true;
  }
}

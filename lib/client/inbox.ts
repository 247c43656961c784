/**
 * Where events and those who wait for them meet.
 *
 * @module
 */

import type { Buffer } from "./buffer.ts";
import { Waiter, type WaitOptions } from "./wait.ts";

/** The error that ended a client; wrapped, since anything can be thrown. */
export interface Failure {
  /** What was thrown. */
  readonly error: unknown;
}

/** One that waits for an item. Either method settles it. */
export interface Taker<T> {
  /** Gets the item; undefined when there will be none. */
  resolve(item: T | undefined): void;
  /** Gets the error that ended the inbox. */
  reject(error: unknown): void;
}

/** A buffer with its waiting consumers, served in the order in which they came. */
export class Inbox<T, B extends Buffer<T> = Buffer<T>> {
  /** What waits to be taken. Filled by its owner while nobody is {@linkcode waiting}. */
  readonly buffer: B;
  /** Whether a drop counts: not while nobody has ever asked for what it holds. */
  counting = true;
  /** Items dropped from the buffer. */
  dropped = 0;
  readonly #takers: Taker<T>[] = [];
  #ended = false;
  #failed = false;
  #error: unknown;

  /** @param buffer Is filled and emptied from here on. */
  constructor(buffer: B) {
    this.buffer = buffer;
  }

  /** How many consumers wait; while any does, the buffer is empty. */
  get waiting(): number {
    return this.#takers.length;
  }

  /** Hands an item to the consumer that waited longest. */
  deliver(item: T): void {
    this.#takers.shift()?.resolve(item);
  }

  /**
   * Takes note that the buffer dropped an item.
   *
   * @returns What that adds to a count: 1, or 0 while it does not count.
   */
  drop(): number {
    if (!this.counting) return 0;
    this.dropped++;
    return 1;
  }

  /**
   * Takes the oldest item, waiting for one if there is none.
   *
   * @param options Limits of the wait, checked by the caller.
   * @returns The item; undefined when the time has passed, or when all was taken after the end.
   * @throws The signal's reason after an abort; the error that ended the inbox.
   */
  take(options: WaitOptions): Promise<T | undefined> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    const item = this.buffer.shift();
    if (item !== undefined) return Promise.resolve(item);
    const waiter = new Waiter<T | undefined>({
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      onTimeout: (expired) => expired.resolve(undefined),
      onSettled: (settled) => this.#leave(settled),
    });
    this.join(waiter);
    return waiter.promise;
  }

  /** Lets somebody wait for the next item, or for the end; the buffer is empty. */
  join(taker: Taker<T>): void {
    if (this.#failed) taker.reject(this.#error);
    else if (this.#ended) taker.resolve(undefined);
    else this.#takers.push(taker);
  }

  /** Ends it: what is queued can still be taken. Waiting consumers get undefined. */
  end(): void {
    this.#ended = true;
    for (const taker of this.#takers.splice(0)) taker.resolve(undefined);
  }

  /** Ends it with an error, which waiting and later consumers get once all is taken. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed = true;
    this.#error = error;
    for (const taker of this.#takers.splice(0)) taker.reject(error);
  }

  #leave(taker: Taker<T>): void {
    const at = this.#takers.indexOf(taker);
    if (at >= 0) this.#takers.splice(at, 1);
  }
}

/**
 * One consumer's stream of events.
 *
 * @module
 */

import type { Buffer } from "./buffer.ts";
import type { Failure, Inbox, Taker } from "./inbox.ts";

/**
 * A stream of events with a queue of its own. It takes part from the call that
 * made it until it is left: by `break`, `return` or `throw` in a `for await`, by
 * its signal, by `await using`, or by the end of the client.
 */
export interface EventStream<T> extends AsyncIterableIterator<T>, AsyncDisposable {
  /** Events that its queue has dropped because they were not taken in time. */
  readonly dropped: number;
  /** Events that wait in its queue. */
  readonly queued: number;
  /** The next event; done when the stream has been left or the client has ended. */
  next(): Promise<IteratorResult<T, undefined>>;
  /** Leaves the stream and forgets what is queued. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Leaves the stream as `return` does, and rejects with the error. */
  throw(error: unknown): Promise<IteratorResult<T, undefined>>;
}

/** Options of a {@linkcode Subscription}. */
export interface SubscriptionOptions {
  /** Leaves the stream and forgets what is queued; `next` then rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
  /** Called when the stream is left; may be called again. */
  readonly onClose: () => void;
}

/** A call of `next` that waits: one object an event beside its promise. */
class Next<T> implements Taker<T> {
  readonly promise: Promise<IteratorResult<T, undefined>>;
  readonly #resolve: (result: IteratorResult<T, undefined>) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onEnd: () => void;

  constructor(onEnd: () => void) {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onEnd = onEnd;
  }

  resolve(item: T | undefined): void {
    if (item !== undefined) {
      this.#resolve({ value: item, done: false });
    } else {
      this.#onEnd();
      this.#resolve({ value: undefined, done: true });
    }
  }

  reject(error: unknown): void {
    this.#onEnd();
    this.#reject(error);
  }
}

/** The stream over an inbox. */
export class Subscription<T> implements EventStream<T> {
  readonly #inbox: Inbox<T, Buffer<T>>;
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: () => void;
  readonly #onAbort: () => void;
  readonly #onEnd = (): void => this.#close();
  #closed = false;

  /**
   * @param inbox Is this stream's alone.
   * @param options What ends it, and whom to tell.
   */
  constructor(inbox: Inbox<T, Buffer<T>>, options: SubscriptionOptions) {
    this.#inbox = inbox;
    this.#onClose = options.onClose;
    this.#signal = options.signal;
    this.#onAbort = () => {
      this.#inbox.buffer.clear();
      this.#inbox.fail(this.#signal?.reason);
      this.#release();
    };
    if (this.#signal?.aborted) inbox.fail(this.#signal.reason);
    else this.#signal?.addEventListener("abort", this.#onAbort);
  }

  /** Events that its queue has dropped. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** Events that wait in its queue. */
  get queued(): number {
    return this.#inbox.buffer.size;
  }

  /** The next event. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    const item = this.#inbox.buffer.shift();
    if (item !== undefined) return Promise.resolve({ value: item, done: false });
    const next = new Next<T>(this.#onEnd);
    this.#inbox.join(next);
    return next.promise;
  }

  /** Leaves the stream. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#close();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** Leaves the stream and rejects with the error. */
  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#close();
    return Promise.reject(error);
  }

  /** Leaves the stream. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  /** The stream itself: it can be iterated once. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the stream: what is queued can still be taken, and then comes the error, if there is one. */
  end(failure?: Failure): void {
    if (failure === undefined) this.#inbox.end();
    else this.#inbox.fail(failure.error);
    this.#release();
  }

  #close(): void {
    this.#closed = true;
    this.#inbox.buffer.clear();
    this.#inbox.end();
    this.#release();
  }

  #release(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onClose();
  }
}

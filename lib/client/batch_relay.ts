/**
 * Batches handed to consumers in place, with the pump waiting for them.
 *
 * @module
 */

import { EventBatch } from "../bot/batch.ts";
import { ObjectQueue } from "./buffer.ts";
import type { Failure } from "./inbox.ts";

/** Batches kept aside, at most, while one is held and an answer is awaited. */
const MAX_ASIDE = 1024;
/** How many batches kept aside make the polls in between 1 ms rarer. */
const ASIDE_PER_MS = 64;

/**
 * A stream of batches that are read in place. A batch is valid until the next call of
 * `next`, and no other is polled before that: the consumer sets the pace.
 */
export interface BatchStream extends AsyncIterableIterator<EventBatch>, AsyncDisposable {
  /** Gives the batch back and waits for the next; done when the stream or the client has ended. */
  next(): Promise<IteratorResult<EventBatch, undefined>>;
  /** Gives the batch back and leaves the stream. */
  return(): Promise<IteratorResult<EventBatch, undefined>>;
  /** Leaves the stream as `return` does, and rejects with the error. */
  throw(error: unknown): Promise<IteratorResult<EventBatch, undefined>>;
}

/**
 * Hands each batch to every stream that asks for one. While a stream holds one, the
 * pump may poll only into batches kept aside, which are handed out afterwards in order.
 */
export class BatchRelay {
  readonly #capacity: number;
  readonly #onRelease: () => void;
  readonly #streams = new Set<RelayStream>();
  readonly #main: EventBatch;
  readonly #aside = new ObjectQueue<EventBatch>();
  readonly #free: EventBatch[] = [];
  /** The batch being polled into while another is held. */
  #spare: EventBatch | undefined;
  /** The batch handed out, if it is one that was kept aside. */
  #lent: EventBatch | undefined;
  #holders = 0;
  #lentAt = 0;
  #ended = false;
  #failure: Failure | undefined;

  /**
   * @param capacity Most records in a batch.
   * @param onRelease Called when no stream holds a batch any more.
   */
  constructor(capacity: number, onRelease: () => void) {
    this.#capacity = capacity;
    this.#onRelease = onRelease;
    this.#main = new EventBatch(capacity);
  }

  /** Whether a stream holds a batch. */
  get held(): boolean {
    return this.#holders > 0;
  }

  /** Since when a stream has held the batch, by `performance.now()`; undefined if none does. */
  get heldSince(): number | undefined {
    return this.held ? this.#lentAt : undefined;
  }

  /** Whether no more batches are kept aside. */
  get full(): boolean {
    return this.#aside.size >= MAX_ASIDE;
  }

  /** How long to wait between two polls into batches kept aside, ms: rarer polls, fuller batches. */
  get paceMs(): number {
    return 1 + Math.floor(this.#aside.size / ASIDE_PER_MS);
  }

  /** The batch to poll into. */
  get target(): EventBatch {
    if (!this.held) return this.#main;
    return this.#spare ??= this.#free.pop() ?? new EventBatch(this.#capacity);
  }

  /** Hands out, or keeps aside, what was polled into {@linkcode target}. */
  deliver(): void {
    if (this.held && this.#spare !== undefined) {
      this.#aside.push(this.#spare);
      this.#spare = undefined;
    } else {
      this.#lend(this.#main);
    }
  }

  /**
   * Hands out the oldest batch kept aside.
   *
   * @returns Whether there was one.
   */
  resume(): boolean {
    if (this.#lent !== undefined) this.#free.push(this.#lent);
    this.#lent = this.#aside.shift();
    if (this.#lent === undefined) {
      this.#free.length = 0;
      return false;
    }
    this.#lend(this.#lent);
    return true;
  }

  /** A new stream, which takes part from its first `next` on. */
  open(signal: AbortSignal | undefined): BatchStream {
    return new RelayStream(this, signal);
  }

  /** Ends all streams once they have taken what was kept aside; with an error if there is one. */
  end(failure?: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    const rest: EventBatch[] = [];
    for (let batch = this.#aside.shift(); batch; batch = this.#aside.shift()) rest.push(batch);
    for (const stream of this.#streams) stream.end(rest, failure);
    this.#streams.clear();
    this.#holders = 0;
  }

  /** Counts a stream in; answers false when there will be no more batches. */
  join(stream: RelayStream): boolean {
    if (this.#ended) stream.end([], this.#failure);
    else this.#streams.add(stream);
    return !this.#ended;
  }

  /** Counts a stream out. */
  leave(stream: RelayStream): void {
    this.#streams.delete(stream);
  }

  /** Takes note that a stream gave its batch back. */
  release(): void {
    if (this.#ended) return;
    this.#holders--;
    if (this.#holders === 0) this.#onRelease();
  }

  #lend(batch: EventBatch): void {
    for (const stream of this.#streams) if (stream.offer(batch)) this.#holders++;
    if (this.#holders > 0) this.#lentAt = performance.now();
  }
}

/** A call of `next` that waits. */
type Waiting = PromiseWithResolvers<IteratorResult<EventBatch, undefined>>;

/** One consumer of a {@linkcode BatchRelay}. What it makes per batch is kept small: a promise and its result. */
class RelayStream implements BatchStream {
  readonly #relay: BatchRelay;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#abort();
  readonly #waiting: Waiting[] = [];
  #rest: EventBatch[] = [];
  #failure: Failure | undefined;
  #joined = false;
  #holding = false;
  #closed = false;

  constructor(relay: BatchRelay, signal: AbortSignal | undefined) {
    this.#relay = relay;
    this.#signal = signal;
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#onAbort);
  }

  next(): Promise<IteratorResult<EventBatch, undefined>> {
    if (!this.#closed && !this.#joined) this.#joined = this.#relay.join(this);
    this.#giveBack();
    if (this.#closed) {
      const batch = this.#rest.shift();
      if (batch === undefined && this.#failure) return Promise.reject(this.#consumeFailure());
      return Promise.resolve(resultOf(batch));
    }
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  return(): Promise<IteratorResult<EventBatch, undefined>> {
    this.#close();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorResult<EventBatch, undefined>> {
    this.#close();
    return Promise.reject(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Gives a batch to the first waiting call; answers whether the stream now holds it. */
  offer(batch: EventBatch): boolean {
    const first = this.#waiting.shift();
    if (first === undefined) return false;
    first.resolve(resultOf(batch));
    // A call made ahead has already given this batch back.
    this.#holding = this.#waiting.length === 0;
    return this.#holding;
  }

  /** Leaves only `rest` to be taken, then the error or the end. */
  end(rest: readonly EventBatch[], failure: Failure | undefined): void {
    this.#rest = [...rest];
    this.#failure = failure;
    this.#closed = true;
    this.#holding = false;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    for (const waiting of this.#waiting.splice(0)) {
      const batch = this.#rest.shift();
      if (batch !== undefined || this.#failure === undefined) waiting.resolve(resultOf(batch));
      else waiting.reject(this.#consumeFailure());
    }
  }

  #consumeFailure(): unknown {
    const error = this.#failure?.error;
    this.#failure = undefined;
    return error;
  }

  #giveBack(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#relay.release();
  }

  #abort(): void {
    this.#leave();
    this.end([], { error: this.#signal?.reason });
  }

  #close(): void {
    this.#leave();
    this.end([], undefined);
  }

  #leave(): void {
    this.#relay.leave(this);
    this.#giveBack();
  }
}

function resultOf(batch: EventBatch | undefined): IteratorResult<EventBatch, undefined> {
  return batch === undefined ? { value: undefined, done: true } : { value: batch, done: false };
}

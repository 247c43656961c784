/**
 * The end of a run, which many can bring about.
 *
 * @module
 */

import type { PaperEndReason } from "./report.ts";

/** Ends something once, for the first reason that comes. Disposing it releases its timer. */
export class PaperEnd implements Disposable {
  readonly #controller = new AbortController();
  readonly #decided = Promise.withResolvers<void>();
  readonly #parent: AbortSignal;
  readonly #onParent = (): void => this.decide("interrupted");
  readonly #startMs = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reason: PaperEndReason | undefined;
  #error: unknown;

  /** @param parent Ends it as interrupted when it is aborted. */
  constructor(parent: AbortSignal) {
    this.#parent = parent;
    parent.addEventListener("abort", this.#onParent);
    if (parent.aborted) this.#onParent();
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves at the end. */
  get decided(): Promise<void> {
    return this.#decided.promise;
  }

  /** Why it ended; undefined before it has. */
  get reason(): PaperEndReason | undefined {
    return this.#reason;
  }

  /** What failed; undefined if nothing has. */
  get error(): unknown {
    return this.#error;
  }

  /** Time since the start, in seconds. */
  get elapsedS(): number {
    return (performance.now() - this.#startMs) / 1_000;
  }

  /** Ends it after a time, in seconds. */
  after(durationS: number): void {
    this.#timer = setTimeout(() => this.decide("duration"), durationS * 1_000);
  }

  /** Ends it; a later reason changes nothing. */
  decide(reason: Exclude<PaperEndReason, "failed">): void {
    this.#end(reason);
  }

  /** Ends it as failed. What fails after its end is still told. */
  fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#end("failed");
  }

  /** Releases the timer and the listener. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener("abort", this.#onParent);
  }

  #end(reason: PaperEndReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller.abort();
    this.#decided.resolve();
  }
}

/**
 * The end of a run: by the user, by the clock, or by a decision.
 *
 * @module
 */

/** Ends a run; disposing it releases its timer and its listener. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #start = performance.now();
  readonly #parent: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onParent = (): void => this.#controller.abort();
  #expired = false;

  /**
   * @param parent Ends it when it is aborted.
   * @param durationS Ends it after this many seconds; never when undefined.
   */
  constructor(parent: AbortSignal, durationS: number | undefined) {
    this.#parent = parent;
    parent.addEventListener("abort", this.#onParent);
    if (parent.aborted) this.#controller.abort();
    if (durationS !== undefined) {
      this.#timer = setTimeout(() => {
        this.#expired = true;
        this.#controller.abort();
      }, durationS * 1000);
    }
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time has passed. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Time since the start, in seconds. */
  get elapsedS(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Ends it. */
  end(): void {
    this.#controller.abort();
  }

  /** Releases the timer and the listener. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener("abort", this.#onParent);
  }
}

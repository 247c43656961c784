/**
 * Asking somebody again and again.
 *
 * @module
 */

/** What a {@linkcode Poller} knows. */
export interface Polled<T> {
  /** The last answer; undefined before the first. */
  readonly value: T | undefined;
  /** Time since then, ms; undefined before. */
  readonly ageMs: number | undefined;
  /** Why there is no answer now; undefined while there is. */
  readonly failure: string | undefined;
}

/** Whom to ask, and how often. */
export interface PollerOptions<T> {
  /** Asks once. */
  ask(): T | Promise<T>;
  /** Who is asked, for messages. */
  readonly name: string;
  /** Time between an answer and the next question, ms. */
  readonly periodMs: number;
  /** Time after which there is no answer, ms. */
  readonly timeoutMs: number;
}

/** Asks until it is disposed, and remembers the last answer. */
export class Poller<T> implements AsyncDisposable {
  readonly #options: PollerOptions<T>;
  readonly #controller = new AbortController();
  readonly #work: Promise<void>;
  #value: T | undefined;
  #answeredAt: number | undefined;
  #failure: string | undefined;

  /**
   * Begins to ask.
   *
   * @param options Whom, and how often.
   */
  constructor(options: PollerOptions<T>) {
    this.#options = options;
    this.#failure = `the ${options.name} was not asked yet`;
    this.#work = this.#run();
  }

  /** What is known now. */
  get polled(): Polled<T> {
    return {
      value: this.#value,
      ageMs: this.#answeredAt === undefined ? undefined : performance.now() - this.#answeredAt,
      failure: this.#failure,
    };
  }

  /** Stops asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { periodMs } = this.#options;
    const { signal } = this.#controller;
    while (!signal.aborted) {
      try {
        this.#value = await this.#ask(signal);
        this.#answeredAt = performance.now();
        this.#failure = undefined;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
      }
      await pause(periodMs, signal);
    }
  }

  /** An answer, or an error when it takes too long or nobody wants it any more. */
  async #ask(signal: AbortSignal): Promise<T> {
    const { ask, name, timeoutMs } = this.#options;
    const late = Promise.withResolvers<never>();
    const onAbort = (): void => late.reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    const timer = setTimeout(
      () => late.reject(new Error(`the ${name} has not answered in ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    try {
      return await Promise.race([ask(), late.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }
}

/**
 * Waits, but not longer than until a signal is aborted.
 *
 * @param ms How long.
 * @param signal Ends it.
 */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

/**
 * Ctrl+C and SIGTERM: the first asks the command to end, the second ends it at once.
 *
 * @module
 */

/** One Ctrl+C can arrive twice, from the terminal and from a wrapper that passes signals on. */
const SAME_REQUEST_MS = 300;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Listens for the signals that end the program, until it is disposed. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listener: () => void;

  /** @param endNow Called when the user asks for the second time. */
  constructor(endNow: () => void) {
    let asked = -Infinity;
    this.#listener = () => {
      const now = performance.now();
      if (!this.signal.aborted) {
        asked = now;
        this.#controller.abort();
      } else if (now - asked > SAME_REQUEST_MS) {
        endNow();
      }
    };
    for (const signal of SIGNALS) Deno.addSignalListener(signal, this.#listener);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#listener);
  }
}

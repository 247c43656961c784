/**
 * Ctrl+C and its like: end the running step with every process that it started.
 *
 * @module
 */

import { endGroups } from "./process_groups.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for the signals that end a run, until it is disposed. */
export class Interruption implements Disposable {
  /** Process group of the running step; undefined between steps. */
  group: number | undefined;
  readonly #releases: (() => void)[] = [];
  #came = false;
  #ended: Promise<void> | undefined;

  constructor() {
    for (const signal of SIGNALS) {
      const listener = () => this.#interrupt(signal);
      Deno.addSignalListener(signal, listener);
      this.#releases.push(() => Deno.removeSignalListener(signal, listener));
    }
  }

  /** Whether a signal came. */
  get came(): boolean {
    return this.#came;
  }

  /** Settles when all processes of an interrupted step are gone; undefined without one. */
  get ended(): Promise<void> | undefined {
    return this.#ended;
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const release of this.#releases) release();
  }

  #interrupt(signal: Deno.Signal): void {
    this.#came = true;
    if (this.group !== undefined) this.#ended ??= endGroups(this.group, signal);
  }
}

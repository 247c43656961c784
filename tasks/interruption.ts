/**
 * Ctrl+C and its like: end the running steps with every process that they started.
 *
 * @module
 */

import { endGroups } from "./process_groups.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for the signals that end a run, until it is disposed. */
export class Interruption implements Disposable {
  /** Process groups of the running steps. */
  readonly #groups = new Set<number>();
  readonly #releases: (() => void)[] = [];
  #came = false;
  #ended: Promise<unknown> | undefined;

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

  /** Settles when all processes of the interrupted steps are gone; undefined without a signal. */
  get ended(): Promise<unknown> | undefined {
    return this.#ended;
  }

  /** Ends a process group as well when a signal comes. */
  add(group: number): void {
    this.#groups.add(group);
  }

  /** Forgets a process group, whose step has ended. */
  remove(group: number): void {
    this.#groups.delete(group);
  }

  /** Ends all running steps, without a signal. */
  async endAll(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const release of this.#releases) release();
  }

  #interrupt(signal: Deno.Signal): void {
    this.#came = true;
    this.#ended ??= this.#end(signal);
  }

  #end(signal: Deno.Signal): Promise<unknown> {
    return Promise.all([...this.#groups].map((group) => endGroups(group, signal)));
  }
}

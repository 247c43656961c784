/**
 * Ending a process.
 *
 * @module
 */

import type { EndRequests } from "./exit.ts";

/**
 * Ends a process: SIGTERM at once, SIGKILL when its time is over. However often it is asked, each
 * signal is sent once; the earliest deadline counts.
 */
export class Stopper implements EndRequests {
  readonly #child: Deno.ChildProcess;
  #ended = false;
  #asked = false;
  #forced = false;
  #deadline = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Makes a stopper.
   *
   * @param child The process.
   */
  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    child.status.finally(() => {
      this.#ended = true;
      clearTimeout(this.#timer);
    });
  }

  /** Whether SIGTERM reached the process. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Whether SIGKILL reached the process. */
  get forced(): boolean {
    return this.#forced;
  }

  /**
   * Asks the process to end.
   *
   * @param timeoutMs How long it may take.
   */
  stop(timeoutMs: number): void {
    if (this.#ended) return;
    if (!this.#asked) this.#asked = this.#send("SIGTERM");
    const deadline = performance.now() + timeoutMs;
    if (deadline >= this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#forced = this.#send("SIGKILL");
    }, timeoutMs);
  }

  /** Sends a signal; tells whether there was still a process to get it. */
  #send(signal: Deno.Signal): boolean {
    try {
      this.#child.kill(signal);
      return true;
    } catch (error) {
      if (error instanceof TypeError || error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
}

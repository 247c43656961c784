/**
 * The loop that polls, in turns of the event loop, so that timers and sockets live on.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";
import type { IdleStrategy } from "./idle.ts";

/** What one poll found. */
export type PollResult =
  /** Something, or an end that the poll has dealt with. */
  | "busy"
  /** Nothing. */
  | "idle"
  /** It may not poll until `wake` is called. */
  | "held"
  /** It polled, and wants to poll again after so many ms. */
  | number;

/** What a pump asks its idle strategy. */
export type Idle = Pick<IdleStrategy, "polls" | "reset" | "idle">;

/** Polls again and again until it is stopped. */
export class Pump {
  readonly #poll: () => PollResult;
  readonly #idle: Idle;
  readonly #turn = (): void => this.#run();
  #immediate: ReturnType<typeof setImmediate> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: "stopped" | "running" | "held" = "stopped";

  /**
   * @param poll Makes one poll; must not throw.
   * @param idle Says how hard to look while nothing happens.
   */
  constructor(poll: () => PollResult, idle: Idle) {
    this.#poll = poll;
    this.#idle = idle;
  }

  /** Begins with the next turn of the event loop. */
  start(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    this.#schedule(0);
  }

  /** Ends the loop. */
  stop(): void {
    this.#state = "stopped";
    this.#cancel();
  }

  /** Cuts a sleep short, and ends a hold. */
  wake(): void {
    if (this.#state === "stopped") return;
    this.#idle.reset();
    if (this.#state === "running" && this.#timer === undefined) return;
    this.#state = "running";
    this.#cancel();
    this.#schedule(0);
  }

  #run(): void {
    this.#immediate = undefined;
    this.#timer = undefined;
    let result: PollResult = "idle";
    // A turn ends with the first poll that brings something, so that its consumers run next.
    for (let polls = this.#idle.polls; polls > 0 && result === "idle"; polls--) {
      result = this.#poll();
    }
    if (this.#state !== "running") return;
    if (result === "held") {
      this.#state = "held";
    } else if (result === "busy") {
      this.#idle.reset();
      this.#schedule(0);
    } else {
      this.#schedule(result === "idle" ? this.#idle.idle() : result);
    }
  }

  #schedule(sleepMs: number): void {
    if (sleepMs > 0) this.#timer = setTimeout(this.#turn, sleepMs);
    else this.#immediate = setImmediate(this.#turn);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
  }
}

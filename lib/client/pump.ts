/**
 * The loop that polls, in turns of the event loop, so that timers and sockets live on.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";
import type { EventWatch } from "../bot/live_bot.ts";
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
export type Idle = Pick<IdleStrategy, "polls" | "busy" | "expect" | "idle">;

/** What a pump can do without. */
export interface PumpOptions {
  /**
   * Watches for something to poll, looking every so many ms, in place of a sleep.
   *
   * @default a timer
   */
  readonly watch?: ((sleepMs: number) => EventWatch) | undefined;
}

const RESOLVED = Promise.resolve();

/** Polls again and again until it is stopped. */
export class Pump {
  readonly #poll: () => PollResult;
  readonly #idle: Idle;
  readonly #watch: ((sleepMs: number) => EventWatch) | undefined;
  readonly #run = (): void => this.#pollTurn();
  // Consumers are microtasks: they follow a poll that is one at once, not at the end of Deno's turn.
  readonly #turn = (): void => void RESOLVED.then(this.#run);
  #immediate: ReturnType<typeof setImmediate> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watching: EventWatch | undefined;
  #settled: Promise<unknown> = Promise.resolve();
  #state: "stopped" | "running" | "held" = "stopped";

  /**
   * @param poll Makes one poll; must not throw.
   * @param idle Says how hard to look while nothing happens.
   * @param options What to sleep with.
   */
  constructor(poll: () => PollResult, idle: Idle, options: PumpOptions = {}) {
    this.#poll = poll;
    this.#idle = idle;
    this.#watch = options.watch;
  }

  /** Settles when no watch runs that was begun before; soon after {@linkcode Pump.stop}. */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  /** Begins with the next turn of the event loop. */
  start(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    this.#immediate = setImmediate(this.#turn);
  }

  /** Ends the loop for good. */
  stop(): void {
    this.#state = "stopped";
    this.#cancel();
  }

  /** Cuts a sleep short, and ends a hold. */
  wake(): void {
    if (this.#state === "stopped") return;
    // The next turn is due anyway.
    if (this.#state === "running" && this.#immediate !== undefined) return;
    this.#state = "running";
    this.#cancel();
    this.#immediate = setImmediate(this.#turn);
  }

  /** Tells that something is about to happen: the same, and then looks as hard as possible. */
  expect(): void {
    this.#idle.expect();
    this.wake();
  }

  #pollTurn(): void {
    // It may have been stopped since this turn was due.
    if (this.#state !== "running") return;
    this.#timer = undefined;
    this.#watching = undefined;
    // Before the poll, so that what it brings does not wait for that as well.
    this.#immediate = setImmediate(this.#turn);
    let result: PollResult = "idle";
    // A turn ends with the first poll that brings something, so that its consumers run next.
    for (let polls = this.#idle.polls; polls > 0 && result === "idle"; polls--) {
      result = this.#poll();
    }
    if (this.#state !== "running") return;
    if (result === "busy") {
      this.#idle.busy();
    } else if (result === "held") {
      this.#state = "held";
      this.#cancel();
    } else if (result === "idle") {
      const sleepMs = this.#idle.idle();
      if (sleepMs > 0 && this.#watch) this.#watchFor(this.#watch(sleepMs));
      else if (sleepMs > 0) this.#sleep(sleepMs);
    } else {
      this.#sleep(result);
    }
  }

  #sleep(sleepMs: number): void {
    this.#cancel();
    this.#timer = setTimeout(this.#run, sleepMs);
  }

  #watchFor(watch: EventWatch): void {
    this.#cancel();
    this.#watching = watch;
    this.#settled = watch.ended.then(() => {
      if (this.#watching === watch) this.#run();
    });
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#watching?.end();
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#watching = undefined;
  }
}

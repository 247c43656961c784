/**
 * The clocks of a simulated bot.
 *
 * @module
 */

import { NsTime } from "../model/time.ts";
import { TimeBase } from "./time_base.ts";

const NS_PER_MS = 1_000_000;
/** A sleep may end this much late, so that the rest of a wait is spun. */
const SLEEP_SLACK_MS = 0.5;

/** Tells a simulated bot's time, in nanoseconds from its base. */
export interface Clock {
  /** What times are counted from. */
  readonly base: TimeBase;
  /** The time now. */
  now(): number;
  /** Lets time pass until it is at least `time`. */
  advanceTo(time: number): void;
  /**
   * Up to when a poll handles events.
   *
   * @param hasEvents Whether it has some already, that a wait handled.
   */
  pollTarget(hasEvents: boolean): number;
  /** Moves the base up. */
  rebase(byNs: number): void;
}

/** A clock that stands still until its bot lets time pass. */
export class VirtualClock implements Clock {
  readonly base: TimeBase;
  readonly #pollNs: number;
  #now = 0;
  #target = 0;

  /**
   * @param start The moment it starts from, ns since the Unix epoch.
   * @param pollNs How far a poll goes, ns.
   */
  constructor(start: bigint, pollNs: number) {
    this.base = new TimeBase(NsTime.from(start));
    this.#pollNs = pollNs;
  }

  now(): number {
    return this.#now;
  }

  advanceTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }

  /** A poll that filled its batch before its target leaves the rest of the way to the next. */
  pollTarget(): number {
    if (this.#target <= this.#now) this.#target = this.#now + this.#pollNs;
    return this.#target;
  }

  rebase(byNs: number): void {
    this.#now -= byNs;
    this.#target -= byNs;
    this.base.rebase(byNs);
  }
}

/** A clock that runs as the wall clock does, or faster. Waiting blocks the thread. */
export class RealClock implements Clock {
  readonly base: TimeBase;
  /** Nanoseconds that pass in one millisecond of the wall clock. */
  readonly #nsPerMs: number;
  /** `performance.now()` at time 0, ms; NaN before that. */
  #originMs: number;
  /** The last time told, which spares most calls a look at the clock. */
  #last = 0;
  readonly #sleeper = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param base What times are counted from; it begins to run when it is first looked at. If
   * nothing is given, it tells the wall clock's time.
   * @param speed How much faster than the wall clock it runs.
   */
  constructor(base?: TimeBase, speed = 1) {
    this.#nsPerMs = NS_PER_MS * speed;
    this.#originMs = base === undefined ? performance.now() : NaN;
    this.base = base ?? new TimeBase(new NsTime().setNow());
  }

  now(): number {
    if (Number.isNaN(this.#originMs)) this.#originMs = performance.now();
    return this.#last = Math.round((performance.now() - this.#originMs) * this.#nsPerMs);
  }

  advanceTo(time: number): void {
    while (time > this.#last) {
      const left = time - this.now();
      if (left <= 0) return;
      const leftMs = left / this.#nsPerMs;
      if (leftMs > SLEEP_SLACK_MS) Atomics.wait(this.#sleeper, 0, 0, leftMs - SLEEP_SLACK_MS);
    }
  }

  /** Sets it to a later time at once. */
  jumpTo(time: number): void {
    const left = time - this.now();
    this.#originMs -= Math.max(0, left) / this.#nsPerMs;
  }

  pollTarget(): number {
    return this.now();
  }

  rebase(byNs: number): void {
    this.#originMs += byNs / this.#nsPerMs;
    this.#last -= byNs;
    this.base.rebase(byNs);
  }
}

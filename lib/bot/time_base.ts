/**
 * Times of a simulation as plain numbers.
 *
 * @module
 */

import { NsTime } from "../model/time.ts";

/** Beyond this many nanoseconds a simulation moves its base, so that its times stay exact. */
export const REBASE_AFTER_NS: number = 2 ** 51;

/** Longest wait, latency or interval, in nanoseconds: what keeps every sum of times exact. */
export const MAX_DURATION_NS: number = 2 ** 50;

/**
 * The moment that a simulation's times, plain numbers of nanoseconds, are counted
 * from. Numbers keep the hot path free of bigints; moving the base keeps them exact.
 */
export class TimeBase {
  readonly #base: NsTime;
  readonly #scratch = new NsTime();

  /** @param base The moment of time 0. */
  constructor(base: NsTime) {
    this.#base = new NsTime().copy(base);
  }

  /** The moment of time 0; it moves with the base. */
  get start(): Readonly<NsTime> {
    return this.#base;
  }

  /** Writes a time into an {@linkcode NsTime}, which is returned. */
  write(time: number, into: NsTime): NsTime {
    return into.copy(this.#base).add(time);
  }

  /** A time in nanoseconds since the Unix epoch. */
  toBigInt(time: number): bigint {
    return this.write(time, this.#scratch).toBigInt();
  }

  /** Moves the base; every time counted from it is to be lowered by as much. */
  rebase(byNs: number): void {
    this.#base.add(byNs);
  }
}

/**
 * The clock of a replay that is as fast as it can be.
 *
 * @module
 */

import type { Clock } from "../bot/clock.ts";
import type { TimeBase } from "../bot/time_base.ts";
import type { Venue } from "../bot/venue.ts";
import { HORIZON_NS } from "./replay_market.ts";

/** A clock that can be set forward. */
export interface ReplayClock extends Clock {
  /** Sets it to a later time at once. */
  jumpTo(time: number): void;
}

/** A clock that jumps from event to event. */
export class JumpingClock implements ReplayClock {
  readonly base: TimeBase;
  readonly #venue: Venue;
  readonly #pollNs: number;
  #now = 0;
  #target = 0;

  /**
   * @param base What times are counted from.
   * @param venue Whose events it jumps to.
   * @param pollNs How far a poll goes on after the next event, ns.
   */
  constructor(base: TimeBase, venue: Venue, pollNs: number) {
    this.base = base;
    this.#venue = venue;
    this.#pollNs = pollNs;
  }

  now(): number {
    return this.#now;
  }

  advanceTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }

  jumpTo(time: number): void {
    this.advanceTo(time);
  }

  /**
   * A poll that has events from a wait stays where it is. One that filled its batch before its
   * target leaves the rest of the way to the next.
   */
  pollTarget(hasEvents: boolean): number {
    if (hasEvents) return this.#now;
    if (this.#target <= this.#now) {
      const next = this.#nextLocal();
      if (next === Infinity) return this.#now;
      this.#target = Math.max(this.#now, next) + this.#pollNs;
    }
    return this.#target;
  }

  rebase(byNs: number): void {
    this.#now -= byNs;
    this.#target -= byNs;
    this.base.rebase(byNs);
  }

  /**
   * When the bot next receives something. What happens at the exchange until then is done already:
   * nothing that the bot does now could reach it before.
   */
  #nextLocal(): number {
    const venue = this.#venue;
    const { feeds, responses } = venue;
    for (;;) {
      const local = Math.min(feeds.frontLocal, responses.frontLocal);
      const { nextTime } = venue;
      if (nextTime > local || nextTime >= HORIZON_NS) return Math.min(local, nextTime);
      venue.runNext();
    }
  }
}

/**
 * Recorded markets, merged by time.
 *
 * @module
 */

import { EventQueue } from "../bot/event_queue.ts";
import type { Venue } from "../bot/venue.ts";
import type { Order } from "../model/order.ts";
import { NsTime } from "../model/time.ts";
import type { RecordCursor } from "./record_cursor.ts";
import { ReplayMarket } from "./replay_market.ts";
import type { ReplaySettings } from "./settings.ts";

/**
 * Runs the markets of a bot. A market on its own fills the bot's queues; of several, each has
 * queues of its own, from which events go over to the bot's when their local time has come.
 */
export class ReplayVenue implements Venue {
  readonly feeds: EventQueue = new EventQueue();
  readonly responses: EventQueue = new EventQueue();
  nextTime = 0;
  /** The moment of time 0. */
  readonly epoch: NsTime = new NsTime();

  /** Why the data ended, if one of the recordings could not be read on. */
  failure: Error | undefined;

  readonly #markets: readonly ReplayMarket[];
  readonly #isMerging: boolean;
  readonly #end: NsTime | undefined;

  /**
   * Reads up to where the replay begins.
   *
   * @param settings Checked options.
   * @param cursors The recorded events, by asset number.
   */
  constructor(settings: ReplaySettings, cursors: readonly RecordCursor[]) {
    const { epoch } = this;
    const { startTime, endTime } = settings;
    this.#isMerging = cursors.length > 1;
    this.#end = endTime === undefined ? undefined : NsTime.from(endTime);
    this.#markets = cursors.map((cursor, asset) => {
      const feeds = this.#isMerging ? new EventQueue() : this.feeds;
      const responses = this.#isMerging ? new EventQueue() : this.responses;
      const assetSettings = settings.assets[asset]!;
      return new ReplayMarket({ asset, assetSettings, settings, cursor, epoch, feeds, responses });
    });
    for (const market of this.#markets) market.skipTimeless();
    epoch.copy(startTime === undefined ? earliest(cursors) : NsTime.from(startTime));
    this.#place(0);
    for (const market of this.#markets) market.begin();
    this.#schedule();
  }

  /** Keeps market events from the bot, or lets them through again. */
  mute(muted: boolean): void {
    for (const market of this.#markets) market.muted = muted;
  }

  runNext(): void {
    const [first] = this.#markets;
    if (!this.#isMerging && first !== undefined) {
      first.run();
      this.failure = first.failure;
      this.nextTime = this.failure === undefined ? first.nextTime : Infinity;
      return;
    }
    const { nextTime } = this;
    for (const market of this.#markets) {
      moveFronts(market.feeds, this.feeds, nextTime);
      moveFronts(market.responses, this.responses, nextTime);
      if (market.nextTime <= nextTime && this.failure === undefined) market.run();
    }
    this.#schedule();
  }

  submit(asset: number, order: Order, now: number): void {
    this.#markets[asset]!.submit(order, now);
    this.#schedule();
  }

  cancel(asset: number, order: Order, now: number): void {
    this.#markets[asset]!.cancel(order, now);
    this.#schedule();
  }

  register(asset: number, now: number): void {
    this.#markets[asset]!.register(now);
    this.#schedule();
  }

  rebase(byNs: number): void {
    this.epoch.add(byNs);
    if (this.#isMerging) {
      this.feeds.rebase(byNs);
      this.responses.rebase(byNs);
    }
    this.#place(byNs);
    this.#schedule();
  }

  #place(byNs: number): void {
    const end = this.#end?.since(this.epoch) ?? Infinity;
    for (const market of this.#markets) market.place(end, byNs);
  }

  #schedule(): void {
    let time = Infinity;
    let arrival = Infinity;
    for (const { nextTime, failure, feeds, responses } of this.#markets) {
      if (nextTime < time) time = nextTime;
      if (failure !== undefined) this.failure = failure;
      if (!this.#isMerging) continue;
      arrival = Math.min(arrival, feeds.frontLocal, responses.frontLocal);
    }
    // After a failure what is on its way still arrives, but nothing new happens.
    this.nextTime = this.failure === undefined ? Math.min(time, arrival) : arrival;
  }
}

/** Moves the events that are received by a time. */
function moveFronts(from: EventQueue, to: EventQueue, time: number): void {
  while (from.frontLocal <= time) {
    to.pushFrontOf(from, 0);
    from.shift();
  }
}

/** When the first of all events happened; 1970 if there is none. */
function earliest(cursors: readonly RecordCursor[]): NsTime {
  let first: NsTime | undefined;
  for (const cursor of cursors) {
    const time = cursor.ended ? undefined : cursor.ownTime;
    if (time !== undefined && (first === undefined || time.since(first) < 0)) first = time;
  }
  return first ?? new NsTime();
}

/**
 * A market whose every event the test gives.
 *
 * @module
 */

import { VirtualClock } from "../../lib/bot/clock.ts";
import { EventQueue } from "../../lib/bot/event_queue.ts";
import type { LiveBot } from "../../lib/bot/live_bot.ts";
import { BUY_FLAG, EventKind, SELL_FLAG } from "../../lib/bot/record.ts";
import { SimulatedBot } from "../../lib/bot/simulated_bot.ts";
import type { Venue } from "../../lib/bot/venue.ts";
import type { Instrument } from "../../lib/model/instrument.ts";

/** Tick size 0.1 and lot size 0.001. */
export const BTC: Instrument = {
  connector: "scripted",
  symbol: "btcusdt",
  tickSize: 0.1,
  lotSize: 0.001,
};

/** Tick size 0.05 and lot size 0.1. */
export const ETH: Instrument = {
  connector: "scripted",
  symbol: "ethusdt",
  tickSize: 0.05,
  lotSize: 0.1,
};

class ScriptedVenue implements Venue {
  readonly feeds = new EventQueue();
  readonly responses = new EventQueue();
  /** Far away, unless the data ends. */
  nextTime = 2 ** 50;
  runNext(): void {}
  submit(): void {}
  cancel(): void {}
  register(): void {}
  rebase(): void {}
}

/** A bot that delivers, with its next poll, what it was told. */
export class ScriptedMarket implements Disposable {
  /** The bot. */
  readonly bot: LiveBot;
  readonly #venue = new ScriptedVenue();
  readonly #clock = new VirtualClock(1_700_000_000_000_000_000n, 1);

  constructor(instruments: readonly Instrument[] = [BTC]) {
    this.bot = new SimulatedBot(this.#venue, this.#clock, {
      instruments,
      lastTradesCapacities: instruments.map(() => 0),
      journalCapacity: 1_024,
      fees: { makerFee: 0, takerFee: 0 },
    });
  }

  /** Sets a bid. */
  bid(price: number, qty: number, asset = 0): this {
    return this.#push(EventKind.Depth | BUY_FLAG, price, qty, asset);
  }

  /** Sets an ask. */
  ask(price: number, qty: number, asset = 0): this {
    return this.#push(EventKind.Depth | SELL_FLAG, price, qty, asset);
  }

  /** Somebody buys. */
  buys(price: number, qty: number, asset = 0): this {
    return this.#push(EventKind.Trade | BUY_FLAG, price, qty, asset);
  }

  /** Somebody sells. */
  sells(price: number, qty: number, asset = 0): this {
    return this.#push(EventKind.Trade | SELL_FLAG, price, qty, asset);
  }

  /** Empties the book. */
  clear(asset = 0): this {
    return this.#push(EventKind.DepthClear, 0, 0, asset);
  }

  /** The data ends. */
  end(): this {
    this.#venue.nextTime = Infinity;
    return this;
  }

  /** Waits until everything was polled. */
  async settle(): Promise<void> {
    while (this.#venue.feeds.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  [Symbol.dispose](): void {
    this.bot.close();
  }

  #push(ev: number, price: number, qty: number, asset: number): this {
    const now = this.#clock.now();
    this.#venue.feeds.push(ev, asset, now, now, price, qty);
    return this;
  }
}

/**
 * How much a client may ask for.
 *
 * @module
 */

import { refuse } from "./errors.ts";

/** Limits; each has Binance's figure as its default. */
export interface PaperRateLimits {
  /**
   * Request weight a minute.
   * @default {2400}
   */
  readonly weightPerMinute?: number | undefined;
  /**
   * New and changed orders in ten seconds.
   * @default {300}
   */
  readonly ordersPer10s?: number | undefined;
  /**
   * New and changed orders a minute.
   * @default {1200}
   */
  readonly ordersPerMinute?: number | undefined;
  /**
   * Requests beyond the weight limit, within a minute, that lead to a ban.
   * @default {10}
   */
  readonly offencesUntilBan?: number | undefined;
  /**
   * How long a ban lasts, ms; each further one twice as long.
   * @default {120000}
   */
  readonly banMs?: number | undefined;
}

/** What is used of the limits now. */
export interface RateLimitUse {
  /** Weight in this minute. */
  readonly weight1m: number;
  /** Orders in these ten seconds. */
  readonly orders10s: number;
  /** Orders in this minute. */
  readonly orders1m: number;
  /** Requests that were refused because of a limit, since the start. */
  readonly refused: number;
  /** When the ban ends, ms since the Unix epoch; undefined without one. */
  readonly bannedUntil: number | undefined;
}

const MINUTE_MS = 60_000;

/** Counts in a window that begins with each whole interval of the clock. */
class Window {
  readonly intervalMs: number;
  readonly limit: number;
  #start = 0;
  #count = 0;

  constructor(intervalMs: number, limit: number) {
    this.intervalMs = intervalMs;
    this.limit = limit;
  }

  /** What was counted in the window that `now` is in. */
  count(now: number): number {
    const start = now - now % this.intervalMs;
    if (start !== this.#start) {
      this.#start = start;
      this.#count = 0;
    }
    return this.#count;
  }

  add(amount: number, now: number): number {
    this.#count = this.count(now) + amount;
    return this.#count;
  }

  /** Seconds until the window ends, at least 1. */
  secondsLeft(now: number): number {
    return Math.max(1, Math.ceil((this.intervalMs - now % this.intervalMs) / 1000));
  }
}

/** The limits of one client. Times are ms since the Unix epoch. */
export class RateLimits {
  readonly #weight: Window;
  readonly #orders10s: Window;
  readonly #orders1m: Window;
  readonly #offences: Window;
  #banMs: number;
  #bannedUntil = 0;
  #refused = 0;

  /** @param limits The limits, each given. */
  constructor(limits: { readonly [K in keyof PaperRateLimits]-?: number }) {
    this.#weight = new Window(MINUTE_MS, limits.weightPerMinute);
    this.#orders10s = new Window(10_000, limits.ordersPer10s);
    this.#orders1m = new Window(MINUTE_MS, limits.ordersPerMinute);
    this.#offences = new Window(MINUTE_MS, limits.offencesUntilBan);
    this.#banMs = limits.banMs;
  }

  /**
   * Counts a request.
   *
   * @throws {ApiError} 429 with "retry-after" beyond the limit; 418 during a ban.
   */
  request(weight: number, now: number): void {
    if (now < this.#bannedUntil) throw this.#banned(now);
    if (this.#weight.add(weight, now) <= this.#weight.limit) return;
    this.#refused++;
    if (this.#offences.add(1, now) >= this.#offences.limit) {
      this.#bannedUntil = now + this.#banMs;
      this.#banMs *= 2;
      throw this.#banned(now);
    }
    throw refuse.tooManyRequests(this.#weight.limit, this.#weight.secondsLeft(now));
  }

  /**
   * Counts an order.
   *
   * @throws {ApiError} 429 beyond a limit.
   */
  order(now: number): void {
    const windows = [[this.#orders10s, "10 SECONDS"], [this.#orders1m, "MINUTE"]] as const;
    for (const [window, name] of windows) {
      if (window.count(now) < window.limit) continue;
      this.#refused++;
      throw refuse.tooManyOrders(window.limit, name);
    }
    for (const [window] of windows) window.add(1, now);
  }

  /** The headers that tell what is used. */
  headers(now: number, withOrders: boolean): Record<string, string> {
    const headers: Record<string, string> = {
      "x-mbx-used-weight-1m": String(this.#weight.count(now)),
    };
    if (withOrders) {
      headers["x-mbx-order-count-10s"] = String(this.#orders10s.count(now));
      headers["x-mbx-order-count-1m"] = String(this.#orders1m.count(now));
    }
    return headers;
  }

  /** What is used now. */
  use(now: number): RateLimitUse {
    return {
      weight1m: this.#weight.count(now),
      orders10s: this.#orders10s.count(now),
      orders1m: this.#orders1m.count(now),
      refused: this.#refused,
      bannedUntil: now < this.#bannedUntil ? this.#bannedUntil : undefined,
    };
  }

  /** The limits, as `exchangeInfo` lists them. */
  describe(): unknown[] {
    return [
      describe("REQUEST_WEIGHT", "MINUTE", 1, this.#weight),
      describe("ORDERS", "SECOND", 10, this.#orders10s),
      describe("ORDERS", "MINUTE", 1, this.#orders1m),
    ];
  }

  #banned(now: number): Error {
    const seconds = Math.max(1, Math.ceil((this.#bannedUntil - now) / 1000));
    return refuse.banned(this.#bannedUntil, seconds);
  }
}

function describe(
  rateLimitType: string,
  interval: string,
  intervalNum: number,
  { limit }: Window,
): unknown {
  return { rateLimitType, interval, intervalNum, limit };
}

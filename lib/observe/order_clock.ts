/**
 * How long requests for orders take.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { isFinal, orderStatusOf } from "../model/codes.ts";

/** Most orders whose answered requests are remembered. */
const MAX_ORDERS = 10_000;

/** Tells which order records answer a request, and how long that took. */
export class OrderClock {
  readonly #bot: LiveBot;
  readonly #asset: number;
  /** The last request of each order that was answered, by order id. */
  readonly #answered = new Map<bigint, bigint>();

  /**
   * @param bot The bot that sends the requests.
   * @param asset The instrument.
   */
  constructor(bot: LiveBot, asset: number) {
    this.#bot = bot;
    this.#asset = asset;
  }

  /**
   * Time from a request to the answer that a record brings.
   *
   * @param batch Where the record is.
   * @param i Its index: an order record of the instrument.
   * @returns The time, ns; undefined if the record answers no request, as a later execution does.
   */
  roundTripNs(batch: EventBatch, i: number): number | undefined {
    const orderId = batch.orderId(i);
    const requested = this.#bot.order(this.#asset, orderId)?.localTimestamp ?? 0n;
    const isKnown = this.#answered.get(orderId) === requested;
    if (isFinal(orderStatusOf(batch.detail(i)))) this.#answered.delete(orderId);
    else this.#remember(orderId, requested);
    // An order that another process sent, or an earlier run, has no request of ours.
    if (isKnown || requested <= 0n || batch.exchTimestamp(i) === 0n) return undefined;
    const last = this.#bot.orderLatency(this.#asset);
    return last?.requestTimestamp === requested
      ? last.roundTripNs
      // An answer before the last one: the batch tells when its poll ended.
      : Number(batch.timestamp - requested);
  }

  #remember(orderId: bigint, requested: bigint): void {
    this.#answered.set(orderId, requested);
    if (this.#answered.size <= MAX_ORDERS) return;
    const [oldest] = this.#answered.keys();
    if (oldest !== undefined) this.#answered.delete(oldest);
  }
}

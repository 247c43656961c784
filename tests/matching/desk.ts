/** An engine with a book that is easy to write down, and what it told. */

import { BookMatchingEngine } from "../../lib/matching/engine.ts";
import type { QueueModelOptions } from "../../lib/matching/queue_model.ts";
import type { MatchOrder } from "../../lib/matching/types.ts";
import type { OrderType, TimeInForce } from "@hftlive/hftlive";

/** Levels as `[tick, lots]`. */
export type Levels = readonly (readonly [tick: number, lots: number])[];

/** What a test places; the rest is a good-till-cancelled limit order. */
export interface Placed {
  readonly tick?: number;
  readonly lots: number;
  readonly timeInForce?: TimeInForce;
  readonly orderType?: OrderType;
}

/** An engine whose orders are known by names. */
export class Desk {
  readonly engine: BookMatchingEngine<string>;
  /** What the engine told, such as "a 3 at 101 taker, 2 left". */
  readonly told: string[] = [];

  constructor(queueModel: QueueModelOptions = { model: "riskAverse" }, lotSize = 1) {
    this.engine = new BookMatchingEngine({ queueModel, lotSize }, {
      resting: (order) => this.told.push(`${order.tag} rests, ${order.leavesLots} left`),
      executed: (order, { lots, tick, maker }) =>
        this.told.push(
          `${order.tag} ${lots} at ${tick} ${maker ? "maker" : "taker"}, ${order.leavesLots} left`,
        ),
      expired: (order, reason) =>
        this.told.push(`${order.tag} ${reason}, ${order.leavesLots} left`),
    });
  }

  /** Sets levels of both sides. */
  show(levels: { bids?: Levels; asks?: Levels }): this {
    for (const [tick, lots] of levels.bids ?? []) this.engine.depth(true, tick, lots, 0);
    for (const [tick, lots] of levels.asks ?? []) this.engine.depth(false, tick, lots, 0);
    return this;
  }

  buy(tag: string, placed: Placed): MatchOrder<string> {
    return this.#place(tag, true, placed);
  }

  sell(tag: string, placed: Placed): MatchOrder<string> {
    return this.#place(tag, false, placed);
  }

  /** A trade of the market; `side` is the taker's. */
  trade(side: "buy" | "sell", tick: number, lots: number): this {
    this.engine.trade(side === "buy", tick, lots, 0);
    return this;
  }

  /** What was told since the last call. */
  news(): string[] {
    return this.told.splice(0);
  }

  /** Names of the resting orders. */
  get resting(): string[] {
    return Array.from(this.engine.resting(), (order) => order.tag);
  }

  #place(tag: string, isBuy: boolean, placed: Placed): MatchOrder<string> {
    const { tick = 0, lots, timeInForce = "GTC", orderType = "limit" } = placed;
    return this.engine.submit({ tag, isBuy, tick, lots, timeInForce, orderType }, 0);
  }
}

/**
 * What a matching engine takes and tells.
 *
 * @module
 */

import type { OrderType, Side, TimeInForce } from "../model/codes.ts";

/** An order for a matching engine. `T` is what its owner knows it by. */
export interface MatchRequest<T> {
  /** The owner's own. */
  readonly tag: T;
  /** Whether it buys. */
  readonly isBuy: boolean;
  /** Limit or market. */
  readonly orderType: OrderType;
  /** How long it stays. */
  readonly timeInForce: TimeInForce;
  /** Limit price in ticks; not looked at for a market order. */
  readonly tick: number;
  /** Quantity in lots, at least 1. */
  readonly lots: number;
}

/** An order inside a matching engine. */
export interface MatchOrder<T> extends MatchRequest<T> {
  /** Lots not yet executed. */
  readonly leavesLots: number;
}

/** Why an order ended without, or without more, executions. */
export type ExpiryReason =
  /** Good till crossing, and it would have taken. */
  | "wouldTake"
  /** Fill or kill, and not all of it could be filled. */
  | "notFilledAtOnce"
  /** Immediate or cancel, or a market order: nothing is left to take. */
  | "nothingLeft";

/**
 * Is told what happens to orders, in order, while the engine's methods run. Times are the
 * engine's caller's. It must not call the engine.
 */
export interface MatchListener<T> {
  /** An order rests in the book, all of it or what is left after executions. */
  resting(order: MatchOrder<T>, time: number): void;
  /** An order was executed, in part or to its end (`leavesLots` is 0). */
  executed(order: MatchOrder<T>, execution: MatchExecution): void;
  /** An order ended otherwise, and not by a cancel. */
  expired(order: MatchOrder<T>, reason: ExpiryReason, time: number): void;
}

/** One execution. */
export interface MatchExecution {
  /** When. */
  readonly time: number;
  /** Lots executed. */
  readonly lots: number;
  /** Price in ticks. */
  readonly tick: number;
  /** Whether the order had been resting. */
  readonly maker: boolean;
}

/**
 * Matches orders of one instrument against a displayed book that knows nothing of them: the
 * market moves as it was recorded, and takes no notice of executions here.
 */
export interface MatchingEngine<T> {
  /** Sets a level of the displayed book; 0 lots remove it. Resting orders that it crosses are executed. */
  depth(isBid: boolean, tick: number, lots: number, time: number): void;
  /**
   * Empties a side of the displayed book, or with "none" both; of one side, only from the best to
   * the tick `upTo` if it is given. Resting orders stay.
   */
  clear(side: Side, upTo?: number): void;
  /** A trade of the market; `isBuy` is the taker's side. Resting orders that it reaches are executed. */
  trade(isBuy: boolean, tick: number, lots: number, time: number): void;
  /** An order arrives. */
  submit(request: MatchRequest<T>, time: number): MatchOrder<T>;
  /** Takes a resting order out; false if it does not rest. */
  cancel(order: MatchOrder<T>): boolean;
  /** Resting orders, oldest first. */
  resting(): Iterable<MatchOrder<T>>;
}

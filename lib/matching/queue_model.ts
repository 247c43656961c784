/**
 * Where in the queue of its price an own order stands.
 *
 * A recording tells how much is displayed at a price, not whose it is. What trades at the
 * price was ahead of the order; of what is cancelled, a model guesses how much was.
 *
 * @module
 */

import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";

/**
 * How an own order moves forward in its queue when the displayed quantity falls without a trade.
 *
 * - "riskAverse": it does not, as long as what is ahead of it can still be there. The
 *   slowest fills; upstream's `RiskAdverseQueueModel`.
 * - "powerProb": the part of it that was ahead follows from `f(x) = x ** n` of the quantities ahead
 *   and behind; upstream's `PowerProbQueueFunc`.
 * - "logProb": the same with `f(x) = log(1 + x)`; upstream's `LogProbQueueFunc`.
 * - "none": there is no queue. An order is filled as soon as its price trades; the fastest fills.
 */
export type QueueModelOptions =
  | { readonly model: "riskAverse" }
  | { readonly model: "powerProb"; readonly n: number }
  | { readonly model: "logProb" }
  | { readonly model: "none" };

/** An order's place in the queue of its price. */
export interface QueuePlace {
  /** Lots ahead of it; an estimate, which need not be whole. */
  aheadLots: number;
  /** Lots traded at its price since the displayed quantity there last changed. */
  tradedLots: number;
}

/** Estimates places in a queue. */
export interface QueueModel {
  /** Lots ahead of an order that comes to a price where `lots` are displayed. */
  ahead(lots: number): number;
  /** Lots ahead of an order after the displayed lots at its price have changed. */
  moved(place: QueuePlace, lotsBefore: number, lotsNow: number): number;
}

const MODELS = ["riskAverse", "powerProb", "logProb", "none"] as const;

/**
 * Checks a choice of queue model.
 *
 * @param field Name of the option as its user wrote it.
 * @param options The choice.
 * @returns The same, without what does not belong.
 * @throws {InvalidInputError} Naming what cannot be used.
 */
export function checkQueueModel(field: string, options: QueueModelOptions): QueueModelOptions {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError(field, options, "an object with a model");
  }
  const model = checkOneOf(`${field}.model`, options.model, MODELS);
  if (model !== "powerProb") return { model };
  const n = "n" in options ? options.n : undefined;
  return { model, n: checkNumber(`${field}.n`, n, { min: 0, max: 100 }) };
}

/**
 * Makes a queue model.
 *
 * @param options Which.
 * @param lotSize Base units in a lot, which the logarithm of "logProb" is taken in.
 * @returns The model.
 */
export function makeQueueModel(options: QueueModelOptions, lotSize: number): QueueModel {
  switch (options.model) {
    case "riskAverse":
      return RISK_AVERSE;
    case "powerProb":
      return probabilistic((lots) => lots ** options.n);
    case "logProb":
      return probabilistic((lots) => Math.log1p(lots * lotSize));
    case "none":
      return NO_QUEUE;
  }
}

const NO_QUEUE: QueueModel = { ahead: () => 0, moved: () => 0 };

const RISK_AVERSE: QueueModel = {
  ahead: (lots) => lots,
  moved: ({ aheadLots }, _lotsBefore, lotsNow) => Math.min(aheadLots, lotsNow),
};

/**
 * Upstream's `ProbQueueModel`: a decrease that trades do not account for came from
 * behind the order with probability `f(behind) / (f(behind) + f(ahead))`. Unlike there, an estimate
 * below 0 is 0: it would be filled by trades that never took place.
 */
function probabilistic(f: (lots: number) => number): QueueModel {
  return {
    ahead: (lots) => lots,
    moved({ aheadLots, tradedLots }, lotsBefore, lotsNow) {
      const cancelled = lotsBefore - lotsNow - tradedLots;
      if (cancelled < 0) return Math.min(aheadLots, lotsNow);
      const behind = Math.max(0, lotsBefore - aheadLots);
      const weight = f(behind) + f(aheadLots);
      const fromBehind = weight > 0 ? f(behind) / weight : 1;
      const moved = aheadLots - (1 - fromBehind) * cancelled +
        Math.min(behind - fromBehind * cancelled, 0);
      return Math.max(0, Math.min(moved, lotsNow));
    },
  };
}

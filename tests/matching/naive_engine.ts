/**
 * Matching spelled out lot by lot: a queue is a list with one entry for each lot in it, others' or
 * own. For the queue models that count whole lots.
 */

import type { MatchRequest } from "../../lib/matching/types.ts";
import { NaiveDepth } from "../bot/naive_depth.ts";

interface Own {
  readonly request: MatchRequest<string>;
  leavesLots: number;
}

/** A lot in a queue: somebody else's, or an own order's. */
type Lot = "other" | Own;

/** Does what an engine does, slowly, and tells it in the words of the desk. */
export class NaiveEngine {
  readonly told: string[] = [];
  readonly #depth = new NaiveDepth();
  readonly #hasQueue: boolean;
  /** Queues by side and tick. */
  readonly #queues = new Map<string, Lot[]>();

  constructor(model: "riskAverse" | "none") {
    this.#hasQueue = model === "riskAverse";
  }

  depth(isBid: boolean, tick: number, lots: number): void {
    const before = this.#displayed(isBid, tick);
    if (isBid) this.#depth.updateBid(tick, lots);
    else this.#depth.updateAsk(tick, lots);
    const queue = this.#queues.get(`${isBid}/${tick}`);
    while (queue && queue.filter((lot) => lot === "other").length > lots) {
      queue.splice(queue.lastIndexOf("other"), 1);
    }
    const fresh = new Array(Math.max(0, lots - before)).fill(tick);
    this.#execute(!isBid, fresh, (own, at) => reaches(!isBid, own, at));
  }

  clear(side: "buy" | "sell" | "none"): void {
    if (side !== "sell") this.#depth.clearBids();
    if (side !== "buy") this.#depth.clearAsks();
  }

  trade(isBuy: boolean, tick: number, lots: number): void {
    const ticks = new Array(lots).fill(tick);
    this.#execute(!isBuy, ticks, (own, at) => own !== at && reaches(!isBuy, own, at));
  }

  submit(request: MatchRequest<string>): void {
    const { tag, isBuy, tick, lots, timeInForce, orderType } = request;
    const isMarket = orderType === "market";
    const levels = [...(isBuy ? this.#depth.asks : this.#depth.bids)]
      .filter(([at]) => isMarket || reaches(isBuy, tick, at))
      .filter(([at]) => this.#displayed(!isBuy, at) > 0)
      .sort(([a], [b]) => isBuy ? a - b : b - a);
    const there = levels.flatMap(([at, count]) => new Array<number>(count).fill(at));
    if (timeInForce === "GTX" && there.length > 0) {
      this.told.push(`${tag} wouldTake, ${lots} left`);
      return;
    }
    if (timeInForce === "FOK" && there.length < lots) {
      this.told.push(`${tag} notFilledAtOnce, ${lots} left`);
      return;
    }
    const own: Own = { request, leavesLots: lots };
    const taken = there.slice(0, lots);
    for (const at of new Set(taken)) {
      const count = taken.filter((each) => each === at).length;
      own.leavesLots -= count;
      this.told.push(`${tag} ${count} at ${at} taker, ${own.leavesLots} left`);
    }
    if (own.leavesLots === 0) return;
    if (isMarket || timeInForce === "IOC") {
      this.told.push(`${tag} nothingLeft, ${own.leavesLots} left`);
      return;
    }
    const queue = this.#queues.get(`${isBuy}/${tick}`) ?? [];
    this.#queues.set(`${isBuy}/${tick}`, queue);
    const others = queue.filter((lot) => lot === "other").length;
    const joining = this.#hasQueue ? Math.max(0, this.#displayed(isBuy, tick) - others) : 0;
    queue.push(
      ...new Array<Lot>(joining).fill("other"),
      ...new Array<Lot>(own.leavesLots).fill(own),
    );
    this.told.push(`${tag} rests, ${own.leavesLots} left`);
  }

  cancel(tag: string): boolean {
    for (const [key, queue] of this.#queues) {
      const kept = queue.filter((lot) => lot === "other" || lot.request.tag !== tag);
      if (kept.length === queue.length) continue;
      this.#queues.set(key, kept);
      this.#tidy();
      return true;
    }
    return false;
  }

  /** Lets lots come, one by one, each to the best own order that it meets. */
  #execute(
    isBuy: boolean,
    ticks: number[],
    skipsQueue: (own: number, at: number) => boolean,
  ): void {
    const executed = new Map<Own, number>();
    const own = [...this.#queues.keys()].filter((key) => key.startsWith(`${isBuy}/`))
      .map((key) => Number(key.split("/")[1]))
      .sort((a, b) => isBuy ? b - a : a - b);
    const meets = (at: number) => own.filter((tick) => reaches(isBuy, tick, at));
    const [first] = ticks;
    // The market itself went through these prices, so nobody else is left there.
    for (const tick of first === undefined ? [] : meets(first)) {
      if (!skipsQueue(tick, first!)) continue;
      const queue = this.#queues.get(`${isBuy}/${tick}`)!;
      this.#queues.set(`${isBuy}/${tick}`, queue.filter((lot) => lot !== "other"));
    }
    for (const at of ticks) {
      const tick = meets(at).find((each) => this.#queues.get(`${isBuy}/${each}`)!.length > 0);
      if (tick === undefined) break;
      const lot = this.#queues.get(`${isBuy}/${tick}`)!.shift()!;
      if (lot !== "other") executed.set(lot, (executed.get(lot) ?? 0) + 1);
    }
    for (const [order, lots] of executed) {
      const { tag, tick } = order.request;
      order.leavesLots -= lots;
      this.told.push(`${tag} ${lots} at ${tick} maker, ${order.leavesLots} left`);
    }
    this.#tidy();
  }

  /** Forgets queues without own orders, and others' lots behind the last of them. */
  #tidy(): void {
    for (const [key, queue] of this.#queues) {
      while (queue.at(-1) === "other") queue.pop();
      if (queue.length === 0) this.#queues.delete(key);
    }
  }

  /** Lots displayed at a tick; levels that the other side has passed are not. */
  #displayed(isBid: boolean, tick: number): number {
    const { bids, asks, bestBid, bestAsk } = this.#depth;
    if (isBid) return tick <= bestBid ? bids.get(tick) ?? 0 : 0;
    return tick >= bestAsk ? asks.get(tick) ?? 0 : 0;
  }
}

/** Whether an own price lets it trade at another. */
function reaches(isBuy: boolean, own: number, at: number): boolean {
  return isBuy ? own >= at : own <= at;
}

/**
 * Matching of the bot's orders in one instrument's market.
 *
 * @module
 */

import type { EventQueue } from "../bot/event_queue.ts";
import { Grid } from "../bot/grid.ts";
import type { OrderReport } from "../bot/order_store.ts";
import { EventKind } from "../bot/record.ts";
import type { TimeBase } from "../bot/time_base.ts";
import type { OrderStatus } from "../model/codes.ts";
import type { Order } from "../model/order.ts";
import type { Ladder } from "./ladder.ts";
import type { Market } from "./market.ts";
import type { Random } from "./random.ts";
import type { StubSettings } from "./settings.ts";

/** An order as the exchange has it. */
interface ExchangeOrder {
  readonly order: Order;
  readonly isBuy: boolean;
  /** Limit in ticks; for a market order beyond every price. */
  readonly tick: number;
  leavesLots: number;
  status: OrderStatus;
  /** When it last changed. */
  time: number;
}

/** An order that the bot may take for open, and that no connector knows. */
interface LostOrder {
  readonly order: Order;
  readonly leavesLots: number;
  /** What was asked and will not be answered. */
  readonly request: OrderStatus;
}

/** What happened to an order. */
interface Change {
  readonly time: number;
  readonly status: OrderStatus;
  readonly requestTimestamp?: bigint;
  readonly execLots?: number;
  readonly execTick?: number;
  readonly maker?: boolean;
}

/** What the matchers of one exchange share. */
export interface MatcherContext {
  /** Checked options. */
  readonly settings: StubSettings;
  /** What times are counted from. */
  readonly base: TimeBase;
  /** Takes the answers. */
  readonly responses: EventQueue;
}

/** The exchange's side of one instrument's orders. */
export class Matcher {
  readonly #asset: number;
  readonly #market: Market;
  readonly #random: Random;
  readonly #settings: StubSettings;
  readonly #base: TimeBase;
  readonly #responses: EventQueue;
  readonly #prices: Grid;
  readonly #lots: Grid;
  /** Resting orders, oldest first. */
  #resting: ExchangeOrder[] = [];
  #positionLots = 0;
  #hasTraded = false;
  /** Whether no connector runs that could tell of anything. */
  #isAway = false;
  #lost: LostOrder[] = [];

  /**
   * @param asset Asset number of its instrument.
   * @param market Whose displayed book it matches against.
   * @param random Its source of chance, apart from the market's.
   * @param context What it shares with others.
   */
  constructor(asset: number, market: Market, random: Random, context: MatcherContext) {
    this.#asset = asset;
    this.#market = market;
    this.#random = random;
    this.#settings = context.settings;
    this.#base = context.base;
    this.#responses = context.responses;
    const { instrument } = context.settings.assets[asset]!;
    this.#prices = new Grid(instrument.tickSize);
    this.#lots = new Grid(instrument.lotSize);
  }

  /** Signed quantity held, in base units; undefined before the first execution. */
  get position(): number | undefined {
    return this.#hasTraded ? this.#lots.value(this.#positionLots) : undefined;
  }

  /** An order arrives. */
  submit(order: Order, time: number): void {
    const { orderType, timeInForce } = order;
    const isBuy = order.side === "buy";
    const isMarket = orderType === "market";
    const entry: ExchangeOrder = {
      order,
      isBuy,
      tick: isMarket ? (isBuy ? Infinity : -Infinity) : Number(order.priceTick),
      leavesLots: this.#lots.steps(order.qty),
      status: "new",
      time,
    };
    if (this.#random.chance(this.#settings.rejectProbability)) {
      this.#report(entry, { time, status: "rejected" });
      return;
    }
    const available = this.#available(entry);
    const refused = timeInForce === "GTX" && available > 0 ||
      timeInForce === "FOK" && available < entry.leavesLots;
    if (refused) {
      this.#report(entry, { time, status: "expired" });
      return;
    }
    if (available > 0) this.#take(entry, time);
    if (entry.leavesLots === 0) return;
    if (isMarket || timeInForce === "IOC") {
      this.#report(entry, { time, status: "expired" });
      return;
    }
    this.#resting.push(entry);
    if (available === 0) this.#report(entry, { time, status: "new" });
  }

  /** A cancel request arrives. */
  cancel(order: Order, time: number): void {
    const index = this.#resting.findIndex((entry) => entry.order.orderId === order.orderId);
    if (index < 0) {
      const message = `Cannot cancel order: orderId = ${order.orderId} is no longer open`;
      const local = time + this.#settings.responseLatencyNs;
      const report = { kind: "orderError", code: 0n, message } as const;
      this.#responses.pushReport(EventKind.Error, this.#asset, time, local, report);
      return;
    }
    const [entry] = this.#resting.splice(index, 1);
    const requestTimestamp = order.localTimestamp;
    this.#report(entry!, { time, status: "canceled", requestTimestamp });
  }

  /** The connector goes. What happens from now on is told to nobody. */
  detach(): void {
    this.#isAway = true;
    this.#lost = this.#resting.map(({ order, leavesLots }) => ({
      order,
      leavesLots,
      request: "none",
    }));
  }

  /** An order, or the cancel of one, that no connector has received. */
  lose(kind: "submit" | "cancel", order: Order): void {
    if (kind === "submit") {
      this.#lost.push({ order, leavesLots: this.#lots.steps(order.qty), request: "new" });
      return;
    }
    this.#lost = this.#lost.map((lost) =>
      lost.order.orderId === order.orderId ? { ...lost, order, request: "canceled" } : lost
    );
  }

  /**
   * Another connector comes, which has open orders cancelled and knows none of them.
   *
   * @param time When.
   * @returns What it has the bot told of the orders that the bot may take for open.
   */
  reattach(time: number): OrderReport[] {
    this.#isAway = false;
    this.#resting = [];
    const reports = this.#lost.map(({ order, leavesLots, request }) => ({
      ...this.#reportOf({ order, leavesLots }, { time, status: "none" }),
      request,
    }));
    this.#lost = [];
    return reports;
  }

  /** Lowers all times, because the time base moves up by as much. */
  rebase(byNs: number): void {
    for (const entry of this.#resting) entry.time -= byNs;
  }

  /** Matches resting orders after the market's step. */
  step(): void {
    let someFilled = false;
    for (const entry of this.#resting) {
      if (!this.#isHit(entry)) continue;
      const { time } = this.#market;
      this.#execute(entry, { time, execLots: this.#makerLots(entry), execTick: entry.tick }, true);
      this.#reportPosition(time);
      someFilled ||= entry.leavesLots === 0;
    }
    if (someFilled) this.#resting = this.#resting.filter((entry) => entry.leavesLots > 0);
  }

  /** Open orders, as an answer to a registration has them. */
  openOrders(): OrderReport[] {
    return this.#resting.map((entry) => this.#reportOf(entry, entry));
  }

  #opposite(entry: ExchangeOrder): Ladder {
    return entry.isBuy ? this.#market.asks : this.#market.bids;
  }

  /** Displayed lots that an order could take, up to those it wants. */
  #available(entry: ExchangeOrder): number {
    const side = this.#opposite(entry);
    let lots = 0;
    for (let i = 0; i < side.depth && lots < entry.leavesLots; i++) {
      if (!crosses(entry, side.tickAt(i))) break;
      lots += side.lotsAt(i);
    }
    return lots;
  }

  /** Executes an arriving order against the displayed book, one execution a level. */
  #take(entry: ExchangeOrder, time: number): void {
    const side = this.#opposite(entry);
    for (let i = 0; i < side.depth && entry.leavesLots > 0; i++) {
      const execTick = side.tickAt(i);
      if (!crosses(entry, execTick)) break;
      const execLots = Math.min(entry.leavesLots, side.lotsAt(i));
      this.#execute(entry, { time, execLots, execTick }, false);
    }
    this.#reportPosition(time);
  }

  /** Whether the market's last step fills a resting order, by the chosen model. */
  #isHit(entry: ExchangeOrder): boolean {
    const { fill } = this.#settings;
    const { bids, asks, buyTradeTick, sellTradeTick } = this.#market;
    if (fill.model === "probability") {
      const own = entry.isBuy ? bids : asks;
      return own.reaches(entry.tick) && this.#random.chance(fill.probability);
    }
    // A comparison with NaN, for no trade, is false.
    return entry.isBuy
      ? sellTradeTick < entry.tick || asks.best <= entry.tick
      : buyTradeTick > entry.tick || bids.best >= entry.tick;
  }

  #makerLots(entry: ExchangeOrder): number {
    const { leavesLots } = entry;
    return leavesLots > 1 && this.#random.chance(this.#settings.partialFillProbability)
      ? this.#random.int(1, leavesLots - 1)
      : leavesLots;
  }

  #execute(
    entry: ExchangeOrder,
    execution: { time: number; execLots: number; execTick: number },
    maker: boolean,
  ): void {
    const { execLots } = execution;
    entry.leavesLots -= execLots;
    this.#hasTraded = true;
    this.#positionLots += entry.isBuy ? execLots : -execLots;
    const status = entry.leavesLots === 0 ? "filled" : "partiallyFilled";
    this.#report(entry, { ...execution, maker, status });
  }

  #report(entry: ExchangeOrder, change: Change): void {
    const { time, status } = change;
    entry.status = status;
    entry.time = time;
    if (this.#isAway) return;
    const local = time + this.#settings.responseLatencyNs;
    const report = this.#reportOf(entry, change);
    this.#responses.pushReport(EventKind.Order, this.#asset, time, local, report);
  }

  #reportPosition(time: number): void {
    if (this.#isAway) return;
    const local = time + this.#settings.responseLatencyNs;
    const position = this.#lots.value(this.#positionLots);
    this.#responses.push(EventKind.Position, this.#asset, time, local, 0, position);
  }

  #reportOf(
    entry: Pick<ExchangeOrder, "order" | "leavesLots">,
    change: Change,
  ): OrderReport {
    const { order } = entry;
    const { execTick } = change;
    return {
      asset: this.#asset,
      orderId: order.orderId,
      side: order.side,
      price: order.price,
      priceTick: order.priceTick,
      qty: order.qty,
      leavesQty: this.#lots.value(entry.leavesLots),
      execQty: this.#lots.value(change.execLots ?? 0),
      execPrice: execTick === undefined ? 0 : this.#prices.value(execTick),
      maker: change.maker ?? false,
      timeInForce: order.timeInForce,
      orderType: order.orderType,
      status: change.status,
      request: "none",
      exchTimestamp: this.#base.toBigInt(change.time),
      requestTimestamp: change.requestTimestamp ?? order.localTimestamp,
    };
  }
}

/** Whether an order's limit lets it trade at a price. */
function crosses(entry: ExchangeOrder, tick: number): boolean {
  return entry.isBuy ? tick <= entry.tick : tick >= entry.tick;
}

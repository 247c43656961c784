/**
 * Where orders are accepted, matched and booked.
 *
 * @module
 */

import { BookMatchingEngine } from "../../matching/engine.ts";
import type { QueueModelOptions } from "../../matching/queue_model.ts";
import type {
  ExpiryReason,
  MatchExecution,
  MatchListener,
  MatchOrder,
} from "../../matching/types.ts";
import type { Ledger, LedgerChange } from "../account/ledger.ts";
import type { PaperMarkets } from "../market/paper_markets.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import { DeskOrder, isOpen, type OrderTicket, type PaperOrder } from "./order.ts";
import { OrderStore } from "./order_store.ts";
import { OrderRefusal } from "./refusal.ts";

/** One execution of an order, and what it did to the account. */
export interface Fill extends MatchExecution, LedgerChange {
  /** Number of the execution, unique at the exchange. */
  readonly tradeId: number;
}

/** What happened to an order. */
export type OrderChange =
  | { readonly type: "new" | "canceled" | "expired" | "amended" }
  | { readonly type: "trade"; readonly fill: Fill };

/** Is told what happens to orders, in order. */
export type OrderListener = (order: PaperOrder, change: OrderChange) => void;

/** Options of {@linkcode TradingDesk}. */
export interface TradingDeskOptions {
  /** What is traded, and at what prices. */
  readonly markets: PaperMarkets;
  /** The account. */
  readonly ledger: Ledger;
  /** How the place of resting orders in the queue is estimated. */
  readonly queueModel: QueueModelOptions;
  /** Is told what happens to orders. */
  readonly onOrder: OrderListener;
}

/** One account's orders in all symbols. Times are ms since the Unix epoch. */
export class TradingDesk implements MatchListener<DeskOrder> {
  /** Its orders. */
  readonly orders: OrderStore = new OrderStore();

  readonly #engines: readonly BookMatchingEngine<DeskOrder>[];
  readonly #markets: PaperMarkets;
  readonly #ledger: Ledger;
  readonly #onOrder: OrderListener;
  #nextOrderId = 1;
  #nextTradeId = 1;
  /** The order that is being accepted, and of which nobody was told yet. */
  #arriving: DeskOrder | undefined;
  /** The order that is being changed. */
  #amending: DeskOrder | undefined;
  #wouldTake = false;

  /** @param options What it works with. */
  constructor(options: TradingDeskOptions) {
    this.#markets = options.markets;
    this.#ledger = options.ledger;
    this.#onOrder = options.onOrder;
    const { queueModel } = options;
    this.#engines = options.markets.symbols.map((symbol) =>
      new BookMatchingEngine<DeskOrder>({ queueModel, lotSize: symbol.lots.step }, this)
    );
  }

  /** The displayed book of a symbol changed at one level. */
  depth(symbol: PaperSymbol, level: { isBid: boolean; tick: number; lots: number }): void {
    this.#engines[symbol.index]!.depth(level.isBid, level.tick, level.lots, Date.now());
  }

  /** The market traded. */
  trade(symbol: PaperSymbol, trade: { isBuy: boolean; tick: number; lots: number }): void {
    this.#engines[symbol.index]!.trade(trade.isBuy, trade.tick, trade.lots, Date.now());
  }

  /**
   * Accepts an order and matches it.
   *
   * @param ticket What is asked for.
   * @returns The order as it is after matching.
   * @throws {OrderRefusal} If it is not accepted.
   */
  submit(ticket: OrderTicket): PaperOrder {
    this.#admit(ticket);
    const order = new DeskOrder(this.#nextOrderId, ticket, Date.now());
    this.#arriving = order;
    this.#match(order);
    if (this.#wouldTake) {
      this.#wouldTake = false;
      this.#arriving = undefined;
      throw new OrderRefusal(
        "wouldTake",
        `Cannot rest order: price tick ${ticket.tick} would take`,
      );
    }
    return order;
  }

  /**
   * Cancels an order.
   *
   * @throws {OrderRefusal} If it is not open.
   */
  cancel(order: PaperOrder): PaperOrder {
    const open = this.#openOrder(order);
    this.#takeOut(open);
    this.#end(open, "canceled", Date.now());
    return open;
  }

  /** Cancels all orders of a symbol; returns them. */
  cancelAll(symbol: PaperSymbol): PaperOrder[] {
    return this.orders.open(symbol).map((order) => this.cancel(order));
  }

  /**
   * Changes price and quantity of an open limit order, which moves to the end of its queue.
   *
   * @param order The order.
   * @param terms Its price in ticks and its whole quantity in lots.
   * @returns The order, which may have ended: if no quantity is left, or if it would take although
   * it is good till crossing.
   * @throws {OrderRefusal} If it is not open, stays as it is, or cannot be covered.
   */
  amend(order: PaperOrder, terms: { tick: number; lots: number }): PaperOrder {
    const open = this.#openOrder(order);
    if (open.tick === terms.tick && open.lots === terms.lots) {
      throw new OrderRefusal("unchanged", `Cannot amend order: ${open.orderId} stays as it is`);
    }
    const leavesLots = terms.lots - open.filledLots;
    if (leavesLots > 0) this.#checkCover({ ...viewOf(open), ...terms }, leavesLots, open);
    const time = Date.now();
    this.#takeOut(open);
    if (leavesLots <= 0) {
      this.#end(open, "canceled", time);
      return open;
    }
    open.tick = terms.tick;
    open.lots = terms.lots;
    open.updatedAt = time;
    this.#amending = open;
    this.#match(open);
    this.#amending = undefined;
    if (this.#wouldTake) {
      this.#wouldTake = false;
      this.#end(open, "canceled", time);
    }
    return open;
  }

  /** Part of `MatchListener`. */
  resting(entry: MatchOrder<DeskOrder>): void {
    this.#announce(entry.tag);
  }

  /** Part of `MatchListener`. */
  executed(entry: MatchOrder<DeskOrder>, execution: MatchExecution): void {
    const order = entry.tag;
    const { lots, tick } = execution;
    this.#announce(order);
    order.filledLots += lots;
    order.filledTickLots += BigInt(tick) * BigInt(lots);
    order.updatedAt = execution.time;
    order.status = order.leavesLots === 0 ? "filled" : "partiallyFilled";
    if (order.status === "filled") this.orders.finish(order);
    const change = this.#ledger.execute(order, execution);
    const { time, maker } = execution;
    const fill = { time, lots, tick, maker, ...change, tradeId: this.#nextTradeId++ };
    this.#onOrder(order, { type: "trade", fill });
  }

  /** Part of `MatchListener`. */
  expired(entry: MatchOrder<DeskOrder>, reason: ExpiryReason, time: number): void {
    if (reason === "wouldTake") {
      this.#wouldTake = true;
      return;
    }
    this.#announce(entry.tag);
    this.#end(entry.tag, "expired", time);
  }

  #match(order: DeskOrder): void {
    const { isBuy, orderType, timeInForce, tick, leavesLots: lots } = order;
    const request = { tag: order, isBuy, orderType, timeInForce, tick, lots };
    order.match = this.#engines[order.symbol.index]!.submit(request, order.updatedAt);
  }

  /** Tells that an order was accepted or changed, before anything else about it is told. */
  #announce(order: DeskOrder): void {
    if (order === this.#arriving) {
      this.#arriving = undefined;
      this.#nextOrderId++;
      this.orders.add(order);
      this.#onOrder(order, { type: "new" });
    } else if (order === this.#amending) {
      this.#amending = undefined;
      this.#onOrder(order, { type: "amended" });
    }
  }

  #takeOut(order: DeskOrder): void {
    const { match } = order;
    if (match !== undefined) this.#engines[order.symbol.index]!.cancel(match);
    order.match = undefined;
  }

  #end(order: DeskOrder, type: "canceled" | "expired", time: number): void {
    order.status = type;
    order.updatedAt = time;
    this.orders.finish(order);
    this.#onOrder(order, { type });
  }

  #openOrder(order: PaperOrder): DeskOrder {
    const known = this.orders.byId(order.symbol, order.orderId);
    if (known === undefined || !isOpen(known)) {
      throw new OrderRefusal("notOpen", `Cannot change order: ${order.orderId} is ${order.status}`);
    }
    return known;
  }

  #admit(ticket: OrderTicket): void {
    const { symbol, clientOrderId, reduceOnly, lots } = ticket;
    if (this.orders.openByClientId(symbol, clientOrderId) !== undefined) {
      throw new OrderRefusal(
        "duplicateClientOrderId",
        `Cannot accept order: an open order has the id ${clientOrderId}`,
      );
    }
    const { maxOpenOrders, minNotional } = symbol.limits;
    if (this.orders.countOpen(symbol) >= maxOpenOrders) {
      throw new OrderRefusal(
        "tooManyOpenOrders",
        `Cannot accept order: ${maxOpenOrders} orders are open`,
      );
    }
    const valueTick = Math.round(this.#valueTick(ticket));
    const value = symbol.value(BigInt(valueTick) * BigInt(lots));
    // Without any price it will find nothing to take.
    if (!reduceOnly && valueTick > 0 && value < minNotional) {
      throw new OrderRefusal("belowMinNotional", "Cannot accept order: it is worth too little");
    }
    this.#checkCover(ticket, lots);
  }

  #checkCover(ticket: OrderTicket, leavesLots: number, instead?: DeskOrder): void {
    const others = this.orders.open().filter((order) => order !== instead);
    const valueTick = this.#valueTick(ticket);
    this.#ledger.check({ ...ticket, leavesLots, valueTick }, others);
  }

  /** What an order is valued at: its limit, or for a market order the best opposite price. */
  #valueTick({ symbol, orderType, isBuy, tick }: OrderTicket): number {
    if (orderType === "limit") return tick;
    const { book, markTick } = this.#markets.of(symbol);
    const best = isBuy ? book.askTick : book.bidTick;
    return Number.isFinite(best) ? best : markTick;
  }
}

function viewOf(order: DeskOrder): OrderTicket {
  const { symbol, clientOrderId, isBuy, orderType, timeInForce, tick, lots, reduceOnly } = order;
  return { symbol, clientOrderId, isBuy, orderType, timeInForce, tick, lots, reduceOnly };
}

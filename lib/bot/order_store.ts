/**
 * The orders that a bot written in TypeScript remembers.
 *
 * @module
 */

import { isActive, isFinal, type Side } from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { OrderUpdateEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";
import { Grid } from "./grid.ts";
import type { OrderRequest } from "./order_request.ts";

/** What an exchange reports about an order. */
export interface OrderReport extends Omit<OrderUpdateEvent, "type" | "localTimestamp"> {
  /** Limit price in ticks. */
  readonly priceTick: bigint;
  /** When the last request that the exchange knew of had been sent, ns since the Unix epoch. */
  readonly requestTimestamp: bigint;
}

/** The orders of one instrument. An {@linkcode Order} handed out never changes. */
export class OrderStore {
  readonly #tickSize: number;
  readonly #lots: Grid;
  readonly #orders = new Map<bigint, Order>();

  /** @param instrument What the orders trade. */
  constructor(instrument: Instrument) {
    this.#tickSize = instrument.tickSize;
    this.#lots = new Grid(instrument.lotSize);
  }

  /** One order by its id, or undefined if it is not remembered. */
  get(orderId: bigint): Order | undefined {
    return this.#orders.get(orderId);
  }

  /** A copy of all. */
  copy(): ReadonlyMap<bigint, Order> {
    return new Map(this.#orders);
  }

  /**
   * Remembers a new order, whose request is on its way.
   *
   * @param side Buy or sell.
   * @param request A checked request.
   * @param now When it was sent, ns since the Unix epoch.
   * @returns The order.
   * @throws {BotError} "orderIdExists" if an order with its id is remembered.
   */
  submit(side: Side, request: OrderRequest, now: bigint): Order {
    const { orderId, price, timeInForce, orderType } = request;
    const existing = this.#orders.get(orderId);
    if (existing) {
      throw new BotError(
        "orderIdExists",
        `Cannot submit order: orderId = ${orderId} is in use, status ${existing.status}`,
      );
    }
    const tick = Math.round(price / this.#tickSize);
    const qty = this.#lots.value(this.#lots.steps(request.qty));
    const order: Order = {
      orderId,
      side,
      price: tick * this.#tickSize,
      priceTick: BigInt(tick),
      qty,
      leavesQty: qty,
      execQty: 0,
      execPrice: 0,
      maker: false,
      timeInForce,
      orderType,
      status: "new",
      request: "new",
      exchTimestamp: 0n,
      localTimestamp: now,
    };
    this.#orders.set(orderId, order);
    return order;
  }

  /**
   * Marks an order as about to be cancelled.
   *
   * @param orderId Its id.
   * @param now When the request was sent, ns since the Unix epoch.
   * @returns The order.
   * @throws {BotError} "orderNotFound"; "invalidOrderStatus" if it is not active or a request
   * for it is not yet answered.
   */
  cancel(orderId: bigint, now: bigint): Order {
    const order = this.#orders.get(orderId);
    if (!order) {
      throw new BotError(
        "orderNotFound",
        `Cannot cancel order: orderId = ${orderId} is not known`,
      );
    }
    if (!isActive(order.status) || order.request !== "none") {
      throw new BotError(
        "invalidOrderStatus",
        `Cannot cancel order: orderId = ${orderId} has status ${order.status}, request ` +
          order.request,
      );
    }
    const asked: Order = { ...order, request: "canceled", localTimestamp: now };
    this.#orders.set(orderId, asked);
    return asked;
  }

  /** Takes in what the exchange reports. As upstream, nothing follows a final status. */
  apply(report: OrderReport): void {
    const order = this.#orders.get(report.orderId);
    if (order && (isFinal(order.status) || report.exchTimestamp < order.exchTimestamp)) return;
    // A report made before the exchange saw the last request does not answer it.
    const pending = order !== undefined && isActive(report.status) &&
      report.requestTimestamp < order.localTimestamp;
    const executed = report.execQty > 0;
    this.#orders.set(report.orderId, {
      orderId: report.orderId,
      side: report.side,
      price: report.price,
      priceTick: report.priceTick,
      qty: report.qty,
      leavesQty: report.leavesQty,
      execQty: executed ? report.execQty : order?.execQty ?? 0,
      execPrice: executed ? report.execPrice : order?.execPrice ?? 0,
      maker: executed ? report.maker : order?.maker ?? false,
      timeInForce: report.timeInForce,
      orderType: report.orderType,
      status: report.status,
      request: pending ? order.request : report.request,
      exchTimestamp: report.exchTimestamp,
      localTimestamp: order?.localTimestamp ?? report.requestTimestamp,
    });
  }

  /** Forgets orders that can no longer trade. */
  clearInactive(): void {
    for (const [orderId, order] of this.#orders) {
      if (!isActive(order.status)) this.#orders.delete(orderId);
    }
  }
}

/**
 * The orders of an account.
 *
 * @module
 */

import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { DeskOrder } from "./order.ts";

/** Finished orders that can still be asked for. */
const MAX_FINISHED = 10_000;

/** Open orders, and the last finished ones. */
export class OrderStore {
  readonly #open = new Map<number, DeskOrder>();
  readonly #openByClient = new Map<string, DeskOrder>();
  /** Finished orders, oldest first. */
  readonly #finished = new Map<number, DeskOrder>();

  /** Takes in an accepted order. */
  add(order: DeskOrder): void {
    this.#open.set(order.orderId, order);
    this.#openByClient.set(clientKey(order.symbol, order.clientOrderId), order);
  }

  /** Notes that an order cannot trade any more. */
  finish(order: DeskOrder): void {
    if (!this.#open.delete(order.orderId)) return;
    this.#openByClient.delete(clientKey(order.symbol, order.clientOrderId));
    this.#finished.set(order.orderId, order);
    if (this.#finished.size > MAX_FINISHED) {
      const [oldest] = this.#finished.keys();
      this.#finished.delete(oldest!);
    }
  }

  /** Open orders, of one symbol or of all, oldest first. */
  open(symbol?: PaperSymbol): DeskOrder[] {
    const orders = [...this.#open.values()];
    return symbol === undefined ? orders : orders.filter((order) => order.symbol === symbol);
  }

  /** How many orders are open, of one symbol or of all. */
  countOpen(symbol?: PaperSymbol): number {
    return symbol === undefined ? this.#open.size : this.open(symbol).length;
  }

  /** An open order by its client's id. */
  openByClientId(symbol: PaperSymbol, clientOrderId: string): DeskOrder | undefined {
    return this.#openByClient.get(clientKey(symbol, clientOrderId));
  }

  /** An order by the exchange's id. */
  byId(symbol: PaperSymbol, orderId: number): DeskOrder | undefined {
    const order = this.#open.get(orderId) ?? this.#finished.get(orderId);
    return order?.symbol === symbol ? order : undefined;
  }

  /** The newest order with a client's id, open or finished. */
  byClientId(symbol: PaperSymbol, clientOrderId: string): DeskOrder | undefined {
    const open = this.openByClientId(symbol, clientOrderId);
    if (open !== undefined) return open;
    let found: DeskOrder | undefined;
    for (const order of this.#finished.values()) {
      if (order.symbol === symbol && order.clientOrderId === clientOrderId) found = order;
    }
    return found;
  }

  /** All orders of a symbol that are still known, oldest first. */
  all(symbol: PaperSymbol): DeskOrder[] {
    return [...this.#finished.values(), ...this.#open.values()]
      .filter((order) => order.symbol === symbol)
      .sort((a, b) => a.orderId - b.orderId);
  }
}

function clientKey(symbol: PaperSymbol, clientOrderId: string): string {
  return `${symbol.index}/${clientOrderId}`;
}

/**
 * Orders out of the engine's memory.
 *
 * @module
 */

import { orderStatusOf, orderTypeOf, sideOf, timeInForceOf } from "../model/codes.ts";
import type { Order } from "../model/order.ts";

/** Bytes of an `Order` that are read; the engine's own type is 2 bytes of padding larger. */
const ORDER_SIZE = 94;

/** Byte offsets in the engine's `Order` (repr C; the library asserts them when it is compiled). */
const ORDER = {
  qty: 0,
  leavesQty: 8,
  execQty: 16,
  execPriceTick: 24,
  priceTick: 32,
  tickSize: 40,
  exchTimestamp: 48,
  localTimestamp: 56,
  orderId: 64,
  maker: 88,
  orderType: 89,
  request: 90,
  status: 91,
  side: 92,
  timeInForce: 93,
} as const;

/** Copies orders out of the engine's memory, through one buffer that it reuses. */
export class OrderDecoder {
  readonly #bytes = new Uint8Array(ORDER_SIZE);
  readonly #view = new DataView(this.#bytes.buffer);

  /** A copy of the order at a pointer. */
  decode(pointer: Deno.PointerObject): Order {
    Deno.UnsafePointerView.copyInto(pointer, this.#bytes);
    const view = this.#view;
    const tickSize = view.getFloat64(ORDER.tickSize, true);
    const priceTick = view.getBigInt64(ORDER.priceTick, true);
    return {
      orderId: view.getBigUint64(ORDER.orderId, true),
      side: sideOf(view.getInt8(ORDER.side)),
      price: Number(priceTick) * tickSize,
      priceTick,
      qty: view.getFloat64(ORDER.qty, true),
      leavesQty: view.getFloat64(ORDER.leavesQty, true),
      execQty: view.getFloat64(ORDER.execQty, true),
      execPrice: Number(view.getBigInt64(ORDER.execPriceTick, true)) * tickSize,
      maker: view.getUint8(ORDER.maker) !== 0,
      timeInForce: timeInForceOf(view.getUint8(ORDER.timeInForce)),
      orderType: orderTypeOf(view.getUint8(ORDER.orderType)),
      status: orderStatusOf(view.getUint8(ORDER.status)),
      request: orderStatusOf(view.getUint8(ORDER.request)),
      exchTimestamp: view.getBigInt64(ORDER.exchTimestamp, true),
      localTimestamp: view.getBigInt64(ORDER.localTimestamp, true),
    };
  }
}

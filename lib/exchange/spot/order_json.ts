/**
 * Orders of the spot market in answers to requests.
 *
 * @module
 */

import { formatMoney } from "../account/money.ts";
import { randomClientId } from "../binance/order_fields.ts";
import { priceText, sideText, statusText } from "../binance/order_texts.ts";
import type { Fill } from "../trading/desk.ts";
import { isOpen, type PaperOrder } from "../trading/order.ts";

/** An order's type: one that must not take is a LIMIT_MAKER. */
export function typeText(order: PaperOrder): string {
  return order.timeInForce === "GTX" ? "LIMIT_MAKER" : order.orderType.toUpperCase();
}

/** How long an order stays. */
export function timeInForceText(order: PaperOrder): string {
  return order.timeInForce === "GTX" ? "GTC" : order.timeInForce;
}

/** A new order, as far as the kind of answer tells. */
export function newOrderJson(
  order: PaperOrder,
  kind: "ACK" | "RESULT" | "FULL",
  fills: readonly Fill[],
): Record<string, unknown> {
  const { symbol } = order;
  const acknowledgement = {
    symbol: symbol.name,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    transactTime: order.createdAt,
  };
  if (kind === "ACK") return acknowledgement;
  const result = { ...acknowledgement, ...stateJson(order), workingTime: order.createdAt };
  if (kind === "RESULT") return result;
  return {
    ...result,
    fills: fills.map((fill) => ({
      price: symbol.prices.format(fill.tick),
      qty: symbol.lots.format(fill.lots),
      commission: formatMoney(fill.fee),
      commissionAsset: fill.feeAsset,
      tradeId: fill.tradeId,
    })),
  };
}

/** An order that was just cancelled. Its cancelling has an id of its own. */
export function canceledJson(order: PaperOrder): Record<string, unknown> {
  return {
    symbol: order.symbol.name,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: randomClientId(),
    transactTime: order.updatedAt,
    ...stateJson(order),
  };
}

/** An order that is asked for. */
export function orderJson(order: PaperOrder): Record<string, unknown> {
  return {
    symbol: order.symbol.name,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    ...stateJson(order),
    stopPrice: "0.00000000",
    icebergQty: "0.00000000",
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: isOpen(order),
    workingTime: order.createdAt,
  };
}

function stateJson(order: PaperOrder): Record<string, unknown> {
  const { symbol } = order;
  return {
    price: priceText(order),
    origQty: symbol.lots.format(order.lots),
    executedQty: symbol.lots.format(order.filledLots),
    origQuoteOrderQty: "0.00000000",
    cummulativeQuoteQty: formatMoney(symbol.value(order.filledTickLots)),
    status: statusText(order.status),
    timeInForce: timeInForceText(order),
    type: typeText(order),
    side: sideText(order),
    selfTradePreventionMode: "NONE",
  };
}

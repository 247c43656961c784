/**
 * Orders in answers to requests.
 *
 * @module
 */

import { formatMoney } from "../account/money.ts";
import { priceText, sideText, statusText } from "../binance/order_texts.ts";
import type { PaperOrder } from "../trading/order.ts";
import { averageText } from "../market/price_texts.ts";

/** An order as it is now. */
export function orderJson(order: PaperOrder): Record<string, unknown> {
  const { symbol } = order;
  const type = order.orderType.toUpperCase();
  return {
    orderId: order.orderId,
    symbol: symbol.name,
    status: statusText(order.status),
    clientOrderId: order.clientOrderId,
    price: priceText(order),
    avgPrice: averageText(order),
    origQty: symbol.lots.format(order.lots),
    executedQty: symbol.lots.format(order.filledLots),
    cumQty: symbol.lots.format(order.filledLots),
    cumQuote: formatMoney(symbol.value(order.filledTickLots)),
    timeInForce: order.timeInForce,
    type,
    reduceOnly: order.reduceOnly,
    closePosition: false,
    side: sideText(order),
    positionSide: "BOTH",
    stopPrice: "0",
    workingType: "CONTRACT_PRICE",
    priceProtect: false,
    origType: type,
    priceMatch: "NONE",
    selfTradePreventionMode: "NONE",
    goodTillDate: 0,
    time: order.createdAt,
    updateTime: order.updatedAt,
  };
}

/** A new order as it was when it was accepted, before it was matched. */
export function acknowledgementJson(order: PaperOrder): Record<string, unknown> {
  return orderJson({
    ...fieldsOf(order),
    status: "new",
    filledLots: 0,
    filledTickLots: 0n,
    updatedAt: order.createdAt,
  });
}

function fieldsOf(order: PaperOrder): PaperOrder {
  const { symbol, clientOrderId, isBuy, orderType, timeInForce, tick, lots, reduceOnly } = order;
  const { orderId, createdAt, updatedAt, status, filledLots, filledTickLots } = order;
  return {
    symbol,
    clientOrderId,
    isBuy,
    orderType,
    timeInForce,
    tick,
    lots,
    reduceOnly,
    orderId,
    createdAt,
    updatedAt,
    status,
    filledLots,
    filledTickLots,
  };
}

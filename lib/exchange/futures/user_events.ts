/**
 * What the account is told on its stream.
 *
 * @module
 */

import type { FuturesLedger } from "../account/futures_ledger.ts";
import { formatMoney } from "../account/money.ts";
import { priceText, sideText, statusText } from "../binance/order_texts.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderChange } from "../trading/desk.ts";
import type { PaperOrder } from "../trading/order.ts";
import { averageText, entryText } from "../market/price_texts.ts";

const EXECUTION_TYPES: Readonly<Record<OrderChange["type"], string>> = {
  new: "NEW",
  trade: "TRADE",
  canceled: "CANCELED",
  expired: "EXPIRED",
  amended: "AMENDMENT",
};

/** The state of an order, after something happened to it. */
export function orderTradeUpdate(
  order: PaperOrder,
  change: OrderChange,
  openOrders: readonly PaperOrder[],
): string {
  const { symbol } = order;
  const fill = change.type === "trade" ? change.fill : undefined;
  const type = order.orderType.toUpperCase();
  return JSON.stringify({
    e: "ORDER_TRADE_UPDATE",
    E: Date.now(),
    T: order.updatedAt,
    o: {
      s: symbol.name,
      c: order.clientOrderId,
      S: sideText(order),
      o: type,
      f: order.timeInForce,
      q: symbol.lots.format(order.lots),
      p: priceText(order),
      ap: averageText(order),
      sp: "0",
      x: EXECUTION_TYPES[change.type],
      X: statusText(order.status),
      i: order.orderId,
      l: fill === undefined ? "0" : symbol.lots.format(fill.lots),
      z: symbol.lots.format(order.filledLots),
      L: fill === undefined ? "0" : symbol.prices.format(fill.tick),
      ...(fill === undefined ? {} : { n: formatMoney(fill.fee), N: fill.feeAsset }),
      T: order.updatedAt,
      t: fill?.tradeId ?? 0,
      b: openNotional(openOrders, true),
      a: openNotional(openOrders, false),
      m: fill?.maker ?? false,
      R: order.reduceOnly,
      wt: "CONTRACT_PRICE",
      ot: type,
      ps: "BOTH",
      cp: false,
      rp: formatMoney(fill?.realizedProfit ?? 0n),
      pP: false,
      si: 0,
      ss: 0,
      V: "NONE",
      pm: "NONE",
      gtd: 0,
      er: "0",
    },
  });
}

/** Wallet and one position, after an execution. */
export function accountUpdate(symbol: PaperSymbol, ledger: FuturesLedger): string {
  const { position, realizedProfit, updatedAt } = ledger.of(symbol);
  const wallet = formatMoney(ledger.wallet);
  const entry = entryText(symbol, position);
  return JSON.stringify({
    e: "ACCOUNT_UPDATE",
    E: Date.now(),
    T: updatedAt,
    a: {
      m: "ORDER",
      B: [{ a: symbol.quoteAsset, wb: wallet, cw: wallet, bc: "0" }],
      P: [{
        s: symbol.name,
        pa: symbol.lots.format(position.lots),
        ep: entry,
        cr: formatMoney(realizedProfit),
        up: formatMoney(ledger.unrealizedOf(symbol)),
        mt: "cross",
        iw: "0",
        ps: "BOTH",
        ma: symbol.quoteAsset,
        bep: entry,
      }],
    },
  });
}

/** A listen key is over. */
export function listenKeyExpired(listenKey: string): string {
  return JSON.stringify({ e: "listenKeyExpired", E: Date.now(), listenKey });
}

function openNotional(orders: readonly PaperOrder[], isBuy: boolean): string {
  let sum = 0n;
  for (const order of orders) {
    if (order.isBuy !== isBuy) continue;
    const leavesLots = BigInt(order.lots - order.filledLots);
    sum += order.symbol.value(BigInt(order.tick) * leavesLots);
  }
  return formatMoney(sum);
}

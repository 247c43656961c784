/**
 * What a report tells of one symbol.
 *
 * @module
 */

import type { SymbolAccount } from "./account/ledger.ts";
import { moneyValue } from "./account/money.ts";
import type { PaperMarket } from "./market/paper_markets.ts";
import { entryText, markText } from "./market/price_texts.ts";
import type { PaperSymbolReport } from "./report.ts";
import type { OrderStore } from "./trading/order_store.ts";

/** A symbol's market, account and open orders, in numbers. */
export function symbolReport(
  { symbol, markTick }: PaperMarket,
  account: SymbolAccount,
  orders: OrderStore,
): PaperSymbolReport {
  const { position } = account;
  return {
    symbol: symbol.name,
    position: Number(symbol.lots.format(position.lots)),
    entryPrice: Number(entryText(symbol, position)),
    markPrice: Number(markText(symbol, markTick)),
    realizedProfit: moneyValue(account.realizedProfit),
    unrealizedProfit: moneyValue(symbol.value(position.profitAt(markTick))),
    fees: moneyValue(account.fees),
    fills: account.fills,
    makerFills: account.makerFills,
    volume: Number(symbol.lots.format(account.volumeLots)),
    turnover: moneyValue(account.turnover),
    openOrders: orders.countOpen(symbol),
  };
}

/**
 * What the account is told by the spot market.
 *
 * @module
 */

import type { SpotLedger } from "../account/spot_ledger.ts";
import { formatMoney } from "../account/money.ts";
import { randomClientId } from "../binance/order_fields.ts";
import { priceText, sideText, statusText } from "../binance/order_texts.ts";
import type { PaperSymbol } from "../market/paper_symbol.ts";
import type { OrderChange } from "../trading/desk.ts";
import { isOpen, type PaperOrder } from "../trading/order.ts";
import { timeInForceText, typeText } from "./order_json.ts";

const EXECUTION_TYPES: Readonly<Record<OrderChange["type"], string>> = {
  new: "NEW",
  trade: "TRADE",
  canceled: "CANCELED",
  expired: "EXPIRED",
  amended: "REPLACED",
};

/**
 * The state of an order, after something happened to it.
 *
 * @param order The order.
 * @param change What happened.
 * @param executionId Number of the message, unique at the exchange.
 */
export function executionReport(
  order: PaperOrder,
  change: OrderChange,
  executionId: number,
): string {
  const { symbol } = order;
  const fill = change.type === "trade" ? change.fill : undefined;
  const isCanceled = change.type === "canceled";
  return event({
    e: "executionReport",
    E: Date.now(),
    s: symbol.name,
    // A cancelling has an id of its own; the order's is then the original one.
    c: isCanceled ? randomClientId() : order.clientOrderId,
    S: sideText(order),
    o: typeText(order),
    f: timeInForceText(order),
    q: symbol.lots.format(order.lots),
    p: priceText(order),
    P: "0.00000000",
    F: "0.00000000",
    g: -1,
    C: isCanceled ? order.clientOrderId : "",
    x: EXECUTION_TYPES[change.type],
    X: statusText(order.status),
    r: "NONE",
    i: order.orderId,
    l: symbol.lots.format(fill?.lots ?? 0),
    z: symbol.lots.format(order.filledLots),
    L: symbol.prices.format(fill?.tick ?? 0),
    n: formatMoney(fill?.fee ?? 0n),
    N: fill?.feeAsset ?? null,
    T: order.updatedAt,
    t: fill?.tradeId ?? -1,
    I: executionId,
    w: isOpen(order),
    m: fill?.maker ?? false,
    M: false,
    O: order.createdAt,
    Z: formatMoney(symbol.value(order.filledTickLots)),
    Y: formatMoney(fill === undefined ? 0n : symbol.value(BigInt(fill.tick) * BigInt(fill.lots))),
    Q: "0.00000000",
    W: order.createdAt,
    V: "NONE",
  });
}

/** The assets of a symbol, after something happened to an order. */
export function accountPosition(
  { baseAsset, quoteAsset }: PaperSymbol,
  ledger: SpotLedger,
  open: readonly PaperOrder[],
): string {
  const now = Date.now();
  return event({
    e: "outboundAccountPosition",
    E: now,
    u: now,
    B: [baseAsset, quoteAsset].map((asset) => {
      const { free, locked } = ledger.balance(asset, open);
      return { a: asset, f: formatMoney(free), l: formatMoney(locked) };
    }),
  });
}

/** The account's stream is over. */
export function streamTerminated(): string {
  return event({ e: "eventStreamTerminated", E: Date.now() });
}

function event(fields: Record<string, unknown>): string {
  return JSON.stringify({ subscriptionId: 0, event: fields });
}

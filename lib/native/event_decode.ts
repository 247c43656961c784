/**
 * Arrays of the engine's `Event` out of its memory.
 *
 * @module
 */

import { BUY_FLAG, RECORD, RECORD_SIZE, SELL_FLAG } from "../bot/record.ts";
import type { DepthLevel, DepthSnapshot } from "../bot/market_depth.ts";
import type { Side } from "../model/codes.ts";
import type { TradeEvent } from "../model/events.ts";

/** Trades from an array of events, in its order. */
export function decodeTrades(
  pointer: Deno.PointerObject,
  length: number,
  asset: number,
): TradeEvent[] {
  const view = copyEvents(pointer, length);
  const trades: TradeEvent[] = [];
  for (let at = 0; at < view.byteLength; at += RECORD_SIZE) {
    trades.push({
      type: "trade",
      asset,
      side: sideAt(view, at),
      price: view.getFloat64(at + RECORD.price, true),
      qty: view.getFloat64(at + RECORD.qty, true),
      exchTimestamp: view.getBigInt64(at + RECORD.exchTimestamp, true),
      localTimestamp: view.getBigInt64(at + RECORD.localTimestamp, true),
    });
  }
  return trades;
}

/** A book from an array of events: bids from the best down, then asks from the best up. */
export function decodeSnapshot(
  pointer: Deno.PointerObject,
  length: number,
  tickSize: number,
): DepthSnapshot {
  const view = copyEvents(pointer, length);
  const bids: DepthLevel[] = [];
  const asks: DepthLevel[] = [];
  for (let at = 0; at < view.byteLength; at += RECORD_SIZE) {
    const price = view.getFloat64(at + RECORD.price, true);
    const level = {
      price,
      priceTick: BigInt(Math.round(price / tickSize)),
      qty: view.getFloat64(at + RECORD.qty, true),
    };
    (sideAt(view, at) === "buy" ? bids : asks).push(level);
  }
  return { bids, asks };
}

/** A copy of an array of events, since the engine's own changes with its next call. */
function copyEvents(pointer: Deno.PointerObject, length: number): DataView {
  const bytes = new Uint8Array(length * RECORD_SIZE);
  Deno.UnsafePointerView.copyInto(pointer, bytes);
  return new DataView(bytes.buffer);
}

function sideAt(view: DataView, at: number): Side {
  const ev = view.getUint32(at + RECORD.ev, true);
  return (ev & BUY_FLAG) !== 0 ? "buy" : (ev & SELL_FLAG) !== 0 ? "sell" : "none";
}

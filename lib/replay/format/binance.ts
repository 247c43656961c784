/**
 * Binance's market messages, USD-M and COIN-M futures and spot.
 *
 * @module
 */

import { BUY_FLAG, SELL_FLAG } from "../../bot/record.ts";
import {
  DamagedLine,
  type JsonObject,
  levelsOf,
  msOf,
  priceOf,
  qtyOf,
  showValue,
} from "./json_fields.ts";
import type { MessageWriter } from "./message_writer.ts";

/**
 * Writes a trade. Futures tell its kind: only those of the market count, not those of the
 * insurance fund or of an auto-deleveraging.
 */
export function writeTrade(data: JsonObject, writer: MessageWriter): void {
  if (data.X !== undefined && data.X !== "MARKET") return;
  if (typeof data.m !== "boolean") {
    throw new DamagedLine(`m is ${showValue(data.m)}, expected true or false`);
  }
  writer.setExchTime(timeOf(data));
  // The buyer was the maker, so the seller took.
  writer.trade(data.m ? SELL_FLAG : BUY_FLAG, priceOf(data.p), qtyOf(data.q));
}

/** Writes a depth update. */
export function writeDepthUpdate(data: JsonObject, writer: MessageWriter): void {
  const updateId = updateIdOf(data.u, "u");
  writer.setExchTime(timeOf(data));
  const write = (side: number, levels: readonly (readonly unknown[])[]) => {
    for (const [price, qty] of levels) {
      writer.depthBeforeSnapshot(side, priceOf(price), qtyOf(qty), updateId);
    }
  };
  write(BUY_FLAG, levelsOf(data.b, "b"));
  write(SELL_FLAG, levelsOf(data.a, "a"));
}

/** Writes the best prices. Spot tells no time. */
export function writeBookTicker(data: JsonObject, writer: MessageWriter): void {
  writer.setExchTime(data.T === undefined && data.E === undefined ? undefined : timeOf(data));
  writer.best(BUY_FLAG, priceOf(data.b), qtyOf(data.B));
  writer.best(SELL_FLAG, priceOf(data.a), qtyOf(data.A));
}

/**
 * Writes a REST snapshot: its levels replace those they span. What the stream
 * stated before the snapshot came and after it was made is stated again. Spot tells no time.
 */
export function writeSnapshot(snapshot: JsonObject, writer: MessageWriter): void {
  const lastUpdateId = updateIdOf(snapshot.lastUpdateId, "lastUpdateId");
  writer.setExchTime(
    snapshot.T === undefined && snapshot.E === undefined ? undefined : timeOf(snapshot),
  );
  writeWholeSide(BUY_FLAG, levelsOf(snapshot.bids, "bids"), writer);
  writeWholeSide(SELL_FLAG, levelsOf(snapshot.asks, "asks"), writer);
  writer.restateSince(lastUpdateId);
}

/** Writes one side of a snapshot, best level first. */
export function writeWholeSide(
  side: number,
  levels: readonly (readonly unknown[])[],
  writer: MessageWriter,
): void {
  const last = levels.at(-1);
  if (last === undefined) return;
  writer.clear(side, priceOf(last[0]));
  for (const [price, qty] of levels) writer.snapshot(side, priceOf(price), qtyOf(qty));
}

/** Time of the transaction; spot's depth updates only tell that of the event. */
function timeOf(data: JsonObject): number {
  return data.T === undefined ? msOf(data.E, "E") : msOf(data.T, "T");
}

function updateIdOf(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new DamagedLine(`${name} is ${showValue(value)}, expected an update id`);
  }
  return value;
}

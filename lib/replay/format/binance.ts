/**
 * Binance's market messages, USD-M and COIN-M futures and spot.
 *
 * @module
 */

import { BUY_FLAG, SELL_FLAG } from "../../bot/record.ts";
import { DamagedLine, type JsonObject, msOf, priceOf, qtyOf, showValue } from "./json_fields.ts";
import { writeLevels, writeWholeSide } from "./levels.ts";
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
  const start = writer.records.length;
  const updateId = updateIdOf(data.u, "u");
  writer.setExchTime(timeOf(data));
  writeLevels(BUY_FLAG, data.b, "b", writer);
  writeLevels(SELL_FLAG, data.a, "a", writer);
  writer.keep(start, updateId);
}

/** Writes the best prices. Spot tells no time. */
export function writeBookTicker(data: JsonObject, writer: MessageWriter): void {
  writer.setExchTime(optionalTimeOf(data));
  writer.best(BUY_FLAG, priceOf(data.b), qtyOf(data.B));
  writer.best(SELL_FLAG, priceOf(data.a), qtyOf(data.A));
}

/**
 * Writes a REST snapshot: its levels replace those they span. What the stream
 * stated before the snapshot came and after it was made is stated again. Spot tells no time.
 */
export function writeSnapshot(snapshot: JsonObject, writer: MessageWriter): void {
  const lastUpdateId = updateIdOf(snapshot.lastUpdateId, "lastUpdateId");
  writer.setExchTime(optionalTimeOf(snapshot));
  writeWholeSide(BUY_FLAG, snapshot.bids, "bids", writer);
  writeWholeSide(SELL_FLAG, snapshot.asks, "asks", writer);
  writer.restateSince(lastUpdateId);
}

/** Time of the transaction; spot's depth updates only tell that of the event. */
function timeOf(data: JsonObject): number {
  return data.T === undefined ? msOf(data.E, "E") : msOf(data.T, "T");
}

/** Time of a message that may tell none. */
function optionalTimeOf(data: JsonObject): number | undefined {
  return data.T === undefined && data.E === undefined ? undefined : timeOf(data);
}

function updateIdOf(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new DamagedLine(`${name} is ${showValue(value)}, expected an update id`);
  }
  return value;
}

/**
 * Bybit's public messages, API version 5.
 *
 * @module
 */

import { BUY_FLAG, SELL_FLAG } from "../../bot/record.ts";
import {
  DamagedLine,
  isJsonObject,
  type JsonObject,
  msOf,
  priceOf,
  qtyOf,
  showValue,
} from "./json_fields.ts";
import { writeLevels, writeWholeSide } from "./levels.ts";
import type { MessageWriter } from "./message_writer.ts";

/** Writes a message of an order book topic. */
export function writeOrderBook(message: JsonObject, writer: MessageWriter): void {
  const { data, type } = message;
  if (!isJsonObject(data)) {
    throw new DamagedLine(`data is ${showValue(data)}, expected an object`);
  }
  writer.setExchTime(msOf(message.ts, "ts"));
  if (type === "snapshot") {
    writeWholeSide(BUY_FLAG, data.b, "b", writer);
    writeWholeSide(SELL_FLAG, data.a, "a", writer);
  } else if (type === "delta") {
    writeLevels(BUY_FLAG, data.b, "b", writer);
    writeLevels(SELL_FLAG, data.a, "a", writer);
  } else {
    throw new DamagedLine(`type is ${showValue(type)}, expected "snapshot" or "delta"`);
  }
}

/** Writes a message of a trade topic, which may tell of several trades. */
export function writeTrades(message: JsonObject, writer: MessageWriter): void {
  const { data } = message;
  if (!Array.isArray(data)) {
    throw new DamagedLine(`data is ${showValue(data)}, expected a list of trades`);
  }
  for (const trade of data) {
    if (!isJsonObject(trade)) {
      throw new DamagedLine(`a trade is ${showValue(trade)}, expected an object`);
    }
    const { S: side } = trade;
    if (side !== "Buy" && side !== "Sell") {
      throw new DamagedLine(`S is ${showValue(side)}, expected "Buy" or "Sell"`);
    }
    writer.setExchTime(msOf(trade.T ?? message.ts, "T"));
    writer.trade(side === "Buy" ? BUY_FLAG : SELL_FLAG, priceOf(trade.p), qtyOf(trade.v));
  }
}

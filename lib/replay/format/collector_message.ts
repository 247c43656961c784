/**
 * Messages in the lines of hftbacktest's collector.
 *
 * @module
 */

import { writeBookTicker, writeDepthUpdate, writeSnapshot, writeTrade } from "./binance.ts";
import { writeOrderBook, writeTrades } from "./bybit.ts";
import { DamagedLine, isJsonObject, type JsonObject, showValue } from "./json_fields.ts";
import type { MessageWriter } from "./message_writer.ts";
import { binanceStream, bybitStream, type Stream } from "./streams.ts";

const OTHER: Stream = { kind: "other", symbol: "", levels: 0 };

/**
 * Tells what a message carries by its content: one of a combined stream, one without its envelope, or a
 * REST snapshot.
 */
export function streamOf(message: JsonObject): Stream {
  const { stream, topic, lastUpdateId, bids, asks, e, s } = message;
  if (typeof stream === "string") return binanceStream(stream);
  if (typeof topic === "string") return bybitStream(topic);
  if (lastUpdateId !== undefined && bids !== undefined && asks !== undefined) {
    return { kind: "snapshot", symbol: "", levels: 0 };
  }
  if (typeof s !== "string") return OTHER;
  const symbol = s.toLowerCase();
  if (e === "trade") return { kind: "trade", symbol, levels: 0 };
  if (e === "depthUpdate") return { kind: "depth", symbol, levels: 0 };
  // Spot's names no event.
  const isBookTicker = e === "bookTicker" || (e === undefined && "B" in message && "A" in message);
  return isBookTicker ? { kind: "bookTicker", symbol, levels: 0 } : OTHER;
}

/**
 * Writes the records of a message.
 *
 * @param stream What it carries.
 * @param message The message, with its envelope if it has one.
 * @param writer Where they go; its local time is set.
 * @throws {DamagedLine} If a field is missing or has an impossible value.
 */
export function writeMessage(stream: Stream, message: JsonObject, writer: MessageWriter): void {
  switch (stream.kind) {
    case "trade":
      writeTrade(dataOf(message), writer);
      break;
    case "depth":
      writeDepthUpdate(dataOf(message), writer);
      break;
    case "bookTicker":
      writeBookTicker(dataOf(message), writer);
      break;
    case "snapshot":
      writeSnapshot(message, writer);
      break;
    case "bybitOrderBook":
      writeOrderBook(message, writer);
      break;
    case "bybitTrade":
      writeTrades(message, writer);
      break;
    case "other":
      break;
  }
}

function dataOf(message: JsonObject): JsonObject {
  if (message.stream === undefined) return message;
  if (!isJsonObject(message.data)) {
    throw new DamagedLine(`data is ${showValue(message.data)}, expected an object`);
  }
  return message.data;
}

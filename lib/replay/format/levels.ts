/**
 * Levels of a book, as exchanges list them: pairs of price and quantity as text.
 *
 * @module
 */

import { DamagedLine, priceOf, qtyOf, showValue } from "./json_fields.ts";
import type { MessageWriter } from "./message_writer.ts";

/**
 * Writes levels that changed.
 *
 * @param side `BUY_FLAG` or `SELL_FLAG`.
 * @param levels The list, unchecked.
 * @param name Its name in the message, for errors.
 * @param writer Where the records go.
 * @throws {DamagedLine} If it is no list of levels.
 */
export function writeLevels(
  side: number,
  levels: unknown,
  name: string,
  writer: MessageWriter,
): void {
  for (const level of listOf(levels, name)) {
    const [price, qty] = pairOf(level, name);
    writer.depth(side, priceOf(price), qtyOf(qty));
  }
}

/**
 * Writes all levels of a side, best first. They take the place of those from the best to the
 * last one's price.
 *
 * @param side `BUY_FLAG` or `SELL_FLAG`.
 * @param levels The list, unchecked.
 * @param name Its name in the message, for errors.
 * @param writer Where the records go.
 * @throws {DamagedLine} If it is no list of levels.
 */
export function writeWholeSide(
  side: number,
  levels: unknown,
  name: string,
  writer: MessageWriter,
): void {
  const list = listOf(levels, name);
  if (list.length === 0) return;
  const [lastPrice] = pairOf(list.at(-1), name);
  writer.clear(side, priceOf(lastPrice));
  for (const level of list) {
    const [price, qty] = pairOf(level, name);
    writer.snapshot(side, priceOf(price), qtyOf(qty));
  }
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new DamagedLine(`${name} is ${showValue(value)}, expected a list of levels`);
}

function pairOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length >= 2) return value;
  throw new DamagedLine(
    `a level of ${name} is ${showValue(value)}, expected its price and quantity`,
  );
}

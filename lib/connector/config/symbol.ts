/**
 * Spelling of symbols.
 *
 * @module
 */

import { InvalidInputError } from "../../model/errors.ts";
import type { ConnectorType } from "./types.ts";

/**
 * Checks that a connector can subscribe to a symbol as it is spelt.
 *
 * Binance streams are named in lower case; with an upper-case symbol the real connector
 * subscribes, but takes none of the feed for it. Bybit's topics are in upper case.
 *
 * @param type The exchange.
 * @param symbol The symbol.
 * @returns The symbol.
 * @throws {InvalidInputError} If it is spelt in another way; the message has the right spelling.
 *
 * @example An upper-case symbol
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkSymbol } from "@hftlive/hftlive";
 *
 * assertThrows(() => checkSymbol("binancefutures", "BTCUSDT"), Error, '"btcusdt"');
 * ```
 */
export function checkSymbol(type: ConnectorType, symbol: string): string {
  const [spelt, how] = type === "bybit"
    ? [symbol.toUpperCase(), "in upper case"]
    : [symbol.toLowerCase(), "in lower case"];
  // Binance lists symbols with letters of any script; Bybit's options and dated futures have "-".
  const allowed = type === "bybit" ? /[^\p{L}\p{N}_-]/gu : /[^\p{L}\p{N}_]/gu;
  const right = spelt.replace(allowed, "");
  if (symbol !== right || right === "") {
    const expected = `a symbol as ${type} spells it, ${how}`;
    throw new InvalidInputError(
      "symbol",
      symbol,
      right === "" ? expected : `${expected}: "${right}"`,
    );
  }
  return symbol;
}

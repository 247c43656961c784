import { assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "@hftlive/hftlive";
import { checkConnectorType, checkSymbol, type ConnectorType } from "../../lib/connector/mod.ts";

Deno.test("symbol: the spelling of each exchange", () => {
  const right: [ConnectorType, string][] = [
    ["binancefutures", "btcusdt"],
    ["binancefutures", "btcusdt_260327"],
    ["binancefutures", "1000pepeusdt"],
    ["binancefutures", "币安人生usdt"],
    ["binancespot", "ethbtc"],
    ["bybit", "BTCUSDT"],
    ["bybit", "BTC-27MAR26"],
  ];
  for (const [type, symbol] of right) assertEquals(checkSymbol(type, symbol), symbol);
});

Deno.test("symbol: any other spelling is refused with the right one", () => {
  const wrong: [ConnectorType, string, string][] = [
    ["binancefutures", "BTCUSDT", '"btcusdt"'],
    ["binancespot", "BtcUsdt", '"btcusdt"'],
    ["binancefutures", "BTC-USDT", '"btcusdt"'],
    ["binancefutures", "btc/usdt", '"btcusdt"'],
    ["binancefutures", "btcusdt@depth", '"btcusdtdepth"'],
    ["binancefutures", " btcusdt\n", '"btcusdt"'],
    ["bybit", "btcusdt", '"BTCUSDT"'],
    ["bybit", "BTC/USDT", '"BTCUSDT"'],
  ];
  for (const [type, symbol, right] of wrong) {
    const error = assertThrows(() => checkSymbol(type, symbol), InvalidInputError, right);
    assertEquals([error.field, error.value], ["symbol", symbol]);
  }
  for (const symbol of ["", "/", " "]) {
    assertThrows(() => checkSymbol("bybit", symbol), InvalidInputError, "in upper case");
  }
});

Deno.test("connector type: an unknown one is refused", () => {
  assertEquals(checkConnectorType("bybit"), "bybit");
  for (const type of ["BTCUSDT", "binance", "", undefined]) {
    assertThrows(
      () => checkConnectorType(type),
      InvalidInputError,
      "expected one of binancefutures, binancespot, bybit",
    );
  }
});

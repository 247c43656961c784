import { assertEquals } from "@std/assert";
import { exchangeAbsence } from "../../lib/connector/exchange_absence.ts";
import { parseLogLine } from "../../lib/connector/logs/log_line.ts";

// Word for word what hftbacktest's connector prints.
const REPORT =
  "2026-11-22T14:21:57.596980Z ERROR connector::binancefutures: An error occurred in the market data stream connection. error=ConnectionRefused";
const UNCONNECTED = [
  "thread 'main' (21139) panicked at connector/src/binancefutures/mod.rs:220:41:",
  'called `Result::unwrap()` on an `Err` value: SendError("btcusdt")',
];
const BOOK_TOO_LATE = [
  "thread 'tokio-rt-worker' (18887) panicked at connector/src/binancefutures/market_data_stream.rs:80:63:",
  "called `Result::unwrap()` on an `Err` value: SendError { .. }",
];
const STOPPED = [
  "thread 'tokio-rt-worker' (21136) panicked at connector/src/binancefutures/mod.rs:128:26:",
  "called `Result::unwrap()` on an `Err` value: SendError { .. }",
];
const NO_FILE = [
  "thread 'main' (7) panicked at connector/src/main.rs:389:18:",
  "called `Result::unwrap()` on an `Err` value: ()",
];
const STACK = ["stack backtrace:", "   0: core::panicking::panic"];

function absence(...raw: string[]): string | undefined {
  return exchangeAbsence(raw.map((line) => parseLogLine(line, { stream: "stderr" })));
}

Deno.test("exchangeAbsence() knows the panics of a connector without its exchange", () => {
  const unconnected =
    "it has no connection to its exchange, and ends when a symbol is registered then";
  assertEquals(absence(...UNCONNECTED), unconnected);
  assertEquals(
    absence(REPORT, "", ...UNCONNECTED, ...STACK),
    `${unconnected}: An error occurred in the market data stream connection. error=ConnectionRefused`,
  );
  assertEquals(
    absence("x", ...BOOK_TOO_LATE, ...STACK),
    "it lost the connection to its exchange while it asked for a book, which ends it",
  );
});

Deno.test("exchangeAbsence() takes no other end for one", () => {
  for (const lines of [[], [REPORT], STOPPED, NO_FILE, [UNCONNECTED[1]!], [UNCONNECTED[0]!]]) {
    assertEquals(absence(...lines), undefined);
  }
});

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { HealthLevel, InstrumentHealth } from "../../lib/client/health.ts";
import { columnsOf, plain, styles } from "../../lib/cli/ansi.ts";
import {
  formatBytes,
  formatCount,
  formatNs,
  formatRate,
  formatStep,
  plural,
} from "../../lib/format.ts";
import { progressText } from "../../lib/cli/progress.ts";
import { HealthLog } from "../../lib/cli/watch/health_log.ts";
import type { InstrumentReport, WatchReport } from "../../lib/cli/watch/report.ts";
import { blockLines, plainLine, summary } from "../../lib/cli/watch/view.ts";

const EMPTY: InstrumentReport = {
  connector: "bin",
  symbol: "btcusdt",
  tickSize: 0.01,
  lotSize: 0.001,
  durationS: 2,
  totalTrades: 0,
  buyVolume: 0,
  sellVolume: 0,
  lastBid: null,
  lastAsk: null,
  minSpread: null,
  maxSpread: null,
  tradesPerSecond: 0,
  depthUpdates: 0,
  feedLatencyNs: { p50: null, p99: null, max: null },
  dropped: 0,
  overflows: 0,
  malformed: 0,
  health: { level: "none", healthy: false, reason: "no connector" },
};

const SEEN: InstrumentReport = {
  ...EMPTY,
  totalTrades: 1234,
  buyVolume: 1.5,
  sellVolume: 0.25,
  lastBid: 100,
  lastAsk: 100.03,
  minSpread: 0.01,
  maxSpread: 0.1,
  tradesPerSecond: 617,
  depthUpdates: 50_000,
  feedLatencyNs: { p50: 900, p99: 101_000, max: 2_500_000 },
  health: { level: "fresh", healthy: true, reason: null },
};

function report(instruments: readonly InstrumentReport[], dropped = 0): WatchReport {
  const health = { healthy: true, reason: null };
  return { ...EMPTY, mode: "live", dropped, skipped: 0, health, instruments };
}

const plainStyle = { columns: 100, style: styles(false) };

Deno.test("numbers have units and as many digits as matter", () => {
  assertEquals(
    [0, 999, 1_000, 101_000, 1_200_000, 2.5e9, -900, NaN].map(formatNs),
    ["0 ns", "999 ns", "1.00 us", "101 us", "1.20 ms", "2.50 s", "-900 ns", "-"],
  );
  assertEquals([0, 1023, 1024, 1.25 * 2 ** 30].map(formatBytes), [
    "0 B",
    "1023 B",
    "1.00 KiB",
    "1.25 GiB",
  ]);
  assertEquals([1234567, NaN].map(formatCount), ["1,234,567", "-"]);
  assertEquals(formatStep(100, 0.01), "100.00");
  assertEquals(formatStep(100.5, 1e-7), "100.5000000");
  assertEquals(formatStep(100, 5), "100");
  assertEquals(formatStep(NaN, 5), "-");
  assertEquals(formatRate(12.34), "12.3");
  assertEquals(plural(1, "check"), "1 check");
  assertEquals(plural(2, "process", "processes"), "2 processes");
});

Deno.test("a plain line tells everything about an instrument", () => {
  assertEquals(
    plainLine(report([SEEN]), SEEN),
    "   2.0 s  bin btcusdt  bid 100.00  ask 100.03  trades 1,234 (617.0/s)  bought 1.500  " +
      "sold 0.250  depth updates 50,000  latency p50 900 ns, p99 101 us, max 2.50 ms  " +
      "dropped 0  healthy",
  );
  assertMatch(plainLine(report([EMPTY]), EMPTY), /bid - {2}ask - .*latency - .*not healthy$/);
});

Deno.test("the block tells health and reason, and marks losses", () => {
  const options = { columns: 100, rows: 40, style: styles(true) };
  const lines = blockLines(report([SEEN, EMPTY], 7), options);
  const text = lines.map(plain).join("\n");
  assertStringIncludes(text, "bin btcusdt  healthy\n  bid 100.00   ask 100.03   spread 0.03");
  assertStringIncludes(text, "bin btcusdt  not healthy: no connector\n  bid -   ask -   spread -");
  assertStringIncludes(text, "dropped 7");
  assertStringIncludes(lines.at(-1)!, "\x1b[33m", "losses stand out");
  assert(!blockLines(report([SEEN]), options).at(-1)!.includes("\x1b[33m"));
});

Deno.test("the block never has more lines than the screen, and says what is hidden", () => {
  const many = Array.from({ length: 20 }, () => SEEN);
  for (const rows of [9, 24, 50]) {
    const lines = blockLines(report(many), { ...plainStyle, rows });
    assert(lines.length < rows + 1, `${lines.length} lines on ${rows} rows`);
    assert(lines.some((line) => /^and \d+ more that do not fit/.test(line)));
  }
  assert(!blockLines(report(many), { ...plainStyle, rows: 200 }).some((line) => /more/.test(line)));
});

Deno.test("the summary tells every instrument and what was lost", () => {
  const text = summary(report([SEEN, EMPTY]), plainStyle);
  assertMatch(text, /^Summary: live, 2\.0 s\n/);
  assertMatch(text, /\n {2}spread +0\.03 \(0\.01 to 0\.10\)\n/);
  assertMatch(text, /\n {2}connection +not healthy: no connector\n/);
  assertMatch(text, /\ndropped 0, channel overflows 0, malformed messages 0\n$/);
  const narrow = summary(report([SEEN]), { ...plainStyle, columns: 40 });
  assert(narrow.split("\n").every((line) => columnsOf(line) <= 40), narrow);
});

Deno.test("a health log tells each change once", () => {
  const log = new HealthLog();
  const health = (level: HealthLevel): InstrumentHealth => ({
    asset: 0,
    symbol: "btcusdt",
    connector: "bin",
    level,
    healthy: level === "fresh",
    reason: level === "fresh" ? undefined : "why",
    lastFeedAgeMs: undefined,
  });
  const told = (level: HealthLevel) =>
    log.notices([health(level)]).map(({ text, good }) => `${good ? "+" : "-"} ${text}`);
  assertEquals(told("none"), []);
  assertEquals(log.everRegistered, false);
  assertEquals(told("attached"), ["+ bin btcusdt: connector attached, registering"]);
  assertEquals(log.everRegistered, false);
  assertEquals(told("registered"), ["+ bin btcusdt: registered, waiting for market data"]);
  assertEquals(log.everRegistered, true);
  assertEquals(told("fresh"), ["+ bin btcusdt: healthy, market data comes in"]);
  assertEquals(told("fresh"), []);
  assertEquals(told("registered"), ["- bin btcusdt: connection lost, why"]);
  assertEquals(told("none"), ["- bin btcusdt: connection lost, why"]);
  assertEquals(log.everRegistered, true);
});

Deno.test("progress tells steps as far as they are known", () => {
  assertEquals(progressText({ what: "Waiting" }, 3.9), "Waiting, 3 s");
  assertEquals(progressText({ what: "Compiled x", done: 4 }, 0), "Compiled x (4), 0 s");
  assertEquals(
    progressText({ what: "Compiled x", done: 4, total: 9 }, 61),
    "Compiled x (4 of 9), 61 s",
  );
});

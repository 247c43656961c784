/** Reading the lines of hftbacktest's collector. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import {
  EventKind,
  InvalidInputError,
  openRecording,
  type OpenRecordingOptions,
} from "@hftlive/hftlive";
import { TempDirectory } from "../support/temp_directory.ts";
import {
  BUY,
  concat,
  type Delivered,
  drain,
  openError,
  read,
  type Row,
  SELL,
} from "./read_support.ts";

/** Time of the first line. */
const START = 1_700_000_000_000_000_001n;
const MS = 1_699_999_999_000;
const EXCH = BigInt(MS) * 1_000_000n;

Deno.test("lines: a trade has the side of its taker and the time of the transaction", async () => {
  const { rows } = await readLines([trade({ m: false }), trade({ m: true, T: MS + 1 })]);
  assertEquals(rows, [
    { ev: BUY + EventKind.Trade, exch: EXCH, local: START, px: 100.5, qty: 0.25 },
    {
      ev: SELL + EventKind.Trade,
      exch: EXCH + 1_000_000n,
      local: START + 1n,
      px: 100.5,
      qty: 0.25,
    },
  ]);
});

Deno.test("lines: only trades of the market count", async () => {
  const { rows } = await readLines([trade({ X: "INSURANCE_FUND" }), trade({ X: "MARKET" })]);
  assertEquals(rows.map(({ local }) => local), [START + 1n]);
});

Deno.test("lines: a depth update has bids, then asks; 0 removes a level", async () => {
  const { rows } = await readLines([depth({ b: [["9.5", "1"], ["9.4", "0"]], a: [["9.6", "2"]] })]);
  assertEquals(rows.map(brief), [
    [BUY + EventKind.Depth, 9.5, 1],
    [BUY + EventKind.Depth, 9.4, 0],
    [SELL + EventKind.Depth, 9.6, 2],
  ]);
  assertEquals(rows.map(({ exch }) => exch), [EXCH, EXCH, EXCH]);
});

Deno.test("lines: a snapshot clears what it spans, then come its levels and newer updates", async () => {
  const { rows } = await readLines([
    depth({ u: 10, b: [["9.5", "1"]] }),
    depth({ u: 12, T: MS + 5, b: [["9.4", "3"]], a: [["9.7", "4"]] }),
    snapshot({ lastUpdateId: 11, bids: [["9.5", "2"], ["9.3", "1"]], asks: [["9.6", "1"]] }),
    depth({ u: 13, a: [["9.6", "0"]] }),
  ]);
  assertEquals(rows.slice(3).map(brief), [
    [BUY + EventKind.DepthClear, 9.3, 0],
    [BUY + EventKind.Snapshot, 9.5, 2],
    [BUY + EventKind.Snapshot, 9.3, 1],
    [SELL + EventKind.DepthClear, 9.6, 0],
    [SELL + EventKind.Snapshot, 9.6, 1],
    [BUY + EventKind.Depth, 9.4, 3],
    [SELL + EventKind.Depth, 9.7, 4],
    [SELL + EventKind.Depth, 9.6, 0],
  ]);
  const restated = rows.slice(8, 10).map(({ exch, local }) => [exch, local]);
  assertEquals(restated, [[EXCH + 5_000_000n, START + 2n], [EXCH + 5_000_000n, START + 2n]]);
});

Deno.test("lines: a snapshot restates some thousands of levels at most", async () => {
  const levels = Array.from({ length: 1000 }, (_, i) => [`${i + 1}`, "1"]);
  const updates = Array.from({ length: 40 }, (_, i) => depth({ u: i + 1, b: levels }));
  const { rows } = await readLines([...updates, snapshot({ lastUpdateId: 0 })]);
  const restated = rows.length - 40_000;
  assert(restated >= 8000 && restated < 20_000, `${restated} levels`);
});

Deno.test("lines: streams without their envelope", async () => {
  const bare = (line: object) => "data" in line ? line.data as object : line;
  const lines = [trade(), depth({ b: [["1", "2"]] }), bookTicker()];
  const options = { withBookTicker: true };
  assertEquals(await readLines(lines.map(bare), options), await readLines(lines, options));
});

Deno.test("lines: best prices come when they are asked for", async () => {
  assertEquals((await readLines([trade(), bookTicker()])).rows.length, 1);
  const { rows } = await readLines([bookTicker()], { withBookTicker: true });
  assertEquals(rows.map(brief), [[BUY + EventKind.Bbo, 9.5, 1], [SELL + EventKind.Bbo, 9.6, 2]]);
});

Deno.test("lines: spot has no kind of trade, and no time in some messages", async () => {
  const event = { e: "depthUpdate", E: MS, s: "BTCUSDT", U: 1, u: 5, b: [["9.5", "1"]], a: [] };
  const { rows } = await readLines([
    { stream: "btcusdt@depth@100ms", data: event },
    trade({ X: undefined }),
    { lastUpdateId: 5, bids: [["9.5", "2"]], asks: [] },
    {
      stream: "btcusdt@bookTicker",
      data: { u: 6, s: "BTCUSDT", b: "9.5", B: "1", a: "9.6", A: "2" },
    },
  ], { withBookTicker: true });
  assertEquals(rows.map(({ ev, exch }) => [ev & 0xff, exch]), [
    [EventKind.Depth, EXCH],
    [EventKind.Trade, EXCH],
    [EventKind.DepthClear, START + 2n],
    [EventKind.Snapshot, START + 2n],
    [EventKind.Bbo, START + 3n],
    [EventKind.Bbo, START + 3n],
  ]);
});

Deno.test("lines: Bybit's snapshots, deltas and trades of one of its books", async () => {
  const book = (levels: number, type: string, b: string[][], a: string[][]) => ({
    topic: `orderbook.${levels}.BTCUSDT`,
    type,
    ts: MS,
    data: { s: "BTCUSDT", b, a, u: 1, seq: 1 },
    cts: MS - 5,
  });
  const trades = ["Buy", "Sell"].map((S, i) => ({ T: MS + i, s: "BTCUSDT", S, v: "1", p: "9.5" }));
  const lines = [
    book(1, "snapshot", [["9.5", "1"]], []),
    book(50, "snapshot", [["9.5", "1"], ["9.4", "2"]], [["9.6", "3"]]),
    { topic: "publicTrade.BTCUSDT", type: "snapshot", ts: MS, data: trades },
    book(50, "delta", [["9.4", "0"]], []),
    book(500, "delta", [["9.1", "7"]], []),
    { success: true, op: "subscribe" },
  ];
  const { rows } = await readLines(lines, {}, "BTCUSDT");
  assertEquals(rows.map(brief), [
    [BUY + EventKind.DepthClear, 9.4, 0],
    [BUY + EventKind.Snapshot, 9.5, 1],
    [BUY + EventKind.Snapshot, 9.4, 2],
    [SELL + EventKind.DepthClear, 9.6, 0],
    [SELL + EventKind.Snapshot, 9.6, 3],
    [BUY + EventKind.Trade, 9.5, 1],
    [SELL + EventKind.Trade, 9.5, 1],
    [BUY + EventKind.Depth, 9.4, 0],
  ]);
  assertEquals(rows[6]?.exch, EXCH + 1_000_000n);
  const deepest = await readLines(lines, { bybitLevels: 500 }, "BTCUSDT");
  assertEquals(deepest.rows.map(({ px }) => px), [9.5, 9.5, 9.1]);
});

Deno.test("lines: what is no market data is left out", async () => {
  const { rows, skipped } = await readLines([
    { result: null, id: 1 },
    { code: -1003, msg: "Too many requests" },
    { stream: "btcusdt@markPrice@1s", data: { e: "markPriceUpdate", s: "BTCUSDT", T: MS } },
    { stream: "btcusdt@depth5@100ms", data: { e: "depthUpdate", s: "BTCUSDT", b: "?" } },
    trade(),
  ]);
  assertEquals([rows.length, skipped], [1, 0]);
});

Deno.test("lines: a source for each symbol, each in its own time", async () => {
  await using directory = await TempDirectory.create();
  const lines = [trade(), trade({ s: "ETHUSDT" }), trade({ s: "ETHUSDT" }), trade()];
  const path = await write(directory, lines);
  const sources = openRecording(path);
  assertEquals(sources.map(({ symbol }) => symbol), ["btcusdt", "ethusdt"]);
  assertEquals(sources.map(({ name }) => name), [path, path]);
  assertEquals(sources.map((source) => drain(source).rows.map(({ local }) => local)), [
    [START, START + 3n],
    [START + 1n, START + 2n],
  ]);
  assertEquals(read(path, { symbols: ["ETHUSDT"] }).rows.length, 2);
});

Deno.test("lines: a symbol that is named twice has one source", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, [trade()]);
  assertEquals(read(path, { symbols: ["btcusdt", "BTCUSDT"] }).rows.length, 1);
});

Deno.test("lines: options that cannot be used", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, [trade()]);
  for (const options of [{ symbols: [] }, { symbols: [""] }, { bybitLevels: 0.5 }]) {
    assertThrows(() => openRecording(path, options), InvalidInputError, Object.keys(options)[0]);
  }
});

Deno.test("lines: a symbol that comes late is not left out silently", async () => {
  await using directory = await TempDirectory.create();
  const many = Array.from({ length: 10_000 }, () => trade());
  const path = await write(directory, [...many, trade({ s: "LATEUSDT" }), trade()]);
  const { rows, error } = read(path);
  assertEquals(rows.length, 10_000);
  assertStringIncludes(error?.message ?? "", 'found symbol "lateusdt", which');
  assertEquals(error?.line, 10_001);
  assertEquals(read(path, { skipDamaged: true }).skipped, 1);
  assertEquals(read(path, { symbols: ["lateusdt"] }).rows.length, 1);
  assertEquals(read(path, { symbols: ["btcusdt"] }).error, undefined);
});

Deno.test("lines: a symbol that never comes is an error at the end", async () => {
  await using directory = await TempDirectory.create();
  const { error } = read(await write(directory, [trade()]), { symbols: ["btcusd"] });
  assertStringIncludes(error?.message ?? "", "only messages of other symbols such as btcusdt");
});

Deno.test("lines: a snapshot among several symbols could be of any", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, [trade(), trade({ s: "ETHUSDT" }), snapshot()]);
  for (const source of openRecording(path)) {
    const { rows, error } = drain(source);
    assertEquals(rows.length, 1);
    assertStringIncludes(error?.message ?? "", "found a snapshot that names no symbol");
  }
});

Deno.test("lines: no messages of an exchange", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, [{ result: null }]);
  assertStringIncludes(openError(path).message, "found no message of a known exchange");
  assertEquals(read(path, { symbols: ["btcusdt"] }).rows, []);
});

Deno.test("lines: numbers are those that JSON.parse and Number make", async () => {
  const prices = ["0.1", "61800.20", "00.30", "123456789012345", "0.000000000000001", "1e3"];
  const long = ["0.1234567890123456789", "90071992547409.93", "61800.2000000000000000"];
  const all = [...prices, ...long];
  const { rows } = await readLines(all.map((p) => trade({ p })));
  assertEquals(rows.map(({ px }) => px), all.map(Number));
});

const DAMAGED: readonly (readonly [name: string, line: string, expected: string])[] = [
  ["an empty line", "", 'the line begins with "", expected a time'],
  ["no time", json(trade()), "expected a time in nanoseconds and a space"],
  ["a time that is too large", `99999999999999999999 ${json(trade())}`, "expected a time"],
  ["a time alone", String(START + 1n), "expected a time in nanoseconds and a space"],
  ["a time long past", `${START - 1_000_000_001n} ${json(trade())}`, "expected none before"],
  ["garbage", "\x00\xff\x17", "expected a time in nanoseconds"],
  [
    "bytes that are no text",
    `${START + 1n} {"stream":"btcusdt@trade","\xff`,
    "the message is no UTF-8",
  ],
  ["JSON that is cut", `${START + 1n} ${json(trade()).slice(0, -9)}`, "the message is no JSON"],
  ["JSON that is no object", `${START + 1n} [1]`, "the message is [1], expected an object"],
  ["no data", `${START + 1n} {"stream":"btcusdt@trade"}`, "data is missing, expected an object"],
  ["a price that is no number", lineOf(trade({ p: "abc" })), 'price is "abc", expected a decimal'],
  ["a price that is no text", lineOf(trade({ p: 5 })), "price is 5, expected a decimal number"],
  ["no price", lineOf(trade({ p: undefined })), "price is missing"],
  ["a negative quantity", lineOf(trade({ q: "-1" })), "quantity is -1, expected a number from 0"],
  ["no side", lineOf(trade({ m: undefined })), "m is missing, expected true or false"],
  ["a time as text", lineOf(trade({ T: "5" })), 'T is "5", expected milliseconds since 1970'],
  ["microseconds", lineOf(trade({ T: MS * 1000 })), `T is ${MS}000, expected milliseconds`],
  ["no update id", lineOf(depth({ u: undefined })), "u is missing, expected an update id"],
  ["no levels", lineOf(depth({ a: undefined })), "a is missing, expected a list of levels"],
  ["half a level", lineOf(depth({ b: [["1"]] })), 'a level of b is ["1"], expected its price'],
  [
    "a later level that is wrong",
    lineOf(depth({ b: [["1", "2"], ["1", "x"]] })),
    'quantity is "x", expected a decimal number',
  ],
  ["a snapshot without a last id", lineOf({ ...snapshot(), lastUpdateId: "1" }), "lastUpdateId is"],
];

for (const [name, damaged, expected] of DAMAGED) {
  Deno.test(`lines: ${name} is damage at its line, and can be skipped`, async () => {
    await using directory = await TempDirectory.create();
    const [before, after] = [lineOf(trade(), 0), lineOf(trade(), 2)];
    const path = await writeText(directory, [before, damaged, after]);
    const { rows, error } = read(path);
    assertEquals(rows.length, 1);
    assertStringIncludes(error?.message ?? "", expected);
    assertEquals([error?.line, error?.offset, error?.of], [2, before.length + 1, "content"]);
    const skipping = read(path, { skipDamaged: true });
    assertEquals(skipping.rows.map(({ local }) => local), [START, START + 2n]);
    assertEquals([skipping.skipped, skipping.error], [1, undefined]);
  });
}

Deno.test("lines: what was skipped leaves no trace in a later snapshot", async () => {
  const { rows, skipped } = await readLines([
    depth({ u: 9, b: [["1", "2"], ["1", "x"]] }),
    snapshot({ lastUpdateId: 1 }),
    trade(),
  ], { skipDamaged: true });
  assertEquals([rows.map(({ ev }) => ev & 0xff), skipped], [[EventKind.Trade], 1]);
});

Deno.test("lines: a line that crosses the one before takes its time", async () => {
  await using directory = await TempDirectory.create();
  const lines = [
    lineOf(trade(), 1_000_000_000),
    lineOf(trade(), 0),
    lineOf(trade(), 1_000_000_001),
  ];
  const { rows } = read(await writeText(directory, lines));
  assertEquals(rows.map(({ local }) => Number(local - START)), [1e9, 1e9, 1e9 + 1]);
});

Deno.test("lines: without compression, without a last line feed, with CRLF", async () => {
  await using directory = await TempDirectory.create();
  const lines = [lineOf(trade(), 0), lineOf(depth({ b: [["1", "2"]] }), 1)];
  for (const end of ["\n", "\r\n"]) {
    const path = directory.file("plain");
    await Deno.writeTextFile(path, lines.join(end));
    assertEquals(read(path).rows.length, 2);
  }
});

Deno.test("lines: a line larger than any buffer", async () => {
  const levels = Array.from({ length: 20_000 }, (_, i) => [`${i + 1}.5`, "1"]);
  const { rows, error } = await readLines([trade(), depth({ b: levels }), trade()]);
  assertEquals([rows.length, error], [20_002, undefined]);
});

Deno.test("lines: gzip that is cut is read up to the cut", async () => {
  await using directory = await TempDirectory.create();
  const lines = Array.from({ length: 5000 }, (_, i) => lineOf(trade({ t: i * 7919 }), i));
  const whole = new Uint8Array(gzipSync(lines.join("\n") + "\n"));
  const path = directory.file("cut.gz");
  await Deno.writeFile(path, whole.subarray(0, whole.length >> 1));
  const { rows, error } = read(path);
  assert(rows.length > 1000 && rows.length < 4000, `${rows.length} rows`);
  assertStringIncludes(error?.message ?? "", "the compressed data is cut off");
  assertStringIncludes(error?.message ?? "", `(byte ${whole.length >> 1} of the file)`);
  assertEquals(error?.line, rows.length + 1);
  const start = lines.slice(0, rows.length).join("\n").length;
  assert(error!.offset >= start && error!.offset <= start + 200, error?.message);
  assertEquals(read(path, { skipDamaged: true }), { rows, skipped: 1, error: undefined });
});

Deno.test("lines: gzip whose checksum is wrong is told at the end", async () => {
  await using directory = await TempDirectory.create();
  const bytes = new Uint8Array(gzipSync(lineOf(trade()) + "\n"));
  bytes[bytes.length - 5]! ^= 1;
  const path = directory.file("wrong.gz");
  await Deno.writeFile(path, bytes);
  const { rows, error } = read(path);
  assertEquals(rows.length, 1);
  assertStringIncludes(error?.message ?? "", "the content's checksum is 0x");
});

Deno.test("lines: collectors that were started again append a gzip member", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("two.gz");
  const members = [0, 1].map((i) => new Uint8Array(gzipSync(lineOf(trade(), i) + "\n")));
  await Deno.writeFile(path, concat(...members));
  assertEquals(read(path).rows.length, 2);
});

function brief({ ev, px, qty }: Row): [ev: number, px: number, qty: number] {
  return [ev, px, qty];
}

/** Writes lines a nanosecond apart, and reads them. */
async function readLines(
  lines: readonly object[],
  options: OpenRecordingOptions = {},
  symbol = "btcusdt",
): Promise<Delivered> {
  await using directory = await TempDirectory.create();
  const [source, ...others] = openRecording(await write(directory, lines), options);
  assert(source !== undefined && others.length === 0);
  assertEquals(source.symbol, symbol);
  return drain(source);
}

function write(directory: TempDirectory, lines: readonly object[]): Promise<string> {
  return writeText(directory, lines.map((line, i) => lineOf(line, i)));
}

async function writeText(directory: TempDirectory, lines: readonly string[]): Promise<string> {
  const path = directory.file("recording.gz");
  // One byte a character, so that a line can be no UTF-8.
  const bytes = Uint8Array.from(lines.join("\n") + "\n", (char) => char.charCodeAt(0));
  await Deno.writeFile(path, new Uint8Array(gzipSync(bytes)));
  return path;
}

function lineOf(message: object, afterNs = 1): string {
  return `${START + BigInt(afterNs)} ${json(message)}`;
}

function json(message: object): string {
  return JSON.stringify(message);
}

/** Fields of a message, whatever they are. */
type Fields = Readonly<Record<string, unknown>>;

function trade(fields: Fields = {}): object {
  const data = {
    ...{ e: "trade", E: MS + 3, T: MS, s: "BTCUSDT", t: 1, p: "100.5", q: "0.25", X: "MARKET" },
    ...{ m: false, ...fields },
  };
  return { stream: `${data.s.toLowerCase()}@trade`, data };
}

function depth(fields: Fields = {}): object {
  const data = { e: "depthUpdate", E: MS + 3, T: MS, s: "BTCUSDT", U: 1, u: 1, pu: 0 };
  return { stream: "btcusdt@depth@0ms", data: { ...data, b: [], a: [], ...fields } };
}

function bookTicker(): object {
  const data = { e: "bookTicker", u: 1, s: "BTCUSDT", b: "9.5", B: "1", a: "9.6", A: "2" };
  return { stream: "btcusdt@bookTicker", data: { ...data, T: MS, E: MS + 1 } };
}

function snapshot(fields: Fields = {}): object {
  return { lastUpdateId: 1, E: MS + 3, T: MS, bids: [], asks: [], ...fields };
}

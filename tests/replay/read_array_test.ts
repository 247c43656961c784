/** Reading hftbacktest's event arrays, npz and npy. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { EventKind, InvalidInputError, openRecording } from "@hftlive/hftlive";
import { TempDirectory } from "../support/temp_directory.ts";
import {
  BUY,
  concat,
  EVENT_DESCR,
  npyFile,
  type NpyOptions,
  openError,
  read,
  type Row,
  SELL,
  text,
  zipFile,
  type ZipOptions,
} from "./read_support.ts";

/** More than a source reads at once. */
const ROWS: readonly Row[] = Array.from({ length: 10_000 }, (_, i) => ({
  ev: (i % 3 === 0 ? SELL : BUY) + (i % 2 === 0 ? EventKind.Depth : EventKind.Trade),
  exch: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_003n,
  local: 1_700_000_000_000_500_000n + BigInt(i) * 1_000_003n,
  px: 61_800 + (i % 97) * 0.1,
  qty: (i % 13) * 0.001,
}));
const ROW = ROWS[0]!;

const SHAPES: readonly (readonly [name: string, options: ZipOptions])[] = [
  ["stored", {}],
  ["deflated", { method: "deflated" }],
  ["zip64 and stored", { zip64: true }],
  ["zip64 and deflated", { method: "deflated", zip64: true }],
  ["with a comment", { comment: "PK\x05\x06 is no directory" }],
];

for (const [name, options] of SHAPES) {
  Deno.test(`npz: ${name}`, async () => {
    await using directory = await TempDirectory.create();
    const path = await write(directory, zipFile({ "data.npy": npyFile(ROWS) }, options));
    assertEquals(read(path), { rows: ROWS, skipped: 0, error: undefined });
  });
}

for (const version of [1, 2, 3]) {
  Deno.test(`npy: format version ${version}`, async () => {
    await using directory = await TempDirectory.create();
    const path = await write(directory, npyFile(ROWS, { version }));
    assertEquals(read(path), { rows: ROWS, skipped: 0, error: undefined });
  });
}

Deno.test("npz: data.npy is read, or the only array", async () => {
  await using directory = await TempDirectory.create();
  const [one, other] = [npyFile(ROWS.slice(0, 1)), npyFile(ROWS.slice(0, 2))];
  const open = async (files: Record<string, Uint8Array<ArrayBuffer>>) =>
    await write(directory, zipFile(files));
  assertEquals(read(await open({ "a.npy": other, "data.npy": one })).rows.length, 1);
  assertEquals(read(await open({ "readme.txt": text("x"), "a.npy": other })).rows.length, 2);
  assertStringIncludes(
    openError(await open({ "a.npy": one, "b.npy": other })).message,
    "the archive has a.npy, b.npy, expected data.npy or one array",
  );
  assertStringIncludes(openError(await open({})).message, "the archive has no array");
});

Deno.test("npz: the symbol is the one that is given", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, npyFile(ROWS));
  const symbolOf = (symbols?: string[]) => {
    const [source] = openRecording(path, { symbols });
    using _source = source;
    return source?.symbol;
  };
  assertEquals(symbolOf(), undefined);
  assertEquals(symbolOf(["btcusdt"]), "btcusdt");
  assertThrows(() => symbolOf(["btcusdt", "ethusdt"]), InvalidInputError, "one symbol");
});

Deno.test("npz: an empty array has no events", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, zipFile({ "data.npy": npyFile([]) }, { method: "deflated" }));
  assertEquals(read(path), { rows: [], skipped: 0, error: undefined });
});

const HEADERS: readonly (readonly [name: string, options: NpyOptions, expected: string])[] = [
  ["other fields", { descr: "[('a', '<u8'), ('b', '<f8')]" }, 'records are "a <u8, b <f8"'],
  ["big endian", { descr: EVENT_DESCR.replaceAll("<", ">") }, 'records are "ev >u8, exch_ts >i8'],
  ["no structure", { descr: "'<f8'" }, 'records are "<f8"'],
  ["Fortran order", { fortranOrder: "True" }, "in Fortran order, expected C order"],
  ["two dimensions", { shape: "(1, 1)" }, "shape is (1, 1), expected one dimension"],
  ["a negative length", { shape: "(-1,)" }, "shape is (-1), expected one dimension"],
  ["a later version", { version: 4 }, "version is 4.0, expected 1.0, 2.0 or 3.0"],
  ["no dictionary", { descr: "import os", shape: "" }, "expected a Python dictionary"],
];

for (const [name, options, expected] of HEADERS) {
  Deno.test(`npy: ${name} is refused`, async () => {
    await using directory = await TempDirectory.create();
    const path = await write(directory, npyFile([ROW], options));
    const error = openError(path);
    assertStringIncludes(error.message, expected);
    assertEquals([error.file, error.of], [path, "file"]);
  });
}

const RECORDS: readonly (readonly [name: string, spoiled: Partial<Row>, expected: string])[] = [
  ["an unknown kind", { ev: BUY + 9 }, "event kind is 9, expected 1 to 5"],
  ["market by order", { ev: BUY + 10 }, "event kind is 10, expected 1 to 5"],
  ["a price that is no number", { px: NaN }, "price is NaN, expected a number"],
  ["a negative quantity", { qty: -1 }, "quantity is -1, expected a number from 0"],
  ["a level without a side", { ev: EventKind.Depth }, "side is missing"],
  ["both sides", { ev: BUY + 2 ** 28 + EventKind.Trade }, "side is both"],
  ["flags beyond 32 bits", { ev: BUY + 2 ** 40 + EventKind.Trade }, "flags beyond bit 31: 0x100"],
  ["time going backwards", { local: 5n }, "local time is before that of the record before"],
  ["a negative time", { local: -5n }, "local time is negative"],
];

for (const [name, spoiled, expected] of RECORDS) {
  Deno.test(`npy: ${name} is damage at its record, and can be skipped`, async () => {
    await using directory = await TempDirectory.create();
    const rows = ROWS.map((row, i) => i === 5000 ? { ...row, ...spoiled } : row);
    const path = await write(directory, npyFile(rows));
    const { rows: before, error } = read(path);
    assertEquals(before, ROWS.slice(0, 5000));
    assertStringIncludes(error?.message ?? "", `record 5000 is damaged, ${expected}`);
    assertEquals(error?.offset, npyFile([]).length + 5000 * 64);
    assertEquals(read(path, { skipDamaged: true }), {
      rows: ROWS.filter((_, i) => i !== 5000),
      skipped: 1,
      error: undefined,
    });
  });
}

Deno.test("npy: an error stays", async () => {
  await using directory = await TempDirectory.create();
  const [source] = openRecording(await write(directory, npyFile([{ ...ROW, px: NaN }])));
  using open = source;
  const messages = [1, 2].map(() => assertThrows(() => open?.next()));
  assert(messages[0] === messages[1]);
});

Deno.test("npy: a converter's own events are left out", async () => {
  await using directory = await TempDirectory.create();
  const rows = ROWS.slice(0, 20).flatMap((row) => [row, { ...row, ev: BUY + 103, px: NaN }]);
  assertEquals(read(await write(directory, npyFile(rows))), {
    rows: ROWS.slice(0, 20),
    skipped: 0,
    error: undefined,
  });
});

Deno.test("npy: events for the exchange alone need no order of local time", async () => {
  await using directory = await TempDirectory.create();
  const rows = [ROWS[8]!, { ...ROWS[2]!, ev: ROWS[2]!.ev - 2 ** 30 }, ROWS[9]!];
  assertEquals(read(await write(directory, npyFile(rows))).rows, rows);
});

for (const method of ["stored", "deflated"] as const) {
  Deno.test(`npz: a wrong checksum is told at the end, ${method}`, async () => {
    await using directory = await TempDirectory.create();
    const spoil = (content: Uint8Array) => content[content.length - 1]! ^= 1;
    const path = await write(
      directory,
      zipFile({ "data.npy": npyFile(ROWS) }, { method, spoil }),
    );
    const { rows, error } = read(path);
    assertEquals(rows.length, ROWS.length);
    assertStringIncludes(error?.message ?? "", "data.npy has the checksum 0x");
    assertEquals(read(path, { skipDamaged: true }).skipped, 1);
  });
}

Deno.test("npz: damage within the compressed data ends it after what could be read", async () => {
  await using directory = await TempDirectory.create();
  const bytes = zipFile({ "data.npy": npyFile(ROWS) }, { method: "deflated" });
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64);
  const path = await write(directory, bytes);
  const { rows, error } = read(path);
  assert(rows.length > 0 && rows.length < ROWS.length && error !== undefined);
  assertEquals(rows, ROWS.slice(0, rows.length));
  const skipping = read(path, { skipDamaged: true });
  assert(skipping.skipped > 0 && skipping.error === undefined);
});

Deno.test("npz: a cut archive has no directory", async () => {
  await using directory = await TempDirectory.create();
  const bytes = zipFile({ "data.npy": npyFile(ROWS) }).subarray(0, 300_000);
  const error = openError(await write(directory, bytes));
  assertStringIncludes(error.message, "found no zip directory");
  assertEquals(error.offset, 300_000);
});

Deno.test("npz: an encrypted array is refused", async () => {
  await using directory = await TempDirectory.create();
  const path = await write(directory, zipFile({ "data.npy": npyFile([]) }, { flags: 1 }));
  assertStringIncludes(openError(path).message, "data.npy is encrypted");
});

Deno.test("npy: a cut array is read up to the cut", async () => {
  await using directory = await TempDirectory.create();
  const whole = npyFile(ROWS);
  const path = await write(directory, whole.subarray(0, whole.length - 100));
  const { rows, error } = read(path);
  assertEquals(rows, ROWS.slice(0, -2));
  assertStringIncludes(error?.message ?? "", "the end comes after 9998 records, expected 10000");
  assertEquals(error?.offset, whole.length - 100);
});

Deno.test("npy: more bytes than records are damage", async () => {
  await using directory = await TempDirectory.create();
  const { rows, error } = read(await write(directory, concat(npyFile(ROWS), text("more"))));
  assertEquals(rows, ROWS);
  assertStringIncludes(error?.message ?? "", "bytes after the last of 10000 records");
});

Deno.test("npy: a cut header is damage", async () => {
  await using directory = await TempDirectory.create();
  const error = openError(await write(directory, npyFile(ROWS).subarray(0, 50)));
  assertStringIncludes(error.message, "the end comes within the array's header");
  assertEquals(error.offset, 50);
});

Deno.test("recording: files that are none", async () => {
  await using directory = await TempDirectory.create();
  const png = await write(directory, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
  assertStringIncludes(openError(png).message, "begins with the bytes 89 50 4e 47 0d 0a, expected");
  const empty = await write(directory, new Uint8Array(0));
  assertStringIncludes(openError(empty).message, "the file is empty");
  for (const path of [directory.file("missing"), directory.path]) {
    assertThrows(() => openRecording(path), InvalidInputError, "expected the path of an existing");
  }
});

Deno.test({
  name: "recording: a missing permission is named",
  permissions: { read: false },
  fn() {
    assertThrows(() => openRecording("/x.npz"), Error, "--allow-read=/x.npz");
  },
});

async function write(directory: TempDirectory, bytes: Uint8Array): Promise<string> {
  const path = directory.file(`${crypto.randomUUID()}.bin`);
  await Deno.writeFile(path, bytes);
  return path;
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError, MissingPermissionError, readOrderLatencies } from "@hftlive/hftlive";
import { RecordingError } from "../../lib/replay/errors.ts";
import { numpyMissing, runPython } from "../support/python.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const FIELDS = "('req_ts', '<i8'), ('exch_ts', '<i8'), ('resp_ts', '<i8'), ('_padding', '<i8')";
const ROWS = [[1_000n, 1_100n, 1_300n], [2_000n, -1n, 2_600n], [3_000n, 0n, 3_600n]];

/** numpy's file of some rows. */
function array(rows: readonly (readonly bigint[])[], fields = FIELDS): Uint8Array<ArrayBuffer> {
  const text = `{'descr': [${fields}], 'fortran_order': False, 'shape': (${rows.length},), }\n`;
  const header = new TextEncoder().encode(text);
  const bytes = new Uint8Array(10 + header.length + rows.length * 32);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(header, 10);
  for (const [index, row] of rows.entries()) {
    for (const [field, value] of row.entries()) {
      view.setBigInt64(10 + header.length + index * 32 + field * 8, value, true);
    }
  }
  return bytes;
}

Deno.test("order latencies are read from an array", async () => {
  await using directory = await TempDirectory.create();
  const path = directory.file("latency.npy");
  await Deno.writeFile(path, array(ROWS));
  assertEquals(
    readOrderLatencies(path).map((row) => Object.values(row)),
    [[1_000n, 1_100n, 1_300n], [2_000n, 0n, 2_600n], [3_000n, 0n, 3_600n]],
  );
});

Deno.test({
  name: "order latencies are read from numpy's own archive",
  ignore: numpyMissing() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const path = directory.file("latency.npz");
    const program = [
      "import numpy, sys",
      "fields = [('req_ts', 'i8'), ('exch_ts', 'i8'), ('resp_ts', 'i8'), ('_padding', 'i8')]",
      "rows = [(1000, 1100, 1300, 0), (2000, 2200, 2600, 0)]",
      "numpy.savez_compressed(sys.argv[1], data=numpy.array(rows, numpy.dtype(fields, align=True)))",
    ].join("\n");
    await runPython(program, path);
    assertEquals(
      readOrderLatencies(path).map((row) => Object.values(row)),
      [[1_000n, 1_100n, 1_300n], [2_000n, 2_200n, 2_600n]],
    );
  },
});

Deno.test("what is no such array is refused", async () => {
  await using directory = await TempDirectory.create();
  const refused = async (bytes: Uint8Array) => {
    const path = directory.file("latency.npy");
    await Deno.writeFile(path, bytes);
    return assertThrows(() => readOrderLatencies(path), RecordingError).message;
  };
  const whole = array(ROWS);
  const events = await refused(array(ROWS, FIELDS.replace("req_ts", "ev")));
  assert(events.includes("req_ts <i8"), events);
  assert((await refused(whole.subarray(0, -1))).includes("1 bytes more"));
  assert((await refused(Uint8Array.of(...whole, 0))).includes("after the last of 3 rows"));
  assert((await refused(Uint8Array.of(1, 2, 3))).includes("latency.npy"));
  const missing = directory.file("missing.npz");
  assertThrows(() => readOrderLatencies(missing), InvalidInputError, missing);
});

Deno.test({
  name: "order latencies that may not be read are told with the flag",
  permissions: "none",
  fn() {
    const error = assertThrows(
      () => readOrderLatencies("/tmp/latency.npz"),
      MissingPermissionError,
    );
    assertEquals(error.flags, ["--allow-read=/tmp/latency.npz"]);
  },
});

/** Reading what numpy and hftbacktest write. */

import { assert, assertEquals } from "@std/assert";
import { EventKind } from "@hftlive/hftlive";
import { numpyMissing, pythonPackageMissing, runPython } from "../support/python.ts";
import { RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { BUY, npyFile, read, type Row, SELL } from "./read_support.ts";

/** Writes the same array in each of numpy's formats, as hftbacktest's converters do. */
const WRITE = `
import sys
import numpy as np

# hftbacktest.types.event_dtype
event_dtype = np.dtype([
    ('ev', 'u8'), ('exch_ts', 'i8'), ('local_ts', 'i8'), ('px', 'f8'), ('qty', 'f8'),
    ('order_id', 'u8'), ('ival', 'i8'), ('fval', 'f8')
], align=True)
directory = sys.argv[1]
data = np.zeros(10_000, event_dtype)
i = np.arange(len(data))
data['ev'] = (1 << 31) + (1 << 30) + np.where(i % 3 == 0, 1 << 28, 1 << 29) + 1 + i % 2
data['exch_ts'] = 1_700_000_000_000_000_000 + i * 1_000_003
data['local_ts'] = data['exch_ts'] + 500_000
data['px'] = 61_800 + (i % 97) * 0.1
data['qty'] = (i % 13) * 0.001
np.save(directory + '/data.npy', data)
np.savez(directory + '/stored.npz', data=data)
np.savez_compressed(directory + '/deflated.npz', data=data)
np.savez(directory + '/unnamed.npz', data)
`;

/**
 * Holds an array against what hftbacktest's converter makes of the same lines. The converter moves
 * all local times by the same, and splits events whose order of exchange times differs
 * into one for each processor.
 */
const CONVERT = `
import io
import sys
from contextlib import redirect_stdout
import numpy as np
from hftbacktest.data.utils import binancefutures

lines, ours, path = sys.argv[1:]
with redirect_stdout(io.StringIO()):
    theirs = binancefutures.convert(lines, path, buffer_size=1_000_000)
ours = np.load(ours)
exch = theirs[theirs['ev'] & (1 << 31) != 0]
local = theirs[theirs['ev'] & (1 << 30) != 0]
local['local_ts'] -= local['local_ts'][0] - ours['local_ts'][0]
flags = (1 << 31) + (1 << 30)
for array in exch, local:
    array['ev'] |= flags
by_exch = ours[np.argsort(ours['exch_ts'], kind='mergesort')]
exch['local_ts'] = by_exch['local_ts']
print(len(ours), np.array_equal(by_exch, exch), np.array_equal(ours, local))
`;

Deno.test({
  name: "hftbacktest: its converter makes the same of the recording, and is read as well",
  ignore: pythonPackageMissing("hftbacktest") !== undefined || recordingMissing() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    const rows = withoutRestated(read(RECORDING).rows);
    const [ours, theirs] = [directory.file("ours.npy"), directory.file("theirs.npz")];
    await Deno.writeFile(ours, npyFile(rows));
    const printed = await runPython(CONVERT, RECORDING, ours, theirs);
    assertEquals(printed, `${rows.length} True True\n`);
    const converted = read(theirs);
    assertEquals([converted.skipped, converted.error], [0, undefined]);
    assert(converted.rows.length >= rows.length);
  },
});

/** Without the updates that come again after the snapshot, which the converter does not have. */
function withoutRestated(rows: readonly Row[]): Row[] {
  const snapshot = rows.find(({ ev }) => (ev & 0xff) === EventKind.Snapshot);
  assert(snapshot !== undefined);
  const { local } = snapshot;
  return rows.filter((row) => row.local !== local || (row.ev & 0xff) !== EventKind.Depth);
}

Deno.test({
  name: "numpy: arrays saved in all ways are read as they are",
  ignore: numpyMissing() !== undefined,
  async fn() {
    await using directory = await TempDirectory.create();
    await runPython(WRITE, directory.path);
    const rows = Array.from({ length: 10_000 }, (_, i): Row => {
      const exch = 1_700_000_000_000_000_000n + BigInt(i) * 1_000_003n;
      const kind = i % 2 === 0 ? EventKind.Depth : EventKind.Trade;
      return {
        ev: (i % 3 === 0 ? SELL : BUY) + kind,
        exch,
        local: exch + 500_000n,
        px: 61_800 + (i % 97) * 0.1,
        qty: (i % 13) * 0.001,
      };
    });
    for (const name of ["data.npy", "stored.npz", "deflated.npz", "unnamed.npz"]) {
      assertEquals(read(directory.file(name)), { rows, skipped: 0, error: undefined }, name);
    }
  },
});

/** Reading what numpy writes. */

import { assertEquals } from "@std/assert";
import { EventKind } from "@hftlive/hftlive";
import { numpyMissing, runPython } from "../support/python.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { BUY, read, type Row, SELL } from "./read_support.ts";

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

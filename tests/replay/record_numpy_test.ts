/** Recordings as numpy, and hftbacktest where it is installed, read them. */

import { assertEquals } from "@std/assert";
import { EventKind } from "../../lib/bot/record.ts";
import { numpyMissing, runPython } from "../support/python.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { bookOf, eventOf, readRecords, recordStub } from "./record_support.ts";

const ignore = numpyMissing() !== undefined;

/** Prints an array's type and records; whole numbers as text, since JSON's are doubles. */
const READ = `
import json
import sys
import numpy as np

# hftbacktest.types.event_dtype
event_dtype = np.dtype([
    ('ev', 'u8'), ('exch_ts', 'i8'), ('local_ts', 'i8'), ('px', 'f8'), ('qty', 'f8'),
    ('order_id', 'u8'), ('ival', 'i8'), ('fval', 'f8')
], align=True)
archive = np.load(sys.argv[1])
data = archive['data']
rows = [[str(int(r['ev'])), str(r['exch_ts']), str(r['local_ts']), float(r['px']), float(r['qty']),
         int(r['order_id']), int(r['ival']), float(r['fval'])] for r in data]
print(json.dumps({
    'names': archive.files, 'isEvent': bool(data.dtype == event_dtype), 'shape': data.shape, 'rows': rows
}))
`;

/** Goes through a file with hftbacktest's own engine, and prints its last book. */
const BACKTEST = `
import json
import sys
import numpy as np
from hftbacktest import BacktestAsset, HashMapMarketDepthBacktest
from hftbacktest.data import validate_event_order

validate_event_order(np.load(sys.argv[1])['data'])
asset = (BacktestAsset().data([sys.argv[1]]).linear_asset(1.0).constant_order_latency(0, 0)
    .risk_adverse_queue_model().no_partial_fill_exchange().trading_value_fee_model(0, 0)
    .tick_size(0.1).lot_size(0.001).last_trades_capacity(100_000))
hbt = HashMapMarketDepthBacktest([asset])
end = hbt._goto_end()
depth = hbt.depth(0)
print(json.dumps({
    'end': end, 'bid': depth.best_bid_tick, 'ask': depth.best_ask_tick, 'bidQty': depth.best_bid_qty,
    'askQty': depth.best_ask_qty, 'trades': len(hbt.last_trades(0))
}))
`;

/** Converts a collector's file with hftbacktest's own converter; prints it as above. */
const CONVERT = READ.replace(
  "archive = np.load(sys.argv[1])\ndata = archive['data']",
  `import io
from contextlib import redirect_stdout
from hftbacktest.data.utils import binancefutures
class archive: files = []
with redirect_stdout(io.StringIO()):
    data = binancefutures.convert(sys.argv[1], buffer_size=1_000_000)`,
);

const NO_HFTBACKTEST = ignore || await hftbacktestMissing();

for (const compress of [false, true]) {
  Deno.test({
    name: `numpy reads ${compress ? "compressed" : "stored"} events of hftbacktest's own type`,
    ignore,
    async fn() {
      await using directory = await TempDirectory.create();
      const { seen, report } = await recordStub(
        { directory: directory.path, compress },
        { maxFeeds: 1000 },
      );
      const printed = await runPython(READ, report.files[0]!.path);
      const { names, isEvent, shape, rows } = JSON.parse(printed);
      assertEquals([names, isEvent, shape], [["data"], true, [seen[0]!.length]]);
      assertEquals(rows, seen[0]!.map(rowOf));
    },
  });
}

Deno.test({
  name: "hftbacktest's engine goes through a recording to the same book and trades",
  ignore: NO_HFTBACKTEST,
  async fn() {
    await using directory = await TempDirectory.create();
    const { seen, report } = await recordStub({ directory: directory.path }, { maxFeeds: 1000 });
    const events = seen[0]!.map(eventOf);
    const book = bookOf(events);
    assertEquals(JSON.parse(await runPython(BACKTEST, report.files[0]!.path)), {
      // The end of the data.
      end: 1,
      bid: book.bidTick,
      ask: book.askTick,
      bidQty: book.bestBidQty,
      askQty: book.bestAskQty,
      trades: events.filter(({ kind }) => kind === EventKind.Trade).length,
    });
  },
});

Deno.test({
  name: "hftbacktest's converter reads the lines as this project does",
  ignore: NO_HFTBACKTEST,
  async fn() {
    await using directory = await TempDirectory.create();
    const { report } = await recordStub(
      { directory: directory.path, format: "gz" },
      { maxFeeds: 1000 },
    );
    const { path } = report.files[0]!;
    const { isEvent, rows } = JSON.parse(await runPython(CONVERT, path));
    assertEquals(isEvent, true);
    assertEquals(rows, readRecords(path).map(rowOf));
  },
});

/** A record as Python prints it. */
function rowOf(record: Uint8Array) {
  const { exch, local, price, qty } = eventOf(record);
  const ev = new DataView(record.buffer, record.byteOffset).getBigUint64(0, true);
  return [`${ev}`, `${exch}`, `${local}`, price, qty, 0, 0, 0];
}

async function hftbacktestMissing(): Promise<boolean> {
  try {
    await runPython("import hftbacktest");
    return false;
  } catch {
    console.log("tests with hftbacktest's Python package are skipped: it is not installed");
    return true;
  }
}

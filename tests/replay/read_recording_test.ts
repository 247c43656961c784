/** Reading the recording, held against an independent reader of the same file. */

import { assert, assertEquals } from "@std/assert";
import { BUY_FLAG, EventKind } from "@hftlive/hftlive";
import { readRecording, type RecordingSummary } from "../native/recording_reader.ts";
import { GRID, RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { type Delivered, npyFile, read, type Row, zipFile } from "./read_support.ts";

const ignore = recordingMissing() !== undefined;

Deno.test({
  name: "recording: trades, volumes and book are the file's, through .gz and through .npz",
  ignore,
  async fn() {
    const expected = await readRecording(RECORDING, GRID);
    assert(expected.trades > 0 && expected.bids.length > 0 && expected.asks.length > 0);
    const fromLines = read(RECORDING);
    assertHolds(fromLines, expected);
    await using directory = await TempDirectory.create();
    for (const method of ["stored", "deflated"] as const) {
      const path = directory.file(`${method}.npz`);
      await Deno.writeFile(path, zipFile({ "data.npy": npyFile(fromLines.rows) }, { method }));
      const fromArray = read(path);
      assertHolds(fromArray, expected);
      assert(isSame(fromArray.rows, fromLines.rows));
    }
  },
});

/** Holds what was delivered against what the independent reader found. */
function assertHolds({ rows, skipped, error }: Delivered, expected: RecordingSummary): void {
  assertEquals([skipped, error], [0, undefined]);
  let trades = 0;
  const lots = { buy: 0, sell: 0 };
  const book = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  for (const { ev, px, qty } of rows) {
    const side = ev & BUY_FLAG ? "buy" : "sell";
    const tick = Math.round(px * GRID.ticksPerUnit);
    const rowLots = Math.round(qty * GRID.lotsPerUnit);
    const levels = book[side];
    switch (ev & 0xff) {
      case EventKind.Trade:
        trades++;
        lots[side] += rowLots;
        break;
      case EventKind.DepthClear:
        for (const known of levels.keys()) {
          if (side === "buy" ? known >= tick : known <= tick) levels.delete(known);
        }
        break;
      default:
        if (rowLots > 0) levels.set(tick, rowLots);
        else levels.delete(tick);
    }
  }
  assertEquals([trades, lots.buy, lots.sell], [
    expected.trades,
    expected.buyLots,
    expected.sellLots,
  ]);
  assertEquals([...book.buy].sort(([a], [b]) => b - a), expected.bids);
  assertEquals([...book.sell].sort(([a], [b]) => a - b), expected.asks);
}

/** Field by field, since an assertion on half a million rows takes long. */
function isSame(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, i) => {
    const other = b[i]!;
    return row.ev === other.ev && row.exch === other.exch && row.local === other.local &&
      row.px === other.px && row.qty === other.qty;
  });
}

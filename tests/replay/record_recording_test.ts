/** The recorded market data beside the checkout, recorded again from a replay of it. */

import { assert, assertEquals } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import type { LiveBot } from "../../lib/bot/live_bot.ts";
import { EventKind } from "../../lib/bot/record.ts";
import type { RecorderOptions } from "../../lib/replay/record/options.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { ReplayBot } from "../../lib/replay/replay_bot.ts";
import { readRecording } from "../native/recording_reader.ts";
import { GRID, RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";

const ignore = recordingMissing() !== undefined;
const INSTRUMENT = { connector: "replay", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

function open(recording: string): ReplayBot {
  return new ReplayBot({ instruments: [{ ...INSTRUMENT, recording }] });
}

/** Polls a bot to its end, and sums up what it delivered. */
async function summary(bot: LiveBot, recorder?: Recorder) {
  const batch = new EventBatch(4096);
  const sum = { trades: 0, buyLots: 0, sellLots: 0 };
  let events = 0;
  while (bot.poll(batch) >= 0) {
    if (recorder && !recorder.write(batch)) await recorder.flush();
    for (let i = 0; i < batch.length; i++) {
      if (batch.kind(i) <= EventKind.Bbo) events++;
      if (batch.kind(i) !== EventKind.Trade) continue;
      const lots = Math.round(batch.qty(i) * GRID.lotsPerUnit);
      sum.trades++;
      if (batch.isBuy(i)) sum.buyLots += lots;
      else sum.sellLots += lots;
    }
  }
  const { bids, asks } = bot.depth(0).snapshot();
  const levels = (side: typeof bids): readonly (readonly number[])[] =>
    side.map(({ priceTick, qty }) => [Number(priceTick), Math.round(qty * GRID.lotsPerUnit)]);
  return { events, ...sum, bids: levels(bids), asks: levels(asks) };
}

/** What an independent reader finds in the recording. */
let independent: ReturnType<typeof readRecording> | undefined;

for (const format of ["npz", "gz"] as const) {
  Deno.test({
    name: `${format} recorded from a collector's file gives its trades, volumes and final book`,
    ignore,
    async fn() {
      await using directory = await TempDirectory.create();
      const options: RecorderOptions = { directory: directory.path, format };
      using bot = open(RECORDING);
      await using recorder = new Recorder(bot, options);
      const first = await summary(bot, recorder);
      const { files, events, dropped, instruments } = await recorder.close();
      assertEquals([files.length, events, dropped], [1, first.events, 0]);
      // Its local times run behind those of the exchange.
      assert(instruments[0]!.negativeLatencies > 0.99 * events);
      assertEquals(instruments[0]!.raisedTimes, 0);

      using replayed = open(files[0]!.path);
      const { events: again, ...seen } = await summary(replayed);
      if (format === "npz") assertEquals(again, events);
      const { trades, buyLots, sellLots, bids, asks } =
        await (independent ??= readRecording(RECORDING, GRID));
      assertEquals(seen, { trades, buyLots, sellLots, bids, asks });
    },
  });
}

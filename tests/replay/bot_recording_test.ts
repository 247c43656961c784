import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  EventBatch,
  EventKind,
  InvalidInputError,
  type LiveBot,
  MissingPermissionError,
  ReplayBot,
  type ReplayBotOptions,
} from "@hftlive/hftlive";
import { RecordingError } from "../../lib/replay/errors.ts";
import { readRecording } from "../native/recording_reader.ts";
import { GRID, RECORDING, recordingMissing } from "../support/recording.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { MemorySource, recordBot } from "./memory.ts";
import { after, INSTRUMENT, level } from "./support.ts";

const ignore = recordingMissing() !== undefined;
const NS_PER_S = 1_000_000_000n;

type Levels = readonly (readonly [tick: number, lots: number])[];
type Options = Omit<ReplayBotOptions, "instruments">;

function recordingBot(options: Options = {}): ReplayBot {
  return new ReplayBot({ ...options, instruments: [{ ...INSTRUMENT, recording: RECORDING }] });
}

/** The levels of a bot's book, in ticks and lots. */
function bookOf(bot: LiveBot): { readonly bids: Levels; readonly asks: Levels } {
  const { bids, asks } = bot.depth(0).snapshot();
  const levels = (side: typeof bids) =>
    side.map(({ priceTick, qty }) =>
      [Number(priceTick), Math.round(qty * GRID.lotsPerUnit)] as const
    );
  return { bids: levels(bids), asks: levels(asks) };
}

/** Polls to the end of the data, and counts trades. */
function countTrades(bot: LiveBot): { trades: number; buyLots: number; sellLots: number } {
  const batch = new EventBatch(4_096);
  const count = { trades: 0, buyLots: 0, sellLots: 0 };
  while (bot.poll(batch) >= 0) {
    for (let i = 0; i < batch.length; i++) {
      if (batch.kind(i) !== EventKind.Trade) continue;
      const lots = Math.round(batch.qty(i) * GRID.lotsPerUnit);
      count.trades++;
      if (batch.isBuy(i)) count.buyLots += lots;
      else count.sellLots += lots;
    }
  }
  return count;
}

Deno.test({
  name: "a collector's recording gives the trades, volumes and final book of an independent reader",
  ignore,
  async fn() {
    const expected = await readRecording(RECORDING, GRID);
    const { trades, buyLots, sellLots, bids, asks } = expected;
    using bot = recordingBot();
    assertEquals(countTrades(bot), { trades, buyLots, sellLots });
    assertEquals([trades, buyLots, sellLots], [21_313, 1_251_576, 1_177_790]);
    assertEquals(bookOf(bot), { bids, asks });
    const { skipped, clockSkewNs, ended } = bot.replayStatus(0);
    // Local times run some 1.2 s behind; the quickest event counts as 1 ms.
    assertEquals([skipped, ended], [0, true]);
    assert(clockSkewNs > 1_150_000_000 && clockSkewNs < 1_300_000_000, `${clockSkewNs} ns`);

    // What orders were matched with is the same book.
    bot.register();
    countTrades(bot);
    assertEquals(bookOf(bot), { bids, asks });
  },
});

Deno.test({
  name: "what a bot on a recording saw gives the same again, at any granularity of polls",
  ignore,
  fn() {
    const endTime = 1_723_161_255n * NS_PER_S + 60n * NS_PER_S;
    const records = recordBot(recordingBot({ endTime }));
    assert(records.length / 64 > 50_000, `${records.length / 64} records`);
    for (const pollIntervalNs of [0, 1_000_000_000]) {
      const recording = new MemorySource(records, 333);
      const instruments = [{ ...INSTRUMENT, recording }];
      using bot = new ReplayBot({ instruments, pollIntervalNs });
      assertEquals(recordBot(bot), records);
    }
  },
});

Deno.test({
  name: "a replay that begins in the middle has the book of then",
  ignore,
  fn() {
    const startTime = 1_723_161_255n * NS_PER_S + 100n * NS_PER_S;
    using plain = recordingBot({ endTime: startTime });
    countTrades(plain);
    using bot = recordingBot({ startTime });
    bot.elapse(0);
    assertEquals(bookOf(bot), bookOf(plain));
    assert(bookOf(bot).bids.length > 1_000);
  },
});

Deno.test("a file that is not there, or no recording, or damaged, is told by name", async () => {
  await using directory = await TempDirectory.create();
  const open = (recording: string, options: Options = {}) =>
    new ReplayBot({ instruments: [{ ...INSTRUMENT, recording }], ...options });
  const missing = `${directory.path}/missing.npz`;
  const absent = assertThrows(() => open(missing), InvalidInputError);
  assert(absent.message.includes(missing), absent.message);

  const source = new MemorySource([level("buy", 100, 1, after(0))]);
  assertThrows(
    () => new ReplayBot({ instruments: [{ ...INSTRUMENT, recording: [source, missing] }] }),
    InvalidInputError,
    missing,
  );

  const text = `${directory.path}/text.gz`;
  await Deno.writeTextFile(text, "hello\n");
  const unknown = assertThrows(() => open(text), RecordingError);
  assert(unknown.message.includes(text), unknown.message);

  const lines = `${directory.path}/lines`;
  const line = (ns: bigint, qty: string) =>
    `${ns} ` + JSON.stringify({
      stream: "btcusdt@trade",
      data: {
        e: "trade",
        E: 1_723_161_255_000,
        T: 1_723_161_255_000,
        s: "BTCUSDT",
        t: 1,
        p: "100",
        q: qty,
        X: "MARKET",
        m: false,
      },
    });
  const first = 1_723_161_255_000_000_000n;
  const damaged = [line(first, "1"), "damaged", line(first + 5n, "2")].join("\n") + "\n";
  await Deno.writeTextFile(lines, damaged);
  const error = assertThrows(() => countTrades(open(lines)), RecordingError);
  assertEquals(error.line, 2);
  using skipping = open(lines, { skipDamaged: true });
  assertEquals(countTrades(skipping).trades, 2);
  assertEquals(skipping.replayStatus(0).skipped, 1);

  const empty = assertThrows(
    () =>
      new ReplayBot({
        instruments: [{ ...INSTRUMENT, symbol: "ethusdt", recording: lines }],
        skipDamaged: true,
      }),
    InvalidInputError,
  );
  assertEquals(empty.field, "instruments[0].recording");
  assert(empty.message.includes("ethusdt") && empty.message.includes(lines), empty.message);
});

Deno.test({
  name: "a recording that may not be read is told with the flag",
  permissions: "none",
  fn() {
    const recording = "/tmp/recording.npz";
    const error = assertThrows(
      () => new ReplayBot({ instruments: [{ ...INSTRUMENT, recording }] }),
      MissingPermissionError,
    );
    assertEquals(error.flags, [`--allow-read=${recording}`]);
  },
});

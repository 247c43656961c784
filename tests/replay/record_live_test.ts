/** Recordings of the native bot, on the simulated connector. */

import { assert, assertEquals } from "@std/assert";
import { EventBatch } from "../../lib/bot/batch.ts";
import type { LiveBot } from "../../lib/bot/live_bot.ts";
import { EventKind } from "../../lib/bot/record.ts";
import { NativeBot } from "../../lib/native/native_bot.ts";
import { Recorder } from "../../lib/replay/record/recorder.ts";
import { ReplayBot } from "../../lib/replay/replay_bot.ts";
import { nativeReady, startSimConnector } from "../support/sim_connector.ts";
import { TempDirectory } from "../support/temp_directory.ts";
import { addMarketRecords, bookOf, eventOf, readRecords } from "./record_support.ts";

const ignore = nativeReady() !== undefined;
const POLL_MS = 1;

function botOn(connector: string): NativeBot {
  return new NativeBot({
    instruments: [{ connector, symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
  });
}

function levels(bot: Pick<LiveBot, "depth">): unknown {
  const { bids, asks } = bot.depth(0).snapshot();
  const short = ({ priceTick, qty }: { priceTick: bigint; qty: number }) => [priceTick, qty];
  return { bids: bids.map(short), asks: asks.map(short) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

for (const format of ["npz", "gz"] as const) {
  Deno.test({
    name: `${format}: a live session is recorded as the bot saw it, and can be replayed`,
    ignore,
    async fn() {
      await using directory = await TempDirectory.create();
      await using sim = await startSimConnector({
        config: { source: { kind: "synthetic", rate: 5000, start: "now" } },
      });
      using bot = botOn(sim.name);
      await using recorder = new Recorder(bot, { directory: directory.path, format });
      const seen: Uint8Array[][] = [[]];
      const batch = new EventBatch();
      while (seen[0]!.length < 3000) {
        bot.poll(batch);
        addMarketRecords(batch, seen);
        recorder.write(batch);
        await pause(POLL_MS);
      }
      const { files, events, dropped, instruments } = await recorder.close();
      assertEquals([events, dropped, files.length], [seen[0]!.length, 0, 1]);

      const isEvent = format === "npz" ? () => true : isNoClear;
      const expected = seen[0]!.map(eventOf).filter(isEvent);
      const read = readRecords(files[0]!.path).map(eventOf).filter(isEvent);
      const plain = ({ kind, side, price, qty }: typeof read[number]) => [kind, side, price, qty];
      assertEquals(read.map(plain), expected.map(plain));
      // Levels of an answer have no local time; all else keeps its own.
      const { filledTimes, raisedTimes } = instruments[0]!;
      const changed = read.filter(({ local }, i) => local !== expected[i]!.local);
      assert(changed.length <= filledTimes + raisedTimes, `${changed.length} local times changed`);
      for (const [i, { local }] of read.entries()) {
        assert(local > 0n && local >= read[Math.max(i - 1, 0)]!.local);
      }

      assertEquals(levels({ depth: () => bookOf(read) }), levels(bot));
      using replayed = new ReplayBot({
        instruments: [{ ...bot.instruments[0]!, recording: files[0]!.path }],
      });
      while (replayed.poll(batch) >= 0);
      assertEquals(levels(replayed), levels(bot));
    },
  });
}

Deno.test({
  name: "an overflow is counted, and the book after it is the connector's",
  ignore,
  async fn() {
    await using directory = await TempDirectory.create();
    using _channels = narrowChannels();
    await using sim = await startSimConnector({
      config: { source: { kind: "synthetic", rate: 5000, start: "now" } },
    });
    using bot = botOn(sim.name);
    await using recorder = new Recorder(bot, { directory: directory.path });
    const batch = new EventBatch();
    const record = async (until: () => boolean): Promise<void> => {
      while (!until()) {
        bot.poll(batch);
        recorder.write(batch);
        await pause(POLL_MS);
      }
    };
    await record(() => bot.depth(0).snapshot().bids.length > 0);
    // More than the channel holds.
    await pause(1000);
    await record(() => recorder.report.overflows > 0);
    const { events } = recorder.report;
    await record(() => bot.connection(0).registered && recorder.report.events > events + 2000);
    const { files, overflows } = await recorder.close();
    assert(overflows > 0);
    const read = readRecords(files[0]!.path).map(eventOf);
    assert(read.some(({ kind }, i) => kind === EventKind.DepthClear && i > 0));
    assertEquals(levels({ depth: () => bookOf(read) }), levels(bot));
  },
});

function isNoClear({ kind }: { kind: number }): boolean {
  return kind !== EventKind.DepthClear;
}

/** Gives channels room for a tenth of a second, for this process and those it starts. */
function narrowChannels(): Disposable {
  const variable = "HFTBACKTEST_CHANNEL_CONFIG";
  const before = Deno.env.get(variable);
  const path = Deno.makeTempFileSync({ prefix: "hftlive-channel-", suffix: ".toml" });
  Deno.writeTextFileSync(path, "buffer_size = 1000\nmax_bots = 4\n");
  Deno.env.set(variable, path);
  return {
    [Symbol.dispose]() {
      if (before === undefined) Deno.env.delete(variable);
      else Deno.env.set(variable, before);
      Deno.removeSync(path);
    },
  };
}

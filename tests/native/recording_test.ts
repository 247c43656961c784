/**
 * Recorded market data through sim-connector, shared memory and the Rust engine,
 * held against an independent reader of the same file.
 */

import { assert, assertEquals } from "@std/assert";
import {
  type DepthKind,
  type DepthLevel,
  EventBatch,
  EventKind,
  NativeBot,
} from "@hftlive/hftlive";
import { nativeReady } from "../support/native_ready.ts";
import {
  GRID,
  RECORDING,
  recordingMissing,
  roomyChannels,
  startReplay,
} from "../support/recording.ts";
import type { SimConnector } from "../support/sim_connector.ts";
import { readRecording, type RecordingSummary } from "./recording_reader.ts";

/** Multiple of the recorded speed at which nothing may be lost. */
const SPEED = 20;
const DEPTH_KINDS: readonly DepthKind[] = ["hashmap", "roivec"];
const STALL_AFTER_TRADES = 5_000;
/** How long nothing must come after the end for the channel to be empty. */
const QUIET_MS = 500;

const missing = nativeReady() ?? recordingMissing();

for (const depth of DEPTH_KINDS) {
  Deno.test({
    name: `recording: ${depth}, ${SPEED} times the speed: trades, volumes and book are the file's`,
    ignore: missing !== undefined,
    async fn() {
      const expected = await readRecording(RECORDING, GRID);
      assertEquals(expected.crossings, 0);
      assert(expected.trades > 0 && expected.bids.length > 0 && expected.asks.length > 0);
      using _channels = roomyChannels();
      await using sim = await startReplay(SPEED);
      using bot = makeBot(sim, expected, depth);

      assertEquals(await drain(bot, sim), {
        trades: expected.trades,
        buyLots: expected.buyLots,
        sellLots: expected.sellLots,
        overflows: 0,
        errors: [],
      });
      const { overflows, dropped, malformed } = bot.connection(0);
      assertEquals({ overflows, dropped, malformed }, { overflows: 0, dropped: 0, malformed: 0 });
      assertBook(bot, expected);
    },
  });
}

Deno.test({
  name: "recording: a bot that stalled is told of the loss, and its book is the file's again",
  ignore: missing !== undefined,
  async fn() {
    const expected = await readRecording(RECORDING, GRID);
    await using sim = await startReplay(SPEED);
    using bot = makeBot(sim, expected, "hashmap");
    // Long enough for the channel's 10,000 messages to be overrun several times.
    const stall = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
    const seen = await drain(bot, sim, stall);
    assert(seen.overflows > 0);
    assertEquals(bot.connection(0).overflows, seen.overflows);
    assert(seen.trades < expected.trades, `${seen.trades} of ${expected.trades} trades`);
    assertBook(bot, expected);
  },
});

function makeBot(sim: SimConnector, expected: RecordingSummary, depth: DepthKind): NativeBot {
  return new NativeBot({
    depth,
    instruments: [{
      connector: sim.name,
      symbol: "btcusdt",
      tickSize: 1 / GRID.ticksPerUnit,
      lotSize: 1 / GRID.lotsPerUnit,
      roiLowerBound: 0,
      roiUpperBound: expected.highestTick / GRID.ticksPerUnit,
    }],
  });
}

/** Quantities exactly: the number nearest to a decimal is the same in Rust and here. */
function assertBook(bot: NativeBot, expected: RecordingSummary): void {
  const book = bot.depth(0);
  const { bids, asks } = book.snapshot();
  assertEquals(bids.map(tickAndQty), expected.bids.map(inUnits));
  assertEquals(asks.map(tickAndQty), expected.asks.map(inUnits));
  assertEquals(Number(book.bestBidTick), expected.bids[0]![0]);
  assertEquals(Number(book.bestAskTick), expected.asks[0]![0]);
}

function tickAndQty({ priceTick, qty }: DepthLevel): [tick: number, qty: number] {
  return [Number(priceTick), qty];
}

function inUnits([tick, lots]: readonly [number, number]): [tick: number, qty: number] {
  return [tick, lots / GRID.lotsPerUnit];
}

/** Polls until the recording has ended and nothing more comes; `stall` is called once, midway. */
async function drain(bot: NativeBot, sim: SimConnector, stall?: () => void): Promise<{
  trades: number;
  buyLots: number;
  sellLots: number;
  overflows: number;
  errors: string[];
}> {
  const seen = { trades: 0, buyLots: 0, sellLots: 0, overflows: 0, errors: [] as string[] };
  const batch = new EventBatch(4096);
  let lastEvent = performance.now();
  for (;;) {
    const count = bot.poll(batch);
    if (count > 0) lastEvent = performance.now();
    for (let i = 0; i < count; i++) {
      const kind = batch.kind(i);
      if (kind === EventKind.Overflow) seen.overflows++;
      if (kind === EventKind.Error) seen.errors.push(...batch.messages);
      if (kind !== EventKind.Trade) continue;
      const lots = Math.round(batch.qty(i) * GRID.lotsPerUnit);
      seen.trades++;
      if (batch.isBuy(i)) seen.buyLots += lots;
      else seen.sellLots += lots;
    }
    if (stall !== undefined && seen.trades > STALL_AFTER_TRADES) {
      stall();
      stall = undefined;
    }
    assert(sim.running, sim.output);
    const ended = sim.output.includes("The source has ended");
    if (ended && performance.now() - lastEvent > QUIET_MS) return seen;
    if (!batch.more) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

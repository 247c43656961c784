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

Deno.test({
  name: `recording: ${SPEED} times the speed: trades, volumes and book are the file's`,
  ignore: missing !== undefined,
  async fn(t) {
    const expected = await readRecording(RECORDING, GRID);
    assertEquals(expected.crossings, 0);
    assert(expected.trades > 0 && expected.bids.length > 0 && expected.asks.length > 0);
    using _channels = roomyChannels();
    // At the same time, each with a connector of its own: that plays from the first bot's arrival.
    await using parts = new AsyncDisposableStack();
    const drains: Drain[] = [];
    for (const depth of DEPTH_KINDS) {
      const sim = parts.use(await startReplay(SPEED));
      drains.push(new Drain(sim, parts.use(makeBot(sim, expected, depth))));
    }
    await drainAll(drains);
    for (const [i, { bot, seen }] of drains.entries()) {
      await t.step(`${DEPTH_KINDS[i]}`, () => {
        assertEquals(seen, {
          trades: expected.trades,
          buyLots: expected.buyLots,
          sellLots: expected.sellLots,
          overflows: 0,
          errors: [],
        });
        const { overflows, dropped, malformed } = bot.connection(0);
        assertEquals({ overflows, dropped, malformed }, {
          ...{ overflows: 0, dropped: 0, malformed: 0 },
        });
        assertBook(bot, expected);
      });
    }
  },
});

Deno.test({
  name: "recording: a bot that stalled is told of the loss, and its book is the file's again",
  ignore: missing !== undefined,
  async fn() {
    const expected = await readRecording(RECORDING, GRID);
    await using sim = await startReplay(SPEED);
    using bot = makeBot(sim, expected, "hashmap");
    // Long enough for the channel's 10,000 messages to be overrun several times.
    const stall = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
    const drain = new Drain(sim, bot);
    await drainAll([drain], stall);
    const { seen } = drain;
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

/** A bot, what it has told so far, and its connector. */
class Drain {
  readonly seen = { trades: 0, buyLots: 0, sellLots: 0, overflows: 0, errors: [] as string[] };
  readonly bot: NativeBot;
  readonly #sim: SimConnector;
  readonly #batch = new EventBatch(4096);
  #lastEvent = performance.now();

  constructor(sim: SimConnector, bot: NativeBot) {
    this.#sim = sim;
    this.bot = bot;
  }

  /** Polls once; whether there is more. */
  poll(): boolean {
    const { seen } = this;
    const batch = this.#batch;
    const count = this.bot.poll(batch);
    if (count > 0) this.#lastEvent = performance.now();
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
    return batch.more;
  }

  /** Whether the recording has ended and nothing more comes. */
  get isOver(): boolean {
    assert(this.#sim.running, this.#sim.output);
    return this.#sim.output.includes("The source has ended") &&
      performance.now() - this.#lastEvent > QUIET_MS;
  }
}

/** Polls until all recordings are over; `stall` is called once, midway. */
async function drainAll(drains: readonly Drain[], stall?: () => void): Promise<void> {
  for (;;) {
    const more = drains.map((drain) => drain.poll());
    if (stall !== undefined && drains.some(({ seen }) => seen.trades > STALL_AFTER_TRADES)) {
      stall();
      stall = undefined;
    }
    if (drains.every(({ isOver }) => isOver)) return;
    if (!more.includes(true)) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

import { assertEquals, assertThrows } from "@std/assert";
import {
  type BotEvent,
  EventBatch,
  type LiveBot,
  type MarketSource,
  type RecordBlock,
  ReplayBot,
} from "@hftlive/hftlive";
import { RecordingError } from "../../lib/replay/errors.ts";
import { MemorySource, type Recorded } from "./memory.ts";
import { after, INSTRUMENT, isMarket, level } from "./support.ts";

const MS = 1_000_000;

/** A recording that is damaged after its events. */
class DamagedSource implements MarketSource {
  readonly name = "damaged.npz";
  readonly symbol = undefined;
  readonly skipped = 0;
  readonly #good: MemorySource;

  constructor(events: readonly Recorded[]) {
    this.#good = new MemorySource(events, 2);
  }

  next(): RecordBlock {
    const block = this.#good.next();
    if (block !== undefined) return block;
    throw new RecordingError(this.name, { offset: 640, of: "file" }, "it ends too early");
  }

  [Symbol.dispose](): void {}
}

const LEVELS = [0, 1, 2, 3, 4].map((ms) => level("buy", 100 + ms, 1, after(ms * MS, 3 * MS)));

/** Polls until an error, and returns the events before it. */
function untilError(bot: LiveBot): { events: BotEvent[]; error: RecordingError } {
  const batch = new EventBatch(2);
  const events: BotEvent[] = [];
  const error = assertThrows(() => {
    while (bot.poll(batch) >= 0) events.push(...batch.events());
  }, RecordingError);
  return { events, error };
}

Deno.test("damage is told when all before it was delivered, and again", () => {
  const make = () =>
    new ReplayBot({ instruments: [{ ...INSTRUMENT, recording: new DamagedSource(LEVELS) }] });
  const bot = make();
  const { events, error } = untilError(bot);
  assertEquals([error.file, error.offset], ["damaged.npz", 640]);
  assertEquals(events.filter(isMarket).length, LEVELS.length);
  assertEquals(bot.depth(0).bestBid, 104);
  assertEquals(bot.replayStatus(0).events, LEVELS.length);
  assertThrows(() => bot.poll(new EventBatch()), RecordingError);

  const waiting = make();
  assertEquals(waiting.elapse(6 * MS), "ok");
  assertThrows(() => waiting.elapse(6 * MS), RecordingError);
  assertThrows(() => waiting.waitNextFeed(true, 6 * MS), RecordingError);
  assertThrows(() => waiting.waitOrderResponse(0, 1n, 6 * MS), RecordingError);
  assertEquals(waiting.depth(0).bestBid, 104);
  assertEquals(untilError(waiting).events.filter(isMarket).length, LEVELS.length);
});

Deno.test("damage of one recording ends the replay of all, after what was on its way", () => {
  const other = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((ms) => level("buy", 200 + ms, 1, after(ms * MS)));
  const bot = new ReplayBot({
    instruments: [
      { ...INSTRUMENT, recording: new MemorySource(other) },
      { ...INSTRUMENT, symbol: "damaged", recording: new DamagedSource(LEVELS) },
    ],
  });
  const market = untilError(bot).events.filter(isMarket);
  assertEquals(market.filter(({ asset }) => asset === 1).length, LEVELS.length);
  // The damage was met when its last event happened, at 4 ms.
  assertEquals(bot.depth(0).bestBid, 204);
});

Deno.test("damage before the first event, and before the start, is told by the constructor or the first poll", () => {
  const open = (events: readonly Recorded[], startTime?: bigint) =>
    new ReplayBot({
      instruments: [{ ...INSTRUMENT, recording: new DamagedSource(events) }],
      startTime,
    });
  assertThrows(() => open([]), RecordingError);
  const bot = open(LEVELS, after(1_000 * MS).local);
  const { events } = untilError(bot);
  assertEquals(events.filter(isMarket).map(({ type }) => type), LEVELS.map(() => "snapshot"));
});

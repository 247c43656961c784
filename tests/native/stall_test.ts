/** Readers that stop reading for a while, on a connector that sends 100,000 events a second. */

import { assert, assertEquals } from "@std/assert";
import { type ChannelSizes, EventBatch, EventKind, LiveClient } from "@hftlive/hftlive";
import { nativeReady } from "../support/native_ready.ts";
import {
  assertLossless,
  block,
  type Flood,
  type FloodedBot,
  startFlood,
} from "../support/flood.ts";

const ignore = nativeReady() !== undefined;

/** How long a reader may be away without a loss. */
const SHORT_MS = 50;
const SHORT_STALLS = 10;
/** Longer than the channel holds. */
const LONG_MS = 500;
const LONG_EVENTS = 300_000;
/** Events between two stalls. */
const EVENTS_BETWEEN = 10_000;
/** Runs until one that the machine has not disturbed. */
const MAX_RUNS = 5;
const PATIENCE_MS = 60_000;

/** What a reader has received, and whether it is to stall. */
class Tally {
  /** Market events that are not part of an answer, whose own are snapshots. */
  received = 0;
  /** Losses that it was told of. */
  losses = 0;
  readonly #wanted: () => boolean;
  #next = EVENTS_BETWEEN;

  /** @param wanted Whether one more stall is. */
  constructor(wanted: () => boolean) {
    this.#wanted = wanted;
  }

  /** Counts a batch; returns whether to stall now. */
  addBatch(batch: EventBatch): boolean {
    for (let i = 0; i < batch.length; i++) {
      const kind = batch.kind(i);
      if (kind === EventKind.Depth || kind === EventKind.Trade) this.received++;
      else if (kind === EventKind.Overflow) this.losses++;
    }
    return this.#isDue();
  }

  /** Counts an event; returns whether to stall now. */
  addEvent(type: string): boolean {
    if (type === "depth" || type === "trade") this.received++;
    else if (type === "overflow") this.losses++;
    return this.#isDue();
  }

  #isDue(): boolean {
    if (this.received < this.#next || !this.#wanted()) return false;
    this.#next = this.received + EVENTS_BETWEEN;
    return true;
  }
}

/** Reads all that a flood sends, stalling when it is time. */
type Reader = (flood: Flood, bot: FloodedBot, tally: Tally) => Promise<void>;

function polling(stallMs: number): Reader {
  return async (flood, bot, tally) => {
    const batch = new EventBatch(512);
    let isOver = false;
    const over = flood.drained(bot).finally(() => isOver = true);
    while (!isOver) {
      for (let polls = 0; polls < 64; polls++) {
        bot.poll(batch);
        if (tally.addBatch(batch)) block(stallMs);
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await over;
  };
}

/** Reads with a client until all is read. */
function client(consume: (client: LiveClient, tally: Tally) => Promise<void>): Reader {
  return async (flood, bot, tally) => {
    await using client = await LiveClient.start(bot, { closeBot: false });
    let told = 0;
    client.addEventListener("overflow", ({ detail }) => {
      assertEquals(detail.cause, "channel");
      told++;
    });
    const reading = consume(client, tally);
    // A reader that fails must not leave the test waiting for the end.
    await Promise.race([flood.drained(bot), reading]);
    const { dropped, overflows } = client.health;
    await client.close();
    await reading;
    assertEquals([dropped, overflows, told], [0, bot.connection(0).overflows, tally.losses]);
  };
}

function batches(stall: () => void | Promise<void>): Reader {
  return client(async (client, tally) => {
    for await (const batch of client.batches()) if (tally.addBatch(batch)) await stall();
  });
}

function events(stallMs: number): Reader {
  return client(async (client, tally) => {
    for await (const { type } of client.events()) if (tally.addEvent(type)) block(stallMs);
  });
}

const awaitShort = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SHORT_MS));

const SHORT: readonly (readonly [name: string, reader: Reader])[] = [
  ["a poll loop that is blocked", polling(SHORT_MS)],
  ["a client whose handler of batches blocks", batches(() => block(SHORT_MS))],
  ["a client whose handler of batches awaits", batches(awaitShort)],
  ["a client whose handler of events blocks", events(SHORT_MS)],
];

for (const [name, reader] of SHORT) {
  Deno.test({
    name: `stall: ${name} for ${SHORT_MS} ms, ${SHORT_STALLS} times, loses nothing`,
    ignore,
    fn: () => untilUndisturbed(() => runShort(reader)),
  });
}

Deno.test({
  name: "stall: a market with a mark on each side of each change needs a larger channel",
  ignore,
  fn: () => {
    const channel = { bufferSize: 60_000, maxBots: 2 };
    return untilUndisturbed(() => runShort(polling(SHORT_MS), { marks: true, channel }));
  },
});

/** Stalls some times for a short while; returns whether the machine let it be no longer. */
async function runShort(
  reader: Reader,
  options: { readonly marks?: boolean; readonly channel?: ChannelSizes } = {},
): Promise<boolean> {
  await using flood = await startFlood({
    events: EVENTS_BETWEEN * (SHORT_STALLS + 2),
    ...options,
  });
  using bot = flood.bot();
  let left = SHORT_STALLS;
  const tally = new Tally(() => left-- > 0);
  await reader(flood, bot, tally);
  assert(left <= 0, `${left} stalls are left`);
  const { received, losses } = tally;
  assertEquals(losses, bot.connection(0).overflows);
  return assertLossless(flood, bot, { received, sent: await flood.sent() });
}

/** Runs again what has only shown that a loss is told, as other work has held the reader up. */
async function untilUndisturbed(run: () => Promise<boolean>): Promise<void> {
  for (let runs = 0; runs < MAX_RUNS; runs++) if (await run()) return;
  console.log(`stalls of ${SHORT_MS} ms are not tested: on this machine they took much longer`);
}

const LONG: readonly (readonly [name: string, reader: Reader])[] = [
  ["a poll loop", polling(LONG_MS)],
  ["a client's batches", batches(() => block(LONG_MS))],
  ["a client's events", events(LONG_MS)],
];

for (const [name, reader] of LONG) {
  Deno.test({
    name: `stall: ${name}: an overflow is told and counted, and the book is the connector's again`,
    ignore,
    async fn() {
      await using flood = await startFlood({ events: LONG_EVENTS });
      using bot = flood.bot();
      // One is enough, unless the connector is held up at the same time.
      const tally = new Tally(() => bot.connection(0).overflows === 0);
      await reader(flood, bot, tally);
      const { overflows, dropped, malformed } = bot.connection(0);
      assert(overflows > 0, "nothing has overflowed");
      assertEquals([tally.losses, dropped, malformed], [overflows, 0, 0]);

      // The market has ended, so that this is sent the connector's book as it is.
      using fresh = flood.bot();
      for (const end = Date.now() + PATIENCE_MS; !fresh.connection(0).registered;) {
        assert(Date.now() < end, "no book");
        fresh.elapse(1_000_000);
      }
      const book = fresh.depth(0).snapshot();
      assert(book.bids.length > 0 && book.asks.length > 0);
      assertEquals(bot.depth(0).snapshot(), book);
      const sent = await flood.sent();
      assert(tally.received < sent, `${tally.received} of ${sent}`);
    },
  });
}

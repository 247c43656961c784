import { assert } from "@std/assert";
import { getHeapStatistics } from "node:v8";
import { EventBatch, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import { NEVER_FILL, NO_PERMISSIONS, ready } from "./helpers.ts";

const EVENTS = 1_000_000;
/** Rounds until everything is compiled; on a busy machine that takes some. */
const MAX_ROUNDS = 40;
/** A number in an object takes 12 bytes or more. What else the process does makes less than this. */
const MAX_BYTES_PER_EVENT = 1;

/** Bytes ever allocated in the heap; undefined where V8 does not count them. */
function allocated(): number | undefined {
  const bytes: unknown = Reflect.get(getHeapStatistics(), "total_allocated_bytes");
  return typeof bytes === "number" ? bytes : undefined;
}

const SHAPES: Record<string, { options: StubBotOptions; capacity: number; resting?: bigint }> = {
  "a step a poll": { options: {}, capacity: 1_024 },
  "small batches": { options: { stepsPerPoll: 100 }, capacity: 64 },
  "50 instruments": {
    options: {
      instruments: Array.from({ length: 50 }, (_, i) => (
        { connector: "stub", symbol: `s${i}`, tickSize: 0.1, lotSize: 0.001 }
      )),
    },
    capacity: 4_096,
  },
  "resting orders, jitter and kept trades": {
    options: { fill: NEVER_FILL, feedLatencyJitterNs: 50_000, lastTradesCapacity: 100 },
    capacity: 1_024,
    resting: 20n,
  },
};

for (const [name, { options, capacity, resting = 0n }] of Object.entries(SHAPES)) {
  Deno.test({
    name: `a poll allocates nothing for an event: ${name}`,
    ignore: isUncounted(),
    ...NO_PERMISSIONS,
    fn() {
      const bot = ready(new StubBot({ maxFeeds: Infinity, ...options }));
      const batch = new EventBatch(capacity);
      for (let id = 1n; id <= resting; id++) bot.submitBuyOrder(0, id, 1, 1, "GTC", "limit");
      let least = Infinity;
      for (let round = 0; round < MAX_ROUNDS && least > MAX_BYTES_PER_EVENT; round++) {
        const before = allocated()!;
        const events = drain(bot, batch);
        least = Math.min(least, (allocated()! - before) / events);
      }
      assert(least <= MAX_BYTES_PER_EVENT, `${least} bytes an event`);
    },
  });
}

function isUncounted(): boolean {
  if (allocated() !== undefined) return false;
  console.warn("Skipped: this version of Deno does not tell how many bytes were allocated");
  return true;
}

function drain(bot: StubBot, batch: EventBatch): number {
  let events = 0;
  while (events < EVENTS) events += bot.poll(batch);
  return events;
}

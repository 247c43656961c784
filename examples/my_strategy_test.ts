/**
 * A test of my_strategy.ts, to copy. The market is random, but made from a seed, and time is the
 * market's: nothing depends on the machine, and twenty seconds take a fraction of one.
 *
 *     deno test examples/my_strategy_test.ts
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type RunResult, runStrategy, StubBot, type StubBotOptions } from "@hftlive/hftlive";
import strategy, { type MyParams } from "./my_strategy.ts";

const NS_PER_S = 1e9;
const LOT = 0.001;

async function run(
  market: StubBotOptions = {},
  params: Partial<MyParams> = {},
): Promise<RunResult & { readonly log: readonly string[] }> {
  const log: string[] = [];
  const bot = new StubBot({ seed: 7, maxFeeds: Infinity, ...market });
  const result = await runStrategy(bot, strategy, {
    params,
    durationS: 20,
    virtualTime: true,
    onLog: (text) => log.push(text),
  });
  // What the strategy throws ends the run, and is told here.
  assertEquals(result.error, undefined);
  return { ...result, log };
}

/** Largest position that was held, either way, in lots. */
function largestPosition({ charts }: RunResult): number {
  const { position } = charts.instruments[0]!;
  return Math.round(Math.max(...position.flatMap(({ min, max }) => [-min, max])) / LOT);
}

Deno.test("it trades, as maker alone, and leaves nothing open", async () => {
  const { report } = await run();
  const { orders, fills, positionDrift } = report.instruments[0]!;
  assert(orders.submitted > 50, `${orders.submitted} orders`);
  assert(fills.count > 20, `${fills.count} fills`);
  assertEquals(fills.taker, 0);
  assertEquals([orders.open, orders.unknown], [0, 0]);
  assertEquals(positionDrift, 0, "what was executed is what the exchange says is held");
});

Deno.test("the same seed gives the same run, another one does not", async () => {
  const equity = async (seed: number) => (await run({ seed })).report.equity;
  assertEquals(await equity(7), await equity(7));
  assert(await equity(7) !== await equity(8));
});

Deno.test("it reaches its risk limit, and never passes it", async () => {
  for (const maxLots of [1, 3]) {
    assertEquals(largestPosition(await run({}, { maxLots })), maxLots);
  }
  // A fill of less than what was asked for must not open the door to more.
  assertEquals(largestPosition(await run({ partialFillProbability: 1 }, { maxLots: 3 })), 3);
});

Deno.test("without an edge it sends nothing", async () => {
  const { report } = await run({}, { edgeTicks: 10_000 });
  assertEquals(report.instruments[0]!.orders.submitted, 0);
});

Deno.test("an exchange that rejects every other order does no harm", async () => {
  const { report } = await run({ rejectProbability: 0.5 });
  const { rejected, filled } = report.instruments[0]!.orders;
  assert(rejected > 20 && filled > 20, `${rejected} rejected, ${filled} filled`);
});

Deno.test("a connector that goes away is waited for, and trading goes on after it", async () => {
  const result = await run(
    { fill: { model: "touch" }, outages: [{ startNs: 5 * NS_PER_S, durationNs: 5 * NS_PER_S }] },
    // Orders rest for long, so that one does when the connector goes.
    { restMs: 1_000, edgeTicks: 1 },
  );
  const { orders, positionDrift } = result.report.instruments[0]!;
  assertEquals(result.log, [
    "Cannot cancel 1 of 1 orders: Cannot send the request: no connector is attached to stub",
  ]);
  // Nobody can tell what became of that order; the position of the next connector does.
  assertEquals([orders.lost, orders.unknown, positionDrift], [1, 0, 0]);
  const { buys, sells } = result.charts.instruments[0]!;
  const times = [...buys, ...sells].map(({ timeS }) => timeS);
  assert(times.some((timeS) => timeS < 5) && times.some((timeS) => timeS > 10));
  assert(times.every((timeS) => timeS < 5 || timeS >= 10), `${times}`);
  assert(largestPosition(result) <= 5);
});

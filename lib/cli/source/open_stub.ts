/**
 * Opens the bot of a random market.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { StubBot } from "../../stub/stub_bot.ts";
import type { Simulation } from "./simulation.ts";
import type { StubSource } from "./source.ts";

/** Where the stub's prices start, in ticks: 60,000 on a tick size of 0.1. */
const STUB_PRICE_TICKS = 600_000;

/** Opens the bot of a random market. */
export function stubBot(
  { instruments, seed, speed }: StubSource,
  simulation?: Simulation,
): LiveBot {
  const { makerFee, takerFee, orderLatency } = simulation ?? {};
  return new StubBot({
    instruments: instruments.map((instrument) => ({
      ...instrument,
      basePrice: instrument.tickSize * STUB_PRICE_TICKS,
    })),
    seed,
    clock: speed === Infinity ? "virtual" : "real",
    maxFeeds: Infinity,
    ...(makerFee !== undefined && { makerFee }),
    ...(takerFee !== undefined && { takerFee }),
    ...(orderLatency && "entryNs" in orderLatency && { orderLatencyNs: orderLatency }),
  });
}

/**
 * Opens the bot that a source describes.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { inFlags, type OptionFlags } from "../flag_errors.ts";
import type { Simulation } from "./simulation.ts";
import type { BotSource } from "./source.ts";

/** The flags that a bot's options come from. */
const FLAGS: OptionFlags = {
  connector: "--connector",
  symbol: "--symbol",
  tickSize: "--tick-size",
  lotSize: "--lot-size",
  roiLowerBound: "--roi-lower",
  roiUpperBound: "--roi-upper",
  libraryPath: "--library",
  seed: "--seed",
  recording: "--replay",
  startTime: "--start",
  endTime: "--end",
  speed: "--speed",
  makerFee: "--maker-fee",
  takerFee: "--taker-fee",
  orderLatencyNs: "--order-latency",
  orderLatency: "--order-latency",
};

/**
 * Loads what a source's bot needs, which none of the others does.
 *
 * @param source Which bot, and its options.
 * @param simulation How own orders fare, where the market is simulated.
 * @returns Opens the bot, to be closed by the caller. It throws a UsageError that names the flag
 * whose value the bot refuses, a RecordingError if a recording cannot be read, and a
 * NativeLibraryNotFoundError if there is no native library.
 */
export async function botOpener(
  source: BotSource,
  simulation?: Simulation,
): Promise<() => LiveBot> {
  const open = await openerOf(source, simulation);
  return () => {
    try {
      return open();
    } catch (error) {
      throw inFlags(error, FLAGS);
    }
  };
}

async function openerOf(source: BotSource, simulation?: Simulation): Promise<() => LiveBot> {
  switch (source.mode) {
    case "live": {
      const { liveBot } = await import("./open_live.ts");
      return () => liveBot(source);
    }
    case "stub": {
      const { stubBot } = await import("./open_stub.ts");
      return () => stubBot(source, simulation);
    }
    case "replay": {
      const { replayBot } = await import("./open_replay.ts");
      return () => replayBot(source, simulation);
    }
  }
}

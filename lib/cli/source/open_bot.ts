/**
 * Opens the bot that a source describes.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { NativeBot } from "../../native/native_bot.ts";
import { ReplayBot } from "../../replay/replay_bot.ts";
import { StubBot } from "../../stub/stub_bot.ts";
import { UsageError } from "../exit.ts";
import type { LiveSource } from "./live.ts";
import { replayInstruments } from "./open_replay.ts";
import { readLatencies } from "./order_latency.ts";
import type { ReplaySource } from "./replay.ts";
import type { Simulation } from "./simulation.ts";
import type { BotSource, StubSource } from "./source.ts";

/** Where the stub's prices start, in ticks: 60,000 on a tick size of 0.1. */
const STUB_PRICE_TICKS = 600_000;

/** The flags that a bot's options come from. */
const FLAGS: Readonly<Record<string, string>> = {
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
 * Opens the bot that a source describes.
 *
 * @param source Which bot, and its options.
 * @param simulation How own orders fare, where the market is simulated.
 * @returns The bot, to be closed by the caller.
 * @throws {UsageError} Naming the flag whose value the bot refuses.
 * @throws {RecordingError} If a recording cannot be read.
 * @throws {NativeLibraryNotFoundError} If there is no native library.
 */
export function openBot(source: BotSource, simulation?: Simulation): LiveBot {
  try {
    switch (source.mode) {
      case "live":
        return liveBot(source);
      case "stub":
        return stubBot(source, simulation);
      case "replay":
        return replayBot(source, simulation);
    }
  } catch (error) {
    throw error instanceof InvalidInputError ? inFlags(error) : error;
  }
}

function liveBot({ instruments, depth, libraryPath }: LiveSource): LiveBot {
  return new NativeBot({ instruments, depth, ...(libraryPath && { libraryPath }) });
}

function stubBot({ instruments, seed, speed }: StubSource, simulation?: Simulation): LiveBot {
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

function replayBot(source: ReplaySource, simulation?: Simulation): LiveBot {
  const { speed, startTime, endTime, skipDamaged } = source;
  const { makerFee, takerFee, orderLatency, queueModel } = simulation ?? {};
  return new ReplayBot({
    instruments: replayInstruments(source),
    ...(speed === Infinity ? { clock: "virtual" } : { clock: "real", speed }),
    ...{ startTime, endTime, skipDamaged, makerFee, takerFee, queueModel },
    orderLatency: orderLatency && "file" in orderLatency
      ? { model: "interpolated", rows: readLatencies(orderLatency.file) }
      : orderLatency,
  });
}

/** The same error in the words of the command line. */
function inFlags({ field, message }: InvalidInputError): UsageError {
  const flag = FLAGS[field.replace(/^instruments\[\d+\]\./, "")] ?? field;
  return new UsageError(message.replace(field, flag));
}

/**
 * Opens the bot that the flags of `watch` ask for.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { NativeBot } from "../../native/native_bot.ts";
import { StubBot } from "../../stub/stub_bot.ts";
import { UsageError } from "../exit.ts";
import type { WatchSource } from "./options.ts";

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
};

/**
 * Opens the bot that the flags of `watch` ask for.
 *
 * @param source Which bot, and its options.
 * @returns The bot, to be closed by the caller.
 * @throws {UsageError} Naming the flag whose value the bot refuses.
 * @throws {NativeLibraryNotFoundError} If there is no native library.
 */
export function openBot(source: WatchSource): LiveBot {
  try {
    return newBot(source);
  } catch (error) {
    throw error instanceof InvalidInputError ? inFlags(error) : error;
  }
}

function newBot(source: WatchSource): LiveBot {
  if (source.mode === "live") {
    const { instruments, depth, libraryPath } = source;
    return new NativeBot({ instruments, depth, ...(libraryPath && { libraryPath }) });
  }
  const instruments = source.instruments.map((instrument) => ({
    ...instrument,
    basePrice: instrument.tickSize * STUB_PRICE_TICKS,
  }));
  return new StubBot({ instruments, seed: source.seed, clock: "real", maxFeeds: Infinity });
}

/** The same error in the words of the command line. */
function inFlags({ field, message }: InvalidInputError): UsageError {
  const flag = FLAGS[field.replace(/^instruments\[\d+\]\./, "")] ?? field;
  return new UsageError(message.replace(field, flag));
}

/**
 * Options of a native bot.
 *
 * @module
 */

import { type ChannelSizesOptions, checkChannelSizes } from "../model/channel_sizes.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { type Instrument, validateInstrument } from "../model/instrument.ts";
import type { DepthKind } from "./symbols.ts";

// The library's own limits (native/crates/hftlive/src/config.rs), so that errors name the option.
const MAX_INSTRUMENTS = 4_096;
const MAX_LAST_TRADES = 2 ** 24;
const MAX_JOURNAL = 2 ** 24;
const MAX_ROI_TICKS = 2 ** 26;
const MAX_BOT_ID = 2n ** 64n - 1n;
const DEPTH_KINDS: readonly DepthKind[] = ["hashmap", "roivec"];

/** An instrument of a native bot. */
export interface NativeInstrument extends Instrument {
  /**
   * How many trades `lastTrades` keeps until they are cleared.
   *
   * @default 0
   */
  readonly lastTradesCapacity?: number | undefined;
  /** Lowest price that a "roivec" book keeps, in quote currency; quantities below it are NaN. */
  readonly roiLowerBound?: number | undefined;
  /** Highest price that a "roivec" book keeps, in quote currency; quantities above it are NaN. */
  readonly roiUpperBound?: number | undefined;
}

/** Options of a `NativeBot`. */
export interface NativeBotOptions {
  /** What is traded; an instrument's index is its asset number. */
  readonly instruments: readonly NativeInstrument[];
  /**
   * How books are kept: a hash map of all levels, or a vector over a range of prices.
   *
   * @default "hashmap"
   */
  readonly depth?: DepthKind | undefined;
  /**
   * Number by which connectors address this bot, 1 to 2^64-1, unlike that of any other bot.
   *
   * @default a random number
   */
  readonly botId?: bigint | undefined;
  /**
   * How many records are kept for the next poll while nobody polls.
   *
   * @default 65536
   */
  readonly journalCapacity?: number | undefined;
  /**
   * The least sizes that the channels of the connectors must have, and those that they get if the bot is
   * there before the connector.
   *
   * @default those of the file that `HFTBACKTEST_CHANNEL_CONFIG` names; without, a channel is taken as
   * it is, or made for 10,000 messages for each of at most 200 bots
   */
  readonly channel?: ChannelSizesOptions | undefined;
  /**
   * Path of the native library.
   *
   * @default the variable HFTLIVE_LIB, else the package's own places
   */
  readonly libraryPath?: string | undefined;
}

/**
 * Checks options and describes the bot as docs/abi.md wants it.
 *
 * @param options The options.
 * @returns A value for JSON.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
export function describeBot(options: NativeBotOptions): { depth: DepthKind } {
  const { instruments, botId, journalCapacity, channel } = options;
  const depth = checkOneOf("depth", options.depth ?? "hashmap", DEPTH_KINDS);
  if (
    !Array.isArray(instruments) || instruments.length === 0 || instruments.length > MAX_INSTRUMENTS
  ) {
    throw new InvalidInputError("instruments", instruments, `1 to ${MAX_INSTRUMENTS} instruments`);
  }
  if (
    botId !== undefined && !(typeof botId === "bigint" && botId >= 1n && botId <= MAX_BOT_ID)
  ) {
    throw new InvalidInputError("botId", botId, "a bigint from 1n to 2n ** 64n - 1n");
  }
  if (journalCapacity !== undefined) {
    checkNumber("journalCapacity", journalCapacity, { min: 1, max: MAX_JOURNAL, integer: true });
  }
  return {
    depth,
    ...(botId !== undefined && { botId: String(botId) }),
    ...(journalCapacity !== undefined && { journalCapacity }),
    ...(channel !== undefined && { channel: checkChannelSizes("channel", channel) }),
    ...{ instruments: describeInstruments(instruments, depth) },
  };
}

function describeInstruments(instruments: readonly NativeInstrument[], depth: DepthKind): object[] {
  const seen = new Set<string>();
  return instruments.map((instrument, index) => {
    validateInstrument(instrument, index);
    const { connector, symbol, tickSize, lotSize, lastTradesCapacity = 0 } = instrument;
    const at = `instruments[${index}]`;
    const key = `${connector} ${symbol}`;
    if (seen.has(key)) {
      throw new InvalidInputError(`${at}.symbol`, symbol, `no symbol twice on ${connector}`);
    }
    seen.add(key);
    checkNumber(`${at}.lastTradesCapacity`, lastTradesCapacity, {
      min: 0,
      max: MAX_LAST_TRADES,
      integer: true,
    });
    return {
      ...{ connector, symbol, tickSize, lotSize, lastTradesCapacity },
      ...(depth === "roivec" && describeRange(instrument, at)),
    };
  });
}

function describeRange(instrument: NativeInstrument, at: string): object {
  const { tickSize } = instrument;
  const roiLowerBound = checkNumber(`${at}.roiLowerBound`, instrument.roiLowerBound, { min: 0 });
  const roiUpperBound = checkNumber(`${at}.roiUpperBound`, instrument.roiUpperBound, {
    min: roiLowerBound + tickSize,
    max: roiLowerBound + tickSize * MAX_ROI_TICKS,
  });
  return { roiLowerBound, roiUpperBound };
}

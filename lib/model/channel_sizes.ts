/**
 * How large the shared memory between a connector and its bots is.
 *
 * @module
 */

import { checkNumber, type NumberBounds } from "./check.ts";
import { InvalidInputError } from "./errors.ts";

/**
 * Sizes of a connector's channel. Whoever comes first, connector or bot, makes the channel with its
 * sizes, which stay until nobody uses it any more. A process that then asks for more is refused.
 */
export interface ChannelSizes {
  /**
   * Messages that wait for each bot before its oldest is lost. Each level of a book, each trade and
   * each mark around a batch is one: at 100,000 a second, 10,000 are 100 ms.
   */
  readonly bufferSize: number;
  /** Bots at a time. */
  readonly maxBots: number;
}

/** Sizes as an option; what is left out is {@linkcode DEFAULT_CHANNEL_SIZES}'s. */
export interface ChannelSizesOptions {
  /**
   * Messages that wait for each bot before its oldest is lost, 1 to 16,777,216.
   *
   * @default {10000}
   */
  readonly bufferSize?: number | undefined;
  /**
   * Bots at a time, 1 to 65,536.
   *
   * @default {200}
   */
  readonly maxBots?: number | undefined;
}

/** What hftbacktest's connector and bots use when nothing is set. */
export const DEFAULT_CHANNEL_SIZES: ChannelSizes = { bufferSize: 10_000, maxBots: 200 };

/** What each size may be: the native library's own limits (native/crates/hftlive/src/sizes.rs). */
export const CHANNEL_SIZE_BOUNDS: Readonly<
  Record<keyof ChannelSizes, Required<NumberBounds>>
> = {
  bufferSize: { min: 1, max: 2 ** 24, integer: true },
  maxBots: { min: 1, max: 2 ** 16, integer: true },
};

/** Payload, header and what surrounds a message in shared memory, in bytes. */
const BYTES_PER_MESSAGE = 564;
/** Messages that each bot may hold beside those that wait for it. */
const BORROWED_MESSAGES = 2;

/**
 * Checks sizes and fills in the defaults.
 *
 * @param field Name of the option as its user wrote it.
 * @param value The value given.
 * @returns The sizes.
 * @throws {InvalidInputError} If one is no whole number within its limits.
 */
export function checkChannelSizes(field: string, value: ChannelSizesOptions): ChannelSizes {
  if (typeof value !== "object" || value === null) {
    throw new InvalidInputError(field, value, "bufferSize and maxBots");
  }
  const {
    bufferSize = DEFAULT_CHANNEL_SIZES.bufferSize,
    maxBots = DEFAULT_CHANNEL_SIZES.maxBots,
  } = value;
  return {
    bufferSize: checkNumber(`${field}.bufferSize`, bufferSize, CHANNEL_SIZE_BOUNDS.bufferSize),
    maxBots: checkNumber(`${field}.maxBots`, maxBots, CHANNEL_SIZE_BOUNDS.maxBots),
  };
}

/**
 * Shared memory that a connector's channel takes once all of its buffers have been used, in bytes. Each
 * bot adds a `maxBots`th of that for its own requests.
 */
export function channelBytes({ bufferSize, maxBots }: ChannelSizes): number {
  return maxBots * (bufferSize + BORROWED_MESSAGES) * BYTES_PER_MESSAGE;
}

/** Sizes in words, such as "10000 messages for each of at most 200 bots". */
export function describeChannelSizes({ bufferSize, maxBots }: ChannelSizes): string {
  const messages = bufferSize === 1 ? "message" : "messages";
  const bots = maxBots === 1 ? "1 bot" : `each of at most ${maxBots} bots`;
  return `${bufferSize} ${messages} for ${bots}`;
}

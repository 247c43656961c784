/**
 * Looking at a connector's channel from outside.
 *
 * @module
 */

import type { ChannelSizes } from "../model/channel_sizes.ts";
import { BotError, botErrorReason, InvalidInputError } from "../model/errors.ts";
import { type FindLibraryOptions, NativeLibrary } from "./library.ts";
import { readText, toJsonBytes } from "./text.ts";

/** A process that publishes on a channel, or did. */
export interface ChannelPublisher {
  /** Its process id. */
  readonly pid: number;
  /** Whether that process still lives. */
  readonly alive: boolean;
}

/** State of a connector's channel. */
export interface ChannelState {
  /** Whether the channel exists at all. */
  readonly exists: boolean;
  /** Who publishes on it: a connector, or one that died without clearing up. */
  readonly publishers: readonly ChannelPublisher[];
  /** How many bots listen to it. */
  readonly bots: number;
  /** The sizes that it was made with; undefined if it does not exist. */
  readonly sizes?: ChannelSizes | undefined;
}

/**
 * Tells whether a connector is attached to its channel, without attaching to it
 * or creating anything.
 *
 * @param connector Name under which the connector was started.
 * @param options Which native library to use, if not the usual one.
 * @returns The state of the channel.
 * @throws {InvalidInputError} If the name cannot be a connector's.
 * @throws {BotError} If the channel cannot be looked at.
 *
 * @example
 * ```ts
 * import { probeChannel } from "@hftlive/hftlive";
 *
 * function isRunning(connector: string): boolean {
 *   return probeChannel(connector).publishers.some(({ alive }) => alive);
 * }
 * ```
 */
export function probeChannel(connector: string, options: FindLibraryOptions = {}): ChannelState {
  if (typeof connector !== "string" || !/^[^\s/]{1,200}$/.test(connector)) {
    throw new InvalidInputError(
      "connector",
      connector,
      "a name of 1 to 200 characters without spaces or slashes",
    );
  }
  using library = NativeLibrary.open(options);
  const { functions } = library;
  const json = toJsonBytes({ connector });
  let code = 0;
  const text = readText((out, capacity) => {
    const length = functions.hftlive_probe(json, BigInt(json.length), out, capacity);
    code = Number(-length);
    return length;
  });
  if (text === "") {
    const reason = library.lastError() || `Cannot probe channel ${connector}: code ${code}`;
    throw new BotError(botErrorReason(code), reason);
  }
  return JSON.parse(text);
}

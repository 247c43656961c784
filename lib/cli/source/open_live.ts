/**
 * Opens the bot of a running connector's market.
 *
 * @module
 */

import { readChannelConfig } from "../../connector/channel/channel_config.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { NativeBot } from "../../native/native_bot.ts";
import type { LiveSource } from "./live.ts";

/** Opens the bot of a running connector's market. */
export function liveBot(source: LiveSource): LiveBot {
  const { instruments, depth, libraryPath, channelConfig } = source;
  const channel = channelConfig === undefined ? undefined : readChannelConfig(channelConfig);
  return new NativeBot({ instruments, depth, libraryPath, channel });
}

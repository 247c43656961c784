/**
 * Recognising a connector that has ended because its channel is too small for it.
 *
 * @module
 */

import { type ChannelSizes, describeChannelSizes } from "../../model/channel_sizes.ts";
import { HftliveError } from "../../model/errors.ts";
import { ChannelProbe } from "../channel_probe.ts";
import type { LogLine } from "../logs/mod.ts";
import type { RunnerSettings } from "../runner_options.ts";

/** What iceoryx2 says when a channel is there with smaller sizes than asked for. */
const REFUSAL = /DoesNotSupportRequested(?:MinBufferSize|AmountOf(?:Subscribers|Publishers))/;

/**
 * Looks into a connector's last lines for a channel that a bot had made before it.
 *
 * @param lines What it printed last.
 * @param settings The connector.
 * @param asked The sizes that it asked for; undefined if they are not known.
 * @returns What happened, in words; undefined when it ended for another reason.
 */
export function channelMismatch(
  lines: readonly LogLine[],
  settings: Pick<RunnerSettings, "connectorName" | "libraryPath">,
  asked: ChannelSizes | undefined,
): string | undefined {
  if (!lines.some(({ raw }) => REFUSAL.test(raw))) return undefined;
  const found = sizesNow(settings);
  const is = found === undefined ? "smaller" : `with ${describeChannelSizes(found)}`;
  const needs = asked === undefined ? "more" : describeChannelSizes(asked);
  return `bots have made its channel before it, ${is}, and it asks for ${needs}: end them, or ` +
    "start them with the connector's sizes";
}

/** The sizes of the channel, while the bots are still there. */
function sizesNow(
  { connectorName, libraryPath }: Pick<RunnerSettings, "connectorName" | "libraryPath">,
): ChannelSizes | undefined {
  try {
    const opened = ChannelProbe.open(connectorName, libraryPath);
    if (typeof opened === "string") return undefined;
    using probe = opened;
    return probe.look().sizes;
  } catch (error) {
    if (error instanceof HftliveError) return undefined;
    throw error;
  }
}

/**
 * States of connectors as an operator sees them.
 *
 * @module
 */

import { CHANNEL_VARIABLE } from "../../connector/channel/channel_config.ts";
import type { ChannelSizes } from "../../model/channel_sizes.ts";
import type { ConnectorStatus } from "../../connector/supervisor/control_messages.ts";
import {
  describeState,
  type SupervisedState,
  type SupervisorStateChange,
} from "../../connector/supervisor/state.ts";
import type { Style } from "../ansi.ts";
import { alignColumns } from "./columns.ts";

/** A state in the colour that suits it. */
export function stateText(state: SupervisedState, style: Style): string {
  return paint(state, style)(describeState(state));
}

function paint({ status }: SupervisedState, style: Style): (text: string) => string {
  switch (status) {
    case "ready":
      return style.green;
    case "failed":
    case "silent":
      return style.red;
    case "backingOff":
      return style.yellow;
    case "stopped":
      return style.dim;
    default:
      return (text) => text;
  }
}

/** A change as one line, such as `12:30:01 bf ready: market data comes`. */
export function changeLine(
  { connector, state, time }: SupervisorStateChange,
  style: Style,
): string {
  return `${style.dim(time.slice(11, 19))} ${style.bold(connector)} ${stateText(state, style)}`;
}

/** Where a connector's orders go, with real money standing out. */
export function networkText(network: string | null | undefined, style: Style): string {
  if (network === null || network === undefined) return "-";
  return network === "main" || network === "mixed" ? style.red(network) : network;
}

/** The table of `connector status`. */
export function statusLines(
  connectors: readonly ConnectorStatus[],
  style: Style,
  now: number = Date.now(),
): string[] {
  const header = ["NAME", "TYPE", "NET", "FOR", "PID", "CHANNEL", "RESTARTS", "FEEDS", "STATE"];
  return alignColumns([
    header.map((text) => style.dim(text)),
    ...connectors.map((connector) => [
      style.bold(connector.name),
      connector.type,
      networkText(connector.network, style),
      duration(now - Date.parse(connector.since)),
      connector.pid === null ? "-" : String(connector.pid),
      sizesText(connector.channel?.sizes),
      String(connector.restarts),
      feedText(connector, style),
      stateText(connector.state, style),
    ]),
  ]);
}

/** The files with the sizes of channels, for bots in any language; none for default sizes. */
export function channelLines(connectors: readonly ConnectorStatus[]): string[] {
  return connectors.flatMap(({ name, channel }) =>
    channel?.configPath ? [`${CHANNEL_VARIABLE} of ${name}: ${channel.configPath}`] : []
  );
}

/** Sizes of a channel, such as "10000 x 200". */
function sizesText(sizes: ChannelSizes | null | undefined): string {
  return sizes ? `${sizes.bufferSize} x ${sizes.maxBots}` : "-";
}

/** The age of each watched feed, such as `btcusdt 0.1 s`. */
function feedText({ feeds }: ConnectorStatus, style: Style): string {
  if (feeds.length === 0) return "-";
  return feeds.map(({ symbol, ageMs, timeoutMs, seen }) => {
    const text = `${symbol} ${seen ? duration(ageMs) : "none"}`;
    return ageMs > timeoutMs ? style.red(text) : text;
  }).join(", ");
}

/** A duration in its largest units, such as "3 h 12 m". */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} m`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

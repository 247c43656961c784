/**
 * What a dashboard keeps of a supervisor's connectors.
 *
 * @module
 */

import type {
  ConnectorLogLine,
  ConnectorStatus,
} from "../../connector/supervisor/control_messages.ts";
import { describeState } from "../../connector/supervisor/state.ts";
import type { ConnectorMonitor } from "../connectors/connector_monitor.ts";
import type { ConnectorRow, ConnectorsPart, LogRow } from "./messages.ts";
import { Part } from "./parts.ts";

/** What a dashboard keeps of a supervisor's connectors. */
export class ConnectorBoard {
  /** The supervisor and its connectors. */
  readonly part: Part<ConnectorsPart> = new Part();
  readonly #monitor: ConnectorMonitor;

  /** @param monitor Asks the supervisor. */
  constructor(monitor: ConnectorMonitor) {
    this.#monitor = monitor;
  }

  /** Brings it up to date. */
  refresh(): void {
    const { value: status, failure = null } = this.#monitor.view;
    this.part.set({
      failure,
      connectors: (status?.connectors ?? []).map(rowOf),
      droppedLines: this.#monitor.droppedLines,
    });
  }
}

/** A line that a connector printed, for the log. */
export function logRow({ connector, time, level, message }: ConnectorLogLine): LogRow {
  const timeMs = time === null ? NaN : Date.parse(time);
  return [Number.isNaN(timeMs) ? Date.now() : timeMs, connector, level, message];
}

function rowOf(connector: ConnectorStatus): ConnectorRow {
  const { name, type, network, state, since, pid, restarts, lastFailure, feeds } = connector;
  return {
    ...{ name, type, network, pid, restarts, lastFailure },
    state: state.status,
    text: describeState(state),
    sinceMs: Date.parse(since),
    feeds: feeds.map(({ symbol, ageMs, seen }) => ({ symbol, ageMs: seen ? ageMs : null })),
  };
}

/**
 * The metrics of a supervisor's connectors.
 *
 * @module
 */

import type { ConnectorStatus } from "../../connector/supervisor/control_messages.ts";
import type { SupervisedStateName } from "../../connector/supervisor/state.ts";
import type { ConnectorMonitor } from "../connectors/connector_monitor.ts";
import type { MetricSource, Reading } from "./reading.ts";

const MS_PER_S = 1e3;

const STATES: Readonly<Record<SupervisedStateName, true>> = {
  stopped: true,
  waiting: true,
  building: true,
  starting: true,
  ready: true,
  silent: true,
  backingOff: true,
  failed: true,
  stopping: true,
};

/** Tells what a monitor knows of connectors. */
export class ConnectorSource implements MetricSource {
  readonly #monitor: ConnectorMonitor;

  /** @param monitor Asks the supervisor. */
  constructor(monitor: ConnectorMonitor) {
    this.#monitor = monitor;
  }

  /** Adds its values to a reading. */
  read(reading: Reading): void {
    const { value: status, ageMs = NaN, failure } = this.#monitor.view;
    reading.add("hftlive_supervisor_up", failure === undefined ? 1 : 0);
    reading.add("hftlive_connector_log_lines_dropped_total", this.#monitor.droppedLines);
    for (const connector of status?.connectors ?? []) {
      const labels = { connector: connector.name };
      reading.add("hftlive_connector_probe_age_seconds", ageMs / MS_PER_S, labels);
      // What a supervisor said that does not answer any more proves nothing.
      if (failure === undefined) readConnector(reading, connector);
    }
  }
}

function readConnector(reading: Reading, { name, state, restarts, feeds }: ConnectorStatus): void {
  const labels = { connector: name };
  for (const each of Object.keys(STATES)) {
    const value = each === state.status ? 1 : 0;
    reading.add("hftlive_connector_state", value, { ...labels, state: each });
  }
  reading.add("hftlive_connector_ready", state.status === "ready" ? 1 : 0, labels);
  reading.add("hftlive_connector_restarts_total", restarts, labels);
  for (const { symbol, ageMs } of feeds) {
    reading.add("hftlive_connector_feed_age_seconds", ageMs / MS_PER_S, { ...labels, symbol });
  }
}

/**
 * The metrics there are: names, types, labels. docs/metrics.md lists the same.
 *
 * @module
 */

/** What a metric is. */
export interface MetricDefinition {
  /** How its value behaves: a sum that only grows, a value of this moment, or counts in buckets. */
  readonly type: "counter" | "gauge" | "histogram";
  /** What it tells, in one line without a full stop. */
  readonly help: string;
  /** What its samples differ in. */
  readonly labels: readonly string[];
}

/** All metrics by name, with their types for the compiler. */
export const METRICS = {
  hftlive_info: {
    type: "gauge",
    help: "Always 1; the version is a label",
    labels: ["version"],
  },
  hftlive_client_running: {
    type: "gauge",
    help: "Whether the client polls its bot",
    labels: [],
  },
  hftlive_batches_total: {
    type: "counter",
    help: "Polls that brought something",
    labels: [],
  },
  hftlive_events_total: {
    type: "counter",
    help: "Events that the bot delivered, by kind",
    labels: ["connector", "symbol", "kind"],
  },
  hftlive_client_dropped_events_total: {
    type: "counter",
    help: "Events that queues of the client dropped because nobody took them in time",
    labels: [],
  },
  hftlive_bot_dropped_events_total: {
    type: "counter",
    help: "Events that the bot dropped because nobody polled them",
    labels: ["connector", "symbol"],
  },
  hftlive_channel_overflows_total: {
    type: "counter",
    help: "How often the channel from the connector may have overflowed",
    labels: ["connector", "symbol"],
  },
  hftlive_malformed_messages_total: {
    type: "counter",
    help: "Messages refused because they could not be decoded or held impossible values",
    labels: ["connector", "symbol"],
  },
  hftlive_feed_latency_seconds: {
    type: "histogram",
    help: "Time from the exchange to the local time stamp of trades and book changes",
    labels: ["connector", "symbol"],
  },
  hftlive_feed_clock_skew_events_total: {
    type: "counter",
    help: "Trades and book changes with an exchange time after the local one",
    labels: ["connector", "symbol"],
  },
  hftlive_feed_age_seconds: {
    type: "gauge",
    help: "Time since the last market event; left out before the first",
    labels: ["connector", "symbol"],
  },
  hftlive_order_latency_seconds: {
    type: "histogram",
    help: "Time from a request for an order to its first answer",
    labels: ["connector", "symbol"],
  },
  hftlive_order_updates_total: {
    type: "counter",
    help: "What the exchange said about own orders, by the order's status",
    labels: ["connector", "symbol", "status"],
  },
  hftlive_orders: {
    type: "gauge",
    help: "Own orders that the bot remembers, by status",
    labels: ["connector", "symbol", "status"],
  },
  hftlive_position_base_units: {
    type: "gauge",
    help: "Signed quantity held, in base units",
    labels: ["connector", "symbol"],
  },
  hftlive_health_level: {
    type: "gauge",
    help: "What is proven: 0 nothing, 1 connector attached, 2 registered, 3 data is fresh",
    labels: ["connector", "symbol"],
  },
  hftlive_supervisor_up: {
    type: "gauge",
    help: "Whether the supervisor of the connectors answers",
    labels: [],
  },
  hftlive_connector_probe_age_seconds: {
    type: "gauge",
    help: "Time since the supervisor last told the state of the connector",
    labels: ["connector"],
  },
  hftlive_connector_state: {
    type: "gauge",
    help: "1 for the state the connector is in, 0 for all others",
    labels: ["connector", "state"],
  },
  hftlive_connector_ready: {
    type: "gauge",
    help: "Whether the connector has proven what it has to, and nothing is amiss",
    labels: ["connector"],
  },
  hftlive_connector_restarts_total: {
    type: "counter",
    help: "Restarts since the supervisor was started, those on request included",
    labels: ["connector"],
  },
  hftlive_connector_feed_age_seconds: {
    type: "gauge",
    help: "Time since the supervisor's watchdog last saw market data of the symbol",
    labels: ["connector", "symbol"],
  },
  hftlive_connector_log_lines_dropped_total: {
    type: "counter",
    help: "Lines of connectors that the supervisor dropped because this reader was too slow",
    labels: [],
  },
  hftlive_paper_up: {
    type: "gauge",
    help: "Whether the paper exchange answers",
    labels: [],
  },
  hftlive_paper_equity_quote_units: {
    type: "gauge",
    help: "Wallet and unrealised profit at the paper exchange, in the quote currency",
    labels: [],
  },
  hftlive_paper_position_base_units: {
    type: "gauge",
    help: "Signed quantity held at the paper exchange, in base units",
    labels: ["symbol"],
  },
  hftlive_paper_orders: {
    type: "gauge",
    help: "Orders that are open at the paper exchange",
    labels: ["symbol"],
  },
  hftlive_paper_fills_total: {
    type: "counter",
    help: "Executions at the paper exchange",
    labels: ["symbol"],
  },
  hftlive_paper_refused_requests_total: {
    type: "counter",
    help: "Requests that the paper exchange answered with an error",
    labels: [],
  },
  hftlive_paper_lost_messages_total: {
    type: "counter",
    help: "Messages of the paper exchange that did not reach those who listened",
    labels: [],
  },
  hftlive_dashboard_viewers: {
    type: "gauge",
    help: "Pages that are connected to the dashboard",
    labels: [],
  },
  hftlive_dashboard_skipped_frames_total: {
    type: "counter",
    help: "Frames that a page was not sent because it had not shown those before",
    labels: [],
  },
  hftlive_dashboard_refused_requests_total: {
    type: "counter",
    help: "Requests that the dashboard refused for their host, their origin or their token",
    labels: [],
  },
} as const;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;

/** What a metric is, by its name. */
export const METRIC_DEFINITIONS: Readonly<Record<MetricName, MetricDefinition>> = METRICS;

/** Name of a metric whose samples are counts in buckets. */
export type HistogramName = {
  [K in MetricName]: typeof METRICS[K]["type"] extends "histogram" ? K : never;
}[MetricName];

/** Name of a metric whose samples are numbers. */
export type NumberName = Exclude<MetricName, HistogramName>;

/** All names, in the order of {@linkcode METRICS}. */
export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS).filter(isMetricName);

function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

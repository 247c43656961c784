/**
 * What an operator sees: metrics and a dashboard.
 *
 * @module
 */

export type { ConnectorDirectory } from "./connectors/connector_monitor.ts";
export { Dashboard } from "./dashboard/dashboard.ts";
export type { DashboardOptions } from "./dashboard/options.ts";
export {
  type HistogramName,
  type MetricDefinition,
  type MetricName,
  METRICS,
  type NumberName,
} from "./metrics/definitions.ts";
export { Metrics, type MetricsText } from "./metrics/metrics.ts";
export {
  type HistogramSample,
  type Labels,
  type MetricSource,
  type NumberSample,
  Reading,
} from "./metrics/reading.ts";

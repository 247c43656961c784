/**
 * What an operator sees: metrics and a dashboard.
 *
 * @module
 */

export type { ConnectorDirectory } from "./connectors/connector_monitor.ts";
export type { ExchangeReporter } from "./exchange/exchange_monitor.ts";
export { Dashboard } from "./dashboard/dashboard.ts";
export type { DashboardOptions } from "./dashboard/options.ts";
export { Metrics } from "./metrics/metrics.ts";
export type { MetricsExport, MetricsText } from "./metrics/metrics_hub.ts";

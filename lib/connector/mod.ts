/**
 * The connector: its configuration, source, process, output, supervision, deployment.
 *
 * @module
 */

export { readChannelConfig } from "./channel/channel_config.ts";
export type { ConnectorChannel } from "./channel/run_channel.ts";
export * from "./config/mod.ts";
export * from "./deploy/mod.ts";
export * from "./errors.ts";
export type { ConnectorExit, ExitReason } from "./exit.ts";
export * from "./logs/mod.ts";
export type { ConnectorBuild, ConnectorBuildOptions } from "./program.ts";
export type { BuildProgress } from "./progress.ts";
export * from "./project_root.ts";
export {
  type Readiness,
  READINESS_LEVELS,
  type ReadinessLevel,
  type ReadinessOptions,
} from "./readiness.ts";
export * from "./runner.ts";
export * from "./runner_errors.ts";
export * from "./runner_events.ts";
export type {
  ConnectorRunnerOptions,
  ConnectorStartOptions,
  ConnectorStopOptions,
} from "./runner_options.ts";
export * from "./sd_notify.ts";
export type { StaleBinary } from "./staleness.ts";
export * from "./supervisor/mod.ts";

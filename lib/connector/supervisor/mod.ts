/**
 * Keeping many connectors running: settings, supervisor, control socket.
 *
 * @module
 */

export { ControlClient, type ControlLogOptions, type ControlLogs } from "./control_client.ts";
export {
  type ConnectorChannelStatus,
  type ConnectorLogLine,
  type ConnectorStatus,
  CONTROL_ERROR_CODES,
  CONTROL_VERSION,
  ControlError,
  type ControlErrorCode,
  type SupervisorStatus,
} from "./control_messages.ts";
export { ControlServer } from "./control_server.ts";
export {
  defaultControlSocket,
  SupervisorRunningError,
  usualControlSockets,
} from "./control_socket.ts";
export {
  type SupervisorEventMap,
  SupervisorEvents,
  type SupervisorStateChanges,
  SupervisorStateEvent,
} from "./events.ts";
export {
  RESTART_POLICIES,
  type RestartDecision,
  RestartPolicy,
  type RestartPolicyName,
  type RestartSettings,
  type RunEnd,
  type RunEndCause,
} from "./restart_policy.ts";
export type {
  ConnectorSettings,
  LogFileSettings,
  ReadySettings,
  SupervisorSettings,
  SymbolSettings,
  WatchdogSettings,
  WatchedSymbol,
} from "./settings.ts";
export { loadSupervisorSettings } from "./settings_file.ts";
export { settingsTemplate, writeSettingsTemplate } from "./settings_template.ts";
export {
  describeState,
  type SupervisedState,
  type SupervisedStateName,
  type SupervisorStateChange,
} from "./state.ts";
export { Supervisor, type SupervisorOptions } from "./supervisor.ts";
export type { FeedStatus } from "./watchdog.ts";

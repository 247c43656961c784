/**
 * The commands, in the order in which the help lists them; the first is the default.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { completions } from "./commands/completions.ts";
import { connectorBuild } from "./commands/connector_build.ts";
import { connectorDocker } from "./commands/connector_docker.ts";
import { connectorInit } from "./commands/connector_init.ts";
import { connectorLogs } from "./commands/connector_logs.ts";
import { connectorRestart } from "./commands/connector_restart.ts";
import { connectorRun } from "./commands/connector_run.ts";
import { connectorStatus } from "./commands/connector_status.ts";
import { connectorStop } from "./commands/connector_stop.ts";
import { connectorSystemd } from "./commands/connector_systemd.ts";
import { connectorUp } from "./commands/connector_up.ts";
import { connectorValidate } from "./commands/connector_validate.ts";
import { dashboard } from "./commands/dashboard.ts";
import { doctor } from "./commands/doctor.ts";
import { help } from "./commands/help.ts";
import { nativeBuild } from "./commands/native_build.ts";
import { nativeInfo } from "./commands/native_info.ts";
import { nativeInstall } from "./commands/native_install.ts";
import { nativePath } from "./commands/native_path.ts";
import { paper } from "./commands/paper.ts";
import { record } from "./commands/record.ts";
import { trade } from "./commands/trade.ts";
import { watch } from "./commands/watch.ts";

/** The commands, in the order in which the help lists them; the first is the default. */
export const commands: readonly Command[] = [
  watch,
  record,
  trade,
  paper,
  dashboard,
  connectorRun,
  connectorUp,
  connectorStatus,
  connectorLogs,
  connectorRestart,
  connectorStop,
  connectorInit,
  connectorValidate,
  connectorBuild,
  connectorSystemd,
  connectorDocker,
  nativeInstall,
  nativeBuild,
  nativePath,
  nativeInfo,
  doctor(() => commands),
  completions(() => commands),
  help(() => commands),
];

/**
 * The commands, in the order in which the help lists them; the first is the default.
 *
 * Each is loaded when it is called: a program that only shows a random market needs neither the
 * paper exchange nor what reads configurations.
 *
 * @module
 */

import { type Command, type CommandEntry, loadCommand } from "./command.ts";

/** The commands, in the order in which the help lists them; the first is the default. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "watch",
    summary: "Show live market statistics, and a summary at the end",
    load: async () => (await import("./commands/watch.ts")).watch,
  },
  {
    name: "record",
    summary: "Record a market into files that hftbacktest and --replay read",
    load: async () => (await import("./commands/record.ts")).record,
  },
  {
    name: "trade",
    summary: "Run a strategy on any market, and report what it did",
    load: async () => (await import("./commands/trade.ts")).trade,
  },
  {
    name: "paper",
    summary: "Run a paper exchange for the real connector, and a strategy on it",
    load: async () => (await import("./commands/paper.ts")).paper,
  },
  {
    name: "dashboard",
    summary: "Show a market and its connectors on a local page, with metrics",
    load: async () => (await import("./commands/dashboard.ts")).dashboard,
  },
  {
    name: "connector run",
    summary: "Start one connector, prove it ready, show its output",
    load: async () => (await import("./commands/connector_run.ts")).connectorRun,
  },
  {
    name: "connector up",
    summary: "Start, watch and restart the connectors of a file",
    load: async () => (await import("./commands/connector_up.ts")).connectorUp,
  },
  {
    name: "connector status",
    summary: "Show what the connectors are doing",
    load: async () => (await import("./commands/connector_status.ts")).connectorStatus,
  },
  {
    name: "connector logs",
    summary: "Show what the connectors print",
    load: async () => (await import("./commands/connector_logs.ts")).connectorLogs,
  },
  {
    name: "connector restart",
    summary: "Start a connector again, whatever became of it",
    load: async () => (await import("./commands/connector_restart.ts")).connectorRestart,
  },
  {
    name: "connector stop",
    summary: "Stop one connector, or all with their supervisor",
    load: async () => (await import("./commands/connector_stop.ts")).connectorStop,
  },
  {
    name: "connector init",
    summary: "Write a first configuration, for the test net",
    load: async () => (await import("./commands/connector_init.ts")).connectorInit,
  },
  {
    name: "connector validate",
    summary: "Check a configuration, or a file of connectors",
    load: async () => (await import("./commands/connector_validate.ts")).connectorValidate,
  },
  {
    name: "connector build",
    summary: "Build the connector from hftbacktest's source",
    load: async () => (await import("./commands/connector_build.ts")).connectorBuild,
  },
  {
    name: "connector systemd",
    summary: "Write a systemd unit for a file of connectors",
    load: async () => (await import("./commands/connector_systemd.ts")).connectorSystemd,
  },
  {
    name: "connector docker",
    summary: "Write a Dockerfile and a compose file",
    load: async () => (await import("./commands/connector_docker.ts")).connectorDocker,
  },
  {
    name: "native install",
    summary: "Take the native library from the release, or build it",
    load: async () => (await import("./commands/native_install.ts")).nativeInstall,
  },
  {
    name: "native build",
    summary: "Build the native library with cargo",
    load: async () => (await import("./commands/native_build.ts")).nativeBuild,
  },
  {
    name: "native path",
    summary: "Print the path of the native library",
    load: async () => (await import("./commands/native_path.ts")).nativePath,
  },
  {
    name: "native info",
    summary: "Load the native library and print its versions",
    load: async () => (await import("./commands/native_info.ts")).nativeInfo,
  },
  {
    name: "doctor",
    summary: "Check everything that a live run needs, and say what to do",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    name: "completions",
    summary: "Print what makes bash, zsh or fish complete command lines",
    load: async () => (await import("./commands/completions.ts")).completions,
  },
  {
    name: "help",
    summary: "Explain the program or one of its commands",
    load: async () => (await import("./commands/help.ts")).help,
  },
];

/** Loads all commands. */
export async function loadCommands(): Promise<Command[]> {
  return await Promise.all(COMMANDS.map(loadCommand));
}

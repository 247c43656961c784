/**
 * A supervisor in the foreground, from its start to its end.
 *
 * @module
 */

import { SdNotify } from "../../connector/sd_notify.ts";
import { ControlClient } from "../../connector/supervisor/control_client.ts";
import { ControlServer } from "../../connector/supervisor/control_server.ts";
import type { SupervisorSettings } from "../../connector/supervisor/settings.ts";
import { toLogLine } from "../../connector/supervisor/control_wire.ts";
import { describeState } from "../../connector/supervisor/state.ts";
import { Supervisor } from "../../connector/supervisor/supervisor.ts";
import { aborted } from "../aborted.ts";
import { dashboardFor, type PageValues } from "../dashboard/attach.ts";
import { CommandError } from "../exit.ts";
import { plural } from "../../format.ts";
import type { Output } from "../output.ts";
import { logText } from "./log_text.ts";
import { changeLine, networkText } from "./state_text.ts";

/** How to supervise. */
export interface SuperviseOptions {
  /** Control socket to listen on. */
  readonly socket: string;
  /** Path of the native library; undefined for the usual one. */
  readonly library: string | undefined;
  /** Whether to show what connectors print. */
  readonly logs: boolean;
  /** Whether to show nothing but what goes wrong. */
  readonly quiet: boolean;
  /** Whether to show changes and lines as JSON. */
  readonly json: boolean;
  /** The page that is asked for. */
  readonly page: PageValues;
}

/** Where it happens. */
interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/**
 * Supervises connectors until the signal is aborted, someone stops the supervisor over its socket,
 * or nothing is left to supervise.
 *
 * @param settings The connectors.
 * @param options How to supervise them.
 * @param surroundings Where to tell about it, and what ends it.
 * @throws {CommandError} If connectors have failed for good and no other is left.
 * @throws {SupervisorRunningError} If another supervisor has the control socket.
 */
export async function superviseConnectors(
  settings: SupervisorSettings,
  options: SuperviseOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { socket, library, logs, quiet, json, page } = options;
  const { stdout, stderr, signal } = surroundings;
  using service = SdNotify.open();
  await using supervisor = await Supervisor.create(settings, { libraryPath: library });
  // Before anything is started: it proves that no other supervisor has the socket.
  await using server = await ControlServer.listen(supervisor, socket);
  // As any other program sees it, and with no more rights.
  const connectors = new ControlClient(server.path);
  const startPage = await dashboardFor(page, { mode: "connectors", stderr, connectors });
  await using _page = startPage?.();
  if (!quiet && !json) tellPlan(settings, { stdout, socket: server.path });
  const ending = new AbortController();
  const showing = [
    // The output has lines about changes among its own.
    ...quiet || logs ? [] : [showChanges(supervisor, { stdout, json })],
    ...logs
      ? settings.connectors.map(({ name }) => showLogs(supervisor, name, { stdout, stderr, json }))
      : [],
    ...service === undefined ? [] : [notify(supervisor, service, ending.signal)],
  ];
  supervisor.start();
  const end = await Promise.race([
    supervisor.finished.then(() => "finished"),
    supervisor.stopped.then(() => "stopped"),
    aborted(signal).then(() => "aborted"),
  ]);
  ending.abort();
  const failures = failuresOf(supervisor);
  await service?.stopping("stopping the connectors");
  await supervisor.stop();
  await Promise.all(showing);
  if (end === "finished" && failures.length > 0) {
    throw new CommandError(`Nothing is left to supervise: ${failures.join("; ")}`);
  }
}

function tellPlan(
  { path, connectors }: SupervisorSettings,
  { stdout, socket }: { stdout: Output; socket: string },
): void {
  const { style } = stdout;
  const networks = connectors.map(({ name, network }) =>
    `${style.bold(name)} (${networkText(network, style)})`
  );
  stdout.line(`${path}: ${networks.join(", ")}`);
  stdout.line(style.dim(`control socket ${socket}`));
}

async function showChanges(
  supervisor: Supervisor,
  { stdout, json }: { stdout: Output; json: boolean },
): Promise<void> {
  const changes = supervisor.changes();
  for await (const change of changes) {
    stdout.line(json ? JSON.stringify(change) : changeLine(change, stdout.style));
  }
}

/** Shows what a connector prints, no faster than it can be shown. */
async function showLogs(
  supervisor: Supervisor,
  name: string,
  { stdout, stderr, json }: { stdout: Output; stderr: Output; json: boolean },
): Promise<void> {
  const { style } = stdout;
  const tail = supervisor.logs(name).tail();
  for await (const line of tail) {
    stdout.line(
      json ? JSON.stringify(toLogLine(name, line)) : `${style.bold(name)} ${logText(line, style)}`,
    );
    await stdout.flush();
  }
  if (tail.dropped > 0) {
    stderr.line(`${name}: ${plural(tail.dropped, "line")} came too fast to be shown`);
  }
}

/** Keeps systemd informed, from the first results to the end. */
async function notify(
  supervisor: Supervisor,
  service: SdNotify,
  ending: AbortSignal,
): Promise<void> {
  const { watchdogIntervalMs } = service;
  const timer = watchdogIntervalMs === undefined
    ? undefined
    : setInterval(() => service.watchdog(), watchdogIntervalMs);
  try {
    const changes = supervisor.changes();
    await supervisor.settled();
    if (!ending.aborted) await service.ready(summary(supervisor));
    for await (const _ of changes) {
      if (!ending.aborted) await service.status(summary(supervisor));
    }
  } finally {
    clearInterval(timer);
  }
}

/** What `systemctl status` shows. */
function summary(supervisor: Supervisor): string {
  const { connectors } = supervisor.status();
  const others = connectors.filter(({ state }) => state.status !== "ready");
  const ready = `${connectors.length - others.length} of ${connectors.length} ready`;
  const list = others.map(({ name, state }) => `${name} ${describeState(state)}`);
  return [ready, ...list].join("; ");
}

function failuresOf(supervisor: Supervisor): string[] {
  return supervisor.status().connectors.flatMap(({ name, state }) =>
    state.status === "failed" ? [`${name} ${describeState(state)}`] : []
  );
}

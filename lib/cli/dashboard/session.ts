/**
 * Serves a dashboard until the time has passed or the user ends it.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { IdleStrategyName } from "../../client/idle.ts";
import { LiveClient } from "../../client/live_client.ts";
import type { ControlClient } from "../../connector/supervisor/control_client.ts";
import { aborted } from "../aborted.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { type Output, writeJson } from "../output.ts";
import { prepareDashboard, tellToken } from "./attach.ts";
import { Deadline } from "../watch/deadline.ts";

/** What to serve, and for how long. */
export interface DashboardSessionOptions {
  /** Where the market comes from; undefined for none. */
  readonly mode: string | undefined;
  /** Who tells about connectors; undefined for none. */
  readonly connectors: ControlClient | undefined;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Whether the page may control. */
  readonly control: boolean;
  /** Time to serve, in seconds; without limit when undefined. */
  readonly durationS: number | undefined;
  /** Age at which a feed counts as lost, in seconds. */
  readonly feedTimeoutS: number;
  /** What to do while nothing comes. */
  readonly idle: IdleStrategyName;
  /** Where the address goes. */
  readonly stdout: Output;
  /** Where notices go. */
  readonly stderr: Output;
  /** Whether the address is one JSON object. */
  readonly json: boolean;
  /** Whether only the address and errors are shown. */
  readonly quiet: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Serves a dashboard.
 *
 * @param open Opens the bot, which is closed at the end; undefined where only connectors are shown.
 * @param options What to serve.
 * @returns The exit code.
 * @throws {CommandError} If the bot fails.
 */
export async function dashboardSession(
  open: (() => LiveBot) | undefined,
  options: DashboardSessionOptions,
): Promise<ExitCode> {
  const { stdout, stderr, quiet, signal, feedTimeoutS, idle } = options;
  const start = await prepareDashboard("--port");
  await using stack = new AsyncDisposableStack();
  using deadline = new Deadline(signal, options.durationS);
  const client = open && stack.use(
    await LiveClient.start(open(), { feedTimeoutMs: feedTimeoutS * 1000, idle }),
  );
  const { connectors, port, control, mode } = options;
  const dashboard = stack.use(start({ client, connectors, port, control, mode }));
  const { url } = dashboard;
  if (options.json) writeJson(stdout, { url, metrics: `${url}metrics` });
  else stdout.line(`Dashboard: ${url}`);
  tellToken(dashboard, stderr);
  if (!quiet && !options.json) stderr.line(`Metrics: ${dashboard.url}metrics`);

  const failure = Promise.withResolvers<never>();
  client?.addEventListener("error", ({ detail: { fatal, message, cause } }) => {
    if (fatal) failure.reject(new CommandError(message, { cause }));
  });
  client?.finished.then((reason) => {
    // The page still shows what was seen last.
    if (reason === "endOfData" && !quiet) {
      stderr.line("The data has ended; Ctrl+C ends the dashboard");
    }
  });
  await Promise.race([aborted(deadline.signal), failure.promise]);
  return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
}

/**
 * A dashboard beside another command.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { InvalidInputError } from "../../model/errors.ts";
import type { ConnectorDirectory } from "../../observe/connectors/connector_monitor.ts";
import type { Dashboard } from "../../observe/dashboard/dashboard.ts";
import type { DashboardOptions } from "../../observe/dashboard/options.ts";
import type { ExchangeReporter } from "../../observe/exchange/exchange_monitor.ts";
import type { Needs } from "../command.ts";
import { CONTROL_FLAGS, controlClient } from "../connector/control.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import type { Output } from "../output.ts";
import { refuse } from "../source/refuse.ts";
import { SUPERVISOR_FLAGS, supervisorNeeds } from "./supervisor.ts";

/** The flags of commands that can show what they do on a page. */
export const PAGE_FLAGS = {
  dashboard: {
    kind: "number",
    placeholder: "PORT",
    min: 0,
    max: 65_535,
    integer: true,
    description: "Show it on a page at this port of 127.0.0.1 as well; 0 for one that is free",
  },
  control: {
    kind: "switch",
    description:
      "Let the page cancel all orders, stop and restart connectors, with a token; --dashboard only",
  },
} as const;

/** The flags of commands whose page can show the connectors of a supervisor as well. */
export const ATTACH_FLAGS:
  & typeof PAGE_FLAGS
  & typeof SUPERVISOR_FLAGS
  & typeof CONTROL_FLAGS = {
    ...PAGE_FLAGS,
    ...SUPERVISOR_FLAGS,
    ...CONTROL_FLAGS,
  };

/** The values of {@linkcode PAGE_FLAGS}. */
export type PageValues = FlagValues<typeof PAGE_FLAGS>;

/** The values of {@linkcode ATTACH_FLAGS}. */
export type AttachValues = FlagValues<typeof ATTACH_FLAGS>;

/** The permission of `--dashboard`. */
export const pageNeeds: Needs<typeof PAGE_FLAGS> = {
  when: "--dashboard",
  applies: ({ dashboard }) => dashboard !== undefined,
  permissions: ({ dashboard = 0 }) => [portPermission(dashboard)],
  why: { net: "the page, on this machine alone" },
  set: "dashboard",
};

/** The permissions of `--dashboard` and `--supervisor`. */
export const attachNeeds: readonly Needs<typeof ATTACH_FLAGS>[] = [pageNeeds, supervisorNeeds];

/**
 * Checks that the flags go together.
 *
 * @throws {UsageError} If one is given that means nothing without `--dashboard`.
 */
export function checkPage(flags: PageValues): void {
  if (flags.dashboard === undefined) refuse(flags, ["control"], "--dashboard PORT");
}

/**
 * Checks that the flags go together.
 *
 * @throws {UsageError} If one is given that means nothing without another.
 */
export function checkAttach(flags: AttachValues): void {
  checkPage(flags);
  if (flags.dashboard === undefined) refuse(flags, ["supervisor"], "--dashboard PORT");
  if (!flags.supervisor) refuse(flags, ["socket"], "--supervisor");
}

/** The permission that a dashboard on a port needs. */
export function portPermission(port: number): Deno.NetPermissionDescriptor {
  return { name: "net", host: port === 0 ? "127.0.0.1" : `127.0.0.1:${port}` };
}

/** What a command's page shows beside a client. */
export interface AttachOptions {
  /** Where the market comes from. */
  readonly mode: string;
  /** Where the address goes. */
  readonly stderr: Output;
  /** Who tells about connectors. */
  readonly connectors?: ConnectorDirectory | undefined;
  /** A paper exchange. */
  readonly exchange?: ExchangeReporter | undefined;
}

/** Starts the page on a client, in the turn in which the client is started; or without one. */
export type StartPage = (client?: LiveClient) => AsyncDisposable;

/**
 * Prepares the page that the flags ask for.
 *
 * @param flags The values of {@linkcode PAGE_FLAGS}, or of {@linkcode ATTACH_FLAGS}.
 * @param options What it shows, and where its address goes.
 * @returns Starts it; undefined where no page is asked for.
 */
export async function dashboardFor(
  flags: PageValues & Partial<AttachValues>,
  options: AttachOptions,
): Promise<StartPage | undefined> {
  const { dashboard: port, control, supervisor = false, socket } = flags;
  if (port === undefined) return undefined;
  const { mode, stderr, exchange } = options;
  const connectors = supervisor ? controlClient(socket) : options.connectors;
  const start = await prepareDashboard("--dashboard");
  return (client) => {
    const dashboard = start({ client, connectors, exchange, port, control, mode });
    stderr.line(`Dashboard: ${dashboard.url}`);
    tellToken(dashboard, stderr);
    return dashboard;
  };
}

/** Shows the token of controls, where there are any, to whoever is at the terminal. */
export function tellToken({ token }: Dashboard, stderr: Output): void {
  // Past the log file, which others may read.
  if (token !== undefined) stderr.write(`Token for controls: ${token}\n`);
}

/**
 * Prepares a dashboard whose metrics also go to OpenTelemetry.
 *
 * @param flag The flag that its port comes from.
 * @returns Starts it; throws a {@linkcode UsageError} that names the flag if the port is taken.
 */
export async function prepareDashboard(
  flag: string,
): Promise<(options: DashboardOptions) => Dashboard> {
  const { Dashboard } = await import("../../observe/dashboard/dashboard.ts");
  const start = await Dashboard.prepare();
  return (options) => {
    try {
      const dashboard = start(options);
      dashboard.metrics.exportOpenTelemetry();
      return dashboard;
    } catch (error) {
      if (!(error instanceof InvalidInputError && error.field === "port")) throw error;
      throw new UsageError(error.message.replace("port", flag));
    }
  };
}

/**
 * A dashboard beside another command.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { Dashboard } from "../../observe/dashboard/dashboard.ts";
import type { DashboardOptions } from "../../observe/dashboard/options.ts";
import type { Needs } from "../command.ts";
import { UsageError } from "../exit.ts";
import type { FlagValues } from "../flags.ts";
import type { Output } from "../output.ts";
import { refuse } from "../source/refuse.ts";

/** The flags of commands that can show what they do on a page. */
export const ATTACH_FLAGS = {
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
    description: "Let the page cancel all orders, with a token; --dashboard only",
  },
} as const;

/** The values of {@linkcode ATTACH_FLAGS}. */
export type AttachValues = FlagValues<typeof ATTACH_FLAGS>;

/** The permission of `--dashboard`. */
export const attachNeeds: Needs<typeof ATTACH_FLAGS> = {
  when: "--dashboard",
  applies: ({ dashboard }) => dashboard !== undefined,
  permissions: ({ dashboard = 0 }) => [portPermission(dashboard)],
  why: { net: "the page, on this machine alone" },
  set: "dashboard",
};

/**
 * Checks that the flags go together.
 *
 * @throws {UsageError} If `--control` is given alone.
 */
export function checkAttach(flags: AttachValues): void {
  if (flags.dashboard === undefined) refuse(flags, ["control"], "--dashboard PORT");
}

/** The permission that a dashboard on a port needs. */
export function portPermission(port: number): Deno.NetPermissionDescriptor {
  return { name: "net", host: port === 0 ? "127.0.0.1" : `127.0.0.1:${port}` };
}

/**
 * Prepares the dashboard that the flags ask for.
 *
 * @param flags The values of {@linkcode ATTACH_FLAGS}.
 * @param options `mode`, where the market comes from; `stderr`, where the address goes.
 * @returns Starts it on a client, in the turn in which the client is started; undefined for none.
 */
export async function dashboardFor(
  flags: AttachValues,
  { mode, stderr }: { readonly mode: string; readonly stderr: Output },
): Promise<((client: LiveClient) => AsyncDisposable) | undefined> {
  const { dashboard: port, control } = flags;
  if (port === undefined) return undefined;
  const start = await prepareDashboard("--dashboard");
  return (client) => {
    const dashboard = start({ client, port, control, mode });
    stderr.line(`Dashboard: ${dashboard.url}`);
    if (dashboard.token !== undefined) stderr.line(`Token for controls: ${dashboard.token}`);
    return dashboard;
  };
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

/**
 * Options of a dashboard.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { checkNumber } from "../../model/check.ts";
import { InvalidInputError } from "../../model/errors.ts";
import type { ConnectorDirectory } from "../connectors/connector_monitor.ts";
import type { ExchangeReporter } from "../exchange/exchange_monitor.ts";

/** Port of a dashboard that nothing is said about. */
export const DASHBOARD_PORT = 8787;

/** Options of `Dashboard.start`. */
export interface DashboardOptions {
  /** The client to show; may be left out where there is something else. */
  readonly client?: LiveClient | undefined;
  /** Who tells about connectors: a `ControlClient`. */
  readonly connectors?: ConnectorDirectory | undefined;
  /** A paper exchange, whose own books are shown. */
  readonly exchange?: ExchangeReporter | undefined;
  /**
   * Port on 127.0.0.1; 0 for one that is free.
   *
   * @default {8787}
   */
  readonly port?: number | undefined;
  /**
   * Whether the page may cancel orders and stop and restart connectors, for whoever has the
   * {@linkcode Dashboard.token}.
   *
   * @default {false}
   */
  readonly control?: boolean | undefined;
  /**
   * Where the market comes from, for the page's head.
   *
   * @default {"bot"}
   */
  readonly mode?: string | undefined;
}

/** {@linkcode DashboardOptions} with nothing left out that has a default. */
export interface ResolvedDashboardOptions {
  readonly client: LiveClient | undefined;
  readonly connectors: ConnectorDirectory | undefined;
  readonly exchange: ExchangeReporter | undefined;
  readonly port: number;
  readonly control: boolean;
  readonly mode: string;
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidInputError} Naming the first that cannot be used.
 */
export function resolveDashboardOptions(options: DashboardOptions): ResolvedDashboardOptions {
  const { client, connectors, exchange, port = DASHBOARD_PORT, control = false, mode } = options;
  if (client === undefined && connectors === undefined && exchange === undefined) {
    throw new InvalidInputError("client", client, "a client, connectors or an exchange to show");
  }
  return {
    client,
    connectors,
    exchange,
    port: checkNumber("port", port, { min: 0, max: 65_535, integer: true }),
    control,
    mode: mode ?? (client === undefined ? "" : "bot"),
  };
}

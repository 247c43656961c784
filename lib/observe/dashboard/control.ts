/**
 * What a dashboard can be told to do.
 *
 * @module
 */

import type { LiveClient } from "../../client/live_client.ts";
import { describeState } from "../../connector/supervisor/state.ts";
import { plural } from "../../format.ts";
import { getLogger } from "../../log.ts";
import { isActive } from "../../model/codes.ts";
import type { ConnectorDirectory } from "../connectors/connector_monitor.ts";
import type { ControlAnswer, ControlRequest } from "./messages.ts";

/** Longest body that a control can have. */
const MAX_BODY_CHARS = 1_000;

const ACTIONS: readonly ControlRequest["action"][] = ["cancel-all", "stop", "restart"];

const log = getLogger("dashboard");

/** What controls act on. */
export interface ControlTargets {
  /** Whose orders are cancelled. */
  readonly client: LiveClient | undefined;
  /** Whose connectors are stopped and restarted. */
  readonly connectors: ConnectorDirectory | undefined;
}

/**
 * Does what a request asks for.
 *
 * @param body The request's body.
 * @param targets What controls act on.
 * @returns What came of it, once it has.
 */
export async function control(body: string, targets: ControlTargets): Promise<ControlAnswer> {
  const request = parseRequest(body);
  if (request === undefined) return { ok: false, message: "Cannot read the request" };
  const { action, connector = "" } = request;
  log.info("Control", { action, connector });
  try {
    const message = action === "cancel-all"
      ? await cancelAll(targets.client)
      : await act(action, connector, targets.connectors);
    return { ok: true, message };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.warn("Control failed", { action, connector, error });
    return { ok: false, message };
  }
}

async function act(
  action: "stop" | "restart",
  connector: string,
  connectors: ConnectorDirectory | undefined,
): Promise<string> {
  if (connectors === undefined) throw new Error(`Cannot ${action}: there is no supervisor`);
  if (connector === "") throw new Error(`Cannot ${action}: no connector is named`);
  if (action === "stop") {
    await connectors.stop(connector);
    return `${connector} is stopped`;
  }
  const state = await connectors.restart(connector);
  return `${connector} was restarted: ${describeState(state)}`;
}

/** Cancels every open order, and tells what became of them. */
async function cancelAll(client: LiveClient | undefined): Promise<string> {
  if (client === undefined) throw new Error("Cannot cancel orders: there is no client");
  const answers = await client.cancelAll();
  if (answers.length === 0) return "There is no open order";
  const open = answers.filter(({ status }) => isActive(status)).length;
  if (open > 0) throw new Error(`Cannot cancel ${plural(open, "order")}: the connector refuses`);
  const canceled = answers.filter(({ status }) => status === "canceled").length;
  const others = answers.length - canceled;
  return others === 0
    ? `Cancelled ${plural(canceled, "order")}`
    : `Cancelled ${plural(canceled, "order")}, ${others} had ended otherwise`;
}

function parseRequest(body: string): ControlRequest | undefined {
  if (body.length > MAX_BODY_CHARS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("action" in value)) return undefined;
  const action = ACTIONS.find((each) => each === value.action);
  const connector = "connector" in value ? value.connector : undefined;
  if (action === undefined || !(connector === undefined || typeof connector === "string")) {
    return undefined;
  }
  return { action, connector };
}

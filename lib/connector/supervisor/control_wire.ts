/**
 * How messages go over a control socket: as JSON, one object a line.
 *
 * @module
 */

import { z } from "zod";
import type { ConnectorChannel } from "../channel/run_channel.ts";
import { CONNECTOR_LOG_LEVELS, type LogLine } from "../logs/log_line.ts";
import {
  type ConnectorChannelStatus,
  type ConnectorLogLine,
  CONTROL_COMMANDS,
  CONTROL_ERROR_CODES,
  CONTROL_VERSION,
  ControlError,
  type ControlRequest,
  type ControlResponse,
} from "./control_messages.ts";

/** Longest request, in bytes. */
export const MAX_REQUEST_BYTES = 4_096;

const VERSIONED = z.looseObject({ version: z.number() });

const REQUEST = z.strictObject({
  version: z.literal(CONTROL_VERSION),
  command: z.enum(CONTROL_COMMANDS),
  connector: z.string().min(1).max(200).optional(),
  last: z.number().int().min(0).max(1_000_000).optional(),
  follow: z.boolean().optional(),
});

/**
 * Reads a request.
 *
 * @param text One line.
 * @returns The request.
 * @throws {ControlError} "badRequest" or "unsupportedVersion".
 */
export function parseRequest(text: string): ControlRequest {
  const json = parseJson(text);
  const versioned = VERSIONED.safeParse(json);
  if (versioned.success && versioned.data.version !== CONTROL_VERSION) {
    throw new ControlError(
      "unsupportedVersion",
      `Cannot read the request: version ${versioned.data.version}, expected ${CONTROL_VERSION}`,
    );
  }
  const request = REQUEST.safeParse(json);
  if (request.success) return checkRequest(request.data);
  const [issue] = request.error.issues;
  const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new ControlError("badRequest", `Cannot read the request: ${where}${issue?.message ?? ""}`);
}

/**
 * Writes a request.
 *
 * @param request What is asked for.
 * @returns One line, with its end.
 */
export function formatRequest(request: ControlRequest): string {
  return `${JSON.stringify({ version: CONTROL_VERSION, ...request })}\n`;
}

/**
 * Writes a response.
 *
 * @param response What is answered.
 * @returns One line, with its end.
 */
export function formatResponse(response: ControlResponse): string {
  return `${JSON.stringify({ version: CONTROL_VERSION, ...response })}\n`;
}

/**
 * A line as it is sent.
 *
 * @param connector Name of the connector.
 * @param line What it printed.
 * @returns The line, with null for what it does not have.
 */
export function toLogLine(connector: string, line: LogLine): ConnectorLogLine {
  const { time = null, level = null, target = null, message, raw, stream, cutBytes } = line;
  return { connector, time, level, target, message, raw, stream, cutBytes };
}

/** A channel as it is sent. */
export function toChannelStatus({ sizes, configPath }: ConnectorChannel): ConnectorChannelStatus {
  return { sizes: sizes ?? null, configPath: configPath ?? null };
}

const LOG = z.object({
  connector: z.string(),
  time: z.string().nullable(),
  level: z.enum(CONNECTOR_LOG_LEVELS).nullable(),
  target: z.string().nullable(),
  message: z.string(),
  raw: z.string(),
  stream: z.enum(["stdout", "stderr"]),
  cutBytes: z.number(),
});

const RESPONSE = z.union([
  z.object({ ok: z.literal(true), log: LOG }),
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.enum(CONTROL_ERROR_CODES), message: z.string() }),
  }),
]);

/**
 * Reads a response.
 *
 * @param text One line.
 * @returns The response.
 * @throws {ControlError} "unsupportedVersion", or "failed" if the other side is no supervisor.
 */
export function parseResponse(text: string): ControlResponse {
  const json = parseJson(text);
  const versioned = VERSIONED.safeParse(json);
  if (versioned.success && versioned.data.version !== CONTROL_VERSION) {
    throw new ControlError(
      "unsupportedVersion",
      `Cannot talk to the supervisor: it speaks version ${versioned.data.version} of the ` +
        `protocol, not ${CONTROL_VERSION}: use the hftlive that it was started with`,
    );
  }
  const response = RESPONSE.safeParse(json);
  if (!versioned.success || !response.success) {
    throw new ControlError("failed", "Cannot read the supervisor's answer: it is none");
  }
  return response.data;
}

function checkRequest(request: ControlRequest): ControlRequest {
  const { command, connector, last, follow } = request;
  if (command === "restart" && connector === undefined) {
    throw new ControlError("badRequest", "Cannot read the request: restart needs a connector");
  }
  if (command !== "logs" && (last !== undefined || follow !== undefined)) {
    throw new ControlError("badRequest", `Cannot read the request: ${command} has no lines`);
  }
  return request;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError("badRequest", "Cannot read the request: it is not JSON");
  }
}

/**
 * What is said over a supervisor's control socket: requests and responses in turn.
 *
 * @module
 */

import type { ChannelSizes } from "../../model/channel_sizes.ts";
import { ConnectorRunnerError } from "../errors.ts";
import type { ConnectorLogLevel, OutputStream } from "../logs/log_line.ts";
import type { FeedStatus } from "./watchdog.ts";
import type { SupervisedState } from "./state.ts";

/** Version of the protocol; both sides refuse any other. */
export const CONTROL_VERSION = 1;

/** What a supervisor can be asked for. */
export const CONTROL_COMMANDS = ["status", "stop", "restart", "logs"] as const;

/** What a supervisor can be asked for. */
export type ControlCommand = typeof CONTROL_COMMANDS[number];

/** What a request asks for. */
export interface ControlRequest {
  /** What is to be done. */
  readonly command: ControlCommand;
  /** The connector it is about; left out for all of them, which "restart" does not take. */
  readonly connector?: string | undefined;
  /** For "logs": how many of the lines that are there come first. */
  readonly last?: number | undefined;
  /** For "logs": whether lines follow as they come. */
  readonly follow?: boolean | undefined;
}

/** What a supervisor says about itself and its connectors. */
export interface SupervisorStatus {
  /** Its process id. */
  readonly pid: number;
  /** Its version of hftlive. */
  readonly version: string;
  /** Its file of connectors. */
  readonly file: string;
  /** When it was started, as an ISO 8601 text. */
  readonly startedAt: string;
  /** Its connectors, in the order of the file. */
  readonly connectors: readonly ConnectorStatus[];
}

/** What a supervisor says about a connector's channel. */
export interface ConnectorChannelStatus {
  /** The sizes that the connector asks for; null when what tells them may not be read. */
  readonly sizes: ChannelSizes | null;
  /** The file that holds them, for HFTBACKTEST_CHANNEL_CONFIG of bots; null without one. */
  readonly configPath: string | null;
}

/** What a supervisor says about one connector. */
export interface ConnectorStatus {
  /** Name on the channel. */
  readonly name: string;
  /** The exchange. */
  readonly type: string;
  /** Where its orders go; null when its configuration is not checked. */
  readonly network: string | null;
  /** What it is doing. */
  readonly state: SupervisedState;
  /** Since when, as an ISO 8601 text. */
  readonly since: string;
  /** Its process; null while there is none. */
  readonly pid: number | null;
  /** Its channel; null while that is not known, before the connector's first start. */
  readonly channel: ConnectorChannelStatus | null;
  /** Restarts since the supervisor was started, those on request included. */
  readonly restarts: number;
  /** Why it failed last, whatever came after; null when it never did. */
  readonly lastFailure: string | null;
  /** Feeds that are watched now. */
  readonly feeds: readonly FeedStatus[];
}

/** One line of a connector's output, without secrets. */
export interface ConnectorLogLine {
  /** Name of the connector. */
  readonly connector: string;
  /** When it was logged: UTC in RFC 3339; null for a line that is no log line. */
  readonly time: string | null;
  /** Its level; null for a line that is no log line. */
  readonly level: ConnectorLogLevel | null;
  /** The module that logged it; null for a line that is no log line. */
  readonly target: string | null;
  /** What it says. */
  readonly message: string;
  /** The whole line. */
  readonly raw: string;
  /** Where it was printed. */
  readonly stream: OutputStream;
  /** Bytes that were left out at its end, since it was too long. */
  readonly cutBytes: number;
}

/** Why a request was refused or failed. */
export const CONTROL_ERROR_CODES = [
  "badRequest",
  "unsupportedVersion",
  "unknownConnector",
  "busy",
  "failed",
] as const;

/** Why a request was refused or failed. */
export type ControlErrorCode = typeof CONTROL_ERROR_CODES[number];

/** A supervisor refused a request, or could not be asked. */
export class ControlError extends ConnectorRunnerError {
  /** Name of the class. */
  override name = "ControlError";
  /** Why, as a word. */
  readonly code: ControlErrorCode;

  /**
   * Makes the error.
   *
   * @param code Why, as a word.
   * @param message What was being done, a colon, and what stood in the way.
   * @param options The standard error options.
   */
  constructor(code: ControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A response: the end of a request, or one of the lines of "logs" before it. */
export type ControlResponse =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: true; readonly log: ConnectorLogLine }
  | { readonly ok: false; readonly error: ControlFailure };

/** Why a request was refused or failed, as it is sent. */
export interface ControlFailure {
  /** Why, as a word. */
  readonly code: ControlErrorCode;
  /** Why, for people. */
  readonly message: string;
}

/**
 * Asking a supervisor over its control socket.
 *
 * @module
 */

import { z } from "zod";
import { LineSplitter } from "../logs/line_splitter.ts";
import {
  type ConnectorLogLine,
  ControlError,
  type ControlRequest,
  type ControlResponse,
  type SupervisorStatus,
} from "./control_messages.ts";
import { connectControlSocket } from "./control_socket.ts";
import { formatRequest, parseResponse } from "./control_wire.ts";
import type { SupervisedState } from "./state.ts";

/** Longest response, in bytes: a line of output has at most 64 KiB, and may be escaped. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** Options of {@linkcode ControlClient.logs}. */
export interface ControlLogOptions {
  /**
   * The connector.
   *
   * @default all of them
   */
  readonly connector?: string | undefined;
  /**
   * How many of the lines that are there come first.
   *
   * @default all that are kept
   */
  readonly last?: number | undefined;
  /**
   * Whether lines follow as they come.
   *
   * @default {false}
   */
  readonly follow?: boolean | undefined;
  /** Ends the lines, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Lines of connectors as a supervisor sends them. */
export interface ControlLogs extends AsyncIterable<ConnectorLogLine> {
  /** Lines that this reader was too slow for; known when the supervisor has ended the lines. */
  readonly dropped: number;
}

// The version of the protocol vouches for the rest of what is in these.
const STATUS = z.custom<SupervisorStatus>((value) =>
  z.object({ pid: z.number(), connectors: z.array(z.object({ name: z.string() })) })
    .safeParse(value).success
);
const STATE = z.custom<SupervisedState>((value) =>
  z.object({ status: z.string() }).safeParse(value).success
);
const DROPPED = z.object({ dropped: z.number() });

/**
 * Asks the supervisor of a control socket; each call connects anew.
 *
 * @example The states of all connectors
 * ```ts no-assert
 * import { ControlClient, defaultControlSocket, describeState } from "@hftlive/hftlive";
 *
 * async function show(): Promise<void> {
 *   const { connectors } = await new ControlClient(defaultControlSocket()).status();
 *   for (const { name, state } of connectors) console.log(name, describeState(state));
 * }
 * ```
 */
export class ControlClient {
  readonly #path: string;

  /**
   * Makes a client; nothing is connected yet.
   *
   * @param path The control socket.
   */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Asks what the supervisor and its connectors are doing.
   *
   * @returns Their status.
   * @throws {ConnectorRunnerError} If no supervisor can be reached.
   * @throws {ControlError} If it refuses.
   * @throws {MissingPermissionError} If a permission is missing.
   */
  async status(): Promise<SupervisorStatus> {
    return await this.#ask({ command: "status" }, STATUS);
  }

  /**
   * Stops a connector, or the supervisor with all of them.
   *
   * @param connector Name of the connector; undefined for all.
   * @throws {ConnectorRunnerError} If no supervisor can be reached.
   * @throws {ControlError} If it refuses, such as for an unknown connector.
   * @throws {MissingPermissionError} If a permission is missing.
   */
  async stop(connector?: string): Promise<void> {
    await this.#ask({ command: "stop", connector }, z.unknown());
  }

  /**
   * Stops a connector if it runs, and starts it.
   *
   * @param connector Name of the connector.
   * @returns What it is doing after the attempt: "ready", or the state that came of it.
   * @throws {ConnectorRunnerError} If no supervisor can be reached.
   * @throws {ControlError} If it refuses, such as for an unknown connector.
   * @throws {MissingPermissionError} If a permission is missing.
   */
  async restart(connector: string): Promise<SupervisedState> {
    return await this.#ask({ command: "restart", connector }, STATE);
  }

  /**
   * Reads what connectors print.
   *
   * @param options Whose lines, and how many.
   * @returns The lines, for one reader.
   */
  logs(options: ControlLogOptions = {}): ControlLogs {
    const { connector, last, follow, signal } = options;
    const counter = { dropped: 0 };
    const request: ControlRequest = { command: "logs", connector, last, follow };
    const read = async function* (this: ControlClient): AsyncGenerator<ConnectorLogLine> {
      for await (const response of this.#exchange(request, signal)) {
        if ("log" in response) yield response.log;
        else counter.dropped = parse(DROPPED, response.result).dropped;
      }
    };
    return {
      get dropped() {
        return counter.dropped;
      },
      [Symbol.asyncIterator]: read.bind(this),
    };
  }

  async #ask<T>(request: ControlRequest, schema: z.ZodType<T>): Promise<T> {
    for await (const response of this.#exchange(request)) {
      if ("result" in response) return parse(schema, response.result);
    }
    throw new ControlError(
      "failed",
      "Cannot read the supervisor's answer: it ended before one came",
    );
  }

  /** Sends a request and reads its responses, up to the one that ends it. */
  async *#exchange(
    request: ControlRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<Exclude<ControlResponse, { ok: false }>> {
    using connection = await connectControlSocket(this.#path);
    const close = (): void => connection.close();
    if (signal?.aborted) return;
    signal?.addEventListener("abort", close, { once: true });
    try {
      await writeAll(connection, formatRequest(request));
      for await (const text of readLines(connection)) {
        const response = parseResponse(text);
        if (!response.ok) throw new ControlError(response.error.code, response.error.message);
        yield response;
        if ("result" in response) return;
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      signal?.removeEventListener("abort", close);
    }
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ControlError("failed", "Cannot read the supervisor's answer: it is none");
}

async function* readLines(connection: Deno.UnixConn): AsyncGenerator<string> {
  const splitter = new LineSplitter(MAX_RESPONSE_BYTES);
  const chunk = new Uint8Array(64 * 1024);
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) return;
    for (const { text } of splitter.push(chunk.subarray(0, count))) yield text;
  }
}

async function writeAll(connection: Deno.UnixConn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/**
 * Answering requests on a supervisor's control socket.
 *
 * @module
 */

import { getLogger } from "../../log.ts";
import { HftliveError } from "../../model/errors.ts";
import { LineSplitter } from "../logs/line_splitter.ts";
import { Redactor } from "../logs/redact.ts";
import {
  ControlError,
  type ControlFailure,
  type ControlRequest,
  type ControlResponse,
} from "./control_messages.ts";
import { ControlSocket } from "./control_socket.ts";
import { formatResponse, MAX_REQUEST_BYTES, parseRequest, toLogLine } from "./control_wire.ts";
import type { Supervisor } from "./supervisor.ts";

/** Most connections at a time: each takes a file descriptor. */
const MAX_CONNECTIONS = 64;

/** Time in which a request has to come, ms. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Time that answers on their way have when the server closes, ms. */
const CLOSE_GRACE_MS = 1_000;

/** Pause after a connection could not be accepted, ms. */
const ACCEPT_PAUSE_MS = 200;

const log = getLogger("supervisor");
const redactor = new Redactor();

/** Answers requests about one supervisor; one request a connection. */
export class ControlServer implements AsyncDisposable {
  /** The socket's path. */
  readonly path: string;
  readonly #socket: ControlSocket;
  readonly #supervisor: Supervisor;
  readonly #closing = new AbortController();
  readonly #connections = new Map<Deno.UnixConn, Promise<void>>();
  /** Connections that have not asked for anything yet. */
  readonly #idle = new Set<Deno.UnixConn>();
  readonly #accepting: Promise<void>;

  private constructor(socket: ControlSocket, supervisor: Supervisor) {
    this.path = socket.path;
    this.#socket = socket;
    this.#supervisor = supervisor;
    this.#accepting = this.#accept();
  }

  /**
   * Listens on a control socket. To be called before the supervisor is started: it proves that no
   * other supervisor of this user runs.
   *
   * @param supervisor Whom requests are about.
   * @param path The socket.
   * @returns The server, to be disposed of.
   * @throws {SupervisorRunningError} If a living supervisor has the socket.
   * @throws {ConnectorRunnerError} If the socket cannot be made.
   * @throws {MissingPermissionError} If a permission is missing.
   */
  static async listen(supervisor: Supervisor, path: string): Promise<ControlServer> {
    return new ControlServer(await ControlSocket.listen(path), supervisor);
  }

  /** Stops listening, lets answers that are on their way out, and removes the socket. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#socket[Symbol.dispose]();
    await this.#accepting;
    this.#idle.forEach(close);
    const served = Promise.all(this.#connections.values());
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, CLOSE_GRACE_MS);
    await Promise.race([served, grace.promise]);
    clearTimeout(timer);
    this.#connections.keys().forEach(close);
    await served;
  }

  async #accept(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const connection = await this.#socket.listener.accept();
        const served = this.#serve(connection).finally(() => {
          close(connection);
          this.#connections.delete(connection);
        });
        this.#connections.set(connection, served);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        // Such as too many open files, which passes.
        log.warn("Cannot accept a control connection", { error });
        await pause(ACCEPT_PAUSE_MS);
      }
    }
  }

  /** Reads one request and answers it; never throws. */
  async #serve(connection: Deno.UnixConn): Promise<void> {
    try {
      const response = await this.#answer(connection);
      await send(connection, response);
    } catch (error) {
      // Nobody is left to be told.
      log.debug("A control connection ended early", { error });
    }
  }

  async #answer(connection: Deno.UnixConn): Promise<ControlResponse> {
    try {
      if (this.#connections.size >= MAX_CONNECTIONS) {
        throw new ControlError("busy", `Cannot answer: ${MAX_CONNECTIONS} connections are open`);
      }
      this.#idle.add(connection);
      const text = await readRequest(connection).finally(() => this.#idle.delete(connection));
      return { ok: true, result: await this.#run(parseRequest(text), connection) ?? null };
    } catch (error) {
      if (isGone(error)) throw error;
      return { ok: false, error: failureOf(error) };
    }
  }

  async #run(request: ControlRequest, connection: Deno.UnixConn): Promise<unknown> {
    const { command, connector } = request;
    switch (command) {
      case "status":
        return this.#supervisor.status(connector);
      case "stop":
        return await this.#supervisor.stop(connector);
      case "restart":
        return await this.#supervisor.restart(connector ?? "");
      case "logs":
        return await this.#sendLogs(request, connection);
    }
  }

  /** Sends the lines of one connector, or of all; ends with how many were lost on the way. */
  async #sendLogs(
    { connector, last, follow = false }: ControlRequest,
    connection: Deno.UnixConn,
  ): Promise<{ dropped: number }> {
    const names = this.#supervisor.namesOf(connector);
    if (!follow) {
      for (const name of names) {
        for (const line of this.#supervisor.logs(name).last(last)) {
          await send(connection, { ok: true, log: toLogLine(name, line) });
        }
      }
      return { dropped: 0 };
    }
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
    // A reader that goes away is only noticed by reading.
    const watching = connection.read(new Uint8Array(1)).catch(() => {}).then(() => gone.abort());
    let dropped = 0;
    let sending: Promise<void> = Promise.resolve();
    await Promise.all(names.map(async (name) => {
      const tail = this.#supervisor.logs(name).tail({
        signal,
        ...(last === undefined ? {} : { last }),
      });
      for await (const line of tail) {
        sending = sending.then(() => send(connection, { ok: true, log: toLogLine(name, line) }));
        await sending;
      }
      dropped += tail.dropped;
    }));
    void watching;
    return { dropped };
  }
}

async function readRequest(connection: Deno.UnixConn): Promise<string> {
  const splitter = new LineSplitter(MAX_REQUEST_BYTES);
  const chunk = new Uint8Array(MAX_REQUEST_BYTES);
  // Closing is the only way to end a read.
  const timer = setTimeout(() => close(connection), REQUEST_TIMEOUT_MS);
  try {
    for (;;) {
      const count = await connection.read(chunk);
      const [line] = count === null ? [splitter.finish()] : splitter.push(chunk.subarray(0, count));
      if (line !== undefined && line.cutBytes > 0) {
        throw new ControlError(
          "badRequest",
          `Cannot read the request: it is longer than ${MAX_REQUEST_BYTES} bytes`,
        );
      }
      if (line !== undefined) return line.text;
      if (count === null) {
        throw new ControlError("badRequest", "Cannot read the request: it is empty");
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

async function send(connection: Deno.UnixConn, response: ControlResponse): Promise<void> {
  const bytes = new TextEncoder().encode(formatResponse(response));
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Whether the other side has left, or this one has closed the connection. */
function isGone(error: unknown): boolean {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
  return [BadResource, BrokenPipe, ConnectionReset, Interrupted].some((type) =>
    error instanceof type
  );
}

function failureOf(error: unknown): ControlFailure {
  if (error instanceof ControlError) return { code: error.code, message: error.message };
  if (error instanceof HftliveError) {
    return { code: "failed", message: redactor.redact(error.message) };
  }
  log.error("A control request failed", { error });
  return {
    code: "failed",
    message: "Cannot answer: an unexpected failure, see the supervisor's log",
  };
}

function close(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

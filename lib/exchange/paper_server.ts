/**
 * The paper exchange's server on loopback.
 *
 * @module
 */

import { getLogger } from "../log.ts";
import { InvalidInputError, MissingPermissionError } from "../model/errors.ts";
import { answerAdmin } from "./rest/admin.ts";
import type { Faults } from "./faults.ts";
import type { PaperExchangeReport } from "./report.ts";
import type { PaperSettings } from "./settings.ts";
import type { ServerAddress, Venue } from "./venue.ts";
import { StreamConnection, type StreamCounts } from "./ws/stream_connection.ts";

const HOSTNAME = "127.0.0.1";

/** How long clients have to close their streams, and to end their requests, ms. */
const CLOSE_GRACE_MS = 500;

const log = getLogger("exchange");

/** What the server works with. */
export interface PaperServerOptions {
  /** The exchange's settings. */
  readonly settings: PaperSettings;
  /** Who answers. */
  readonly venue: Venue;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** What the exchange tells of itself. */
  readonly report: () => PaperExchangeReport;
}

/** Requests and WebSockets on one port of 127.0.0.1. */
export class PaperServer {
  /** What becomes of messages on streams. */
  readonly streamCounts: StreamCounts = { opened: 0, closed: 0, tooSlow: 0, sent: 0, dropped: 0 };
  /** Where it is reached. */
  readonly address: ServerAddress;

  readonly #options: PaperServerOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** What ends the requests that have no answer yet. */
  readonly #open = new Set<(response: Response) => void>();
  readonly #connections = new Set<StreamConnection>();

  /**
   * Listens.
   *
   * @param options What it works with.
   * @throws {MissingPermissionError} If it may not listen.
   * @throws {InvalidInputError} If the port is taken, or only for others.
   */
  constructor(options: PaperServerOptions) {
    this.#options = options;
    const { port } = options.settings;
    try {
      this.#server = Deno.serve(
        {
          hostname: HOSTNAME,
          port,
          onListen: () => {},
          onError: (error) => this.#failed(error),
        },
        (request) => this.#serve(request),
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        const flag = `--allow-net=${HOSTNAME}${port === 0 ? "" : `:${port}`}`;
        throw new MissingPermissionError("Cannot start the paper exchange", [flag], {
          cause: error,
        });
      }
      const { AddrInUse, PermissionDenied } = Deno.errors;
      if (error instanceof AddrInUse || error instanceof PermissionDenied) {
        throw new InvalidInputError("port", port, "a port that is free and may be used");
      }
      throw error;
    }
    const host = `${HOSTNAME}:${this.#server.addr.port}`;
    this.address = { http: `http://${host}`, ws: `ws://${host}` };
  }

  /** Closes every stream and stops listening; does not wait for clients that do not play along. */
  async close(): Promise<void> {
    const connections = [...this.#connections];
    for (const connection of connections) connection.close();
    await withinGrace(Promise.all(connections.map(({ gone }) => gone)));
    const over = this.#server.shutdown();
    await withinGrace(over);
    for (const cutOff of this.#open) cutOff(new Response(null, { status: 503 }));
    // Deno cannot drop a client that has not sent all of its request: nobody waits for it.
    await withinGrace(over);
  }

  /** Answers a request; when the server closes, one that is still coming in is cut off. */
  async #serve(request: Request): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.#open.add(resolve);
    this.#answer(request).then(resolve, reject);
    return await promise.finally(() => this.#open.delete(resolve));
  }

  async #answer(request: Request): Promise<Response> {
    const { faults, venue, settings, report } = this.#options;
    const url = URL.parse(request.url);
    if (url === null) return new Response(null, { status: 400 });
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      return this.#openStream(request, url);
    }
    if (url.pathname.startsWith("/admin/")) {
      return await answerAdmin(request, { token: settings.adminToken, faults, report });
    }
    const gone = new Response(null, { status: 503 });
    if (!await faults.pass("requests")) return gone;
    const response = await venue.answer(request);
    return await faults.pass("answers") ? response : gone;
  }

  #openStream(request: Request, url: URL): Response {
    const { venue, settings } = this.#options;
    const handler = venue.streamAt(url);
    if (handler === undefined) return new Response(null, { status: 404 });
    // Deno pings after half of this time, and closes after all of it.
    const idleTimeout = Math.ceil(settings.pingIntervalMs * 2 / 1_000);
    let upgrade: Deno.WebSocketUpgrade;
    try {
      upgrade = Deno.upgradeWebSocket(request, { idleTimeout });
    } catch {
      // A header that belongs to the handshake is missing or wrong.
      return new Response(null, { status: 400 });
    }
    const { socket, response } = upgrade;
    const connection = new StreamConnection(socket, {
      maxBufferedBytes: settings.maxBufferedBytes,
      counts: this.streamCounts,
      listener: {
        message: (each, text) => handler.message(each, text),
        closed: (each) => {
          this.#connections.delete(each);
          handler.closed(each);
        },
      },
    });
    this.#connections.add(connection);
    handler.opened(connection);
    return response;
  }

  #failed(error: unknown): Response {
    log.error("A connection of the paper exchange failed", { error });
    return new Response(null, { status: 500 });
  }
}

/** Waits, but not for ever. */
async function withinGrace(work: Promise<unknown>): Promise<void> {
  const grace = Promise.withResolvers<void>();
  const timer = setTimeout(grace.resolve, CLOSE_GRACE_MS);
  await Promise.race([work, grace.promise]);
  clearTimeout(timer);
}

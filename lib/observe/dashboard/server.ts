/**
 * A dashboard's server on loopback.
 *
 * @module
 */

import { getLogger } from "../../log.ts";
import { InvalidInputError, MissingPermissionError } from "../../model/errors.ts";
import type { MetricsText } from "../metrics/metrics_hub.ts";
import { ASSETS } from "./assets.ts";
import { Guard, securityHeaders, type Token } from "./guard.ts";
import type { ControlAnswer } from "./messages.ts";

const HOSTNAME = "127.0.0.1";

/** How long requests that are being answered may take at the end, ms. */
const CLOSE_GRACE_MS = 1_000;

/** Time after which a page that is not heard of is gone, in seconds. */
const IDLE_TIMEOUT_S = 30;

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

const log = getLogger("dashboard");

/** What the server works with. */
export interface DashboardServerOptions {
  /** Port on loopback; 0 for one that is free. */
  readonly port: number;
  /** Who may control; undefined for nobody. */
  readonly token: Token | undefined;
  /** Takes on a page that connects; false if there are too many. */
  onViewer(socket: WebSocket): void;
  /** Whether one more page can be taken on. */
  readonly hasRoom: () => boolean;
  /** Does what a request with the token asks for. */
  onControl(body: string): Promise<ControlAnswer>;
  /** Writes the metrics. */
  metrics(): Promise<MetricsText>;
}

/** Serves the page, its socket, the metrics, and controls. */
export class DashboardServer {
  /** Where it is reached. */
  readonly port: number;
  /** Requests that were refused for their host, their origin or their token. */
  refused = 0;

  readonly #options: DashboardServerOptions;
  readonly #guard: Guard;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #end = new AbortController();

  /**
   * Listens.
   *
   * @param options What it works with.
   * @throws {MissingPermissionError} If it may not listen.
   * @throws {InvalidInputError} If the port is taken.
   */
  constructor(options: DashboardServerOptions) {
    this.#options = options;
    const { port } = options;
    try {
      this.#server = Deno.serve(
        {
          hostname: HOSTNAME,
          port,
          signal: this.#end.signal,
          onListen: () => {},
          onError: (error) => this.#failed(error),
        },
        (request) => this.#answer(request),
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        const flag = `--allow-net=${HOSTNAME}${port === 0 ? "" : `:${port}`}`;
        throw new MissingPermissionError("Cannot start the dashboard", [flag], { cause: error });
      }
      if (error instanceof Deno.errors.AddrInUse) {
        throw new InvalidInputError("port", port, "a port that is free, or 0 for any");
      }
      throw error;
    }
    this.port = this.#server.addr.port;
    this.#guard = new Guard(this.port);
  }

  /** Stops listening; a connection that does not end is cut off. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#end.abort(), CLOSE_GRACE_MS);
    await this.#server.shutdown();
    clearTimeout(timer);
  }

  async #answer(request: Request): Promise<Response> {
    const response = await this.#route(request);
    // A socket's handshake cannot be given headers, and needs none.
    if (response.status === 101) return response;
    const host = this.#guard.hostOf(request) ?? `${HOSTNAME}:${this.port}`;
    for (const [name, value] of Object.entries(securityHeaders(host))) {
      response.headers.set(name, value);
    }
    return response;
  }

  async #route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/live") return this.#openSocket(request);
    if (pathname === "/control") return await this.#control(request);
    if (!this.#guard.isReadable(request)) return this.#refuse("this page is not for other sites");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answer(405, "only GET is answered here", { allow: "GET, HEAD" });
    }
    if (pathname === "/metrics") {
      const { text, contentType } = await this.#options.metrics();
      return answer(200, text, { "content-type": contentType });
    }
    const asset = ASSETS.get(pathname);
    if (asset === undefined) return answer(404, "there is no such page");
    return answer(200, asset.text, { "content-type": asset.type });
  }

  #openSocket(request: Request): Response {
    if (!this.#guard.isOwnPage(request)) return this.#refuse("this socket is for its own page");
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return answer(426, "this is a WebSocket", { upgrade: "websocket" });
    }
    if (!this.#options.hasRoom()) return answer(503, "too many pages are connected");
    let upgrade: Deno.WebSocketUpgrade;
    try {
      upgrade = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_S });
    } catch {
      return answer(400, "the handshake is not complete");
    }
    this.#options.onViewer(upgrade.socket);
    return upgrade.response;
  }

  async #control(request: Request): Promise<Response> {
    const { token } = this.#options;
    if (!this.#guard.isOwnPage(request)) return this.#refuse("controls are for their own page");
    if (request.method !== "POST") {
      return answer(405, "only POST is answered here", { allow: "POST" });
    }
    if (token === undefined) return answer(404, "controls are off: start with --control");
    if (!token.isIn(request)) {
      this.refused++;
      log.warn("Control refused: the token is wrong");
      return answer(401, "the token is wrong", { "www-authenticate": "Bearer" });
    }
    const result = await this.#options.onControl(await request.text());
    return answer(result.ok ? 200 : 409, JSON.stringify(result), { "content-type": JSON_TYPE });
  }

  #refuse(why: string): Response {
    this.refused++;
    return answer(403, why);
  }

  #failed(error: unknown): Response {
    log.error("A connection of the dashboard failed", { error });
    return answer(500, "it failed");
  }
}

function answer(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { "content-type": TEXT, ...headers } });
}

/**
 * The WebSocket API of the spot market, as far as an account's stream needs it.
 *
 * @module
 */

import { ApiError, refuse } from "../binance/errors.ts";
import { POLICY, SecondLimiter } from "../binance/market_handlers.ts";
import { RequestParams } from "../binance/params.ts";
import type { RateLimits } from "../binance/rate_limits.ts";
import { checkTimestamp, type Gatekeeper } from "../binance/signature.ts";
import type { StreamHandler } from "../venue.ts";
import type { StreamConnection } from "../ws/stream_connection.ts";
import type { UserStream } from "../ws/user_stream.ts";

/** Most requests a second of one connection. */
const REQUESTS_PER_SECOND = 100;

/** What requests are answered with. */
export interface WsApiOptions {
  /** Who is let in. */
  readonly gatekeeper: Gatekeeper;
  /** How much may be asked for. */
  readonly limits: RateLimits;
  /** The account's stream. */
  readonly userStream: UserStream;
  /** Whether a logon may be signed as hftbacktest's connector signs it. */
  readonly acceptsConnectorLogon: boolean;
}

interface Request {
  readonly id: unknown;
  readonly method: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Answers requests of many connections. */
export class WsApi {
  /** Connections. */
  readonly connections: Set<StreamConnection> = new Set();
  readonly #options: WsApiOptions;

  /** @param options What requests are answered with. */
  constructor(options: WsApiOptions) {
    this.#options = options;
  }

  /** A new connection. */
  handler(): StreamHandler {
    const session = new Session(this.#options);
    const limiter = new SecondLimiter(REQUESTS_PER_SECOND);
    return {
      opened: (connection) => void this.connections.add(connection),
      message: (connection, text) => {
        if (limiter.allows(Date.now())) connection.send(session.answer(text, connection));
        else connection.close(POLICY, "too many requests");
      },
      closed: (connection) => {
        this.connections.delete(connection);
        this.#options.userStream.remove(connection);
      },
    };
  }
}

/** One connection's state. */
class Session {
  readonly #options: WsApiOptions;
  readonly #connectedSince = Date.now();
  #apiKey: string | null = null;
  #authorizedSince: number | null = null;

  constructor(options: WsApiOptions) {
    this.#options = options;
  }

  answer(text: string, connection: StreamConnection): string {
    let id: unknown = null;
    try {
      const request = parseRequest(text);
      id = request.id;
      this.#options.limits.request(2, Date.now());
      return JSON.stringify({ id, status: 200, result: this.#run(request, connection) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, message, status } = error;
      return JSON.stringify({ id, status, error: { code, msg: message } });
    }
  }

  #run(request: Request, connection: StreamConnection): unknown {
    const { userStream } = this.#options;
    switch (request.method) {
      case "ping":
        return {};
      case "time":
        return { serverTime: Date.now() };
      case "session.logon":
        this.#logon(request);
        return this.#status(connection);
      case "session.status":
        return this.#status(connection);
      case "session.logout":
        this.#apiKey = null;
        this.#authorizedSince = null;
        userStream.remove(connection);
        return this.#status(connection);
      case "userDataStream.subscribe":
        if (this.#apiKey === null) throw refuse.key();
        userStream.add(connection, "");
        return { subscriptionId: 0 };
      case "userDataStream.unsubscribe":
        userStream.remove(connection);
        return {};
      default:
        throw new ApiError(-1000, "The method is not known.");
    }
  }

  #logon(request: Request): void {
    const { gatekeeper, acceptsConnectorLogon } = this.#options;
    const fields = Object.entries(request.params).map(([name, value]) =>
      [name, String(value)] as const
    );
    const params = new RequestParams(new Map(fields));
    const apiKey = params.required("apiKey");
    if (!gatekeeper.isKey(apiKey)) throw refuse.key();
    checkTimestamp(params, Date.now());
    const signature = params.required("signature");
    const signed = fields.filter(([name]) => name !== "signature").sort(([a], [b]) =>
      a < b ? -1 : 1
    )
      .map(([name, value]) => `${name}=${value}`).join("&");
    const texts = acceptsConnectorLogon ? [signed, ...connectorTexts(request, params)] : [signed];
    if (!texts.some((text) => gatekeeper.isSigned(text, signature))) throw refuse.signature();
    this.#apiKey = apiKey;
    this.#authorizedSince = Date.now();
  }

  #status(connection: StreamConnection): unknown {
    return {
      apiKey: this.#apiKey,
      authorizedSince: this.#authorizedSince,
      connectedSince: this.#connectedSince,
      returnRateLimits: false,
      serverTime: Date.now(),
      userDataStream: this.#options.userStream.connections.includes(connection),
    };
  }
}

/** What hftbacktest's connector signs instead of what Binance asks for: the whole request. */
function connectorTexts({ id, method }: Request, params: RequestParams): string[] {
  const [apiKey, timestamp] = [params.required("apiKey"), params.required("timestamp")];
  return [["[", "]"], ["%5B", "%5D"]].map(([open, close]) =>
    `id=${id}&method=${method}&params${open}apiKey${close}=${apiKey}` +
    `&params${open}timestamp${close}=${timestamp}`
  );
}

function parseRequest(text: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(-1135, "The request is no JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ApiError(-1135, "The request is no object.");
  }
  const { id = null, method, params = {} } = { ...value } as Partial<Request>;
  const isId = id === null || typeof id === "string" && id.length <= 64 || Number.isSafeInteger(id);
  if (!isId) throw new ApiError(-1135, "The request's id is no whole number and no short text.");
  if (typeof params !== "object" || params === null || Array.isArray(params)) {
    throw new ApiError(-1135, "The request's params are no object.");
  }
  return { id, method, params };
}

/**
 * Requests and who answers them.
 *
 * @module
 */

import { ApiError, refuse } from "../binance/errors.ts";
import { RequestParams } from "../binance/params.ts";
import type { RateLimits } from "../binance/rate_limits.ts";
import type { Gatekeeper } from "../binance/signature.ts";
import { getLogger } from "../../log.ts";
import type { PaperExchangeReport } from "../report.ts";

/** Most bytes of a body. */
const MAX_BODY_BYTES = 65_536;

const log = getLogger("exchange");

/** Answers one kind of request. */
export interface Endpoint {
  /** What a request must bring: nothing, an API key, or a signature as well. */
  readonly security: "none" | "key" | "signed";
  /** Weight of a request. */
  readonly weight: number | ((params: RequestParams) => number);
  /** Whether a request counts as an order. */
  readonly countsAsOrder?: boolean;
  /** Makes the answer. */
  readonly handle: (params: RequestParams) => unknown;
}

/** Endpoints by method and path, such as "GET /fapi/v1/ping". */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** What became of requests. */
export interface RequestCounts {
  /** All that came. */
  received: number;
  /** Requests by method and path; those that nothing answers are left out. */
  readonly byEndpoint: Map<string, number>;
  /** Answers by HTTP status. */
  readonly byStatus: Map<number, number>;
  /** Refusals by Binance's code. */
  readonly byCode: Map<number, number>;
}

/** Options of {@linkcode Router}. */
export interface RouterOptions {
  /** Who answers. */
  readonly endpoints: Endpoints;
  /** Who is let in. */
  readonly gatekeeper: Gatekeeper;
  /** How much may be asked for. */
  readonly limits: RateLimits;
}

/** Answers requests: lets in, counts, hands on, and turns refusals into Binance's errors. */
export class Router {
  /** What became of requests. */
  readonly counts: RequestCounts = {
    received: 0,
    byEndpoint: new Map(),
    byStatus: new Map(),
    byCode: new Map(),
  };

  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #gatekeeper: Gatekeeper;
  readonly #limits: RateLimits;

  /** @param options What it works with. */
  constructor(options: RouterOptions) {
    this.#endpoints = new Map(Object.entries(options.endpoints));
    this.#gatekeeper = options.gatekeeper;
    this.#limits = options.limits;
  }

  /** Answers a request; never throws. */
  async answer(request: Request): Promise<Response> {
    this.counts.received++;
    const response = await this.#answer(request);
    count(this.counts.byStatus, response.status);
    return response;
  }

  /** What became of requests, for a report. */
  report(): PaperExchangeReport["requests"] {
    const { received, byEndpoint, byStatus, byCode } = this.counts;
    return {
      received,
      byEndpoint: Object.fromEntries(byEndpoint),
      byStatus: Object.fromEntries(byStatus),
      byCode: Object.fromEntries(byCode),
    };
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const name = `${request.method} ${url.pathname}`;
    const endpoint = this.#endpoints.get(name);
    if (endpoint !== undefined) count(this.counts.byEndpoint, name);
    try {
      const query = url.search.slice(1);
      const body = await readBody(request);
      if (endpoint === undefined) {
        this.#limits.request(1, Date.now());
        throw refuse.path(request.method, url.pathname);
      }
      const params = RequestParams.parse(query, body);
      const { weight, security, countsAsOrder } = endpoint;
      const now = Date.now();
      this.#limits.request(typeof weight === "number" ? weight : weight(params), now);
      const credentials = { apiKey: request.headers.get("x-mbx-apikey"), query, body, params };
      if (security === "key") this.#gatekeeper.checkKey(credentials);
      if (security === "signed") this.#gatekeeper.checkSigned(credentials, now);
      if (countsAsOrder) this.#limits.order(now);
      return Response.json(endpoint.handle(params), { headers: this.#headers(endpoint) });
    } catch (error) {
      return this.#refusal(error, endpoint);
    }
  }

  #refusal(error: unknown, endpoint: Endpoint | undefined): Response {
    if (!(error instanceof ApiError)) {
      log.error("A request of the paper exchange failed", { error });
    }
    const refusal = error instanceof ApiError ? error : refuse.internal();
    count(this.counts.byCode, refusal.code);
    return refusal.toResponse(this.#headers(endpoint));
  }

  #headers(endpoint: Endpoint | undefined): Record<string, string> {
    return this.#limits.headers(Date.now(), endpoint?.countsAsOrder === true);
  }
}

async function readBody(request: Request): Promise<string> {
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw refuse.bodyTooLarge(MAX_BODY_BYTES);
      chunks.push(chunk);
    }
  } catch (error) {
    // The client left before it had sent everything.
    throw error instanceof ApiError ? error : refuse.internal();
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(bytes);
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

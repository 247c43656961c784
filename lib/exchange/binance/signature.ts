/**
 * Who may ask: API key, timestamp, signature.
 *
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import { refuse } from "./errors.ts";
import { type RequestParams, signedText } from "./params.ts";

/** How far a client's clock may be ahead, ms. */
const MAX_AHEAD_MS = 1_000;

const DEFAULT_RECV_WINDOW_MS = 5_000;
const MAX_RECV_WINDOW_MS = 60_000;

/** What a request brings to be let in. */
export interface Credentials {
  /** The header X-MBX-APIKEY. */
  readonly apiKey: string | null;
  /** The query, without its question mark, as it was sent. */
  readonly query: string;
  /** The body, as it was sent. */
  readonly body: string;
  /** What query and body hold. */
  readonly params: RequestParams;
}

/** Lets one API key in. */
export class Gatekeeper {
  readonly #apiKey: string;
  readonly #secret: string;

  /**
   * @param apiKey The key.
   * @param secret What requests are signed with.
   */
  constructor(apiKey: string, secret: string) {
    this.#apiKey = apiKey;
    this.#secret = secret;
  }

  /**
   * Checks the API key.
   *
   * @throws {ApiError} If it is missing or not the one.
   */
  checkKey(credentials: Credentials): void {
    const { apiKey } = credentials;
    if (apiKey === null || apiKey === "") throw refuse.keyFormat();
    if (!isSame(apiKey, this.#apiKey)) throw refuse.key();
  }

  /**
   * Checks key, timestamp and signature (HMAC-SHA256, hexadecimal).
   *
   * @param credentials What the request brings.
   * @param now The server's time, ms since the Unix epoch.
   * @throws {ApiError} If one of them does not hold.
   */
  checkSigned(credentials: Credentials, now: number): void {
    this.checkKey(credentials);
    const { params, query, body } = credentials;
    const timestamp = params.optionalInteger("timestamp");
    if (timestamp === undefined) throw refuse.missing("timestamp");
    const recvWindow = params.optionalInteger("recvWindow") ?? DEFAULT_RECV_WINDOW_MS;
    if (recvWindow > MAX_RECV_WINDOW_MS) throw refuse.recvWindow();
    if (timestamp >= now + MAX_AHEAD_MS) throw refuse.timestampAhead();
    if (now - timestamp > recvWindow) throw refuse.timestampTooOld(recvWindow);
    const signature = params.required("signature");
    const expected = createHmac("sha256", this.#secret).update(signedText(query, body))
      .digest("hex");
    if (!isSame(signature.toLowerCase(), expected)) throw refuse.signature();
  }
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSame(given: string, expected: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(given), encoder.encode(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

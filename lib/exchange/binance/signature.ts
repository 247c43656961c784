/**
 * Who may ask: API key, timestamp, signature.
 *
 * @module
 */

import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { Buffer } from "node:buffer";
import { InvalidInputError } from "../../model/errors.ts";
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

/** Says whether a signature is that of a text. */
export type SignatureVerifier = (text: string, signature: string) => boolean;

/** Verifies HMAC-SHA256, in hexadecimal. */
export function hmacVerifier(secret: string): SignatureVerifier {
  return (text, signature) =>
    isSame(signature.toLowerCase(), createHmac("sha256", secret).update(text).digest("hex"));
}

/**
 * Verifies Ed25519, in Base64. Where a plus sign was sent without being encoded it has become a
 * space; no signature has one.
 *
 * @param privateKey The key that requests are signed with, as PKCS#8 PEM.
 * @throws {InvalidInputError} If it is no such key; the message does not show it.
 */
export function ed25519Verifier(privateKey: string): SignatureVerifier {
  try {
    const key = createPublicKey(privateKey);
    if (key.asymmetricKeyType !== "ed25519") throw new TypeError("it is of another kind");
    return (text, signature) => {
      const bytes = Buffer.from(signature.replaceAll(" ", "+"), "base64");
      return bytes.length === 64 && verify(null, Buffer.from(text), key, bytes);
    };
  } catch {
    throw new InvalidInputError("secret", "***", "an Ed25519 private key as PKCS#8 PEM");
  }
}

/** Lets one API key in. */
export class Gatekeeper {
  readonly #apiKey: string;
  readonly #verify: SignatureVerifier;

  /**
   * @param apiKey The key.
   * @param verify Verifies what requests are signed with.
   */
  constructor(apiKey: string, verify: SignatureVerifier) {
    this.#apiKey = apiKey;
    this.#verify = verify;
  }

  /** Whether this is the API key. */
  isKey(apiKey: string): boolean {
    return isSame(apiKey, this.#apiKey);
  }

  /** Whether a signature is that of a text. */
  isSigned(text: string, signature: string): boolean {
    return this.#verify(text, signature);
  }

  /**
   * Checks the API key.
   *
   * @throws {ApiError} If it is missing or not the one.
   */
  checkKey(credentials: Credentials): void {
    const { apiKey } = credentials;
    if (apiKey === null || apiKey === "") throw refuse.keyFormat();
    if (!this.isKey(apiKey)) throw refuse.key();
  }

  /**
   * Checks key, timestamp and signature.
   *
   * @param credentials What the request brings.
   * @param now The server's time, ms since the Unix epoch.
   * @throws {ApiError} If one of them does not hold.
   */
  checkSigned(credentials: Credentials, now: number): void {
    this.checkKey(credentials);
    const { params, query, body } = credentials;
    checkTimestamp(params, now);
    const signature = params.required("signature");
    if (!this.isSigned(signedText(query, body), signature)) throw refuse.signature();
  }
}

/**
 * Checks that a request was made just now.
 *
 * @param params Its timestamp, and how long it may take.
 * @param now The server's time, ms since the Unix epoch.
 * @throws {ApiError} If it was not.
 */
export function checkTimestamp(params: RequestParams, now: number): void {
  const timestamp = params.optionalInteger("timestamp");
  if (timestamp === undefined) throw refuse.missing("timestamp");
  const recvWindow = params.optionalInteger("recvWindow") ?? DEFAULT_RECV_WINDOW_MS;
  if (recvWindow > MAX_RECV_WINDOW_MS) throw refuse.recvWindow();
  if (timestamp >= now + MAX_AHEAD_MS) throw refuse.timestampAhead();
  if (now - timestamp > recvWindow) throw refuse.timestampTooOld(recvWindow);
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSame(given: string, expected: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(given), encoder.encode(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

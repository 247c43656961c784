/**
 * Checks of an API key and secret, whether they stand in the file or elsewhere. No message shows
 * any part of a value.
 *
 * @module
 */

import type { ConnectorType } from "./types.ts";

/** Longest key or secret; a private key in PEM form has about 120 characters. */
const MAX_LENGTH = 4096;

/** DER of the object identifier 1.3.101.112, Ed25519. */
const ED25519_IDENTIFIER = "\x06\x03\x2b\x65\x70";

/**
 * Checks an API key.
 *
 * @param value The key; not empty.
 * @returns What is wrong with it, or undefined.
 */
export function checkApiKey(value: string): string | undefined {
  return checkLength(value) ??
    (/[^\x21-\x7e]/.test(value)
      ? "expected a key without spaces, line ends and special characters"
      : undefined);
}

/**
 * Checks a secret.
 *
 * @param type The exchange.
 * @param value The secret; not empty.
 * @returns What is wrong with it, or undefined.
 */
export function checkSecretValue(type: ConnectorType, value: string): string | undefined {
  const tooLong = checkLength(value);
  if (tooLong !== undefined) return tooLong;
  if (type === "binancespot") {
    return isEd25519PrivateKey(value)
      ? undefined
      : "expected an Ed25519 private key in PEM form (PKCS#8): with any other the connector ends " +
        "as soon as it signs";
  }
  return /[^\x21-\x7e]/.test(value)
    ? "expected an HMAC secret without spaces, line ends and special characters"
    : undefined;
}

function checkLength(value: string): string | undefined {
  return value.length > MAX_LENGTH
    ? `expected at most ${MAX_LENGTH} characters, has ${value.length}`
    : undefined;
}

function isEd25519PrivateKey(pem: string): boolean {
  const body = /^\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*$/
    .exec(pem)?.[1];
  if (body === undefined) return false;
  try {
    return atob(body.replace(/\s/g, "")).includes(ED25519_IDENTIFIER);
  } catch {
    return false;
  }
}

/**
 * Taking what looks like a secret out of a text.
 *
 * @module
 */

/** What stands for a secret wherever one would be printed. */
export const REDACTED = "***";

/** Names after which a value is a secret, in headers, queries, JSON and Rust's debug output. */
const NAMES = [
  "signature",
  "x-mbx-apikey",
  "x-bapi-api-key",
  "x-bapi-sign",
  "listen[-_]?key",
  "api[-_]?key",
  "api[-_]?secret",
  "secret(?:[-_]?key)?",
  "passphrase",
  "password",
];

const NAMED = new RegExp(
  String.raw`(\b(?:${NAMES.join("|")})\\?["']?\s*[=:]\s*(?:Some\()?\\?["']?)[^\s"'&,;(){}\[\]\\]+`,
  "gi",
);

const LISTEN_KEY_IN_PATH = /(\/ws\/)[\w-]{16,}/g;

/** The password in a URL, such as that of a proxy. */
const URL_PASSWORD = /(:\/\/[^\s:/?#@]*:)[^\s/?#@]+(?=@)/g;

/** Binance's keys, secrets and listen keys, and signatures in hexadecimal, whatever their name. */
export const LONG_RUN: RegExp = /(?<![A-Za-z0-9])[A-Za-z0-9]{60,}/g;

const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/**
 * Takes out what looks like a secret: signatures, keys in headers, listen keys and passwords in URLs,
 * private keys, and any run of 60 or more letters and digits.
 *
 * @param text Any text, such as an error that quotes a request.
 * @returns The text with `***` in their places.
 */
export function withoutLookalikes(text: string): string {
  return text
    .replace(LONG_RUN, REDACTED)
    .replace(PRIVATE_KEY, REDACTED)
    .replace(NAMED, `$1${REDACTED}`)
    .replace(URL_PASSWORD, `$1${REDACTED}`)
    .replace(LISTEN_KEY_IN_PATH, `$1${REDACTED}`);
}

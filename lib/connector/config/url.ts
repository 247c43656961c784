/**
 * Checks of the URLs in a configuration.
 *
 * @module
 */

import { suggest } from "../../suggest.ts";
import { isLoopback, knownHosts, networkOf, purposesOf } from "./hosts.ts";
import type { ConnectorNetwork, ConnectorType } from "./types.ts";

/** What a URL is for. */
export type UrlKind = "websocket" | "rest";

const SCHEMES: Readonly<Record<UrlKind, readonly [string, string]>> = {
  websocket: ["wss:", "ws:"],
  rest: ["https:", "http:"],
};

/**
 * Checks the form of a URL.
 *
 * @param kind What it is for.
 * @param text The URL.
 * @returns What is wrong with it, or undefined.
 */
export function checkUrl(kind: UrlKind, text: string): string | undefined {
  const [secure, plain] = SCHEMES[kind];
  const wanted = `a URL that starts with ${secure}// or ${plain}//`;
  if (text === "") return `expected ${wanted}, is empty`;
  if (/[\s\p{Cc}]/u.test(text)) return "expected a URL without spaces";
  const url = URL.parse(text);
  if (url === null || (url.protocol !== secure && url.protocol !== plain)) {
    return `expected ${wanted}${isShowable(text) ? `, is "${maskUrl(text)}"` : ""}`;
  }
  if (url.username !== "" || url.password !== "") {
    return `expected a URL without a user name or password, is "${maskUrl(text)}"`;
  }
  if (url.search !== "" || url.hash !== "" || /[?#]$/.test(text)) {
    return `expected a URL that ends with its path, is "${maskUrl(text)}"`;
  }
  // The connector appends paths and the listen key as they are: "//" would not be found.
  if (text.endsWith("/")) return `expected a URL without a slash at its end, is "${maskUrl(text)}"`;
  return undefined;
}

/** Whether a URL goes to this machine itself. */
export function isLoopbackUrl(text: string): boolean {
  return isLoopback(new URL(text).hostname);
}

/** Whether a URL is not encrypted. */
export function isPlainUrl(text: string): boolean {
  return /^(ws|http):/i.test(text);
}

/**
 * The network of a URL of good form.
 *
 * @param type The exchange.
 * @param key Key of the URL, such as "stream_url".
 * @param text The URL.
 * @returns "custom" when the host is not the exchange's own.
 */
export function urlNetwork(
  type: ConnectorType,
  key: string,
  text: string,
): Exclude<ConnectorNetwork, "mixed"> {
  return networkOf(type, key, new URL(text).hostname);
}

/**
 * Finds a host that belongs to another exchange or another key.
 *
 * @returns What is wrong with it, or undefined.
 */
export function findMixUp(type: ConnectorType, key: string, text: string): string | undefined {
  const { hostname } = new URL(text);
  if (networkOf(type, key, hostname) !== "custom") return undefined;
  const purposes = purposesOf(hostname);
  if (purposes.length === 0) return undefined;
  return `"${hostname}" serves the ${purposes.join(" and the ")}, not this`;
}

/**
 * What is odd about a URL of good form.
 *
 * @param type The exchange.
 * @param key Key of the URL, such as "stream_url".
 * @param text The URL.
 * @returns One line each.
 */
export function urlWarnings(type: ConnectorType, key: string, text: string): string[] {
  const warnings: string[] = [];
  const url = new URL(text);
  const network = networkOf(type, key, url.hostname);
  if (network === "custom" && !isLoopback(url.hostname)) {
    const near = suggest(url.hostname, knownHosts(type, key));
    const hint = near === undefined ? "" : `, did you mean "${near}"`;
    warnings.push(`${key}: "${url.hostname}" is not known as a host of ${type}${hint}`);
  }
  if (isPlainUrl(text) && !isLoopback(url.hostname)) {
    warnings.push(`${key}: "${url.protocol}//" is not encrypted, all can read what is sent`);
  }
  // Without it Binance accepts the connection, but answers no subscription.
  if (network !== "custom" && key === "stream_url" && !url.pathname.endsWith("/ws")) {
    warnings.push(`${key}: the path on "${url.hostname}" should end with "/ws"`);
  }
  return warnings;
}

/**
 * Whether a value that should be a URL may be shown: one that is none may be a key that was pasted
 * into the wrong place, and keys are not this short.
 */
export function isShowable(text: string): boolean {
  return text.length <= 8 || /^[a-z]{1,6}:\/\//i.test(text);
}

/** A URL as a message may show it: without credentials, query and fragment, and not too long. */
function maskUrl(text: string): string {
  const masked = text
    .replace(/\/\/[^/]*@/, "//***@")
    .replace(/^[^/]*@/, "***@")
    .replace(/[?#].*$/s, "?***");
  return masked.length > 80 ? `${masked.slice(0, 77)}...` : masked;
}

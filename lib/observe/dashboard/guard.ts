/**
 * Who may talk to a dashboard.
 *
 * Any page in the user's browser can send requests to 127.0.0.1. A name of its own that it points
 * there (DNS rebinding) shows in the Host header, and a page of another site in the Origin.
 *
 * @module
 */

import { timingSafeEqual } from "node:crypto";

/** Random bytes of a token. */
const TOKEN_BYTES = 24;

/** Tells whether requests come from the dashboard's own page. */
export class Guard {
  readonly #hosts: ReadonlySet<string>;

  /** @param port The port on loopback that the dashboard listens on. */
  constructor(port: number) {
    const names = ["127.0.0.1", "localhost"];
    // Browsers leave out the usual port.
    this.#hosts = new Set(
      names.flatMap((name) => port === 80 ? [name, `${name}:${port}`] : [`${name}:${port}`]),
    );
  }

  /** The host that a request was sent to; undefined if it is not this dashboard's. */
  hostOf(request: Request): string | undefined {
    const host = request.headers.get("host")?.toLowerCase();
    return host !== undefined && this.#hosts.has(host) ? host : undefined;
  }

  /** Whether a request that a page may make, or nobody in particular, is not another site's. */
  isReadable(request: Request): boolean {
    return this.hostOf(request) !== undefined &&
      (!request.headers.has("origin") || this.isOwnPage(request)) &&
      // Navigation comes from anywhere, and shows nothing to where it came from.
      ["none", "same-origin", "navigate"].includes(siteOf(request));
  }

  /** Whether a request comes from the dashboard's page, as sockets and controls must. */
  isOwnPage(request: Request): boolean {
    const host = this.hostOf(request);
    return host !== undefined && request.headers.get("origin") === `http://${host}`;
  }
}

/** Where a request comes from, as far as the browser says. */
function siteOf({ headers }: Request): string {
  const site = headers.get("sec-fetch-site") ?? "none";
  return headers.get("sec-fetch-mode") === "navigate" ? "navigate" : site;
}

/** A secret that only whoever sees the terminal has. */
export class Token {
  /** The secret. */
  readonly text: string;

  /** Makes one. */
  constructor() {
    const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
    this.text = bytes.toBase64({ alphabet: "base64url" });
  }

  /** Whether a request has it in its header; takes the same time for every wrong one of its length. */
  isIn(request: Request): boolean {
    const [, given = ""] = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    const bytes = new TextEncoder().encode(given);
    const own = new TextEncoder().encode(this.text);
    return bytes.length === own.length && timingSafeEqual(bytes, own);
  }
}

/**
 * Headers of every answer: nothing from elsewhere, nothing inline, no frame, no guess at types.
 *
 * @param host Where the page is; its socket is named since not every browser counts it as its own.
 */
export function securityHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
  };
}

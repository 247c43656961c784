/**
 * The keys of each connector type's file, and what each may hold.
 *
 * @module
 */

import { z } from "zod";
import { parseSecretSource, Secret } from "./secret.ts";
import { BYBIT_CATEGORIES, type ConnectorConfig, type ConnectorType } from "./types.ts";
import { checkUrl, type UrlKind } from "./url.ts";

/** Keys whose values are secrets. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(["api_key", "secret"]);

/** Keys whose values are URLs, by connector type. */
export const URL_KEYS: Readonly<Record<ConnectorType, readonly string[]>> = {
  binancefutures: ["stream_url", "api_url"],
  binancespot: ["stream_url", "api_url", "ws_api_url"],
  bybit: ["public_url", "private_url", "trade_url", "rest_url"],
};

/** All keys of a connector type's file. */
export const KEYS: Readonly<Record<ConnectorType, readonly string[]>> = {
  binancefutures: [...URL_KEYS.binancefutures, "order_prefix", "api_key", "secret"],
  binancespot: [...URL_KEYS.binancespot, "order_prefix", "api_key", "secret"],
  bybit: [...URL_KEYS.bybit, "category", "order_prefix", "api_key", "secret"],
};

/** A string that `check` finds nothing wrong with. */
function text(check: (value: string) => string | undefined): z.ZodType<string> {
  return z.string().check(({ value, issues }) => {
    const message = check(value);
    if (message !== undefined) issues.push({ code: "custom", message, input: value });
  });
}

function url(kind: UrlKind): z.ZodType<string> {
  return text((value) => checkUrl(kind, value));
}

/**
 * Start of the exchange's order ids. The connector appends 16 characters, writes the result into
 * request bodies as it is, and refuses to start on Bybit when the prefix is longer than 8.
 */
function orderPrefix(maxLength: number, allowed: RegExp, characters: string): z.ZodType<string> {
  return text((value) => {
    if (value.length > maxLength) {
      return `expected at most ${maxLength} characters, has ${value.length}`;
    }
    return allowed.test(value) ? undefined : `expected ${characters} only`;
  });
}

const BINANCE_PREFIX = orderPrefix(20, /^[\w.:/-]*$/, 'letters, digits and ".:/_-"');
const BYBIT_PREFIX = orderPrefix(8, /^[\w-]*$/, 'letters, digits, "_" and "-"');

const SECRET = text((value) => value === "" ? undefined : checkSecretSource(value));

/** What the parser has to give, before anything is made of it. */
type RawConfig = Readonly<Record<string, string>>;

const category = z.enum(BYBIT_CATEGORIES);

/** Schemas of the files as they are written. */
export const SCHEMAS: Readonly<Record<ConnectorType, z.ZodType<RawConfig>>> = {
  binancefutures: z.strictObject({
    "stream_url": url("websocket"),
    "api_url": url("rest"),
    "order_prefix": BINANCE_PREFIX.default(""),
    "api_key": SECRET.default(""),
    secret: SECRET.default(""),
  }),
  binancespot: z.strictObject({
    "stream_url": url("websocket"),
    "api_url": url("rest"),
    // Empty is what the connector takes a missing one for.
    "ws_api_url": text((value) => value === "" ? undefined : checkUrl("websocket", value))
      .default(""),
    "order_prefix": BINANCE_PREFIX.default(""),
    "api_key": SECRET.default(""),
    secret: SECRET.default(""),
  }),
  // The connector does without none of these: it ends at once when one is missing.
  bybit: z.strictObject({
    "public_url": url("websocket"),
    "private_url": url("websocket"),
    "trade_url": url("websocket"),
    "rest_url": url("rest"),
    category,
    "order_prefix": BYBIT_PREFIX,
    "api_key": SECRET,
    secret: SECRET,
  }),
};

/**
 * Makes a configuration out of a file that its schema has accepted.
 *
 * @param type The exchange.
 * @param raw The file's keys and values.
 * @returns The configuration; empty secrets and URLs are left out.
 */
export function toConfig(type: ConnectorType, raw: RawConfig): ConnectorConfig {
  const value = (key: string): string => raw[key] ?? "";
  const common = {
    orderPrefix: value("order_prefix"),
    ...(raw["api_key"] ? { apiKey: parseSecretSource(raw["api_key"]) } : {}),
    ...(raw["secret"] ? { secret: parseSecretSource(raw["secret"]) } : {}),
  };
  switch (type) {
    case "binancefutures":
      return { type, streamUrl: value("stream_url"), apiUrl: value("api_url"), ...common };
    case "binancespot":
      return {
        type,
        streamUrl: value("stream_url"),
        apiUrl: value("api_url"),
        ...(raw["ws_api_url"] ? { wsApiUrl: raw["ws_api_url"] } : {}),
        ...common,
      };
    case "bybit":
      return {
        type,
        publicUrl: value("public_url"),
        privateUrl: value("private_url"),
        tradeUrl: value("trade_url"),
        restUrl: value("rest_url"),
        category: category.parse(raw["category"]),
        ...common,
      };
  }
}

/**
 * The keys and values of a configuration, as the connector reads them.
 *
 * @param config The configuration.
 * @param apiKey Its API key; empty for none.
 * @param secret Its secret; empty for none.
 * @returns Keys and values of the TOML file.
 */
export function toRaw(
  config: ConnectorConfig,
  { apiKey, secret }: { apiKey: string; secret: string },
): Record<string, string> {
  const common = {
    "order_prefix": config.orderPrefix,
    "api_key": apiKey,
    secret,
  };
  switch (config.type) {
    case "binancefutures":
      return { "stream_url": config.streamUrl, "api_url": config.apiUrl, ...common };
    case "binancespot":
      return {
        "stream_url": config.streamUrl,
        "api_url": config.apiUrl,
        "ws_api_url": config.wsApiUrl ?? "",
        ...common,
      };
    case "bybit":
      return {
        "public_url": config.publicUrl,
        "private_url": config.privateUrl,
        "trade_url": config.tradeUrl,
        "rest_url": config.restUrl,
        category: config.category,
        ...common,
      };
  }
}

/** What is wrong with a secret or a reference to one; never shows any part of a secret. */
function checkSecretSource(value: string): string | undefined {
  const variable = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(value)?.[1];
  if (variable !== undefined) {
    return `variables are not replaced here, write "env:${variable}"`;
  }
  const source = parseSecretSource(value);
  // Secrets themselves are checked where all of them are known, those kept elsewhere included.
  if (source instanceof Secret) return undefined;
  if (source.from === "file") {
    return source.name === "" ? 'expected a path after "file:"' : undefined;
  }
  return /^[A-Za-z_]\w*$/.test(source.name)
    ? undefined
    : 'expected the name of an environment variable after "env:"';
}

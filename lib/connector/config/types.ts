/**
 * What the configuration of a connector says.
 *
 * @module
 */

import { checkOneOf } from "../../model/check.ts";
import type { SecretSource } from "./secret.ts";

/** The exchanges that hftbacktest's connector knows, as its command line names them. */
export const CONNECTOR_TYPES = ["binancefutures", "binancespot", "bybit"] as const;

/** An exchange that hftbacktest's connector knows. */
export type ConnectorType = typeof CONNECTOR_TYPES[number];

/**
 * Where orders go: "main" is real money, "test" is not, "custom" is a host that is not the
 * exchange's own (such as a paper exchange on loopback), "mixed" is not the same for all URLs.
 */
export type ConnectorNetwork = "main" | "test" | "custom" | "mixed";

/** What the configurations of all exchanges have in common. */
export interface CommonConnectorConfig {
  /** Start of the exchange's id of each order of this connector; empty for none. */
  readonly orderPrefix: string;
  /** The account's API key; left out for market data only. */
  readonly apiKey?: SecretSource;
  /** What signs requests: an HMAC secret, on Binance spot an Ed25519 private key. */
  readonly secret?: SecretSource;
}

/** Configuration for Binance USD-M futures. */
export interface BinanceFuturesConfig extends CommonConnectorConfig {
  /** The exchange. */
  readonly type: "binancefutures";
  /** WebSocket of market data and, with the listen key appended, of the account. */
  readonly streamUrl: string;
  /** REST API. */
  readonly apiUrl: string;
}

/** Configuration for Binance spot. */
export interface BinanceSpotConfig extends CommonConnectorConfig {
  /** The exchange. */
  readonly type: "binancespot";
  /** WebSocket of market data. */
  readonly streamUrl: string;
  /** REST API. */
  readonly apiUrl: string;
  /** WebSocket API of the account; only needed with keys. */
  readonly wsApiUrl?: string;
}

/** Configuration for Bybit. */
export interface BybitConfig extends CommonConnectorConfig {
  /** The exchange. */
  readonly type: "bybit";
  /** WebSocket of market data. */
  readonly publicUrl: string;
  /** WebSocket of the account. */
  readonly privateUrl: string;
  /** WebSocket that takes orders. */
  readonly tradeUrl: string;
  /** REST API. */
  readonly restUrl: string;
  /** Kind of product. */
  readonly category: BybitCategory;
}

/** Kinds of product on Bybit. */
export const BYBIT_CATEGORIES = ["linear", "inverse", "spot", "option"] as const;

/** A kind of product on Bybit. */
export type BybitCategory = typeof BYBIT_CATEGORIES[number];

/** Configuration of a connector; `type` tells which. */
export type ConnectorConfig = BinanceFuturesConfig | BinanceSpotConfig | BybitConfig;

/** A configuration that can be used, and what is to be known about it. */
export interface ValidatedConfig {
  /** The file, as an absolute path. */
  readonly path: string;
  /** What it says. */
  readonly config: ConnectorConfig;
  /** Where orders go. */
  readonly network: ConnectorNetwork;
  /** The network of each URL, by its key in the file. */
  readonly networks: Readonly<Record<string, Exclude<ConnectorNetwork, "mixed">>>;
  /** What can be used but should be looked at: one line each, without secrets. */
  readonly warnings: readonly string[];
}

/**
 * Checks the name of an exchange.
 *
 * @param value The name.
 * @returns The name.
 * @throws {InvalidInputError} If the connector does not know it.
 */
export function checkConnectorType(value: unknown): ConnectorType {
  return checkOneOf("type", value, CONNECTOR_TYPES);
}

/**
 * The exchanges' own hosts, and which of them take real money.
 *
 * @module
 */

import { CONNECTOR_TYPES, type ConnectorType } from "./types.ts";

/** Hosts that serve one URL of a configuration. */
interface Hosts {
  readonly main: readonly string[];
  readonly test: readonly string[];
}

const BYBIT_STREAM: Hosts = {
  main: ["stream.bybit.com", "stream.bybit.kz", "stream.bybit-tr.com", "stream.bybitgeorgia.ge"],
  test: ["stream-testnet.bybit.com"],
};

// Bybit's demo trading has no public stream of its own: market data is the main net's.
const BYBIT_ACCOUNT_STREAM: Hosts = {
  main: BYBIT_STREAM.main,
  test: [...BYBIT_STREAM.test, "stream-demo.bybit.com"],
};

const HOSTS: Readonly<Record<ConnectorType, Readonly<Record<string, Hosts>>>> = {
  binancefutures: {
    "stream_url": {
      main: ["fstream.binance.com", "fstream-auth.binance.com", "fstream-mm.binance.com"],
      test: ["fstream.binancefuture.com", "stream.binancefuture.com", "demo-fstream.binance.com"],
    },
    "api_url": {
      main: ["fapi.binance.com", "fapi-mm.binance.com"],
      test: ["testnet.binancefuture.com", "demo-fapi.binance.com"],
    },
  },
  binancespot: {
    "stream_url": {
      main: ["stream.binance.com", "data-stream.binance.vision"],
      test: [
        "stream.testnet.binance.vision",
        "testnet.binance.vision",
        "demo-stream.binance.com",
      ],
    },
    "api_url": {
      main: [
        "api.binance.com",
        "api-gcp.binance.com",
        "api1.binance.com",
        "api2.binance.com",
        "api3.binance.com",
        "api4.binance.com",
        "data-api.binance.vision",
      ],
      test: ["testnet.binance.vision", "api1.testnet.binance.vision", "demo-api.binance.com"],
    },
    "ws_api_url": {
      main: ["ws-api.binance.com"],
      test: ["ws-api.testnet.binance.vision", "testnet.binance.vision", "demo-ws-api.binance.com"],
    },
  },
  bybit: {
    "public_url": BYBIT_STREAM,
    "private_url": BYBIT_ACCOUNT_STREAM,
    "trade_url": BYBIT_ACCOUNT_STREAM,
    "rest_url": {
      main: [
        "api.bybit.com",
        "api.bytick.com",
        "api.bybit.nl",
        "api.bybit.kz",
        "api.bybit.ae",
        "api.bybit.eu",
        "api.bybit.id",
        "api.bybit-tr.com",
        "api.bybitgeorgia.ge",
      ],
      test: ["api-testnet.bybit.com", "api-demo.bybit.com"],
    },
  },
};

/**
 * The network that a host belongs to.
 *
 * @param type The exchange.
 * @param key Key of the URL, such as "stream_url".
 * @param host Host name, in lower case and without a port.
 * @returns "custom" for a host that does not serve this URL.
 */
export function networkOf(
  type: ConnectorType,
  key: string,
  host: string,
): "main" | "test" | "custom" {
  const hosts = HOSTS[type][key];
  if (hosts?.main.includes(host)) return "main";
  if (hosts?.test.includes(host)) return "test";
  return "custom";
}

/**
 * The URLs that a host serves on any exchange, to name a mix-up.
 *
 * @param host Host name, in lower case and without a port.
 * @returns Such as `["stream_url of binancefutures"]`; empty for a host that is not known.
 */
export function purposesOf(host: string): string[] {
  return CONNECTOR_TYPES.flatMap((type) =>
    Object.keys(HOSTS[type])
      .filter((key) => networkOf(type, key, host) !== "custom")
      .map((key) => `${key} of ${type}`)
  );
}

/** The hosts that serve a URL. */
export function knownHosts(type: ConnectorType, key: string): readonly string[] {
  const hosts = HOSTS[type][key];
  return hosts ? [...hosts.main, ...hosts.test] : [];
}

/** Whether a host is this machine itself, so that what is sent to it is seen by nobody else. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.endsWith(".localhost") ||
    /^127\.\d+\.\d+\.\d+$/.test(host);
}

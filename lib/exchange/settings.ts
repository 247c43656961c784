/**
 * The paper exchange's options, checked.
 *
 * @module
 */

import { generateKeyPairSync } from "node:crypto";
import { checkQueueModel, type QueueModelOptions } from "../matching/queue_model.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { type Money, moneyOf } from "./account/money.ts";
import type { PaperFees } from "./account/ledger.ts";
import type { PaperRateLimits } from "./binance/rate_limits.ts";
import { PaperSymbol } from "./market/paper_symbol.ts";
import type { PaperExchangeOptions, PaperVenue } from "./options.ts";

const MAX_TIMER_MS = 2_147_483_647;
const MAX_COUNT = 1_000_000_000;
const DEFAULT_MAX_LOTS = 1_000_000;
const DEFAULT_FEES: PaperFees = { maker: 0.0002, taker: 0.0005 };
const DEFAULT_QUEUE_MODEL: QueueModelOptions = { model: "riskAverse" };

const VENUES: readonly PaperVenue[] = ["binancefutures", "binancespot"];

/** Every option, so that a misspelt one is noticed. */
const OPTION_NAMES: Readonly<Record<keyof PaperExchangeOptions, true>> = {
  market: true,
  venue: true,
  waitForSubscriber: true,
  port: true,
  apiKey: true,
  secret: true,
  adminToken: true,
  balance: true,
  balances: true,
  fees: true,
  leverage: true,
  queueModel: true,
  minNotional: true,
  maxQty: true,
  maxOpenOrders: true,
  unneededParameters: true,
  connectorQuirks: true,
  updatesFirst: true,
  rateLimits: true,
  listenKeyValidityMs: true,
  pingIntervalMs: true,
  maxBufferedBytes: true,
  streamRequestsPerSecond: true,
};

type IntegerOption =
  | "port"
  | "leverage"
  | "listenKeyValidityMs"
  | "pingIntervalMs"
  | "maxBufferedBytes"
  | "streamRequestsPerSecond";

const RATE_LIMITS = {
  weightPerMinute: 2_400,
  ordersPer10s: 300,
  ordersPerMinute: 1_200,
  offencesUntilBan: 10,
  banMs: 120_000,
} as const satisfies Required<PaperRateLimits>;

/** Rate limits, all of them. */
export type ResolvedRateLimits = { readonly [K in keyof PaperRateLimits]-?: number };

/** Checked options, with every default in place. */
export interface PaperSettings {
  /** Whose events are the market. */
  readonly market: LiveBot;
  /** What is traded. */
  readonly symbols: readonly PaperSymbol[];
  /** Which exchange it stands for. */
  readonly venue: PaperVenue;
  /** Whether the market waits for a subscriber. */
  readonly waitForSubscriber: boolean;
  /** Port; 0 for a free one. */
  readonly port: number;
  /** API key that clients must have. */
  readonly apiKey: string;
  /** What clients sign requests with. */
  readonly secret: string;
  /** What requests to `/admin` must have. */
  readonly adminToken: string;
  /** Money in the wallet at the start. */
  readonly balance: Money;
  /** What it is paid with. */
  readonly quoteAsset: string;
  /** What else there is at the start, by asset. */
  readonly balances: ReadonlyMap<string, Money>;
  /** Fees of executions. */
  readonly fees: PaperFees;
  /** Value of positions and orders that a unit of margin carries. */
  readonly leverage: number;
  /** How places in a queue are estimated. */
  readonly queueModel: QueueModelOptions;
  /** Whether a market order that brings a price or a time in force is refused. */
  readonly refuseUnneeded: boolean;
  /** Whether requests as hftbacktest's spot connector makes them are accepted. */
  readonly acceptsConnector: boolean;
  /** Whether the account hears of a new order before the request is answered. */
  readonly updatesFirst: boolean;
  /** How much a client may ask for. */
  readonly rateLimits: ResolvedRateLimits;
  /** How long a listen key lives, ms. */
  readonly listenKeyValidityMs: number;
  /** How often a silent client is pinged, ms. */
  readonly pingIntervalMs: number;
  /** Most bytes that may wait for a client of a stream. */
  readonly maxBufferedBytes: number;
  /** Most requests a second on a market stream. */
  readonly streamRequestsPerSecond: number;
}

/**
 * Checks the options and fills in what is missing.
 *
 * @param options The options as their user wrote them.
 * @returns Every setting.
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
export function resolveSettings(options: PaperExchangeOptions): PaperSettings {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError("options", options, "an object");
  }
  checkNames(options);
  const { market, fees = DEFAULT_FEES } = options;
  if (typeof market?.poll !== "function") throw new InvalidInputError("market", market, "a bot");
  const whole = (field: IntegerOption, value: number, min: number, max: number) =>
    checkNumber(field, options[field] ?? value, { min, max, integer: true });
  const symbols = checkSymbols(options);
  const venue = checkOneOf("venue", options.venue ?? "binancefutures", VENUES);
  return {
    market,
    symbols,
    venue,
    waitForSubscriber: options.waitForSubscriber === true,
    port: whole("port", 0, 0, 65_535),
    apiKey: checkSecret("apiKey", options.apiKey),
    secret: venue === "binancespot"
      ? options.secret ?? randomPrivateKey()
      : checkSecret("secret", options.secret),
    adminToken: checkSecret("adminToken", options.adminToken),
    balance: moneyOf("balance", checkNumber("balance", options.balance ?? 100_000, { min: 0 })),
    quoteAsset: symbols[0]?.quoteAsset ?? "USDT",
    balances: checkBalances(options.balances ?? {}),
    fees: {
      maker: checkNumber("fees.maker", fees.maker, { min: -1, max: 1 }),
      taker: checkNumber("fees.taker", fees.taker, { min: -1, max: 1 }),
    },
    leverage: whole("leverage", 20, 1, 125),
    queueModel: checkQueueModel("queueModel", options.queueModel ?? DEFAULT_QUEUE_MODEL),
    refuseUnneeded: checkOneOf(
      "unneededParameters",
      options.unneededParameters ?? "refuse",
      ["refuse", "ignore"],
    ) === "refuse",
    acceptsConnector: checkOneOf(
      "connectorQuirks",
      options.connectorQuirks ?? "refuse",
      ["refuse", "accept"],
    ) === "accept",
    updatesFirst: options.updatesFirst === true,
    rateLimits: checkRateLimits(options.rateLimits ?? {}),
    listenKeyValidityMs: whole("listenKeyValidityMs", 3_600_000, 1, MAX_TIMER_MS),
    pingIntervalMs: whole("pingIntervalMs", 180_000, 1_000, 86_400_000),
    maxBufferedBytes: whole("maxBufferedBytes", 16_777_216, 1_024, MAX_COUNT),
    streamRequestsPerSecond: whole("streamRequestsPerSecond", 10, 1, MAX_COUNT),
  };
}

function checkNames(options: PaperExchangeOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTION_NAMES, name)) {
      const known = Object.keys(OPTION_NAMES).join(", ");
      // It may be a misspelt secret.
      const shown = typeof value === "string" ? "***" : value;
      throw new InvalidInputError(name, shown, `one of ${known}`);
    }
  }
}

/** Requests take symbols in either case, and one wallet pays for all. */
function checkSymbols(options: PaperExchangeOptions): PaperSymbol[] {
  const limits = {
    minNotional: moneyOf(
      "minNotional",
      checkNumber("minNotional", options.minNotional ?? 5, { min: 0 }),
    ),
    maxOpenOrders: checkNumber("maxOpenOrders", options.maxOpenOrders ?? 200, {
      min: 1,
      max: MAX_COUNT,
      integer: true,
    }),
  };
  const symbols = options.market.instruments.map((instrument, index) => {
    const { lotSize } = instrument;
    const maxQty = options.maxQty ?? lotSize * DEFAULT_MAX_LOTS;
    const maxLots = Math.round(checkNumber("maxQty", maxQty, { min: lotSize }) / lotSize);
    return new PaperSymbol(index, instrument, { ...limits, minLots: 1, maxLots });
  });
  const seen = new Set<string>();
  for (const { name, index, quoteAsset } of symbols) {
    const field = `instruments[${index}].symbol`;
    if (!/^[A-Z0-9_]{1,64}$/.test(name)) {
      throw new InvalidInputError(field, name, "letters, digits and _ only");
    }
    if (seen.has(name)) throw new InvalidInputError(field, name, "a symbol not yet listed");
    if (quoteAsset !== symbols[0]!.quoteAsset) {
      throw new InvalidInputError(field, name, `a symbol paid in ${symbols[0]!.quoteAsset}`);
    }
    seen.add(name);
  }
  return symbols;
}

function checkBalances(balances: Readonly<Record<string, number>>): ReadonlyMap<string, Money> {
  if (typeof balances !== "object" || balances === null) {
    throw new InvalidInputError("balances", balances, "an object of amounts by asset");
  }
  return new Map(
    Object.entries(balances).map(([asset, amount]) => {
      const field = `balances.${asset}`;
      return [asset.toUpperCase(), moneyOf(field, checkNumber(field, amount, { min: 0 }))];
    }),
  );
}

function checkRateLimits(limits: PaperRateLimits): ResolvedRateLimits {
  const check = (name: keyof PaperRateLimits) =>
    checkNumber(`rateLimits.${name}`, limits[name] ?? RATE_LIMITS[name], {
      min: 1,
      max: MAX_TIMER_MS,
      integer: true,
    });
  return {
    weightPerMinute: check("weightPerMinute"),
    ordersPer10s: check("ordersPer10s"),
    ordersPerMinute: check("ordersPerMinute"),
    offencesUntilBan: check("offencesUntilBan"),
    banMs: check("banMs"),
  };
}

/** A key that travels in headers and TOML; never shown, not even when it is refused. */
function checkSecret(field: string, secret: string | undefined): string {
  if (secret === undefined) return randomSecret();
  if (typeof secret !== "string" || !/^[!-~]{8,128}$/.test(secret)) {
    throw new InvalidInputError(
      field,
      "***",
      "8 to 128 printable ASCII characters without spaces",
    );
  }
  return secret;
}

function randomPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The paper exchange's options, checked.
 *
 * @module
 */

import { checkQueueModel } from "../matching/queue_model.ts";
import { checkNumber, checkOneOf } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import { moneyOf } from "./account/money.ts";
import type { PaperRateLimits } from "./binance/rate_limits.ts";
import { PaperSymbol } from "./market/paper_symbol.ts";
import type { PaperExchangeOptions } from "./options.ts";

const MAX_TIMER_MS = 2_147_483_647;
const DEFAULT_MAX_LOTS = 1_000_000;

const RATE_LIMITS = {
  weightPerMinute: 2_400,
  ordersPer10s: 300,
  ordersPerMinute: 1_200,
  offencesUntilBan: 10,
  banMs: 120_000,
} as const satisfies Required<PaperRateLimits>;

/** Checked options, with every default in place. */
export type PaperSettings = ReturnType<typeof resolveSettings>;

/**
 * Checks the options and fills in what is missing.
 *
 * @throws {InvalidInputError} Naming the first option that cannot be used.
 */
// deno-lint-ignore explicit-module-boundary-types -- the type above is made from it
export function resolveSettings(options: PaperExchangeOptions) {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError("options", options, "an object");
  }
  const { market, fees = { maker: 0.0002, taker: 0.0005 } } = options;
  if (typeof market?.poll !== "function") {
    throw new InvalidInputError("market", market, "a bot");
  }
  const duration = { min: 1, max: MAX_TIMER_MS, integer: true };
  const count = { min: 1, max: 1_000_000_000, integer: true };
  const limits = {
    minNotional: moneyOf(
      "minNotional",
      checkNumber("minNotional", options.minNotional ?? 5, { min: 0 }),
    ),
    maxOpenOrders: checkNumber("maxOpenOrders", options.maxOpenOrders ?? 200, count),
  };
  const symbols = market.instruments.map((instrument, index) => {
    const { lotSize } = instrument;
    const maxQty = options.maxQty ?? lotSize * DEFAULT_MAX_LOTS;
    const maxLots = Math.round(checkNumber("maxQty", maxQty, { min: lotSize }) / lotSize);
    return new PaperSymbol(index, instrument, { ...limits, minLots: 1, maxLots });
  });
  checkSymbols(symbols);
  return {
    market,
    symbols,
    venue: checkOneOf("venue", options.venue ?? "binancefutures", ["binancefutures"]),
    waitForSubscriber: options.waitForSubscriber === true,
    port: checkNumber("port", options.port ?? 0, { min: 0, max: 65_535, integer: true }),
    apiKey: checkSecret("apiKey", options.apiKey),
    secret: checkSecret("secret", options.secret),
    adminToken: checkSecret("adminToken", options.adminToken),
    balance: moneyOf("balance", checkNumber("balance", options.balance ?? 100_000, { min: 0 })),
    fees: {
      maker: checkNumber("fees.maker", fees.maker, { min: -1, max: 1 }),
      taker: checkNumber("fees.taker", fees.taker, { min: -1, max: 1 }),
    },
    leverage: checkNumber("leverage", options.leverage ?? 20, { min: 1, max: 125, integer: true }),
    queueModel: checkQueueModel("queueModel", options.queueModel ?? { model: "powerProb", n: 3 }),
    refuseUnneeded: checkOneOf(
      "unneededParameters",
      options.unneededParameters ?? "refuse",
      ["refuse", "ignore"],
    ) === "refuse",
    updatesFirst: options.updatesFirst === true,
    rateLimits: checkRateLimits(options.rateLimits ?? {}),
    listenKeyValidityMs: checkNumber(
      "listenKeyValidityMs",
      options.listenKeyValidityMs ?? 3_600_000,
      duration,
    ),
    pingIntervalMs: checkNumber("pingIntervalMs", options.pingIntervalMs ?? 180_000, {
      ...duration,
      min: 1_000,
    }),
    maxBufferedBytes: checkNumber("maxBufferedBytes", options.maxBufferedBytes ?? 16_777_216, {
      ...count,
      min: 1_024,
    }),
    streamRequestsPerSecond: checkNumber(
      "streamRequestsPerSecond",
      options.streamRequestsPerSecond ?? 10,
      count,
    ),
  };
}

/** Requests take symbols in either case, and one wallet pays for all. */
function checkSymbols(symbols: readonly PaperSymbol[]): void {
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
}

function checkRateLimits(
  limits: PaperRateLimits,
): { [K in keyof PaperRateLimits]-?: number } {
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

function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A paper exchange with its market, as the commands use it.
 *
 * @module
 */

import type { PaperRateLimits } from "../../exchange/binance/rate_limits.ts";
import type { PaperVenue } from "../../exchange/options.ts";
import { PaperExchange } from "../../exchange/paper_exchange.ts";
import type { PaperExchangeReport } from "../../exchange/report.ts";
import { InvalidInputError } from "../../model/errors.ts";
import type { Instrument } from "../../model/instrument.ts";
import { UsageError } from "../exit.ts";
import { botOpener } from "../source/open_bot.ts";
import type { PaperMarketSource, PaperSettings } from "./plan.ts";

/** What an exchange is made from. It can be sent to a worker. */
export interface ExchangeSpec {
  /** Its market, with all its instruments. */
  readonly market: PaperMarketSource;
  /** How it is set up. */
  readonly settings: PaperSettings;
  /** API key to accept; undefined for a random one. */
  readonly apiKey: string | undefined;
  /** Secret of its signatures; undefined for a random one. */
  readonly secret: string | undefined;
}

/** How an exchange is reached. It holds secrets. */
export interface ExchangeAccess {
  /** The exchange that it stands for. */
  readonly venue: PaperVenue;
  /** What it lists. */
  readonly instruments: readonly Instrument[];
  /** URL of its streams. */
  readonly streamUrl: string;
  /** URL of its requests. */
  readonly apiUrl: string;
  /** URL of its faults and its report. */
  readonly adminUrl: string;
  /** What requests there must have in the header "x-admin-token". */
  readonly adminToken: string;
  /** The connector's configuration, with the key and the secret. */
  readonly connectorToml: string;
}

/** A running exchange. */
export interface ExchangeHost extends AsyncDisposable {
  /** How it is reached. */
  readonly access: ExchangeAccess;
  /** Settles when nothing more comes from its market, and rejects if the exchange is lost. */
  readonly marketDone: Promise<void>;
  /** What has happened so far. */
  report(): Promise<PaperExchangeReport>;
  /** Closes it and its market; more calls do nothing. */
  close(): Promise<void>;
}

/** More than anybody can ask for. */
const NO_LIMITS: PaperRateLimits = {
  weightPerMinute: 1_000_000_000,
  ordersPer10s: 1_000_000_000,
  ordersPerMinute: 1_000_000_000,
};

/** Flags that the exchange's options come from. */
const FLAGS: Readonly<Record<string, string>> = {
  "symbol": "--symbol",
  "tickSize": "--tick-size",
  "lotSize": "--lot-size",
  "port": "--port",
  "apiKey": "--api-key",
  "secret": "--secret",
  "balance": "--balance",
  "balances": "--holding",
  "leverage": "--leverage",
  "fees.maker": "--maker-fee",
  "fees.taker": "--taker-fee",
};

/**
 * Starts an exchange in this thread. Its market waits until somebody has subscribed to it.
 *
 * @param spec What it is made from.
 * @returns The exchange, to be disposed of.
 * @throws {UsageError} Naming the flag whose value it refuses.
 * @throws {RecordingError} If a recording cannot be read.
 * @throws {MissingPermissionError} If it may not listen, or read a recording.
 */
export async function startExchange(spec: ExchangeSpec): Promise<ExchangeHost> {
  const { settings, apiKey, secret } = spec;
  const market = (await botOpener(spec.market))();
  let exchange: PaperExchange;
  try {
    exchange = await PaperExchange.start({
      market,
      waitForSubscriber: true,
      venue: settings.venue,
      port: settings.port,
      apiKey,
      secret,
      balance: settings.balance,
      balances: settings.holdings,
      leverage: settings.leverage,
      fees: { maker: settings.makerFee, taker: settings.takerFee },
      queueModel: settings.queueModel,
      ...(settings.isLimited ? {} : { rateLimits: NO_LIMITS }),
      unneededParameters: settings.acceptsQuirks ? "ignore" : "refuse",
      connectorQuirks: settings.acceptsQuirks ? "accept" : "refuse",
    });
  } catch (error) {
    market.close();
    throw error instanceof InvalidInputError ? inFlags(error) : error;
  }
  const close = async (): Promise<void> => {
    await exchange.close();
    market.close();
  };
  const { streamUrl, apiUrl, adminUrl, adminToken } = exchange;
  const instruments = market.instruments.map((instrument) => ({ ...instrument }));
  const connectorToml = exchange.connectorToml();
  return {
    access: {
      venue: exchange.venue,
      instruments,
      streamUrl,
      apiUrl,
      adminUrl,
      adminToken,
      connectorToml,
    },
    marketDone: exchange.marketDone,
    report: () => Promise.resolve(exchange.report()),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The same error in the words of the command line. */
function inFlags({ field, message }: InvalidInputError): UsageError {
  const flag = FLAGS[field.replace(/^instruments\[\d+\]\./, "")] ?? field;
  return new UsageError(message.replace(field, flag));
}

/**
 * Options of a run.
 *
 * @module
 */

import type { IdleStrategyName } from "../client/idle.ts";
import type { LiveClient } from "../client/live_client.ts";
import { checkNumber } from "../model/check.ts";
import { InvalidInputError } from "../model/errors.ts";
import type { TradingFees } from "./ledger/account.ts";
import type { AnyParams } from "./params.ts";

/** How far a run is. */
export interface RunProgress {
  /** Time covered by the bot's clock, in seconds. */
  readonly durationS: number;
  /** Records that the bot delivered. */
  readonly events: number;
  /** Orders sent. */
  readonly submitted: number;
  /** Executions. */
  readonly fills: number;
  /** Profit so far, in quote currency. */
  readonly equity: number;
}

/** Options of `runStrategy`. */
export interface RunOptions<P> {
  /** Values of parameters in place of the strategy's defaults. */
  readonly params?: Partial<P> | undefined;
  /** Name in the report. Default: the strategy's own. */
  readonly name?: string | undefined;
  /**
   * Where the market comes from, for the report.
   *
   * @default {"bot"}
   */
  readonly mode?: string | undefined;
  /** What the market was made from, such as a seed, for the report. Default: nothing. */
  readonly market?: AnyParams | undefined;
  /** Time to run by the bot's clock, in seconds. Default: until the data or `run` ends. */
  readonly durationS?: number | undefined;
  /** Ends the run when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the bot's clock only goes on when it is polled, as that of a simulation does that
   * runs as fast as possible. Nothing then depends on the machine: the same data gives the same run.
   *
   * @default {false}
   */
  readonly virtualTime?: boolean | undefined;
  /** Fees that the money is counted with. Default: 0.0002 as maker, 0.0005 as taker. */
  readonly fees?: TradingFees | undefined;
  /**
   * Whether orders of this run that are open at its end are cancelled.
   *
   * @default {true}
   */
  readonly cancelOnExit?: boolean | undefined;
  /**
   * How long to wait until every instrument is registered and has data, ms. Also the age at which
   * a feed counts as lost.
   *
   * @default {10000}
   */
  readonly feedTimeoutMs?: number | undefined;
  /**
   * How long to let the market run before the strategy begins, once every instrument has data, ms.
   * A live connector that has just been asked for a symbol cancels all open orders of it, and until
   * the exchange has answered that it also takes newer orders for cancelled.
   *
   * @default {0}
   */
  readonly settleMs?: number | undefined;
  /**
   * How long to wait at the end for the strategy's functions, and for the answers to cancels, each, ms.
   *
   * @default {10000}
   */
  readonly stopTimeoutMs?: number | undefined;
  /**
   * What to do while nothing comes; see `LiveClientOptions.idle`.
   *
   * @default {"backoff"}
   */
  readonly idle?: IdleStrategyName | undefined;
  /**
   * Whether a rejection that nobody awaits, and an exception that nobody catches, end the run
   * instead of the process. They count as the strategy's, wherever they come from.
   *
   * @default {false}
   */
  readonly catchUnhandled?: boolean | undefined;
  /**
   * Whether the bot is closed at the end.
   *
   * @default {true}
   */
  readonly closeBot?: boolean | undefined;
  /** Is given what the strategy logs. Default: nobody. */
  readonly onLog?: ((message: string) => void) | undefined;
  /** Is told of connections that are lost and restored, and of trouble. Default: nobody. */
  readonly onNotice?: ((notice: string) => void) | undefined;
  /** Is told once a second how far the run is. Default: nobody. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /**
   * Is given the client before its first poll, such as to show it on a dashboard; what it returns is
   * disposed of at the end. Default: nobody.
   */
  readonly onClient?: ((client: LiveClient) => AsyncDisposable) | undefined;
}

/** {@linkcode RunOptions} with nothing left out that has a default. */
export interface ResolvedRunOptions {
  readonly mode: string;
  readonly market: AnyParams;
  readonly durationS: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly virtualTime: boolean;
  readonly fees: TradingFees;
  readonly cancelOnExit: boolean;
  readonly feedTimeoutMs: number;
  readonly settleMs: number;
  readonly stopTimeoutMs: number;
  readonly idle: IdleStrategyName;
  readonly catchUnhandled: boolean;
  readonly closeBot: boolean;
  onLog(message: string): void;
  onNotice(notice: string): void;
  readonly onProgress: ((progress: RunProgress) => void) | undefined;
  readonly onClient: ((client: LiveClient) => AsyncDisposable) | undefined;
}

/** Fees of a run that nothing is said about: those of Binance USD-M futures without any discount. */
export const DEFAULT_FEES: TradingFees = { makerFee: 0.0002, takerFee: 0.0005 };

/** A century, in seconds. */
const MAX_DURATION_S = 3_155_760_000;
/** Longest delay of a timer, ms. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidInputError} Naming the first that cannot be used.
 */
export function resolveRunOptions<P>(options: RunOptions<P>): ResolvedRunOptions {
  const { durationS, signal, fees = DEFAULT_FEES } = options;
  if (durationS !== undefined && !(durationS > 0 && durationS <= MAX_DURATION_S)) {
    throw new InvalidInputError("durationS", durationS, "a number above 0");
  }
  for (const field of ["makerFee", "takerFee"] as const) {
    checkNumber(`fees.${field}`, fees[field], { min: -1, max: 1 });
  }
  return {
    mode: options.mode ?? "bot",
    market: options.market ?? {},
    durationS,
    signal,
    virtualTime: options.virtualTime ?? false,
    fees,
    cancelOnExit: options.cancelOnExit ?? true,
    feedTimeoutMs: timeout("feedTimeoutMs", options.feedTimeoutMs ?? 10_000),
    settleMs: checkNumber("settleMs", options.settleMs ?? 0, { min: 0, max: MAX_TIMEOUT_MS }),
    stopTimeoutMs: timeout("stopTimeoutMs", options.stopTimeoutMs ?? 10_000),
    idle: options.idle ?? "backoff",
    catchUnhandled: options.catchUnhandled ?? false,
    closeBot: options.closeBot ?? true,
    onLog: options.onLog ?? (() => {}),
    onNotice: options.onNotice ?? (() => {}),
    onProgress: options.onProgress,
    onClient: options.onClient,
  };
}

function timeout(field: string, value: unknown): number {
  return checkNumber(field, value, { min: 1, max: MAX_TIMEOUT_MS });
}

/**
 * Makes the report of a run.
 *
 * @module
 */

import type { Health } from "../../client/health.ts";
import { firstLine, StrategyError } from "../errors.ts";
import type { TradingFees } from "../ledger/account.ts";
import type { RunLedger } from "../ledger/run_ledger.ts";
import type { AnyParams } from "../params.ts";
import type { RunEndReason, RunFailure, RunReport } from "./figures.ts";

/** What a report tells beside its ledger. */
export interface RunFacts {
  /** Name of the strategy. */
  readonly name: string;
  /** Where its market came from. */
  readonly mode: string;
  /** Its parameters. */
  readonly params: object;
  /** Fees that the money is counted with. */
  readonly fees: TradingFees;
  /** Why it ended. */
  readonly endReason: RunEndReason;
  /** What failed; undefined if nothing did. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Health of the client at the end. */
  readonly health: Health;
  /** How long it ran by the wall clock, in seconds. */
  readonly wallS: number;
}

/** Makes the report of a run from its ledger. */
export function runReport(ledger: RunLedger, facts: RunFacts): RunReport {
  const { name, mode, params, fees, endReason, failure, health, wallS } = facts;
  const { startedAt, durationS, profit, events, refusedRequests, orderErrors, malformed } = ledger;
  return {
    ...{ strategy: name, mode, params: paramsOf(params) },
    startTime: new Date(Number(startedAt / 1_000_000n)).toISOString(),
    ...{ durationS, wallS, endReason },
    failure: failure === undefined ? null : failureOf(failure.error),
    ...profit,
    ...{ dropped: health.dropped, overflows: health.overflows, malformed },
    ...{ events, refusedRequests, orderErrors, fees },
    instruments: ledger.instruments.map((instrument) => instrument.figures()),
  };
}

function failureOf(error: unknown): RunFailure {
  if (error instanceof StrategyError) {
    return { message: error.message, location: error.location ?? null };
  }
  return { message: error instanceof Error ? error.message : firstLine(error), location: null };
}

function paramsOf(params: object): AnyParams {
  return Object.fromEntries(Object.entries(params));
}

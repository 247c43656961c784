/**
 * Makes the report of a run.
 *
 * @module
 */

import { firstLine, StrategyError } from "../errors.ts";
import type { TradingFees } from "../ledger/account.ts";
import type { RunLedger } from "../ledger/run_ledger.ts";
import type { AnyParams } from "../params.ts";
import type { RunEndReason, RunFailure, RunHealth, RunLosses, RunReport } from "./figures.ts";

/** What a report tells beside its ledger. */
export interface RunFacts {
  /** Name of the strategy. */
  readonly name: string;
  /** Where its market came from. */
  readonly mode: string;
  /** What its market was made from. */
  readonly market: AnyParams;
  /** Its parameters. */
  readonly params: object;
  /** Fees that the money is counted with. */
  readonly fees: TradingFees;
  /** Why it ended. */
  readonly endReason: RunEndReason;
  /** What failed; undefined if nothing did. */
  readonly failure: { readonly error: unknown } | undefined;
  /** What was proven of all connections. */
  readonly health: RunHealth;
  /** What went wrong on the way. */
  readonly losses: RunLosses;
  /** How long it ran by the wall clock, in seconds. */
  readonly wallS: number;
}

/** Makes the report of a run from its ledger. */
export function runReport(ledger: RunLedger, facts: RunFacts): RunReport {
  const { name, mode, market, params, fees, endReason, failure, health, losses, wallS } = facts;
  const { startedAt, durationS, profit, events, refusedRequests, orderErrors } = ledger;
  return {
    ...{ strategy: name, mode, market, params: paramsOf(params) },
    startTime: new Date(Number(startedAt / 1_000_000n)).toISOString(),
    ...{ durationS, wallS, endReason },
    failure: failure === undefined ? null : failureOf(failure.error),
    ...profit,
    ...losses,
    health,
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

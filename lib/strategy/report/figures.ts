/**
 * What a run reports: the object that `trade --json` prints, and from which its texts and
 * its page are made.
 *
 * @module
 */

import type { MarketSummary } from "../../client/statistics.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { AnyParams } from "../params.ts";

/** Why a run ended. */
export type RunEndReason =
  /** Its time had passed. */
  | "duration"
  /** The data had ended. */
  | "endOfData"
  /** The strategy's `run` returned. */
  | "finished"
  /** Its signal was aborted: by a user, in most cases. */
  | "interrupted"
  /** The strategy, or the bot, failed. */
  | "failed";

/** Orders by how they ended; `submitted` is the sum of the others. */
export interface OrderFigures {
  /** Orders sent. */
  readonly submitted: number;
  /** Executed to their end. */
  readonly filled: number;
  /** Cancelled, some perhaps after they had been executed in part. */
  readonly canceled: number;
  /** Ended by the exchange, as one that would have taken and must not. */
  readonly expired: number;
  /** Refused by the exchange. */
  readonly rejected: number;
  /** Not known to the exchange any more, and nobody told how they ended: most were filled or cancelled. */
  readonly lost: number;
  /** Still open at the end. */
  readonly open: number;
  /** Without an answer at the end: they may be open. Never take them for rejected. */
  readonly unknown: number;
}

/** Executions. */
export interface FillFigures {
  /** How many. */
  readonly count: number;
  /** How many provided liquidity. */
  readonly maker: number;
  /** How many took liquidity. */
  readonly taker: number;
  /**
   * How many were not told in full. Those of a lost order are concluded from the position, and
   * those without a price are taken at the order's limit.
   */
  readonly inferred: number;
  /** Quantity bought, in base units. */
  readonly bought: number;
  /** Quantity sold, in base units. */
  readonly sold: number;
  /** Average price of what was bought, in quote currency; null for nothing. */
  readonly averageBuyPrice: number | null;
  /** Average price of what was sold, in quote currency; null for nothing. */
  readonly averageSellPrice: number | null;
}

/** A latency, ns; null where there is nothing to tell. */
export interface LatencyFigures {
  /** How many were measured. */
  readonly count: number;
  /** Half took no longer. */
  readonly p50: number | null;
  /** 99 in 100 took no longer. */
  readonly p99: number | null;
  /** The longest. */
  readonly max: number | null;
}

/** What trading has brought. */
export interface ProfitFigures {
  /** Profit since the start, in quote currency: cash and position at the mid price, less fees. */
  readonly equity: number;
  /** Cash, in quote currency: what sales brought, less what purchases cost. */
  readonly balance: number;
  /** Fees paid, in quote currency; negative for rebates. */
  readonly fee: number;
  /** Largest fall of the equity below its peak so far, in quote currency. */
  readonly maxDrawdown: number;
  /** Value executed, in quote currency. */
  readonly turnover: number;
}

/** What went wrong on the way. */
export interface RunLosses {
  /** Events dropped because they were not taken in time. */
  readonly dropped: number;
  /** How often the channel may have overflowed; what was lost then cannot be counted. */
  readonly overflows: number;
  /** Messages refused because they could not be decoded or held impossible values. */
  readonly malformed: number;
  /** Damaged pieces of recordings that were left out. */
  readonly skipped: number;
}

/** What a run reports of one instrument. */
export interface InstrumentFigures extends Instrument, ProfitFigures {
  /** Signed quantity held at the end, as the exchange sees it, in base units. */
  readonly position: number;
  /** Signed quantity held at the start, in base units. */
  readonly startPosition: number;
  /**
   * The position less the start's and what was executed, in base units: anything but 0 was
   * traded by others, or came from executions that were not reported.
   */
  readonly positionDrift: number;
  /** Orders by how they ended. */
  readonly orders: OrderFigures;
  /** Executions. */
  readonly fills: FillFigures;
  /** Time from a request to the exchange's answer. */
  readonly orderLatencyNs: LatencyFigures;
  /** Time from the exchange to the bot. */
  readonly feedLatencyNs: LatencyFigures;
  /** What happened in the market. */
  readonly market: Omit<MarketSummary, "durationS" | "dropped" | "feedLatencyNs">;
}

/** What ended a run before its time. */
export interface RunFailure {
  /** What happened, in one line. */
  readonly message: string;
  /** Where in the strategy, as FILE:LINE:COLUMN; null where that is not known. */
  readonly location: string | null;
}

/** What was proven of all connections at the end. */
export interface RunHealth {
  /** Whether every instrument was registered and had fresh data. */
  readonly healthy: boolean;
  /** What was missing; null if nothing was. */
  readonly reason: string | null;
}

/** What a run reports. Sums of money are those of all instruments, if their quote currency is one. */
export interface RunReport extends ProfitFigures, RunLosses {
  /** Name of the strategy. */
  readonly strategy: string;
  /** Where its market came from, such as "stub". */
  readonly mode: string;
  /** What its market was made from, such as a seed. */
  readonly market: AnyParams;
  /** Its parameters. */
  readonly params: AnyParams;
  /** When it began by the bot's clock, as ISO 8601. */
  readonly startTime: string;
  /** How long it ran by the bot's clock, in seconds. */
  readonly durationS: number;
  /** How long it ran by the wall clock, in seconds. */
  readonly wallS: number;
  /** Why it ended. */
  readonly endReason: RunEndReason;
  /** What ended it before its time; null for nothing. */
  readonly failure: RunFailure | null;
  /** What was proven of all connections at the end. */
  readonly health: RunHealth;
  /** Records that the bot delivered, of all kinds. */
  readonly events: number;
  /** Requests that the bot refused to send. */
  readonly refusedRequests: number;
  /** Requests that the exchange could not carry out: most are cancels that came after a fill. */
  readonly orderErrors: number;
  /** Fees of executions that the money is counted with, as a share of their value. */
  readonly fees: { readonly makerFee: number; readonly takerFee: number };
  /** One entry an instrument, in order. */
  readonly instruments: readonly InstrumentFigures[];
}

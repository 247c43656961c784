/**
 * What `paper` reports: the object that `--json` prints, and from which its texts are made.
 *
 * @module
 */

import type { ConnectorExit } from "../../connector/exit.ts";
import type { PaperExchangeReport } from "../../exchange/report.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { RunReport } from "../../strategy/report/figures.ts";
import type { ComparedFigure } from "./agreement.ts";

/** Why it ended. */
export type PaperEndReason =
  /** Its time had passed. */
  | "duration"
  /** The recording had ended. */
  | "endOfData"
  /** The strategy's `run` returned. */
  | "finished"
  /** Ctrl+C, or SIGTERM. */
  | "interrupted"
  /** The exchange, the connector or the strategy failed. */
  | "failed";

/** What became of the connector. */
export interface ConnectorFigures {
  /** What bots found it under. */
  readonly name: string;
  /** How its process ended; null if it never began. */
  readonly exit: ConnectorExit | null;
  /** Lines that it printed. */
  readonly lines: number;
  /** Lines that it printed as errors or warnings. */
  readonly complaints: number;
}

/** What `paper` reports. */
export interface PaperReport {
  /** Tells it apart from other reports. */
  readonly mode: "paper";
  /** Where the market came from. */
  readonly market: "stub" | "replay";
  /** Pace of the market, as a multiple of real time. */
  readonly speed: number;
  /** What was traded. */
  readonly instruments: readonly Instrument[];
  /** How long it ran by the wall clock, in seconds. */
  readonly durationS: number;
  /** Why it ended. */
  readonly endReason: PaperEndReason;
  /** What made it fail, in one line; null if nothing did. */
  readonly failure: string | null;
  /** The exchange's own books; null if it was lost. */
  readonly exchange: PaperExchangeReport | null;
  /** The connector; null for the exchange alone. */
  readonly connector: ConnectorFigures | null;
  /** What the bot on the connector saw and did; null without one. */
  readonly run: RunReport | null;
  /** The exchange's books beside the bot's view. */
  readonly comparison: readonly ComparedFigure[];
  /** Whether they are the same; null if there is nothing to compare. */
  readonly agrees: boolean | null;
}

/**
 * What `watch` reports: the object that `--json` prints, and from which its texts
 * are made.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { Health, InstrumentHealth } from "../../client/health.ts";
import type { MarketSummary } from "../../client/statistics.ts";
import type { Instrument } from "../../model/instrument.ts";
import { skippedPieces } from "../../replay/skipped_pieces.ts";
import type { SourceMode } from "../source/source.ts";
import type { StatisticsBoard } from "./board.ts";

/** What can be told of one market. A number that is not known is null. */
export type MarketFigures = {
  readonly [K in Exclude<keyof MarketSummary, "durationS" | "dropped">]: MarketSummary[K] | null;
};

/** What went wrong on the way. */
export interface LossFigures {
  /** Events dropped because they were not taken in time. */
  readonly dropped: number;
  /** How often the channel may have overflowed; what was lost then cannot be counted. */
  readonly overflows: number;
  /** Messages refused because they could not be decoded or held impossible values. */
  readonly malformed: number;
}

/** What was left out of recordings. */
export interface SkipFigures {
  /** Damaged pieces that were skipped. */
  readonly skipped: number;
}

/** What is proven about a connection. */
export interface HealthFigures {
  /** Whether everything is proven. */
  readonly healthy: boolean;
  /** What is missing; null when it is healthy. */
  readonly reason: string | null;
}

/** What `watch` reports of one instrument. */
export interface InstrumentReport extends Instrument, MarketSummary, LossFigures {
  /** What is proven about its connection. */
  readonly health: HealthFigures & Pick<InstrumentHealth, "level">;
}

/** What `watch` reports. */
export interface WatchReport extends MarketFigures, LossFigures, SkipFigures {
  /** Where the market came from. */
  readonly mode: SourceMode;
  /** Time watched, in seconds. */
  readonly durationS: number;
  /** What is proven about all connections together. */
  readonly health: HealthFigures;
  /** One entry an instrument, in order. */
  readonly instruments: readonly InstrumentReport[];
}

/** What a report is made from. */
export interface ReportSource {
  /** Where the market came from. */
  readonly mode: SourceMode;
  /** The bot, still open. */
  readonly bot: LiveBot;
  /** Time watched, in seconds. */
  readonly elapsedS: number;
  /** What was seen. */
  readonly board: StatisticsBoard;
  /** What is proven now. */
  readonly health: Health;
}

/** Makes the report of this moment. */
export function watchReport({ mode, bot, elapsedS, board, health }: ReportSource): WatchReport {
  board.sample(elapsedS);
  const instruments = bot.instruments.map((instrument, asset): InstrumentReport => {
    const { connector, symbol, tickSize, lotSize } = instrument;
    const { dropped, overflows, malformed } = bot.connection(asset);
    const { level, healthy, reason = null } = health.instruments[asset]!;
    return {
      ...{ connector, symbol, tickSize, lotSize },
      ...board.all[asset]!.toJSON(),
      ...{ dropped, overflows, malformed },
      health: { level, healthy, reason },
    };
  });
  return {
    mode,
    durationS: elapsedS,
    ...figures(instruments),
    dropped: health.dropped,
    overflows: health.overflows,
    malformed: sum(instruments.map(({ malformed }) => malformed)),
    skipped: skippedPieces(bot),
    health: { healthy: health.healthy, reason: health.reason ?? null },
    instruments,
  };
}

/** Counts of all instruments together; what cannot be added is known for a single one only. */
function figures(instruments: readonly InstrumentReport[]): MarketFigures {
  const only = instruments.length === 1 ? instruments[0] : undefined;
  return {
    totalTrades: sum(instruments.map(({ totalTrades }) => totalTrades)),
    buyVolume: only?.buyVolume ?? null,
    sellVolume: only?.sellVolume ?? null,
    lastBid: only?.lastBid ?? null,
    lastAsk: only?.lastAsk ?? null,
    minSpread: only?.minSpread ?? null,
    maxSpread: only?.maxSpread ?? null,
    tradesPerSecond: sum(instruments.map(({ tradesPerSecond }) => tradesPerSecond)),
    depthUpdates: sum(instruments.map(({ depthUpdates }) => depthUpdates)),
    feedLatencyNs: only?.feedLatencyNs ?? { p50: null, p99: null, max: null },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

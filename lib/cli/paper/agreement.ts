/**
 * Holds what the bot has seen against the exchange's own books.
 *
 * @module
 */

import type { PaperExchangeReport, PaperSymbolReport } from "../../exchange/report.ts";
import type { PaperVenue } from "../../exchange/options.ts";
import type { InstrumentFigures, RunReport } from "../../strategy/report/figures.ts";

/** What money may differ by, as a share of the value executed: additions in another order. */
const TOLERANCE = 1e-9;

/** One figure that both sides know. */
export interface ComparedFigure {
  /** The symbol, in upper case. */
  readonly symbol: string;
  /**
   * What is compared: the signed quantity held; quantity and value executed; what trading brought
   * before fees, with the position at the exchange's mark price.
   */
  readonly figure: "position" | "volume" | "turnover" | "profitBeforeFees";
  /** What the exchange says. */
  readonly exchange: number;
  /** What the bot was told. */
  readonly bot: number;
  /** Whether they are the same. */
  readonly agrees: boolean;
}

/**
 * Compares the exchange's account with a run's figures. Fees are left out: the connector
 * does not tell whether an execution provided liquidity. It does not pass on every execution either:
 * when a cancel is refused because the order was just filled, and that answer is handled before
 * the news of the execution, it forgets the order and drops the news. What a run concludes of those
 * is an estimate of their price.
 *
 * @param exchange The exchange's report, which began with the run.
 * @param run The run's report, with the exchange's symbols in the same order.
 * @param venue The exchange. Of the spot market the connector tells no positions: what the bot has
 * bought and sold stands for them.
 * @returns Each figure that both know.
 */
export function compareViews(
  exchange: PaperExchangeReport,
  run: RunReport,
  venue: PaperVenue,
): ComparedFigure[] {
  return exchange.symbols.flatMap((symbol, index) => {
    const instrument = run.instruments[index];
    if (instrument === undefined) return [];
    const { position, fills } = instrument;
    const told = venue === "binancespot" ? fills.bought - fills.sold : position;
    return compareSymbol(symbol, { ...instrument, position: told });
  });
}

function compareSymbol(exchange: PaperSymbolReport, bot: InstrumentFigures): ComparedFigure[] {
  const { symbol, turnover, markPrice } = exchange;
  const halfLot = bot.lotSize / 2;
  const money = Math.max(turnover, 1) * TOLERANCE;
  const compare = (
    figure: ComparedFigure["figure"],
    values: readonly [exchange: number, bot: number],
    tolerance: number,
  ): ComparedFigure => {
    const [ours, theirs] = values;
    const agrees = Math.abs(ours - theirs) <= tolerance;
    return { symbol, figure, exchange: ours, bot: theirs, agrees };
  };
  const profit = exchange.realizedProfit + exchange.unrealizedProfit;
  // The exchange values a position at a whole tick, and tells its mark as it is.
  const mark = money + Math.abs(exchange.position) * bot.tickSize;
  return [
    compare("position", [exchange.position, bot.position], halfLot),
    compare("volume", [exchange.volume, bot.fills.bought + bot.fills.sold], halfLot),
    compare("turnover", [turnover, bot.turnover], money),
    compare("profitBeforeFees", [profit, bot.balance + bot.position * markPrice], mark),
  ];
}

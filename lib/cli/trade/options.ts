/**
 * The flags of `trade`.
 *
 * @module
 */

import { ATTACH_FLAGS, checkAttach } from "../dashboard/attach.ts";
import type { FlagGroup } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { JSON_FLAG } from "../json_flag.ts";
import { UsageError } from "../exit.ts";
import { IDLE_FLAGS } from "../idle_flags.ts";
import { SOURCE_FLAGS, SOURCE_GROUPS } from "../source/flags.ts";
import { type Simulation, SIMULATION_FLAGS, simulationOf } from "../source/simulation.ts";
import { refuse } from "../source/refuse.ts";
import { type BotSource, botSource } from "../source/source.ts";

/** The flags that tell how a strategy is run, wherever its market comes from. */
export const STRATEGY_FLAGS = {
  set: {
    kind: "text",
    placeholder: "NAME=VALUE",
    repeatable: true,
    description: "Set a parameter of the strategy",
  },
  duration: {
    kind: "number",
    alias: "d",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    description:
      "Time to trade, by the market's clock; until Ctrl+C or the end of the data if left out",
  },
  report: {
    kind: "text",
    placeholder: "FILE.html",
    description: "Write a page with charts of price, fills, position, equity and latencies",
  },
  "keep-orders": {
    kind: "switch",
    description: "Leave open orders at the exchange at the end, instead of cancelling them",
  },
  "feed-timeout": {
    kind: "number",
    placeholder: "SECONDS",
    positive: true,
    max: 2_147_483,
    default: 10,
    description:
      "Time to wait for market data at the start, and age at which a feed counts as lost",
  },
} as const;

/** The values of {@linkcode STRATEGY_FLAGS} and {@linkcode IDLE_FLAGS}. */
export type StrategyValues = FlagValues<
  typeof STRATEGY_FLAGS & typeof IDLE_FLAGS & typeof JSON_FLAG
>;

const FILE_FLAGS = {
  strategy: {
    kind: "text",
    placeholder: "FILE",
    description: "Module whose default export is the strategy",
  },
  paper: {
    kind: "switch",
    description: "Trade on a paper exchange, through the connector's program in --connector",
  },
  settle: {
    kind: "number",
    placeholder: "SECONDS",
    min: 0,
    max: 2_147_483,
    description:
      "Time to let the market run before the strategy begins, since a connector first cancels orders; --live only (default: 2)",
  },
} as const;

/** The flags of `trade`. */
export const TRADE_FLAGS:
  & typeof FILE_FLAGS
  & typeof SOURCE_FLAGS
  & typeof SIMULATION_FLAGS
  & typeof STRATEGY_FLAGS
  & typeof IDLE_FLAGS
  & typeof ATTACH_FLAGS
  & typeof JSON_FLAG = {
    ...FILE_FLAGS,
    ...SOURCE_FLAGS,
    ...SIMULATION_FLAGS,
    ...STRATEGY_FLAGS,
    ...IDLE_FLAGS,
    ...ATTACH_FLAGS,
    ...JSON_FLAG,
  };

/** The same in groups. */
export const TRADE_GROUPS: readonly FlagGroup[] = [
  { title: "STRATEGY FLAGS", flags: ["strategy", "set"] },
  { title: "MARKET FLAGS", flags: ["stub", "replay", "live", "paper"] },
  ...SOURCE_GROUPS.slice(1),
  { title: "ORDER FLAGS", flags: [...Object.keys(SIMULATION_FLAGS), "keep-orders", "settle"] },
  { title: "RUN FLAGS", flags: ["duration", "feed-timeout", "idle", "report", "json"] },
  { title: "DASHBOARD FLAGS", flags: Object.keys(ATTACH_FLAGS) },
];

/** The values of {@linkcode TRADE_FLAGS}. */
export type TradeValues = FlagValues<typeof TRADE_FLAGS>;

/** What the flags of `trade` ask for. */
export interface TradePlan {
  /** The strategy's file, or its URL. */
  readonly strategy: string;
  /** Where its market comes from. */
  readonly source: BotSource;
  /** How its orders fare. */
  readonly simulation: Simulation;
  /** How long the market runs before the strategy begins, ms. */
  readonly settleMs: number;
}

/** On a live connector, unless the flags say otherwise. */
const SETTLE_S = 2;

/**
 * What the flags ask for. Simulated markets run as fast as possible unless told otherwise.
 *
 * @param flags The values of {@linkcode TRADE_FLAGS}.
 * @returns The plan; no file is read yet.
 * @throws {UsageError} If flags are missing or do not go together.
 * @throws {InvalidInputError} If a value cannot be used.
 */
export function tradePlan(flags: TradeValues): TradePlan {
  const strategy = strategyOf(flags);
  checkAttach(flags);
  const source = botSource(flags, { verb: "trade", speed: Infinity });
  if (source.mode !== "live") refuse(flags, ["settle"], "--live");
  const settleMs = source.mode === "live" ? (flags.settle ?? SETTLE_S) * 1000 : 0;
  return { strategy, source, simulation: simulationOf(flags, source.mode), settleMs };
}

/**
 * The strategy that the flags name.
 *
 * @param flags The values of {@linkcode TRADE_FLAGS}.
 * @returns Its file, or its URL.
 * @throws {UsageError} If they name none.
 */
export function strategyOf({ strategy }: Pick<TradeValues, "strategy">): string {
  if (strategy !== undefined) return strategy;
  throw new UsageError("Missing flag: trade needs --strategy FILE, whose default export it runs");
}

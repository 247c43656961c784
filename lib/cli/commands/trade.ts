/**
 * `cli.ts trade`: runs a strategy on any market, and reports what it did.
 *
 * @module
 */

import { type AnyDeclaration, defineCommand } from "../command.ts";
import { START_VARIABLES } from "../environment.ts";
import { checkPage, dashboardFor, pageNeeds } from "../dashboard/attach.ts";
import { supervisorNeeds } from "../dashboard/supervisor.ts";
import { instrumentWarnings } from "../instruments.ts";
import { warn } from "../warnings.ts";
import { sourceNeeds } from "../source/needs.ts";
import { botOpener } from "../source/open_bot.ts";
import { refuse } from "../source/refuse.ts";
import { marketFacts } from "../trade/market_facts.ts";
import { paperValuesOf, tradePaperNeeds } from "../paper/from_trade.ts";
import { paperPlan } from "../paper/plan.ts";
import {
  strategyOf,
  TRADE_FLAGS,
  TRADE_GROUPS,
  tradePlan,
  type TradeValues,
} from "../trade/options.ts";
import { tradeSession } from "../trade/session.ts";

/** The trade command. */
export const trade: AnyDeclaration = defineCommand({
  usage: [
    "--strategy FILE --stub [--seed N] [--duration SECONDS] [--set NAME=VALUE]...",
    "--strategy FILE --replay FILE... --tick-size PRICE --lot-size QTY [--queue-model MODEL] " +
    "[--order-latency MS] [--report FILE.html]",
    "--strategy FILE --live --connector NAME --symbol SYMBOL... --tick-size PRICE --lot-size QTY " +
    "[--duration SECONDS]",
    "--strategy FILE --paper --connector PROGRAM --stub|--replay FILE... [--speed FACTOR] " +
    "[--duration SECONDS]",
  ],
  details: [
    "FILE is a module whose default export is a strategy, made with defineStrategy; " +
    "docs/strategies.md tells how to write one. The same file runs on every market.",
    "--paper starts a paper exchange with that market, and hftbacktest's connector on it; the " +
    "command paper does the same and has more flags for the exchange.",
    "--stub and --replay run as fast as possible by the market's own clock, so that the same " +
    "data, seed and parameters give the same run; --speed 1 runs them at the pace of real time.",
    "Orders that the strategy has left open are cancelled at the end, also when it fails or " +
    "Ctrl+C ends it. An error in the strategy ends the run with code 1, after its report.",
    "Money is counted from executions with the fees given, in the quote currency, and begins at " +
    "0: equity is the profit, with the position at the mid price and fees taken off.",
  ],
  flags: TRADE_FLAGS,
  groups: TRADE_GROUPS,
  validate: (flags) => {
    strategyOf(flags);
    if (flags.paper) {
      checkPage(flags);
      refuse(flags, ["supervisor", "socket"], "--stub, --replay or --live without --paper");
      paperPlan(paperValuesOf(flags));
    } else {
      tradePlan(flags);
    }
  },
  needs: [
    {
      when: "always",
      // On a paper exchange, more is read than the strategy.
      applies: ({ strategy, paper }) => !paper && !/^https?:/.test(strategy ?? ""),
      permissions: ({ strategy: path }) => [path === undefined ? READ : { name: "read", path }],
      why: { read: "the strategy, a program with all permissions given, and what it imports" },
      set: "trade",
    },
    {
      when: "--report",
      applies: ({ report }) => report !== undefined,
      permissions: ({ report: path }) => [path === undefined ? WRITE : { name: "write", path }],
      why: { write: "the page" },
      set: "trade",
    },
    ...sourceNeeds.map((needs) => ({
      ...needs,
      applies: (flags: TradeValues) => !flags.paper && (needs.applies?.(flags) ?? true),
      set: "trade" as const,
    })),
    { ...pageNeeds, set: "trade" },
    supervisorNeeds,
    ...tradePaperNeeds,
  ],
  exitCodes: {
    0: "Done, with all orders ended",
    1: "The strategy failed, an order is still open, or the connection was not healthy at the end",
  },
  environment: [...START_VARIABLES, "OTEL_DENO"],
  examples: [
    {
      args: "--strategy examples/market_maker.ts --stub --duration 60 --seed 7",
      description: "Run a strategy for a minute of a random market",
      permissions: "trade",
    },
    {
      args: "--strategy examples/market_maker.ts --replay btcusdt.gz --tick-size 0.1 " +
        "--lot-size 0.001 --set halfSpreadTicks=5 --report run.html",
      description: "Run it on a recording, with a parameter set, and write a page with charts",
      permissions: "trade",
    },
    {
      args: "--strategy examples/market_maker.ts --live --connector bf --symbol btcusdt " +
        "--tick-size 0.1 --lot-size 0.001 --duration 3600",
      description: "Run it through a running connector for an hour",
      permissions: "trade",
    },
  ],
  async run({ flags, stdout, stderr, signal }) {
    if (flags.paper) {
      const { runPaper } = await import("../paper/run.ts");
      return await runPaper(paperPlan(paperValuesOf(flags)), { stdout, stderr, signal });
    }
    const { strategy, source, simulation, settleMs } = tradePlan(flags);
    if (source.mode === "live") {
      warn(instrumentWarnings(source.instruments), { stderr, quiet: flags.quiet });
    }
    const onClient = await dashboardFor(flags, { mode: source.mode, stderr });
    return await tradeSession(await botOpener(source, simulation), {
      onClient,
      ...{ strategy, flags, mode: source.mode, fees: simulation, settleMs },
      ...{ stdout, stderr, signal, market: marketFacts(source, simulation) },
      virtualTime: source.mode !== "live" && source.speed === Infinity,
    });
  },
});

const READ: Deno.ReadPermissionDescriptor = { name: "read" };
const WRITE: Deno.WritePermissionDescriptor = { name: "write" };

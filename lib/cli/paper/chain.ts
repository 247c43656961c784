/**
 * The whole chain: a paper exchange, hftbacktest's connector on it, and a strategy on that.
 *
 * @module
 */

import { isExecutable } from "../../connector/binary.ts";
import { ConnectorNotFoundError } from "../../connector/errors.ts";
import { findProjectRoot } from "../../connector/project_root.ts";
import { Redactor } from "../../connector/logs/redact.ts";
import type { PaperExchangeReport } from "../../exchange/report.ts";
import type { Instrument } from "../../model/instrument.ts";
import { NativeBot } from "../../native/native_bot.ts";
import { defineStrategy } from "../../strategy/strategy.ts";
import { type LoadedStrategy, loadStrategy } from "../../strategy/load.ts";
import { type AnyParams, parseSettings } from "../../strategy/params.ts";
import { type RunResult, runStrategy } from "../../strategy/run.ts";
import { dashboardFor, type PageValues } from "../dashboard/attach.ts";
import { CommandError } from "../exit.ts";
import type { Output } from "../output.ts";
import type { RunDisplay } from "../run_display.ts";
import { ConnectorLink } from "./connector_link.ts";
import type { PaperEnd } from "./end.ts";
import type { ExchangeHost } from "./exchange_host.ts";
import type { PaperChainPlan, PaperSettings } from "./plan.ts";
import type { ConnectorFigures } from "./report.ts";
import { cancelAllDone } from "./registration.ts";
import { followExchange } from "./session.ts";

/** A strategy that is ready to run. */
export interface ChainStrategy {
  /** The strategy and its name. */
  readonly loaded: LoadedStrategy;
  /** Its parameters. */
  readonly params: AnyParams;
}

/** How to run a chain. */
export interface ChainOptions {
  /** The connector. */
  readonly plan: PaperChainPlan;
  /** What the market is made from, for the report. */
  readonly market: AnyParams;
  /** How the exchange is set up. */
  readonly settings: PaperSettings;
  /** What trades. */
  readonly strategy: ChainStrategy;
  /** Time to trade, in seconds; undefined for no limit. */
  readonly durationS: number | undefined;
  /** Decides when it ends. */
  readonly end: PaperEnd;
  /** Shows how it is. */
  readonly status: RunDisplay;
  /** The page that is asked for. */
  readonly page: PageValues;
  /** Where the page's address goes. */
  readonly stderr: Output;
  /** Where the progress of a build goes; undefined for nowhere. */
  readonly progress: Output | undefined;
}

/** What a chain has done. */
export interface ChainResult {
  /** What the bot saw and did; undefined if it never began. */
  readonly run: RunResult | undefined;
  /** The exchange's books right after that; undefined without. */
  readonly books: PaperExchangeReport | undefined;
  /** The connector; undefined if it was not started. */
  readonly connector: ConnectorFigures | undefined;
}

/** What trades when nothing is to: it only sees the market. */
const WATCHER: ChainStrategy = {
  loaded: { name: "no strategy", strategy: defineStrategy({ setup: () => undefined }) },
  params: {},
};

/**
 * Checks that there is a connector to start, before anything is started for it.
 *
 * @param plan Names it.
 * @throws {ConnectorNotFoundError} If there is no such program, or no such source.
 * @throws {ConnectorRunnerError} If the program cannot be run.
 */
export async function checkConnector({ binaryPath, projectRoot }: PaperChainPlan): Promise<void> {
  if (binaryPath === undefined) {
    await findProjectRoot(projectRoot === undefined ? {} : { projectRoot });
  } else if (!await isExecutable(binaryPath)) {
    throw new ConnectorNotFoundError("Cannot find the connector's program", [
      { origin: "--connector", path: binaryPath, result: "no such file" },
    ]);
  }
}

/**
 * Loads the strategy of a chain.
 *
 * @param plan Names it.
 * @returns The strategy; one that does nothing if none is named.
 * @throws {StrategyLoadError} If the file is no strategy.
 * @throws {InvalidInputError} If a parameter cannot be used.
 */
export async function chainStrategy(plan: PaperChainPlan): Promise<ChainStrategy> {
  if (plan.strategy === undefined) return WATCHER;
  const loaded = await loadStrategy(plan.strategy);
  return { loaded, params: parseSettings(plan.settings, loaded.strategy.params ?? {}) };
}

/**
 * Starts the connector and the bot on an exchange, lets the strategy trade until the end, and
 * stops both. What fails ends it, and is told by `end`.
 *
 * @param host The exchange; it stays open.
 * @param options What to run, and until when.
 * @returns What became of it.
 */
export async function runChain(host: ExchangeHost, options: ChainOptions): Promise<ChainResult> {
  const { plan, settings, end, status, progress } = options;
  let link: ConnectorLink | undefined;
  let run: RunResult | undefined;
  let books: PaperExchangeReport | undefined;
  try {
    const toml = host.access.connectorToml;
    const { venue } = settings;
    link = await ConnectorLink.start({ plan, venue, toml, end, status, progress });
    status.notice(`connector ${link.name} publishes, waiting for market data`);
    run = await trade(host, link, options);
    // Before the connector goes: what is left at the exchange may still be executed.
    books = await host.report();
  } catch (error) {
    if (error !== end.signal.reason) end.fail(error);
    else if (end.reason === "endOfData") {
      end.fail(new CommandError("The recording ended before its data had reached the bot"));
    }
  } finally {
    await link?.stop();
  }
  return { run, books, connector: link?.figures };
}

async function trade(
  host: ExchangeHost,
  link: ConnectorLink,
  { plan, market, settings, strategy, durationS, end, status, page, stderr }: ChainOptions,
): Promise<RunResult> {
  const { loaded, params } = strategy;
  const onClient = await dashboardFor(page, {
    ...{ mode: "paper", stderr, exchange: host },
    connectors: link.connector,
  });
  // Registers all symbols at once, so that it misses nothing of a market that waits for that.
  using bot = new NativeBot({
    instruments: host.access.instruments.map((instrument): Instrument => ({
      ...instrument,
      connector: link.name,
    })),
    channel: link.connector.runner.channel?.sizes,
    libraryPath: plan.libraryPath,
  });
  if (strategy !== WATCHER && !await cancelAllDone(host, bot, end.signal)) {
    end.signal.throwIfAborted();
    status.notice(
      "the connector has not asked to cancel what was open: early orders may get lost",
      false,
    );
  }
  const redactor = new Redactor();
  using _follow = followExchange(host, { status, end });
  const result = await runStrategy(bot, loaded.strategy, {
    ...{ params, name: loaded.name, mode: "paper", market, durationS },
    signal: end.signal,
    fees: { makerFee: settings.makerFee, takerFee: settings.takerFee },
    feedTimeoutMs: plan.readyTimeoutMs,
    idle: plan.idle,
    catchUnhandled: true,
    onClient,
    onLog: (message) => status.notice(message),
    // The connector's errors hold the addresses of signed requests.
    onNotice: (notice) => status.notice(redactor.redact(notice), false),
  });
  if (result.error !== undefined) end.fail(result.error);
  const { endReason } = result.report;
  end.decide(endReason === "failed" ? "interrupted" : endReason);
  return result;
}

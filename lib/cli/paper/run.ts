/**
 * Runs what `paper` is asked for, from the market to the summary.
 *
 * @module
 */

import type { PaperExchangeReport } from "../../exchange/report.ts";
import { dashboardFor } from "../dashboard/attach.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { type Output, writeJson } from "../output.ts";
import { RunDisplay, shownWith } from "../run_display.ts";
import { reportPage } from "../../strategy/report/html/page.ts";
import type { RunResult } from "../../strategy/run.ts";
import { marketFacts } from "../trade/market_facts.ts";
import { checkWritable } from "../trade/session.ts";
import { summary } from "../trade/view.ts";
import { showAccess, writeConfig } from "./access.ts";
import { compareViews } from "./agreement.ts";
import { type ChainResult, chainStrategy, checkConnector, runChain } from "./chain.ts";
import { PaperEnd } from "./end.ts";
import {
  type ExchangeAccess,
  type ExchangeHost,
  type ExchangeSpec,
  startExchange,
} from "./exchange_host.ts";
import { startExchangeThread } from "./exchange_thread.ts";
import { keyOf } from "./keys.ts";
import type { PaperPlan } from "./plan.ts";
import { withInstruments } from "./recorded_instruments.ts";
import type { PaperReport } from "./report.ts";
import { watchExchange } from "./session.ts";
import { paperSummary } from "./view.ts";

/** Where it runs. */
export interface PaperSurroundings {
  /** Where results go. */
  readonly stdout: Output;
  /** Where notices go. */
  readonly stderr: Output;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Runs a paper exchange, alone or with connector and strategy, until its end.
 *
 * @param plan What to run.
 * @param surroundings Where it runs.
 * @returns The exit code.
 * @throws {UsageError} If a value cannot be used.
 * @throws {CommandError} If the bot's position is not the exchange's at the end.
 * @throws What made it fail, after its report was written.
 */
export async function runPaper(
  plan: PaperPlan,
  surroundings: PaperSurroundings,
): Promise<ExitCode> {
  const { stdout, stderr, signal } = surroundings;
  const spec = exchangeSpec(plan);
  const strategy = plan.chain && await chainStrategy(plan.chain);
  if (plan.chain !== undefined) await checkConnector(plan.chain);
  if (plan.chain?.reportPath !== undefined) checkWritable(plan.chain.reportPath);
  using end = new PaperEnd(signal);
  using status = new RunDisplay({ stdout, stderr, show: shownWith(plan) });
  // A strategy may block its thread, and the exchange must not stand still with it.
  await using host = await (plan.chain ? startExchangeThread(spec) : startExchange(spec));
  await tellAccess(host.access, plan, surroundings);
  let chain: ChainResult | undefined;
  if (plan.chain !== undefined && strategy !== undefined) {
    const { settings, durationS } = plan;
    chain = await runChain(host, {
      ...{ plan: plan.chain, settings, strategy, durationS, end, status },
      ...{ page: plan.page, stderr },
      market: marketFacts(spec.market, { ...settings, orderLatency: undefined }),
      progress: plan.quiet ? undefined : stderr,
    });
  } else {
    const startPage = await dashboardFor(plan.page, { mode: "paper", stderr, exchange: host });
    await using _page = startPage?.();
    if (plan.durationS !== undefined) end.after(plan.durationS);
    await watchExchange(host, { status, end });
  }
  // Where nothing has begun there is nothing to report.
  if (chain !== undefined && chain.run === undefined && end.error !== undefined) throw end.error;
  const report = await paperReport(host, { plan, end, chain });
  await host.close();
  status.end();
  write(report, plan, stdout);
  if (chain?.run !== undefined) writePage(chain.run, plan, stderr);
  if (end.error !== undefined) throw end.error;
  checkPositions(report);
  return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
}

/** What to start the exchange from, with all that the flags leave to the files. */
function exchangeSpec({ market, unknownSteps, settings, keys }: PaperPlan): ExchangeSpec {
  return {
    market: market.mode === "replay" ? withInstruments(market, unknownSteps) : market,
    settings,
    apiKey: keyOf("--api-key", keys.apiKey),
    secret: keyOf("--secret", keys.secret),
  };
}

async function tellAccess(
  access: ExchangeAccess,
  plan: PaperPlan,
  { stdout, stderr }: PaperSurroundings,
): Promise<void> {
  const { configPath, json, quiet, chain } = plan;
  if (configPath !== undefined) await writeConfig(configPath, access.connectorToml);
  // Beside a JSON object and beside a run, it is a notice.
  const isNotice = json || chain !== undefined;
  if (isNotice && quiet) return;
  showAccess(isNotice ? stderr : stdout, access, { configPath, hasConnector: chain !== undefined });
}

/** The report at the end, with the exchange's books as they were when the bot last looked. */
async function paperReport(
  host: ExchangeHost,
  { plan, end, chain }: { plan: PaperPlan; end: PaperEnd; chain: ChainResult | undefined },
): Promise<PaperReport> {
  const durationS = end.elapsedS;
  let exchange: PaperExchangeReport | null = null;
  try {
    exchange = chain?.books ?? await host.report();
  } catch (error) {
    end.fail(error);
  }
  const { error } = end;
  const run = chain?.run?.report ?? null;
  const hasTraded = plan.chain?.strategy !== undefined;
  const comparison = exchange !== null && run !== null && hasTraded
    ? compareViews(exchange, run, plan.settings.venue)
    : [];
  return {
    mode: "paper",
    market: plan.market.mode,
    speed: plan.market.speed,
    instruments: host.access.instruments,
    durationS,
    endReason: end.reason ?? "finished",
    failure: error === undefined ? null : error instanceof Error ? error.message : String(error),
    exchange,
    connector: chain?.connector ?? null,
    run,
    comparison,
    agrees: comparison.length === 0 ? null : comparison.every(({ agrees }) => agrees),
  };
}

function write(report: PaperReport, { json, chain }: PaperPlan, stdout: Output): void {
  if (json) return writeJson(stdout, report);
  const page = { ...stdout.size(), style: stdout.style };
  // One that does nothing has nothing to tell but the market.
  if (report.run !== null && chain !== undefined) stdout.line(summary(report.run, page));
  stdout.write(paperSummary(report, page));
}

function writePage(run: RunResult, { chain, quiet }: PaperPlan, stderr: Output): void {
  const path = chain?.reportPath;
  if (path === undefined) return;
  Deno.writeTextFileSync(path, reportPage(run));
  if (!quiet) stderr.line(`Report written to ${path}`);
}

/**
 * A position is told anew with each execution, so that nothing excuses a difference. Executions
 * that the connector has not passed on are told in the report.
 */
function checkPositions({ comparison }: PaperReport): void {
  const differing = comparison.filter(({ figure, agrees }) => figure === "position" && !agrees);
  if (differing.length === 0) return;
  const list = differing.map(({ symbol, exchange, bot }) =>
    `${symbol} is ${exchange} at the exchange and ${bot} at the bot`
  );
  throw new CommandError(`The positions differ at the end: ${list.join(", ")}`);
}

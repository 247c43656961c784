/**
 * Runs a strategy for a command, with its progress and its report.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { LiveClient } from "../../client/live_client.ts";
import type { TradingFees } from "../../strategy/ledger/account.ts";
import { loadStrategy } from "../../strategy/load.ts";
import { type AnyParams, parseSettings } from "../../strategy/params.ts";
import { reportPage } from "../../strategy/report/html/page.ts";
import { type RunResult, runStrategy } from "../../strategy/run.ts";
import { CommandError, ExitCode } from "../exit.ts";
import { plural } from "../../format.ts";
import { type Output, writeJson } from "../output.ts";
import { RunDisplay, shownWith } from "../run_display.ts";
import type { StrategyValues } from "./options.ts";
import { progressLine, summary } from "./view.ts";

/** How a command runs a strategy. */
export interface TradeSessionOptions {
  /** The strategy's file, or its URL. */
  readonly strategy: string;
  /** The values of `STRATEGY_FLAGS`, and whether only results are shown. */
  readonly flags: StrategyValues & { readonly quiet: boolean };
  /** Where the market comes from, for the report. */
  readonly mode: string;
  /** What the market is made from, for the report. */
  readonly market: AnyParams;
  /** Whether the bot's clock only goes on when it is polled. */
  readonly virtualTime: boolean;
  /** Fees that the money is counted with. */
  readonly fees: TradingFees;
  /** How long the market runs before the strategy begins, ms; none when left out. */
  readonly settleMs?: number | undefined;
  /** Is given the client before its first poll; what it returns is disposed of at the end. */
  readonly onClient?: ((client: LiveClient) => AsyncDisposable) | undefined;
  /** Where results go. */
  readonly stdout: Output;
  /** Where notices and logs go. */
  readonly stderr: Output;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Loads a strategy, runs it on a bot, and writes its report.
 *
 * @param open Opens the bot, once the strategy is known to be one; it is closed at the end.
 * @param options How to run it.
 * @returns The exit code.
 * @throws {StrategyLoadError} If the file is no strategy.
 * @throws {InvalidInputError} If a parameter cannot be used.
 * @throws What made the run fail, after its report was written.
 */
export async function tradeSession(
  open: () => LiveBot | Promise<LiveBot>,
  options: TradeSessionOptions,
): Promise<ExitCode> {
  const { flags, stdout, stderr, signal } = options;
  const loaded = await loadStrategy(options.strategy);
  const params = parseSettings(flags.set, loaded.strategy.params ?? {});
  // Before an hour of trading, not after it.
  if (flags.report !== undefined) checkWritable(flags.report);
  using display = new RunDisplay({ stdout, stderr, show: shownWith(flags) });
  const result = await runStrategy(await open(), loaded.strategy, {
    ...{ params, name: loaded.name, mode: options.mode, market: options.market, signal },
    ...{ virtualTime: options.virtualTime, fees: options.fees, idle: flags.idle },
    durationS: flags.duration,
    settleMs: options.settleMs,
    cancelOnExit: !flags["keep-orders"],
    feedTimeoutMs: flags["feed-timeout"] * 1000,
    catchUnhandled: true,
    onLog: (message) => display.notice(message),
    onNotice: (notice) => display.notice(notice, false),
    onProgress: (progress) => display.update({ line: () => progressLine(progress) }),
    onClient: options.onClient,
  });
  display.end();
  writeReport(result, options);
  if (result.error !== undefined) throw result.error;
  checkLeft(result, options);
  const { mode, health } = result.report;
  if (mode === "live" && !health.healthy) {
    throw new CommandError(`Not healthy at the end: ${health.reason}`);
  }
  return signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
}

function writeReport(result: RunResult, { flags, stdout, stderr }: TradeSessionOptions): void {
  const { report } = result;
  if (flags.json) writeJson(stdout, report);
  else stdout.write(summary(report, { ...stdout.size(), style: stdout.style }));
  if (flags.report === undefined) return;
  Deno.writeTextFileSync(flags.report, reportPage(result));
  if (!flags.quiet) stderr.line(`Report written to ${flags.report}`);
}

/**
 * Checks that a report can be written, before there is anything to report.
 *
 * @param path Its file, which is there afterwards.
 * @throws {CommandError} If it cannot.
 */
export function checkWritable(path: string): void {
  try {
    // Without a look at the file: that would need the permission to read it.
    if (create(path)) Deno.removeSync(path);
    else Deno.openSync(path, { write: true }).close();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`Cannot write report ${path}: ${why}`, { cause: error });
  }
}

/** Creates a file; answers false if there is one. */
function create(path: string): boolean {
  try {
    Deno.openSync(path, { write: true, createNew: true }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Orders that should have been cancelled and were not are nothing to pass over in silence. */
function checkLeft({ report }: RunResult, { flags }: TradeSessionOptions): void {
  // At the end of recorded data there is nobody left who could answer.
  if (flags["keep-orders"] || report.endReason === "endOfData") return;
  const left = report.instruments.flatMap(({ symbol, orders: { open, unknown } }) => [
    ...open > 0 ? [`${plural(open, "order")} of ${symbol} still open`] : [],
    ...unknown > 0 ? [`the state of ${plural(unknown, "order")} of ${symbol} is not known`] : [],
  ]);
  if (left.length > 0) throw new CommandError(`Not all orders have ended: ${left.join(", ")}`);
}

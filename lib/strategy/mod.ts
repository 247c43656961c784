/**
 * Strategies: what they are, how they are loaded and run, and what a run reports.
 *
 * @module
 */

export * from "./strategy.ts";
export type { AnyParams, ParamsOf, ParamValue } from "./params.ts";
export { StrategyError, StrategyLoadError, type StrategyPart } from "./errors.ts";
export { type LoadedStrategy, loadStrategy } from "./load.ts";
export { type RunResult, runStrategy } from "./run.ts";
export type { RunOptions, RunProgress } from "./run_options.ts";
export type { TradingFees } from "./ledger/account.ts";
export type { FillMark } from "./ledger/fill_marks.ts";
export type { SeriesBucket } from "./ledger/series.ts";
export * from "./report/charts.ts";
export * from "./report/figures.ts";
export { reportPage, type ReportPageSource } from "./report/html/page.ts";

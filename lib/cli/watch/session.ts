/**
 * Watches a market until the time has passed, the user ends it, or no connector comes.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { Health } from "../../client/health.ts";
import type { IdleStrategyName } from "../../client/idle.ts";
import { LiveClient } from "../../client/live_client.ts";
import { CommandError } from "../exit.ts";
import { StatisticsBoard } from "./board.ts";
import { Deadline } from "./deadline.ts";
import { HealthLog, type HealthNotice } from "./health_log.ts";
import { type WatchReport, watchReport } from "./report.ts";

/** How often the market is looked at and shown. */
const TICK_MS = 200;

/** Options of {@linkcode watchMarket}. */
export interface WatchMarketOptions {
  /** Where the market comes from. */
  readonly mode: "stub" | "live";
  /** Time to watch, in seconds; without limit when undefined. */
  readonly durationS: number | undefined;
  /** Age at which a feed counts as lost, and time to wait for the first connector, in seconds. */
  readonly feedTimeoutS: number;
  /** What to do while nothing comes. */
  readonly idle: IdleStrategyName;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Called several times a second. */
  onTick(report: WatchReport): void;
  /** Called when an instrument's connection has changed, or a connector reports trouble. */
  onNotice(notice: HealthNotice): void;
}

/** How it ended. */
export interface WatchOutcome {
  /** What was seen. */
  readonly report: WatchReport;
  /** Why it ended before its time; undefined when it did not. */
  readonly failure: unknown;
}

/**
 * Watches a market through a bot, and closes the bot.
 *
 * @param bot The bot.
 * @param options How long, and whom to tell.
 * @returns What was seen, and how it ended.
 */
export async function watchMarket(
  bot: LiveBot,
  options: WatchMarketOptions,
): Promise<WatchOutcome> {
  const { mode, durationS, feedTimeoutS, idle, signal, onTick, onNotice } = options;
  await using client = await LiveClient.start(bot, { feedTimeoutMs: feedTimeoutS * 1000, idle });
  using deadline = new Deadline(signal, durationS);
  const board = new StatisticsBoard(bot);
  const log = new HealthLog();
  let failure: unknown;

  const look = (): WatchReport => {
    const { elapsedS } = deadline;
    const { health } = client;
    log.notices(health.instruments).forEach(onNotice);
    if (!log.everRegistered && (elapsedS >= feedTimeoutS || deadline.expired)) {
      failure ??= new CommandError(notConnected(health, elapsedS));
      deadline.end();
    }
    return watchReport({ mode, bot, elapsedS, board, health });
  };
  let report = look();
  client.addEventListener("connectionlost", () => void look());
  client.addEventListener("connectionrestored", () => void look());
  client.addEventListener("error", ({ detail }) => onNotice({ text: detail.message, good: false }));
  const ticker = setInterval(() => onTick(report = look()), TICK_MS);
  try {
    for await (const batch of client.batches({ signal: deadline.signal })) board.add(batch);
    report = look();
  } catch (error) {
    // A bot that failed cannot be asked any more: what was last seen of it stands.
    if (error === deadline.signal.reason) report = look();
    else failure ??= error;
  } finally {
    clearInterval(ticker);
  }
  return { report, failure };
}

/** What to tell when no instrument was ever registered. */
function notConnected({ instruments }: Health, elapsedS: number): string {
  const reasons = new Set(instruments.map(({ reason }) => reason));
  const names = new Set(
    instruments.filter(({ level }) => level === "none").map(({ connector }) => connector),
  );
  const advice = [...names].map((name) => `connector ${name} TYPE CONFIG.toml`).join(", ");
  return `Nothing to watch after ${elapsedS.toFixed(1)} s: ${[...reasons].join("; ")}` +
    (advice === "" ? "" : ` (start it: ${advice})`);
}

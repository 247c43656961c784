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
import type { SourceMode } from "../source/source.ts";
import { StatisticsBoard } from "./board.ts";
import { Deadline } from "./deadline.ts";
import { HealthLog, type HealthNotice } from "./health_log.ts";
import { type WatchReport, watchReport } from "./report.ts";

/** How often the market is looked at and shown. */
const TICK_MS = 200;
const NS_PER_S = 1e9;

/** Options of {@linkcode watchMarket}. */
export interface WatchMarketOptions {
  /** Where the market comes from. */
  readonly mode: SourceMode;
  /** Whether the bot's clock goes as the wall clock does. */
  readonly realTime: boolean;
  /** Time to watch by the bot's clock, in seconds; without limit when undefined. */
  readonly durationS: number | undefined;
  /** Age at which a feed counts as lost, and time to wait for the first connector, in seconds. */
  readonly feedTimeoutS: number;
  /** What to do while nothing comes. */
  readonly idle: IdleStrategyName;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Is given the client before its first poll; what it returns is disposed of at the end. */
  readonly onClient?: ((client: LiveClient) => AsyncDisposable) | undefined;
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
  /** Whether all of the data was seen. */
  readonly endOfData: boolean;
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
  const { mode, realTime, durationS, feedTimeoutS, idle, signal, onTick, onNotice } = options;
  await using client = await LiveClient.start(bot, { feedTimeoutMs: feedTimeoutS * 1000, idle });
  await using _shown = options.onClient?.(client);
  using deadline = new Deadline(signal, realTime ? durationS : undefined);
  const startedAt = bot.currentTimestamp();
  const elapsed = (): number =>
    realTime ? deadline.elapsedS : Number(bot.currentTimestamp() - startedAt) / NS_PER_S;
  const board = new StatisticsBoard(bot);
  const log = new HealthLog();
  let failure: unknown;
  let endOfData = false;

  const look = (): WatchReport => {
    const { health } = client;
    log.notices(health.instruments).forEach(onNotice);
    if (!log.everRegistered && (deadline.elapsedS >= feedTimeoutS || deadline.expired)) {
      failure ??= new CommandError(notConnected(health, deadline.elapsedS));
      deadline.end();
    }
    return watchReport({ mode, bot, elapsedS: elapsed(), board, health });
  };
  let report = look();
  client.addEventListener("connectionlost", () => void look());
  client.addEventListener("connectionrestored", () => void look());
  client.addEventListener("error", ({ detail }) => onNotice({ text: detail.message, good: false }));
  const ticker = setInterval(() => onTick(report = look()), TICK_MS);
  try {
    endOfData = true;
    for await (const batch of client.batches({ signal: deadline.signal })) {
      board.add(batch);
      if (realTime || durationS === undefined || elapsed() < durationS) continue;
      endOfData = false;
      break;
    }
    report = look();
  } catch (error) {
    endOfData = false;
    // A bot that failed cannot be asked any more: what was last seen of it stands.
    if (error === deadline.signal.reason) report = look();
    else failure ??= error;
  } finally {
    clearInterval(ticker);
  }
  return { report, failure, endOfData };
}

/**
 * What to tell when no instrument was ever registered.
 *
 * @param health What is proven.
 * @param elapsedS How long was waited, in seconds.
 * @param verb What the command does.
 */
export function notConnected(
  { instruments }: Health,
  elapsedS: number,
  verb: string = "watch",
): string {
  const reasons = new Set(instruments.map(({ reason }) => reason));
  const names = new Set(
    instruments.filter(({ level }) => level === "none").map(({ connector }) => connector),
  );
  const advice = [...names].map((name) => `connector ${name} TYPE CONFIG.toml`).join(", ");
  return `Nothing to ${verb} after ${elapsedS.toFixed(1)} s: ${[...reasons].join("; ")}` +
    (advice === "" ? "" : ` (start it: ${advice})`);
}

/**
 * Records a market until the time has passed, the user ends it, or it cannot go on.
 *
 * @module
 */

import type { LiveBot } from "../../bot/live_bot.ts";
import type { IdleStrategyName } from "../../client/idle.ts";
import { LiveClient } from "../../client/live_client.ts";
import type { RecorderOptions } from "../../replay/record/options.ts";
import { Recorder } from "../../replay/record/recorder.ts";
import { CommandError } from "../exit.ts";
import type { BotSource } from "../source/source.ts";
import { Deadline } from "../watch/deadline.ts";
import { HealthLog, type HealthNotice } from "../watch/health_log.ts";
import { notConnected } from "../watch/session.ts";
import { type RecordReport, recordReport } from "./report.ts";

const TICK_MS = 1000;
const NS_PER_S = 1e9;

/** Options of {@linkcode recordMarket}. */
export interface RecordMarketOptions {
  /** Where the market comes from. */
  readonly source: BotSource;
  /** Where the files go. */
  readonly recorder: RecorderOptions;
  /** Time to record by the bot's clock, in seconds; without limit when undefined. */
  readonly durationS: number | undefined;
  /** Age at which a feed counts as lost, and time to wait for the first connector, in seconds. */
  readonly feedTimeoutS: number;
  /** What to do while nothing comes. */
  readonly idle: IdleStrategyName | undefined;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Called once a second. */
  onTick(report: RecordReport): void;
  /** Called when something has happened that the user should know. */
  onNotice(notice: HealthNotice): void;
}

/** How it ended. */
export interface RecordOutcome {
  /** What was recorded. */
  readonly report: RecordReport;
  /** Why it ended before its time; undefined when it did not. */
  readonly failure: unknown;
  /** Whether all of the data was recorded. */
  readonly endOfData: boolean;
}

/**
 * Records a market through a bot, and closes the bot.
 *
 * @param bot The bot.
 * @param options Where to, how long, and whom to tell.
 * @returns What was recorded, and how it ended.
 * @throws {RecorderError} If the directory cannot be used.
 * @throws {MissingPermissionError} If it may not be.
 */
export async function recordMarket(
  bot: LiveBot,
  options: RecordMarketOptions,
): Promise<RecordOutcome> {
  const { source, durationS, feedTimeoutS, idle, signal, onTick, onNotice } = options;
  const isVirtual = source.mode !== "live" && source.speed === Infinity;
  const realTime = source.mode === "live" || source.speed === 1;
  await using client = await LiveClient.start(bot, { feedTimeoutMs: feedTimeoutS * 1000, idle });
  await using recorder = new Recorder(bot, options.recorder);
  using deadline = new Deadline(signal, realTime ? durationS : undefined);
  const log = new HealthLog();
  const startedAt = bot.currentTimestamp();
  let elapsedS = 0;
  let failure: unknown;
  let endOfData = false;

  const look = (): RecordReport => {
    elapsedS = realTime ? deadline.elapsedS : Number(bot.currentTimestamp() - startedAt) / NS_PER_S;
    const { health } = client;
    log.notices(health.instruments).forEach(onNotice);
    if (!log.everRegistered && (deadline.elapsedS >= feedTimeoutS || deadline.expired)) {
      failure ??= new CommandError(notConnected(health, deadline.elapsedS, "record"));
      deadline.end();
    }
    return recordReport({ mode: source.mode, elapsedS, recording: recorder.report, health });
  };
  client.addEventListener("connectionlost", () => void look());
  client.addEventListener("connectionrestored", () => void look());
  client.addEventListener("error", ({ detail }) => onNotice({ text: detail.message, good: false }));
  recorder.addEventListener("file", ({ detail: { path } }) => {
    onNotice({ text: `Complete: ${path}`, good: true });
  });
  recorder.addEventListener("drop", ({ detail: { connector, symbol } }) => {
    const text = `${connector} ${symbol}: the disk is too slow, events are dropped`;
    onNotice({ text, good: false });
  });
  recorder.addEventListener("error", ({ detail }) => {
    failure ??= detail;
    deadline.end();
  });
  const ticker = setInterval(() => onTick(look()), TICK_MS);
  try {
    look();
    endOfData = true;
    for await (const batch of client.batches({ signal: deadline.signal })) {
      // What stands still while nobody polls can wait for the disk; a live market cannot.
      if (!recorder.write(batch) && isVirtual) await recorder.flush();
      if (realTime || durationS === undefined) continue;
      if (Number(bot.currentTimestamp() - startedAt) < durationS * NS_PER_S) continue;
      endOfData = false;
      break;
    }
    look();
  } catch (error) {
    endOfData = false;
    // A bot that failed cannot be asked any more: what was last seen of it stands.
    if (error === deadline.signal.reason) look();
    else failure ??= error;
  } finally {
    clearInterval(ticker);
  }
  const { health } = client;
  const recording = await recorder.close();
  failure ??= recording.failure;
  const report = recordReport({ mode: source.mode, elapsedS, recording, health });
  return { report, failure, endOfData };
}

/**
 * Runs a strategy on a bot, and reports what it did.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { plural } from "../format.ts";
import { LiveClient } from "../client/live_client.ts";
import { OrderIdGenerator } from "../client/order_id.ts";
import { HftliveError } from "../model/errors.ts";
import { skippedPieces } from "../replay/skipped_pieces.ts";
import { cancelOpen } from "./cancel_open.ts";
import { chartsOf } from "./ledger/charts.ts";
import type { OrderLedger } from "./ledger/order_ledger.ts";
import { RunLedger } from "./ledger/run_ledger.ts";
import { ObservedBot } from "./observed_bot.ts";
import { type ParamsOf, resolveParams } from "./params.ts";
import type { RunCharts } from "./report/charts.ts";
import type { RunHealth, RunLosses, RunReport } from "./report/figures.ts";
import { runReport } from "./report/run_report.ts";
import { RunEnd } from "./run_end.ts";
import { type ResolvedRunOptions, resolveRunOptions, type RunOptions } from "./run_options.ts";
import { settledWithin } from "./settled.ts";
import type { SetupContext, Strategy } from "./strategy.ts";
import { StrategyBody } from "./strategy_body.ts";
import { Timers } from "./timers.ts";
import { catchUnhandled } from "./unhandled.ts";

const NS_PER_S = 1e9;
const NS_PER_MS = 1_000_000n;
const TICK_MS = 1000;
/** Data without a strategy for so long is told. */
const SKIPPED_S = 1;

/** What a run gives. */
export interface RunResult {
  /** What it did, in numbers. */
  readonly report: RunReport;
  /** Its curves. */
  readonly charts: RunCharts;
  /** What ended it before its time: a {@linkcode StrategyError}, or what the bot threw. */
  readonly error: unknown;
}

/**
 * Runs a strategy on a bot until its time has passed, its data or its `run` has ended, it
 * fails, or the signal is aborted. Then cancels what it left open, and reports.
 *
 * What fails once the instruments are ready is told in the result, and not thrown.
 *
 * @param bot An open bot that nobody polls; it is closed at the end, unless `closeBot` is false.
 * @param strategy The strategy.
 * @param options Parameters, duration, and how to run.
 * @returns The report and the curves.
 * @throws {InvalidInputError} If an option or a parameter cannot be used.
 * @throws {NotReadyError} If an instrument was not registered, or had no data, in time.
 * @throws {BotError} "closed" if the bot is; "invalidArgument" if a client runs it.
 * @throws The signal's reason, if it is aborted before the instruments are ready.
 *
 * @example A test of a strategy: the same seed gives the same run
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineStrategy, runStrategy, StubBot } from "@hftlive/hftlive";
 *
 * const buyer = defineStrategy({
 *   setup({ client, every }) {
 *     every(1e9, async () => {
 *       await client.submitOrder({ side: "buy", qty: 0.001, orderType: "market" });
 *     });
 *   },
 * });
 *
 * const run = () =>
 *   runStrategy(new StubBot({ seed: 7, maxFeeds: Infinity }), buyer, {
 *     durationS: 5.5,
 *     virtualTime: true,
 *   });
 * const [first, second] = [await run(), await run()];
 * assertEquals(first.report.instruments[0]!.fills.taker, 5);
 * assertEquals(second.report.equity, first.report.equity);
 * ```
 */
export async function runStrategy<P extends ParamsOf<P>, S>(
  bot: LiveBot,
  strategy: Strategy<P, S>,
  options: RunOptions<P> = {},
): Promise<RunResult> {
  const params = resolveParams(strategy.params, options.params ?? {});
  const name = options.name ?? strategy.name ?? "strategy";
  const run = new Run({ bot, strategy, params, name }, resolveRunOptions(options));
  return await run.run();
}

/** What is run. */
interface Subject<P extends ParamsOf<P>, S> {
  readonly bot: LiveBot;
  readonly strategy: Strategy<P, S>;
  readonly params: P;
  readonly name: string;
}

/** One run of a strategy. */
class Run<P extends ParamsOf<P>, S> {
  readonly #subject: Subject<P, S>;
  readonly #options: ResolvedRunOptions;
  readonly #bot: ObservedBot;
  readonly #end = new RunEnd();
  readonly #body: StrategyBody<P, S>;
  readonly #timers: Timers;
  readonly #startMs = performance.now();
  #ledger: RunLedger | undefined;
  #deadline: bigint | undefined;
  #polledMs = 0;
  /** Whether the client polls no more. */
  #stopped = false;

  constructor(subject: Subject<P, S>, options: ResolvedRunOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#body = new StrategyBody(subject.strategy, this.#end);
    this.#bot = new ObservedBot(subject.bot, {
      submitted: (request) => this.#orders(request.asset)?.submitted(request),
      cancelSent: (request) => this.#orders(request.asset)?.cancelSent(request),
      refused: () => void (this.#ledger && this.#ledger.refusedRequests++),
      polled: (batch, length) => this.#onPoll(batch, length),
    });
    this.#timers = new Timers({
      now: () => this.#bot.currentTimestamp(),
      onError: (error) => this.#body.fail("every", error),
    });
  }

  /** Runs it from the first poll to the report. */
  async run(): Promise<RunResult> {
    const { feedTimeoutMs, settleMs, virtualTime, idle, signal, closeBot } = this.#options;
    // Outlives the client, whose end rejects what nobody awaits.
    await using _errors = this.#options.catchUnhandled
      ? catchUnhandled((error) => this.#body.fail("unhandled", error))
      : undefined;
    await using client = await LiveClient.start(this.#bot, {
      feedTimeoutMs,
      closeBot,
      // Time that stands still between polls must not be slept away, nor be run through unseen.
      ...(virtualTime ? { idle: "busySpin", maxPollsPerTurn: 1 } : { idle }),
    });
    await using _shown = this.#options.onClient?.(client);
    const openedAt = this.#bot.currentTimestamp();
    await client.ready({ level: "fresh", timeoutMs: feedTimeoutMs, signal });
    if (settleMs > 0) await delay(settleMs, undefined, signal && { signal });
    const ledger = this.#begin();
    if (virtualTime) this.#tellSkipped(Number(ledger.startedAt - openedAt) / NS_PER_S);
    using _watch = this.#watch(client);
    const body = this.#body.run(this.#context(client));
    await Promise.race([body, this.#end.decided]);
    await this.#stop(body);
    if (this.#options.cancelOnExit && !this.#stopped) await this.#cancelOpen(client, ledger);
    return this.#result(client, ledger);
  }

  /** Begins to count, now that all instruments are ready. */
  #begin(): RunLedger {
    const { durationS, fees } = this.#options;
    const ledger = this.#ledger = new RunLedger(this.#bot, fees);
    if (durationS !== undefined) {
      this.#deadline = ledger.startedAt + BigInt(Math.round(durationS * NS_PER_S));
    }
    return ledger;
  }

  /** Data that a strategy does not see, since it begins before that of another instrument. */
  #tellSkipped(seconds: number): void {
    if (seconds < SKIPPED_S) return;
    this.#options.onNotice(
      `Began ${seconds.toFixed(1)} s after the data: only then all instruments had some`,
    );
  }

  #context(client: LiveClient): SetupContext<P> {
    const bot = this.#bot;
    // Ids follow the bot's clock: unique among bots when it is the wall clock.
    const ids = new OrderIdGenerator(() => Number(bot.currentTimestamp() / NS_PER_MS));
    return {
      client,
      bot,
      instruments: bot.instruments,
      params: this.#subject.params,
      signal: this.#end.signal,
      now: () => bot.currentTimestamp(),
      nextOrderId: () => ids.next(),
      log: (message) => this.#options.onLog(message),
      every: (intervalNs, body) => this.#timers.every(intervalNs, body),
      sleep: (durationNs) => this.#timers.sleep(durationNs),
    };
  }

  #orders(asset: number): OrderLedger | undefined {
    return this.#ledger?.instruments[asset]?.orders;
  }

  #onPoll(batch: EventBatch, length: number): void {
    if (this.#ledger === undefined) return;
    if (length > 0) this.#ledger.add(batch);
    this.#polledMs = performance.now();
    this.#timers.check();
    this.#checkDeadline();
  }

  #checkDeadline(): void {
    if (this.#deadline === undefined || this.#end.reason !== undefined) return;
    if (this.#bot.currentTimestamp() >= this.#deadline) this.#end.now("duration");
  }

  /** Listens to all that can end the run from outside of the strategy. */
  #watch(client: LiveClient): Disposable {
    const { signal, onNotice } = this.#options;
    const stack = new DisposableStack();
    const onAbort = (): void => this.#end.now("interrupted");
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort);
    stack.defer(() => signal?.removeEventListener("abort", onAbort));
    client.addEventListener("connectionlost", ({ detail }) => {
      onNotice(`${detail.connector} ${detail.symbol}: connection lost, ${detail.reason}`);
    });
    client.addEventListener("connectionrestored", ({ detail }) => {
      onNotice(`${detail.connector} ${detail.symbol}: connection restored`);
    });
    client.addEventListener("error", ({ detail }) => {
      // A cancel that came after a fill is everyday business: counted, and not told each time.
      if (detail.report?.kind === "orderError") this.#ledger!.orderErrors++;
      else onNotice(detail.message);
      if (detail.fatal) this.#end.fail(detail.cause);
    });
    client.finished.then((reason) => {
      this.#stopped = true;
      if (reason === "endOfData") this.#end.decide("endOfData");
    });
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    stack.defer(() => clearInterval(ticker));
    return stack;
  }

  #tick(): void {
    // A strategy that holds a batch stops polls, and with them the look at the clock.
    if (performance.now() - this.#polledMs > TICK_MS && !this.#stopped) this.#checkDeadline();
    const ledger = this.#ledger;
    if (ledger === undefined || this.#stopped) return;
    const durationS = Number(this.#bot.currentTimestamp() - ledger.startedAt) / NS_PER_S;
    const { events, counts, profit } = ledger;
    this.#options.onProgress?.({ durationS, events, ...counts, equity: profit.equity });
  }

  /** Ends the strategy's work; it has a limited time for that. */
  async #stop(body: Promise<void>): Promise<void> {
    const { stopTimeoutMs } = this.#options;
    this.#timers.end(this.#end.cause);
    // At the end of the data there may still be events that it has not taken in.
    if (this.#end.reason === "endOfData") await settledWithin(body, stopTimeoutMs);
    this.#end.now("finished");
    await this.#within(body, "its work");
    await this.#within(this.#body.teardown(), "teardown");
    this.#bot.halt("the run has ended");
  }

  async #within(work: Promise<void>, what: string): Promise<void> {
    const { stopTimeoutMs } = this.#options;
    if (await settledWithin(work, stopTimeoutMs)) return;
    this.#end.fail(
      new HftliveError(
        `Strategy did not end ${what} in ${stopTimeoutMs} ms: it ignores its signal`,
      ),
    );
  }

  async #cancelOpen(client: LiveClient, ledger: RunLedger): Promise<void> {
    const { stopTimeoutMs: timeoutMs, onNotice } = this.#options;
    const ledgers = ledger.instruments.map(({ orders }) => orders);
    const timer = setTimeout(() => {
      const open = ledgers.reduce((sum, { openIds }) => sum + openIds.length, 0);
      onNotice(`Waiting for the end of ${plural(open, "order")} that should be cancelled`);
    }, TICK_MS);
    try {
      await cancelOpen(client, { ledgers, timeoutMs });
    } catch (error) {
      this.#end.fail(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #losses(client: LiveClient): RunLosses {
    const { dropped, overflows } = client.health;
    const malformed = this.#bot.instruments
      .reduce((sum, _, asset) => sum + this.#bot.connection(asset).malformed, 0);
    return { dropped, overflows, malformed, skipped: skippedPieces(this.#subject.bot) };
  }

  #result(client: LiveClient, ledger: RunLedger): RunResult {
    const { name, params } = this.#subject;
    const { mode, market, fees } = this.#options;
    let losses: RunLosses = { dropped: client.dropped, overflows: 0, malformed: 0, skipped: 0 };
    try {
      ledger.close();
      losses = this.#losses(client);
    } catch (error) {
      // A bot that has failed may not answer any more: what was last known of it stands.
      this.#end.fail(error);
    }
    const { reason: endReason = "finished", failure } = this.#end;
    const report = runReport(ledger, {
      ...{ name, mode, market, params, fees, endReason, failure, losses, health: healthOf(client) },
      wallS: (performance.now() - this.#startMs) / 1000,
    });
    return { report, charts: chartsOf(ledger), error: failure?.error };
  }
}

/** What is proven of the instruments; a client that has ended is no loss. */
function healthOf({ health: { instruments } }: LiveClient): RunHealth {
  const lost = instruments.find(({ healthy }) => !healthy);
  return { healthy: lost === undefined, reason: lost?.reason ?? null };
}

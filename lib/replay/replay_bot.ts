/**
 * A bot on recorded markets.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import { RealClock } from "../bot/clock.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { SimulatedBot } from "../bot/simulated_bot.ts";
import { MAX_DURATION_NS, TimeBase } from "../bot/time_base.ts";
import type { ElapseResult } from "../model/codes.ts";
import { InvalidInputError } from "../model/errors.ts";
import { JumpingClock, type ReplayClock } from "./clock.ts";
import type { MarketSource } from "./market_source.ts";
import { openRecording } from "./open_recording.ts";
import type { ReplayBotOptions } from "./options.ts";
import { RecordCursor } from "./record_cursor.ts";
import { RecordingChain } from "./recording_chain.ts";
import { requireFile } from "./require_file.ts";
import { type ReplayAsset, type ReplaySettings, resolveOptions } from "./settings.ts";
import { ReplayVenue } from "./venue.ts";

/** How the replay of an instrument's recordings goes. */
export interface ReplayStatus {
  /** Market events read so far. */
  readonly events: number;
  /** Damaged pieces that were skipped so far. */
  readonly skipped: number;
  /** Events whose exchange time is before that of the event before; matching takes them as of then. */
  readonly reversed: number;
  /** How far the exchange's clock is taken to be ahead of the recording's, ns. */
  readonly clockSkewNs: number;
  /** Whether all events were read. */
  readonly ended: boolean;
}

/** A {@linkcode LiveBot} on recorded markets. */
export interface ReplayBot extends LiveBot {
  /**
   * How the replay of an instrument goes.
   *
   * @param asset Asset number.
   * @throws {BotError} "instrumentNotFound"; "closed".
   */
  replayStatus(asset: number): ReplayStatus;
  /**
   * Goes on to a later time at once. Market events until then are not delivered, but resting orders
   * are matched with them. Then the book comes anew, as after `register`.
   *
   * @param timestamp When, ns since the Unix epoch.
   * @throws {InvalidInputError} If it is before the bot's time.
   * @throws {BotError} "closed".
   */
  seek(timestamp: bigint): void;
}

/** What a replay consists of. */
interface Replay {
  readonly settings: ReplaySettings;
  readonly chains: readonly RecordingChain[];
  readonly cursors: readonly RecordCursor[];
  readonly venue: ReplayVenue;
  readonly clock: ReplayClock;
}

/**
 * Makes a bot on recorded markets: it sees the events that were recorded, at their times, and its
 * orders are matched with them. The market takes no notice of its orders.
 *
 * The bot's clock is that of the recording: an event reaches it at its local time, and its orders
 * reach the exchange, and their answers the bot, after the order latency. On the virtual clock,
 * the default, a poll jumps to the next event, and the same calls give the same events.
 * The data's end is the end of the bot: `poll` returns -1, waits return "endOfData". Where a recording
 * is damaged, they throw a `RecordingError` instead, once all that came before was delivered.
 *
 * How orders are matched: see `QueueModelOptions` and docs/simulation.md.
 *
 * @example A market recorded in memory
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EventBatch, EventKind, type MarketSource, ReplayBot, StubBot } from "@hftlive/hftlive";
 *
 * // The market events of a stub bot, as they stand in its batches.
 * const batch = new EventBatch();
 * const bytes: number[] = [];
 * using stub = new StubBot({ maxFeeds: 10 });
 * while (stub.poll(batch) >= 0) {
 *   for (let i = 0; i < batch.length; i++) {
 *     const at = (i + 1) * 64;
 *     if (batch.kind(i) <= EventKind.Bbo) bytes.push(...batch.bytes.subarray(at, at + 64));
 *   }
 * }
 * const blocks = [{ bytes: Uint8Array.from(bytes), length: bytes.length / 64 }];
 * const recording: MarketSource = {
 *   name: "memory",
 *   symbol: undefined,
 *   skipped: 0,
 *   next: () => blocks.pop(),
 *   [Symbol.dispose]() {},
 * };
 *
 * using bot = new ReplayBot({ instruments: [{ ...stub.instruments[0]!, recording }] });
 * while (bot.poll(batch) >= 0);
 * assertEquals(bot.depth(0).snapshot(), stub.depth(0).snapshot());
 * ```
 */
export const ReplayBot: new (options: ReplayBotOptions) => ReplayBot = class extends SimulatedBot
  implements ReplayBot {
  readonly #replay: Replay;

  /**
   * Opens the recordings, and reads up to where the replay begins.
   *
   * @param options What to replay, and how.
   * @throws {InvalidInputError} Naming the first option that cannot be used.
   * @throws {RecordingError} If a recording cannot be read.
   * @throws {MissingPermissionError} If a file may not be read.
   */
  constructor(options: ReplayBotOptions) {
    const replay = openReplay(resolveOptions(options));
    const { settings, venue, clock } = replay;
    super(venue, clock, {
      instruments: settings.assets.map((asset) => asset.instrument),
      lastTradesCapacities: settings.assets.map((asset) => asset.lastTradesCapacity),
      journalCapacity: settings.journalCapacity,
      fees: settings,
    });
    this.#replay = replay;
  }

  replayStatus(asset: number): ReplayStatus {
    // Checks the asset number.
    this.connection(asset);
    const { count, reversed, skewNs, ended } = this.#replay.cursors[asset]!;
    const { skipped } = this.#replay.chains[asset]!;
    return { events: count, skipped, reversed, clockSkewNs: skewNs, ended };
  }

  seek(timestamp: bigint): void {
    const now = this.currentTimestamp();
    if (typeof timestamp !== "bigint" || timestamp < now || timestamp >= 2n ** 63n) {
      throw new InvalidInputError(
        "timestamp",
        timestamp,
        `a bigint of at least ${now}n, the bot's time`,
      );
    }
    const { venue, clock } = this.#replay;
    venue.mute(true);
    try {
      for (;;) {
        const left = Number(timestamp - this.currentTimestamp());
        clock.jumpTo(clock.now() + Math.max(0, Math.min(left, MAX_DURATION_NS)));
        this.elapse(0);
        if (left <= MAX_DURATION_NS) break;
      }
    } finally {
      venue.mute(false);
    }
    this.register();
  }

  override poll(batch: EventBatch): number {
    const length = super.poll(batch);
    if (length < 0) this.#throwFailure();
    return length;
  }

  override waitOrderResponse(asset: number, orderId: bigint, timeoutNs: number): ElapseResult {
    return this.#checked(super.waitOrderResponse(asset, orderId, timeoutNs));
  }

  override waitNextFeed(includeOrderResponse: boolean, timeoutNs: number): ElapseResult {
    return this.#checked(super.waitNextFeed(includeOrderResponse, timeoutNs));
  }

  override elapse(durationNs: number): ElapseResult {
    return this.#checked(super.elapse(durationNs));
  }

  override close(): void {
    super.close();
    for (const chain of this.#replay.chains) chain[Symbol.dispose]();
  }

  #checked(result: ElapseResult): ElapseResult {
    if (result === "endOfData") this.#throwFailure();
    return result;
  }

  /** Damage is told when everything before it was. */
  #throwFailure(): void {
    const { failure } = this.#replay.venue;
    if (failure !== undefined) throw failure;
  }
};

function openReplay(settings: ReplaySettings): Replay {
  const { assets, isPaced, speed, pollIntervalNs } = settings;
  const chains = assets.map((asset) =>
    new RecordingChain(asset.recordings, (path) => openFile(path, asset, settings))
  );
  try {
    // All of them now, so that one whose turn comes later is not missed only then.
    for (const recording of assets.flatMap(({ recordings }) => recordings)) {
      if (typeof recording === "string") requireFile("recording", recording);
    }
    const cursors = assets.map((asset, index) => {
      const cursor = new RecordCursor(chains[index]!, settings);
      if (cursor.ended) throw cursor.failure ?? nothingIn(asset, index);
      return cursor;
    });
    const venue = new ReplayVenue(settings, cursors);
    const base = new TimeBase(venue.epoch);
    const clock = isPaced
      ? new RealClock(base, speed)
      : new JumpingClock(base, venue, pollIntervalNs);
    return { settings, chains, cursors, venue, clock };
  } catch (error) {
    for (const chain of chains) chain[Symbol.dispose]();
    throw error;
  }
}

function openFile(path: string, asset: ReplayAsset, settings: ReplaySettings): MarketSource {
  const { skipDamaged } = settings;
  const [source, ...others] = openRecording(path, {
    symbols: [asset.instrument.symbol],
    skipDamaged,
  });
  for (const other of others) other[Symbol.dispose]();
  if (source === undefined) throw new Error(`Cannot open recording: ${path} has no source`);
  return source;
}

function nothingIn({ instrument, recordings }: ReplayAsset, index: number): InvalidInputError {
  const names = recordings.map((recording) =>
    typeof recording === "string" ? recording : recording.name
  );
  return new InvalidInputError(
    `instruments[${index}].recording`,
    names.length === 1 ? names[0] : names,
    `a recording with market events of ${instrument.symbol}`,
  );
}

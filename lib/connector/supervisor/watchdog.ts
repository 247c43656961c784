/**
 * Watching whether market data comes.
 *
 * @module
 */

import { EventBatch } from "../../bot/batch.ts";
import type { ChannelSizes } from "../../model/channel_sizes.ts";
import { NativeBot } from "../../native/native_bot.ts";
import type { WatchedSymbol } from "./settings.ts";

/**
 * How often what has come is read. A channel holds 10,000 messages unless it is set otherwise: at
 * 100,000 a second a reader may be away for 100 ms.
 */
const POLL_MS = 25;

/** Records that one poll takes. */
const BATCH_RECORDS = 4_096;

/** Most polls in one turn, so that a connector that never pauses does not hold up everything else. */
const MAX_POLLS = 32;

/** Time in which no poll was made, ms, after which the silence may be this process's own fault. */
const OWN_PAUSE_MS = 1_000;

/** What is known of a watched feed. */
export interface FeedStatus {
  /** The symbol. */
  readonly symbol: string;
  /** Time since its last market data or, before the first, since it is watched, ms. */
  readonly ageMs: number;
  /** Whether any market data has come since it is watched. */
  readonly seen: boolean;
  /** Time without market data, ms, after which it counts as silent. */
  readonly timeoutMs: number;
}

/** Options of {@linkcode FeedWatchdog}. */
export interface FeedWatchdogOptions {
  /** Name of the connector. */
  readonly connector: string;
  /** What is watched. */
  readonly symbols: readonly WatchedSymbol[];
  /** Sizes of the connector's channel; undefined if they are not known. */
  readonly channel?: ChannelSizes | undefined;
  /** Path of the native library; undefined for the usual one. */
  readonly libraryPath?: string | undefined;
  /** Is called when other feeds than before are silent; with none when all are back. */
  onChange(silent: readonly FeedStatus[]): void;
  /** Is called when nothing can be read any more. */
  onError(error: unknown): void;
}

interface Feed {
  readonly symbol: string;
  readonly timeoutMs: number;
  lastTimestamp: bigint | undefined;
  /** When it was seen to move, on the clock of `performance.now()`. */
  movedAt: number;
  /** When it counts as silent, on the same clock. */
  deadline: number;
}

/**
 * Watches the feeds of one connector with a bot that sends no orders.
 *
 * The bot has to register the symbols, as nobody gets market data without: a connector with an API
 * key cancels the open orders of a symbol at its first registration after the connector's start.
 */
export class FeedWatchdog implements Disposable {
  readonly #options: FeedWatchdogOptions;
  readonly #bot: NativeBot;
  readonly #batch = new EventBatch(BATCH_RECORDS);
  readonly #feeds: readonly Feed[];
  readonly #timer: ReturnType<typeof setInterval>;
  #polledAt = performance.now();
  #silent = "";

  /**
   * Begins to watch.
   *
   * @param options What, and whom to tell.
   * @throws {BotError} If the engine refuses.
   * @throws {NativeLibraryNotFoundError} If the native library is not built.
   * @throws {MissingPermissionError} If `--allow-ffi` is missing.
   */
  constructor(options: FeedWatchdogOptions) {
    const { connector, symbols, channel, libraryPath } = options;
    this.#options = options;
    this.#bot = new NativeBot({
      instruments: symbols.map(({ symbol, tickSize, lotSize }) => ({
        connector,
        symbol,
        tickSize,
        lotSize,
      })),
      channel,
      libraryPath,
    });
    this.#feeds = symbols.map(({ symbol, feedTimeoutMs }) => ({
      symbol,
      timeoutMs: feedTimeoutMs,
      lastTimestamp: undefined,
      movedAt: this.#polledAt,
      deadline: this.#polledAt + feedTimeoutMs,
    }));
    this.#timer = setInterval(() => this.#look(), POLL_MS);
  }

  /** What is known of each feed. */
  get feeds(): FeedStatus[] {
    const now = performance.now();
    return this.#feeds.map((feed) => statusOf(feed, now));
  }

  /** Stops watching; more calls do nothing. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#bot.close();
  }

  #look(): void {
    try {
      this.#poll();
      const now = performance.now();
      const silent = this.#feeds.filter(({ deadline }) => now > deadline);
      const symbols = silent.map(({ symbol }) => symbol).join();
      if (symbols === this.#silent) return;
      this.#silent = symbols;
      this.#options.onChange(silent.map((feed) => statusOf(feed, now)));
    } catch (error) {
      clearInterval(this.#timer);
      this.#options.onError(error);
    }
  }

  #poll(): void {
    let polls = 0;
    do {
      this.#bot.poll(this.#batch);
      polls++;
    } while (this.#batch.more && polls < MAX_POLLS);
    const now = performance.now();
    const wasAway = now - this.#polledAt > OWN_PAUSE_MS;
    this.#polledAt = now;
    this.#feeds.forEach((feed, asset) => {
      const { lastFeedTimestamp } = this.#bot.connection(asset);
      if (lastFeedTimestamp !== undefined && lastFeedTimestamp !== feed.lastTimestamp) {
        feed.lastTimestamp = lastFeedTimestamp;
        feed.movedAt = now;
        feed.deadline = now + feed.timeoutMs;
      } else if (wasAway) {
        // Nothing could be seen in the meantime, which is not the connector's fault.
        feed.deadline = Math.max(feed.deadline, now + feed.timeoutMs / 2);
      }
    });
  }
}

function statusOf({ symbol, timeoutMs, movedAt, lastTimestamp }: Feed, now: number): FeedStatus {
  return {
    symbol,
    ageMs: Math.max(0, Math.round(now - movedAt)),
    seen: lastTimestamp !== undefined,
    timeoutMs,
  };
}

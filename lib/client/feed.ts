/**
 * Polls a bot and hands each record to those it concerns.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { EventKind } from "../bot/record.ts";
import { connectionStateOf } from "../model/codes.ts";
import type { ErrorEvent, OverflowEvent } from "../model/events.ts";
import { BatchRelay } from "./batch_relay.ts";
import type { HealthWatch } from "./health_watch.ts";
import type { Failure } from "./inbox.ts";
import { IdleStrategy } from "./idle.ts";
import type { ResolvedOptions } from "./options.ts";
import type { OrderDesk } from "./order_desk.ts";
import { type PollResult, Pump } from "./pump.ts";
import type { Streams } from "./streams.ts";

/** Longest time between two polls of a bot that is watched, ms: a connector may have died without a word. */
const WATCH_MS = 200;

/** What one poll brought, besides what went to streams and waiting orders; valid until the next. */
export interface PollNews {
  /** Whether market events came. */
  market: boolean;
  /** Whether the state of a connection changed. */
  connection: boolean;
  /** Trouble that connectors reported. */
  readonly errors: ErrorEvent[];
  /** Losses. */
  readonly overflows: OverflowEvent[];
}

/** Those whom a feed serves. */
export interface FeedParts {
  /** Streams and getters. */
  readonly streams: Streams;
  /** Awaited answers. */
  readonly orders: OrderDesk;
  /** Health, and those who wait for it. */
  readonly watch: HealthWatch;
  /** Called after each poll that brought something. */
  readonly onPoll: (news: PollNews) => void;
  /** Called when the data has ended, or when the bot has thrown. */
  readonly onEnd: (failure?: Failure) => void;
}

/** The one that polls a bot. */
export class Feed {
  /** The streams of whole batches. */
  readonly relay: BatchRelay;
  readonly #bot: LiveBot;
  readonly #parts: FeedParts;
  readonly #pump: Pump;
  readonly #registered: number[] = [];
  /** Made once, since most polls bring one event or two. */
  readonly #news: PollNews = { market: false, connection: false, errors: [], overflows: [] };

  /**
   * @param bot The bot to poll.
   * @param options Batch capacity and how hard to poll.
   * @param parts Whom to serve.
   */
  constructor(bot: LiveBot, options: ResolvedOptions, parts: FeedParts) {
    this.#bot = bot;
    this.#parts = parts;
    this.relay = new BatchRelay(options.batchCapacity, () => this.#pump.wake());
    const idle = new IdleStrategy(options.idle, {
      maxPollsPerTurn: options.maxPollsPerTurn,
      maxSleepMs: options.maxIdleSleepMs,
    });
    const watch = bot.watchEvents?.bind(bot);
    this.#pump = new Pump(() => this.#poll(), idle, {
      watch: watch &&
        ((sleepMs) => watch({ lookEveryMs: sleepMs, timeoutMs: Math.max(sleepMs, WATCH_MS) })),
    });
  }

  /** Begins to poll in the next turn of the event loop. */
  start(): void {
    this.#pump.start();
  }

  /** Ends polling. */
  stop(): void {
    this.#pump.stop();
  }

  /** Settles when nothing of the polling runs any more; soon after {@linkcode Feed.stop}. */
  get settled(): Promise<unknown> {
    return this.#pump.settled;
  }

  /** Polls again soon, because somebody waits. */
  wake(): void {
    this.#pump.wake();
  }

  /** Polls again soon and often, because an answer is expected. */
  expect(): void {
    this.#pump.expect();
  }

  #poll(): PollResult {
    const { relay } = this;
    const { held } = relay;
    if (held && (relay.full || !this.#awaited())) return "held";
    if (!held && relay.resume()) return "busy";
    try {
      const batch = relay.target;
      const length = this.#bot.poll(batch);
      if (length < 0) {
        this.#parts.onEnd();
        return "busy";
      }
      if (length > 0) {
        this.#dispatch(batch);
        relay.deliver();
      }
      return held ? relay.paceMs : length > 0 ? "busy" : "idle";
    } catch (error) {
      this.#parts.onEnd({ error });
      return "busy";
    }
  }

  /** Whether somebody waits for something that only a poll can bring, perhaps the batch's holder. */
  #awaited(): boolean {
    const { orders, streams, watch } = this.#parts;
    return orders.waiting > 0 || streams.waiting > 0 || watch.waiting > 0;
  }

  #dispatch(batch: EventBatch): void {
    const { streams, watch: { monitor } } = this.#parts;
    const news = this.#news;
    news.market = false;
    news.connection = false;
    news.errors.length = 0;
    news.overflows.length = 0;
    const now = performance.now();
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      const kind = batch.kind(i);
      const asset = batch.asset(i);
      if (kind <= EventKind.Bbo) {
        news.market = true;
        monitor.feed(asset, now);
        streams.market(batch, i, kind, asset);
      } else if (kind === EventKind.BatchStart || kind === EventKind.BatchEnd) {
        streams.droppable(batch, i, asset);
        if (kind === EventKind.BatchEnd && batch.detail(i) === 1) this.#registered.push(asset);
      } else {
        this.#control(batch, i, kind, news);
      }
    }
    this.#snapshots();
    this.#parts.onPoll(news);
  }

  #control(batch: EventBatch, i: number, kind: number, news: PollNews): void {
    const { streams, orders, watch: { monitor } } = this.#parts;
    if (kind === EventKind.Connection) {
      news.connection = true;
      const state = connectionStateOf(batch.detail(i));
      if (state === "detached" || state === "replaced") monitor.detached(batch.asset(i));
    }
    const wanted = kind === EventKind.Order
      ? orders.waiting > 0 || streams.wantsOrders
      : streams.wantsEvents || kind === EventKind.Error || kind === EventKind.Overflow;
    if (!wanted) return;
    const event = batch.event(i);
    if (event.type === "order") {
      orders.update(event);
    } else if (event.type === "error") {
      if (event.kind === "orderError") orders.orderError(event);
      news.errors.push(event);
    } else if (event.type === "overflow") {
      news.overflows.push(event);
    }
    streams.control(event);
  }

  /** Copies the books of instruments whose registration was answered in this poll. */
  #snapshots(): void {
    if (this.#registered.length === 0) return;
    const all = this.#registered.includes(-1);
    for (let asset = 0; asset < this.#bot.numAssets; asset++) {
      if (all || this.#registered.includes(asset)) this.#parts.streams.snapshot(asset);
    }
    this.#registered.length = 0;
  }
}

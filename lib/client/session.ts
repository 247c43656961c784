/**
 * The life of a client: from the first poll to the end, and all that it ends.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import { BotError } from "../model/errors.ts";
import {
  ClientErrorEvent,
  ClientOverflowEvent,
  ConnectionChangeEvent,
  type LiveClientEventMap,
} from "./client_events.ts";
import { Feed, type PollNews } from "./feed.ts";
import { HealthWatch, messageOf } from "./health_watch.ts";
import type { Failure } from "./inbox.ts";
import type { ResolvedOptions } from "./options.ts";
import { OrderDesk } from "./order_desk.ts";
import { Streams } from "./streams.ts";

/** Why a client does not poll any more. */
export type EndReason = "endOfData" | "closed" | "failed";

/** Puts the parts of a client together, runs them, and ends them together. */
export class Session {
  /** Bots that a session polls: a second one would take half of the events. */
  static readonly #polled = new WeakSet<LiveBot>();

  /** Streams and getters. */
  readonly streams: Streams;
  /** Awaited answers. */
  readonly orders: OrderDesk;
  /** Health, and those who wait for it. */
  readonly watch: HealthWatch;
  /** Polls. */
  readonly feed: Feed;
  readonly #bot: LiveBot;
  readonly #options: ResolvedOptions;
  readonly #emit: (event: LiveClientEventMap[keyof LiveClientEventMap]) => void;
  readonly #finished = Promise.withResolvers<EndReason>();
  readonly #onAbort: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #end: EndReason | undefined;
  #failure: Failure | undefined;
  #closed = false;

  /**
   * @param bot The bot to run.
   * @param options All options.
   * @param emit Dispatches an event of the client.
   */
  constructor(
    bot: LiveBot,
    options: ResolvedOptions,
    emit: (event: LiveClientEventMap[keyof LiveClientEventMap]) => void,
  ) {
    this.#bot = bot;
    this.#options = options;
    this.#emit = emit;
    this.streams = new Streams(bot, options);
    this.orders = new OrderDesk(bot, options.orderTimeoutMs);
    this.watch = new HealthWatch(bot, options.feedTimeoutMs, () => ({
      stopReason: this.#stopReason(),
      heldSince: this.feed.relay.heldSince,
      dropped: this.streams.dropped,
    }));
    this.feed = new Feed(bot, options, {
      streams: this.streams,
      orders: this.orders,
      watch: this.watch,
      onPoll: (news) => this.#onPoll(news),
      onEnd: (failure) => this.#onEnd(failure),
    });
    this.#timer = setInterval(() => this.#onInterval(), options.healthIntervalMs);
    this.#onAbort = () => void this.close();
    options.signal?.addEventListener("abort", this.#onAbort);
    Session.#polled.add(bot);
    this.feed.start();
  }

  /**
   * Checks that nobody polls a bot.
   *
   * @throws {BotError} "invalidArgument" if a session does.
   */
  static checkFree(bot: LiveBot): void {
    if (!Session.#polled.has(bot)) return;
    throw new BotError("invalidArgument", "Cannot start client: another client polls this bot");
  }

  /** Settles with the reason when polling ends. */
  get finished(): Promise<EndReason> {
    return this.#finished.promise;
  }

  /**
   * Checks that answers can still come.
   *
   * @param action What is to be done, for the message.
   * @throws {BotError} "closed", "endOfData"; "custom" if the bot failed.
   */
  checkRunning(action: string): void {
    if (this.#end === undefined) return;
    const reason = this.#failure ? "custom" : this.#closed ? "closed" : "endOfData";
    throw new BotError(reason, `Cannot ${action}: ${this.#stopReason()}`, this.#cause());
  }

  /**
   * Ends everything at once and closes the bot, unless an option keeps it open.
   *
   * @returns Settles when nothing runs any more on other threads either.
   */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#stop("closed");
      this.#options.signal?.removeEventListener("abort", this.#onAbort);
      if (this.#options.closeBot) this.#bot.close();
    }
    await this.feed.settled;
  }

  #onPoll(news: PollNews): void {
    if (news.connection || (news.market && this.watch.unsettled)) this.#checkHealth();
    for (const report of news.errors) {
      const { message } = report;
      this.#emit(new ClientErrorEvent({ fatal: false, message, report, cause: undefined }));
    }
    for (const overflow of news.overflows) this.#emit(new ClientOverflowEvent(overflow));
  }

  #onInterval(): void {
    try {
      this.#checkHealth();
      // A listener of a change may have closed the client.
      if (this.#end === undefined && this.#options.clearInactiveOrders === "healthInterval") {
        this.#bot.clearInactiveOrders();
      }
    } catch (error) {
      this.#onEnd({ error });
    }
  }

  #checkHealth(): void {
    for (const { lost, health } of this.watch.check()) {
      this.#emit(new ConnectionChangeEvent(lost ? "connectionlost" : "connectionrestored", health));
    }
  }

  #onEnd(failure?: Failure): void {
    if (this.#end !== undefined) return;
    this.#failure = failure;
    this.#stop(failure ? "failed" : "endOfData");
    if (failure === undefined) return;
    const { error: cause } = failure;
    const message = messageOf(cause);
    this.#emit(new ClientErrorEvent({ fatal: true, message, report: undefined, cause }));
  }

  #stop(reason: EndReason): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    Session.#polled.delete(this.#bot);
    clearInterval(this.#timer);
    this.feed.stop();
    this.streams.end(this.#failure);
    this.feed.relay.end(this.#failure);
    this.orders.end(this.#stopReason() ?? reason, this.#cause());
    this.watch.end();
    this.#finished.resolve(reason);
  }

  #stopReason(): string | undefined {
    if (this.#failure) return `the bot failed: ${messageOf(this.#failure.error)}`;
    if (this.#closed) return "the client is closed";
    return this.#end === "endOfData" ? "the data has ended" : undefined;
  }

  #cause(): ErrorOptions {
    return this.#failure ? { cause: this.#failure.error } : {};
  }
}

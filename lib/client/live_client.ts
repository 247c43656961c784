/**
 * The asynchronous way to use a bot: streams, awaited orders, health.
 *
 * @module
 */

import type { LiveBot } from "../bot/live_bot.ts";
import type { BotEvent, OrderUpdateEvent, TradeEvent } from "../model/events.ts";
import type { Order } from "../model/order.ts";
import { TypedEventTarget } from "../model/typed_event_target.ts";
import type { BatchStream } from "./batch_relay.ts";
import { type BookSnapshot, takeSnapshot } from "./book_snapshot.ts";
import type { Buffer } from "./buffer.ts";
import type { LiveClientEventMap } from "./client_events.ts";
import type { Health } from "./health.ts";
import type { ReadyOptions } from "./health_watch.ts";
import type { Inbox } from "./inbox.ts";
import { type LiveClientOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import type { CancelAllOptions, CancelOrderOptions, SubmitOrderRequest } from "./order_desk.ts";
import { type EndReason, Session } from "./session.ts";
import type { BookUpdate, GetterQueues, QueuedStreamOptions, StreamOptions } from "./streams.ts";
import type { EventStream } from "./subscription.ts";
import { checkSignal, checkWait, type WaitOptions } from "./wait.ts";

/** Options of `getTrade` and its like. */
export interface GetOptions extends WaitOptions {
  /**
   * Asset number.
   *
   * @default {0}
   */
  readonly asset?: number | undefined;
}

/**
 * Runs any bot asynchronously: polls it in turns of the event loop, hands its events
 * to any number of streams, awaits the exchange's answers to orders, and watches the health of
 * each instrument.
 *
 * A client begins to poll in the turn of the event loop after `start`, so that streams
 * opened right then miss nothing. Every stream has a queue of its own. Queues of market data are
 * bounded, drop their oldest and count it; order updates, positions, errors, connection changes
 * and overflows are never dropped, so leave such a stream rather than let it lie.
 *
 * While a client runs, only it may poll the bot; the rest of the bot's methods can be used through
 * {@linkcode LiveClient.bot}.
 *
 * @example Watch trades, then trade
 * ```ts
 * import { LiveClient, StubBot } from "@hftlive/hftlive";
 *
 * await using client = await LiveClient.start(new StubBot({ seed: 7 }));
 * let trades = 0;
 * for await (const trade of client.trades()) {
 *   console.log(trade.side, trade.price, trade.qty);
 *   if (++trades === 10) break;
 * }
 *
 * const { bids } = client.snapshot();
 * const answer = await client.submitOrder({ side: "buy", price: bids[0]!.price, qty: 1 });
 * if (answer.status === "new") await client.cancelOrder(answer.orderId);
 * ```
 */
export class LiveClient extends TypedEventTarget<LiveClientEventMap> implements AsyncDisposable {
  readonly #bot: LiveBot;
  readonly #session: Session;

  private constructor(bot: LiveBot, options: ResolvedOptions) {
    super();
    this.#bot = bot;
    this.#session = new Session(bot, options, (event) => this.dispatchEvent(event));
  }

  /**
   * Starts a client on a bot, which it takes over. It does not wait for a connector: await
   * {@linkcode LiveClient.ready} for that.
   *
   * @param bot An open bot that nobody else polls.
   * @param options Queue sizes, intervals and policies.
   * @returns The client. It polls from the next turn of the event loop on.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "closed" if the bot is; "invalidArgument" if another client runs it, which
   * then goes on.
   * @throws The signal's reason, if it is aborted.
   */
  static start(bot: LiveBot, options: LiveClientOptions = {}): Promise<LiveClient> {
    return new Promise((resolve) => {
      // Before all else: a bot that another client runs must not be closed.
      Session.checkFree(bot);
      try {
        const resolved = resolveOptions(options);
        resolved.signal?.throwIfAborted();
        bot.currentTimestamp();
        resolve(new LiveClient(bot, resolved));
      } catch (error) {
        if (options.closeBot !== false) bot.close();
        throw error;
      }
    });
  }

  /** The bot, for its synchronous methods. */
  get bot(): LiveBot {
    return this.#bot;
  }

  /** Market events that queues of this client have dropped. */
  get dropped(): number {
    return this.#session.streams.dropped;
  }

  /** Settles when the client stops polling, with the reason. Never rejects. */
  get finished(): Promise<EndReason> {
    return this.#session.finished;
  }

  /** What is proven now about the client and its instruments. */
  get health(): Health {
    return this.#session.watch.health;
  }

  /**
   * Waits until every instrument is as healthy as asked for.
   *
   * @param options What to reach, and for how long to wait.
   * @returns The health then.
   * @throws {NotReadyError} When the time has passed or the client has ended; its message says
   * what is missing.
   * @throws The signal's reason after an abort.
   */
  async ready(options: ReadyOptions = {}): Promise<Health> {
    const health = this.#session.watch.ready(options);
    this.#session.feed.wake();
    return await health;
  }

  /**
   * A stream of trades.
   *
   * @param options Which instrument, how large a queue, and what ends it.
   * @returns The stream; its queue drops its oldest.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "instrumentNotFound".
   */
  trades(options: QueuedStreamOptions = {}): EventStream<TradeEvent> {
    return this.#session.streams.trades(options);
  }

  /**
   * A stream of changes of the book: levels, best bid and offer, levels of a whole book sent anew,
   * and the book's emptying.
   *
   * @param options Which instrument, how large a queue, and what ends it.
   * @returns The stream; its queue drops its oldest.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "instrumentNotFound".
   */
  bookUpdates(options: QueuedStreamOptions = {}): EventStream<BookUpdate> {
    return this.#session.streams.bookUpdates(options);
  }

  /**
   * A stream of whole books: one whenever a connector has answered a registration, at the
   * start and after each resynchronisation. It is empty if the connector had no book yet.
   *
   * @param options Which instrument, how large a queue, and what ends it.
   * @returns The stream; its queue drops its oldest.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "instrumentNotFound".
   */
  snapshots(options: QueuedStreamOptions = {}): EventStream<BookSnapshot> {
    return this.#session.streams.snapshots(options);
  }

  /**
   * A stream of order updates, each and every one in order. Its queue is unbounded.
   *
   * An order whose connector does not know it any more, as after its process was replaced, gets an
   * update with status "none": nobody can tell whether it was filled or is gone, but
   * the position can. An `error` event names such orders.
   *
   * @param options Which instrument, and what ends it.
   * @returns The stream.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "instrumentNotFound".
   */
  orderUpdates(options: StreamOptions = {}): EventStream<OrderUpdateEvent> {
    return this.#session.streams.orderUpdates(options);
  }

  /**
   * A stream of everything in order. Of market events and batch marks its queue holds as many
   * as asked for (by default those of both queue sizes together) and drops the oldest; the other
   * events are all kept.
   *
   * @param options Which instrument, how large a queue, and what ends it.
   * @returns The stream.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} "instrumentNotFound".
   */
  events(options: QueuedStreamOptions = {}): EventStream<BotEvent> {
    return this.#session.streams.events(options);
  }

  /**
   * A stream of batches read in place, for the hot path: nothing is copied, and no object is made.
   *
   * A batch is valid until the next iteration, and the client does not poll before that:
   * the consumer sets the pace for the bot and for every other stream. With several
   * consumers each gets every batch, and the slowest sets the pace. A consumer takes part
   * from its first `next` on. It may await orders, getters and `ready` while it holds a batch:
   * polls then go on, about once a millisecond, into batches that it gets afterwards.
   *
   * @param options What ends it.
   * @returns The stream.
   * @throws {InvalidInputError} If the signal is none.
   */
  batches(options: { readonly signal?: AbortSignal | undefined } = {}): BatchStream {
    checkSignal(options.signal);
    return this.#session.feed.relay.open(options.signal);
  }

  /**
   * Takes an instrument's oldest trade from the client's own queue, which holds the last
   * `tradeQueueSize` trades since the start; waits for one if there is none.
   *
   * @param options Which instrument, and for how long to wait; by default without limit.
   * @returns The trade; undefined when the time has passed or the client has ended.
   * @throws {BotError} "instrumentNotFound".
   * @throws The signal's reason after an abort; what the bot threw, if it failed.
   */
  async getTrade(options: GetOptions = {}): Promise<TradeEvent | undefined> {
    return await this.#get(this.#getters(options).trades, options);
  }

  /** Takes an instrument's oldest queued trade; undefined if there is none. */
  getTradeNowait(options: { readonly asset?: number | undefined } = {}): TradeEvent | undefined {
    return this.#getNowait(this.#getters(options).trades);
  }

  /** Takes an instrument's oldest book update; see {@linkcode LiveClient.getTrade}. */
  async getBookUpdate(options: GetOptions = {}): Promise<BookUpdate | undefined> {
    return await this.#get(this.#getters(options).books, options);
  }

  /** Takes an instrument's oldest queued book update; undefined if there is none. */
  getBookUpdateNowait(
    options: { readonly asset?: number | undefined } = {},
  ): BookUpdate | undefined {
    return this.#getNowait(this.#getters(options).books);
  }

  /** Takes an instrument's oldest whole book; see {@linkcode LiveClient.getTrade}. */
  async getSnapshot(options: GetOptions = {}): Promise<BookSnapshot | undefined> {
    return await this.#get(this.#getters(options).snapshots, options);
  }

  /** Takes an instrument's oldest queued whole book; undefined if there is none. */
  getSnapshotNowait(
    options: { readonly asset?: number | undefined } = {},
  ): BookSnapshot | undefined {
    return this.#getNowait(this.#getters(options).snapshots);
  }

  /**
   * Sends an order and waits for the exchange's answer. A refusal is an answer: look at
   * the update's status, which may also be "filled" or "partiallyFilled" already.
   *
   * @param request What to buy or sell.
   * @param options For how long to wait; by default the client's `orderTimeoutMs`. An abort ends
   * the wait, not the order.
   * @returns The first update that came from the exchange.
   * @throws {BotError} As the bot does for an order it refuses to send; "closed" or "endOfData"
   * if the client has ended.
   * @throws {OrderTimeoutError} If no answer came in time: the order's state is unknown.
   * @throws {OrderUnknownError} If the client ended before an answer came, or if the connector does
   * not know the order any more, as after its process was replaced: likewise.
   * @throws The signal's reason after an abort.
   */
  async submitOrder(
    request: SubmitOrderRequest,
    options: WaitOptions = {},
  ): Promise<OrderUpdateEvent> {
    this.#session.checkRunning("submit order");
    const answer = this.#session.orders.submit(request, options);
    this.#session.feed.expect();
    return await answer;
  }

  /**
   * Asks to cancel an order and waits until the exchange has ended it. A cancel that comes before
   * the answer to the order's submission is sent right after that answer.
   *
   * @param orderId Id of an order that the bot remembers.
   * @param options Which instrument, and for how long to wait.
   * @returns The update that ended it: "canceled", or "filled" or "expired" if that came first; with
   * status "none" if the exchange does not know the order any more and cannot tell why; or one
   * that still is "new" or "partiallyFilled" if the connector reports that the cancel failed.
   * @throws {BotError} "orderNotFound"; "invalidOrderStatus" if it cannot be cancelled now;
   * "closed" or "endOfData" if the client has ended.
   * @throws {OrderTimeoutError} If no answer came in time: the order's state is unknown.
   * @throws {OrderUnknownError} If the client ended before an answer came, or if the connector does
   * not know the order any more, as after its process was replaced: likewise.
   * @throws The signal's reason after an abort.
   */
  async cancelOrder(orderId: bigint, options: CancelOrderOptions = {}): Promise<OrderUpdateEvent> {
    this.#session.checkRunning("cancel order");
    const answer = this.#session.orders.cancel(orderId, options);
    this.#session.feed.expect();
    return await answer;
  }

  /**
   * Asks to cancel every open order that the bot knows, those on their way as soon as they are
   * answered, and waits until the exchange has ended each.
   *
   * @param options Which instrument, and for how long to wait; by default all, and the client's
   * `orderTimeoutMs`.
   * @returns The updates that ended them; see {@linkcode LiveClient.cancelOrder}.
   * @throws {HftliveError} Once all are settled, if some could not be cancelled, or their state is
   * unknown; its `cause` is an AggregateError of what `cancelOrder` throws.
   * @throws {BotError} "instrumentNotFound"; "closed" or "endOfData" if the client has ended.
   * @throws The signal's reason after an abort.
   *
   * @example Leave nothing behind
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { LiveClient, StubBot } from "@hftlive/hftlive";
   *
   * await using client = await LiveClient.start(new StubBot({ seed: 7 }));
   * await client.ready();
   * const price = client.bot.depth(0).bestBid - 100;
   * await client.submitOrder({ side: "buy", price, qty: 1 });
   * const ended = await client.cancelAll();
   * assertEquals(ended.map(({ status }) => status), ["canceled"]);
   * ```
   */
  async cancelAll(options: CancelAllOptions = {}): Promise<OrderUpdateEvent[]> {
    this.#session.checkRunning("cancel orders");
    const answers = this.#session.orders.cancelAll(options);
    this.#session.feed.expect();
    return await answers;
  }

  /** Signed quantity held of an instrument, in base units. */
  position(asset = 0): number {
    return this.#bot.position(asset);
  }

  /** A copy of the orders that the bot remembers of an instrument, by order id. */
  orders(asset = 0): ReadonlyMap<bigint, Order> {
    return this.#bot.orders(asset);
  }

  /** One order by its id, or undefined if the bot does not remember it. */
  order(asset: number, orderId: bigint): Order | undefined {
    return this.#bot.order(asset, orderId);
  }

  /** A copy of an instrument's whole book as it is now. */
  snapshot(asset = 0): BookSnapshot {
    return takeSnapshot(this.#bot, asset);
  }

  /**
   * Ends the client: stops polling, ends the streams once their consumers have taken what is
   * queued, and closes the bot unless `closeBot` is false. Awaited orders reject with an
   * `OrderUnknownError`; open orders stay at the exchange. More calls do nothing.
   */
  close(): Promise<void> {
    return this.#session.close();
  }

  /** The same as {@linkcode LiveClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #getters(options: { readonly asset?: number | undefined }): GetterQueues {
    return this.#session.streams.getters(options.asset ?? 0);
  }

  #get<T>(inbox: Inbox<T, Buffer<T>>, options: WaitOptions): Promise<T | undefined> {
    checkWait(options);
    inbox.counting = true;
    const item = inbox.take(options);
    if (inbox.waiting > 0) this.#session.feed.wake();
    return item;
  }

  #getNowait<T>(inbox: Inbox<T, Buffer<T>>): T | undefined {
    inbox.counting = true;
    return inbox.buffer.shift();
  }
}

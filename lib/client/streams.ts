/**
 * Hands what a bot reports to all who asked for it.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type { LiveBot } from "../bot/live_bot.ts";
import { EventKind } from "../bot/record.ts";
import { BotError } from "../model/errors.ts";
import type {
  BotEvent,
  DepthClearEvent,
  DepthEvent,
  OrderUpdateEvent,
  TradeEvent,
} from "../model/events.ts";
import { type BookSnapshot, takeSnapshot } from "./book_snapshot.ts";
import { type Buffer, ObjectQueue } from "./buffer.ts";
import { type Failure, Inbox } from "./inbox.ts";
import { MixedBuffer } from "./mixed_buffer.ts";
import { queueSize } from "./options.ts";
import { RecordRing } from "./record_ring.ts";
import { type EventStream, Subscription } from "./subscription.ts";
import { checkSignal } from "./wait.ts";

/** A change of the book: of one level, of the best bid or offer, or its emptying. */
export type BookUpdate = DepthEvent | DepthClearEvent;

/** Options of a stream whose queue is unbounded. */
export interface StreamOptions {
  /** Only this instrument's events, and those that belong to none; all by default. */
  readonly asset?: number | undefined;
  /** Leaves the stream: `next` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a stream whose queue drops its oldest. */
export interface QueuedStreamOptions extends StreamOptions {
  /** Events that the stream's own queue holds. @default the client's option for that kind */
  readonly queueSize?: number | undefined;
}

/** Sizes of queues for which a stream gives none. */
export interface QueueSizes {
  /** Trades. */
  readonly tradeQueueSize: number;
  /** Book updates. */
  readonly bookQueueSize: number;
  /** Whole books. */
  readonly snapshotQueueSize: number;
}

/** One instrument's queues behind `getTrade` and its like. */
export interface GetterQueues {
  /** Trades. */
  readonly trades: Inbox<TradeEvent, RecordRing<TradeEvent>>;
  /** Book updates. */
  readonly books: Inbox<BookUpdate, RecordRing<BookUpdate>>;
  /** Whole books. */
  readonly snapshots: Inbox<BookSnapshot, ObjectQueue<BookSnapshot>>;
}

/** A stream as those who fill it see it. */
interface Member<T, B extends Buffer<T>> {
  readonly inbox: Inbox<T, B>;
  /** -1 for all instruments. */
  readonly asset: number;
  readonly end: (failure?: Failure) => void;
}

type Members<T, B extends Buffer<T>> = Member<T, B>[];

/** The streams and getter queues of a client. */
export class Streams {
  /** Events dropped by streams, also by those that were left since. */
  dropped = 0;
  readonly #bot: LiveBot;
  readonly #sizes: QueueSizes;
  readonly #getters: readonly GetterQueues[];
  readonly #trades: Members<TradeEvent, RecordRing<TradeEvent>> = [];
  readonly #books: Members<BookUpdate, RecordRing<BookUpdate>> = [];
  readonly #snapshots: Members<BookSnapshot, ObjectQueue<BookSnapshot>> = [];
  readonly #orders: Members<OrderUpdateEvent, ObjectQueue<OrderUpdateEvent>> = [];
  readonly #events: Members<BotEvent, MixedBuffer> = [];
  #failure: Failure | undefined;
  #ended = false;

  /**
   * @param bot The bot that reports.
   * @param sizes How large queues are.
   */
  constructor(bot: LiveBot, sizes: QueueSizes) {
    this.#bot = bot;
    this.#sizes = sizes;
    this.#getters = bot.instruments.map(() => ({
      trades: quiet(new RecordRing(sizes.tradeQueueSize, isTrade)),
      books: quiet(new RecordRing(sizes.bookQueueSize, isBookUpdate)),
      snapshots: quiet(new ObjectQueue(sizes.snapshotQueueSize)),
    }));
  }

  /** How many getters wait. */
  get waiting(): number {
    let waiting = 0;
    for (const { trades, books, snapshots } of this.#getters) {
      waiting += trades.waiting + books.waiting + snapshots.waiting;
    }
    return waiting;
  }

  /** Whether somebody wants order updates as objects. */
  get wantsOrders(): boolean {
    return this.#orders.length > 0 || this.#events.length > 0;
  }

  /** Whether somebody wants control events other than order updates as objects. */
  get wantsEvents(): boolean {
    return this.#events.length > 0;
  }

  /** The getter queues of one instrument. */
  getters(asset: number): GetterQueues {
    this.#checkAsset(asset);
    return this.#getters[asset]!;
  }

  /** A new stream of trades. */
  trades(options: QueuedStreamOptions): EventStream<TradeEvent> {
    const size = options.queueSize ?? this.#sizes.tradeQueueSize;
    const ring = new RecordRing(queueSize("queueSize", size), isTrade);
    return this.#open(this.#trades, new Inbox(ring), options);
  }

  /** A new stream of book updates. */
  bookUpdates(options: QueuedStreamOptions): EventStream<BookUpdate> {
    const size = options.queueSize ?? this.#sizes.bookQueueSize;
    const ring = new RecordRing(queueSize("queueSize", size), isBookUpdate);
    return this.#open(this.#books, new Inbox(ring), options);
  }

  /** A new stream of whole books. */
  snapshots(options: QueuedStreamOptions): EventStream<BookSnapshot> {
    const size = options.queueSize ?? this.#sizes.snapshotQueueSize;
    const queue = new ObjectQueue<BookSnapshot>(queueSize("queueSize", size));
    return this.#open(this.#snapshots, new Inbox(queue), options);
  }

  /** A new stream of order updates. */
  orderUpdates(options: StreamOptions): EventStream<OrderUpdateEvent> {
    return this.#open(this.#orders, new Inbox(new ObjectQueue<OrderUpdateEvent>()), options);
  }

  /** A new stream of everything. */
  events(options: QueuedStreamOptions): EventStream<BotEvent> {
    const size = options.queueSize ?? this.#sizes.tradeQueueSize + this.#sizes.bookQueueSize;
    const buffer = new MixedBuffer(queueSize("queueSize", size));
    return this.#open(this.#events, new Inbox<BotEvent, MixedBuffer>(buffer), options);
  }

  /** Hands out record `i` of a batch, a market event of this kind. */
  market(batch: EventBatch, i: number, kind: number, asset: number): void {
    const getters = this.#getters[asset];
    if (kind === EventKind.Trade) {
      if (getters) this.#offerRecord(getters.trades, batch, i);
      for (const { inbox, asset: wanted } of this.#trades) {
        if (wanted === -1 || wanted === asset) this.#offerRecord(inbox, batch, i);
      }
    } else {
      if (getters) this.#offerRecord(getters.books, batch, i);
      for (const { inbox, asset: wanted } of this.#books) {
        if (wanted === -1 || wanted === asset) this.#offerRecord(inbox, batch, i);
      }
    }
    this.droppable(batch, i, asset);
  }

  /** Hands record `i` of a batch to the streams of everything, which may drop it. */
  droppable(batch: EventBatch, i: number, asset: number): void {
    for (const { inbox, asset: wanted } of this.#events) {
      if (wanted !== -1 && wanted !== asset && asset !== -1) continue;
      if (inbox.waiting > 0) inbox.deliver(batch.event(i));
      else if (inbox.buffer.pushRecord(batch, i)) this.dropped += inbox.drop();
    }
  }

  /** Hands out an event that is never dropped. */
  control(event: BotEvent): void {
    if (event.type === "order") {
      for (const { inbox, asset } of this.#orders) {
        if (asset === -1 || asset === event.asset) this.#offerObject(inbox, event);
      }
    }
    for (const { inbox, asset } of this.#events) {
      if (!this.#concerns(asset, event)) continue;
      if (inbox.waiting > 0) inbox.deliver(event);
      else inbox.buffer.pushEvent(event);
    }
  }

  /** Copies the book of an instrument that was registered, for all who want it. */
  snapshot(asset: number): void {
    const snapshot = takeSnapshot(this.#bot, asset);
    const getters = this.#getters[asset];
    if (getters) this.#offerObject(getters.snapshots, snapshot);
    for (const { inbox, asset: wanted } of this.#snapshots) {
      if (wanted === -1 || wanted === asset) this.#offerObject(inbox, snapshot);
    }
  }

  /** Ends all streams and getters once what is queued was taken; with an error if there is one. */
  end(failure?: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    const all = [this.#trades, this.#books, this.#snapshots, this.#orders, this.#events];
    for (const members of all) for (const member of [...members]) member.end(failure);
    for (const { trades, books, snapshots } of this.#getters) {
      for (const inbox of [trades, books, snapshots]) {
        if (failure) inbox.fail(failure.error);
        else inbox.end();
      }
    }
  }

  #offerRecord<T extends BotEvent>(
    inbox: Inbox<T, RecordRing<T>>,
    batch: EventBatch,
    i: number,
  ): void {
    if (inbox.waiting > 0) inbox.deliver(inbox.buffer.read(batch, i));
    else if (inbox.buffer.push(batch, i)) this.dropped += inbox.drop();
  }

  #offerObject<T>(inbox: Inbox<T, ObjectQueue<T>>, item: T): void {
    if (inbox.waiting > 0) inbox.deliver(item);
    else if (inbox.buffer.push(item)) this.dropped += inbox.drop();
  }

  /** Whether a control event is for a stream of this instrument: trouble of its connector is. */
  #concerns(asset: number, event: BotEvent): boolean {
    if (asset === -1 || event.asset === -1 || asset === event.asset) return true;
    const { instruments } = this.#bot;
    return event.type === "error" &&
      instruments[asset]?.connector === instruments[event.asset]?.connector;
  }

  #open<T, B extends Buffer<T>>(
    members: Members<T, B>,
    inbox: Inbox<T, B>,
    options: StreamOptions,
  ): EventStream<T> {
    checkSignal(options.signal);
    if (options.asset !== undefined) this.#checkAsset(options.asset);
    const subscription = new Subscription<T>(inbox, {
      signal: options.signal,
      onClose: () => remove(members, member),
    });
    const member: Member<T, B> = {
      inbox,
      asset: options.asset ?? -1,
      end: (failure) => subscription.end(failure),
    };
    if (this.#ended) subscription.end(this.#failure);
    else if (!options.signal?.aborted) members.push(member);
    return subscription;
  }

  #checkAsset(asset: number): void {
    const { length } = this.#bot.instruments;
    if (Number.isInteger(asset) && asset >= 0 && asset < length) return;
    throw new BotError(
      "instrumentNotFound",
      `Cannot find instrument: asset ${asset} is outside 0 to ${length - 1}`,
    );
  }
}

function remove<T>(items: T[], item: T): void {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
}

function isTrade(event: BotEvent): event is TradeEvent {
  return event.type === "trade";
}

function isBookUpdate(event: BotEvent): event is BookUpdate {
  return event.type === "depth" || event.type === "snapshot" || event.type === "bbo" ||
    event.type === "depthClear";
}

/** An inbox whose drops count only once somebody has asked for what it holds. */
function quiet<T, B extends Buffer<T>>(buffer: B): Inbox<T, B> {
  const inbox = new Inbox<T, B>(buffer);
  inbox.counting = false;
  return inbox;
}

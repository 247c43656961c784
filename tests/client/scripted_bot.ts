/**
 * A bot that reports what a test tells it to.
 *
 * @module
 */

import { EventBatch } from "../../lib/bot/batch.ts";
import { BatchWriter } from "../../lib/bot/batch_writer.ts";
import type {
  ConnectionStatus,
  FeedLatency,
  LiveBot,
  OrderLatency,
} from "../../lib/bot/live_bot.ts";
import { type MarketDepth, NO_ASK_TICK, NO_BID_TICK } from "../../lib/bot/market_depth.ts";
import { BUY_FLAG, EventKind, SELL_FLAG } from "../../lib/bot/record.ts";
import type { ElapseResult, OrderStatus, OrderType, TimeInForce } from "../../lib/model/codes.ts";
import { BotError } from "../../lib/model/errors.ts";
import type { OrderUpdateEvent, TradeEvent } from "../../lib/model/events.ts";
import type { Instrument } from "../../lib/model/instrument.ts";
import type { Order } from "../../lib/model/order.ts";
import { NsTime } from "../../lib/model/time.ts";

/** Writes one record; answers whether it fitted. */
export type Script = (writer: BatchWriter) => boolean;

/** What a trade can have besides its price. */
export interface TradeScript {
  readonly asset?: number;
  readonly qty?: number;
  readonly buy?: boolean;
  readonly latencyNs?: number;
}

/** What a level can have besides its price and quantity. */
export interface LevelScript {
  readonly asset?: number;
  readonly kind?: EventKind;
}

/** A request that a client sent. */
export interface Request {
  readonly action: "submit" | "cancel";
  readonly asset: number;
  readonly orderId: bigint;
}

/** Two instruments on two connectors. */
export const INSTRUMENTS: readonly Instrument[] = [
  { connector: "alpha", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 },
  { connector: "beta", symbol: "ethusdt", tickSize: 0.01, lotSize: 0.01 },
];

const NONE: ConnectionStatus = {
  attached: false,
  registered: false,
  lastFeedTimestamp: undefined,
  overflows: 0,
  dropped: 0,
  malformed: 0,
};

/** A LiveBot whose every record and answer the test gives. */
export class ScriptedBot implements LiveBot {
  readonly instruments: readonly Instrument[];
  /** What `connection` answers; change it freely. */
  readonly connections: ConnectionStatus[];
  /** Best bid and ask of each instrument. */
  readonly quotes: { bid: number; ask: number }[];
  /** Requests that came, in order. */
  readonly requests: Request[] = [];
  /** Called with each request, to answer it. */
  onRequest: (request: Request) => void = () => {};
  /** Ends the data once the script is used up. */
  endOfData = false;
  /** What the next poll throws. */
  failure: unknown;
  /** What requests throw. */
  refusal: Error | undefined;
  /** Polls so far. */
  polls = 0;
  /** Whether it was closed. */
  closed = false;
  /** How often inactive orders were cleared. */
  clears = 0;
  /** The bot's clock. */
  readonly time: NsTime = NsTime.from(1_700_000_000_000_000_000n);
  readonly #writer = new BatchWriter();
  readonly #scripts: Script[] = [];
  readonly #orders = new Map<bigint, Order>();

  constructor(instruments: readonly Instrument[] = INSTRUMENTS.slice(0, 1)) {
    this.instruments = instruments;
    this.connections = instruments.map(() => ({ ...NONE, attached: true, registered: true }));
    this.quotes = instruments.map(() => ({ bid: NaN, ask: NaN }));
  }

  /** Records that are still to be polled. */
  get left(): number {
    return this.#scripts.length;
  }

  /** Appends records. */
  script(...scripts: Script[]): this {
    for (const script of scripts) this.#scripts.push(script);
    return this;
  }

  /** Appends trades numbered by their price, from `first` on. */
  trades(count: number, { first = 1, asset = 0 }: { first?: number; asset?: number } = {}): this {
    for (let i = 0; i < count; i++) this.#scripts.push(this.trade(first + i, { asset }));
    return this;
  }

  /** A trade. */
  trade(price: number, options: TradeScript = {}): Script {
    const { asset = 0, qty = 1, buy = true, latencyNs = 1000 } = options;
    const ev = EventKind.Trade | (buy ? BUY_FLAG : SELL_FLAG);
    return (writer) => {
      const exch = new NsTime().copy(this.time).add(-latencyNs);
      return writer.feed(ev, asset, exch, this.time, price, qty);
    };
  }

  /** A bid level. */
  level(price: number, qty: number, options: LevelScript = {}): Script {
    const { asset = 0, kind = EventKind.Depth } = options;
    return (writer) => writer.feed(kind | BUY_FLAG, asset, this.time, this.time, price, qty);
  }

  /** An order update: an acknowledgement, unless told otherwise. */
  update(orderId: bigint, update: Partial<OrderUpdateEvent> = {}): Script {
    return (writer) =>
      writer.order({
        asset: 0,
        orderId,
        side: "buy",
        price: 1,
        qty: 1,
        leavesQty: 1,
        execQty: 0,
        execPrice: 0,
        maker: false,
        timeInForce: "GTC",
        orderType: "limit",
        status: "new",
        request: "none",
        exchTimestamp: this.time.toBigInt(),
        ...update,
      });
  }

  /** An answer to a registration, with one level of the book. */
  registration(asset: number): Script[] {
    return [
      (writer) => writer.mark(EventKind.BatchStart, asset, this.time, true),
      this.level(100, 1, { asset: Math.max(asset, 0), kind: EventKind.Snapshot }),
      (writer) => writer.mark(EventKind.BatchEnd, asset, this.time, true),
    ];
  }

  /** Makes the bot remember an order, as if it had been sent. */
  remember(orderId: bigint, exchTimestamp: bigint, request: OrderStatus = "none"): void {
    this.#orders.set(orderId, {
      orderId,
      side: "buy",
      price: 1,
      priceTick: 10n,
      qty: 1,
      leavesQty: 1,
      execQty: 0,
      execPrice: 0,
      maker: false,
      timeInForce: "GTC",
      orderType: "limit",
      status: "new",
      request,
      exchTimestamp,
      localTimestamp: 0n,
    });
  }

  poll(batch: EventBatch): number {
    this.#check();
    this.polls++;
    if (this.failure !== undefined) throw this.failure;
    const writer = this.#writer.begin(batch);
    let taken = 0;
    while (taken < this.#scripts.length && this.#scripts[taken]!(writer)) taken++;
    this.#scripts.splice(0, taken);
    this.time.add(1000);
    const length = writer.end(this.time, this.#scripts.length > 0);
    return length === 0 && this.endOfData ? -1 : length;
  }

  connection(asset: number): ConnectionStatus {
    this.#check();
    return this.connections[asset]!;
  }

  currentTimestamp(): bigint {
    this.#check();
    return this.time.toBigInt();
  }

  depth(asset: number): MarketDepth {
    this.#check();
    const instrument = this.instruments[asset];
    if (!instrument) throw new BotError("instrumentNotFound", `Cannot find asset: ${asset}`);
    const { bid, ask } = this.quotes[asset]!;
    const level = (price: number) => ({
      price,
      priceTick: BigInt(Math.round(price / instrument.tickSize)),
      qty: 1,
    });
    return {
      bestBid: bid,
      bestAsk: ask,
      bestBidTick: Number.isNaN(bid) ? NO_BID_TICK : level(bid).priceTick,
      bestAskTick: Number.isNaN(ask) ? NO_ASK_TICK : level(ask).priceTick,
      bestBidQty: 1,
      bestAskQty: 1,
      tickSize: instrument.tickSize,
      lotSize: instrument.lotSize,
      bidQtyAtTick: () => 0,
      askQtyAtTick: () => 0,
      snapshot: () => ({
        bids: Number.isNaN(bid) ? [] : [level(bid)],
        asks: Number.isNaN(ask) ? [] : [level(ask)],
      }),
    };
  }

  submitBuyOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    _timeInForce: TimeInForce,
    _orderType: OrderType,
  ): ElapseResult {
    if (!(price > 0) || !(qty > 0)) {
      throw new BotError("invalidOrderRequest", `Cannot submit order: price = ${price}`);
    }
    return this.#request({ action: "submit", asset, orderId });
  }

  submitSellOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
  ): ElapseResult {
    return this.submitBuyOrder(asset, orderId, price, qty, timeInForce, orderType);
  }

  cancel(asset: number, orderId: bigint): ElapseResult {
    return this.#request({ action: "cancel", asset, orderId });
  }

  order(_asset: number, orderId: bigint): Order | undefined {
    this.#check();
    return this.#orders.get(orderId);
  }

  orders(): ReadonlyMap<bigint, Order> {
    return new Map(this.#orders);
  }

  clearInactiveOrders(): void {
    this.#check();
    this.clears++;
  }

  close(): void {
    this.closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get numAssets(): number {
    return this.instruments.length;
  }
  lastTrades(): readonly TradeEvent[] {
    return [];
  }
  clearLastTrades(): void {}
  position(): number {
    return 0;
  }
  stateValues(): never {
    throw new BotError("custom", "Cannot tell state values: the bot is scripted");
  }
  waitOrderResponse(): ElapseResult {
    return "ok";
  }
  waitNextFeed(): ElapseResult {
    return "ok";
  }
  elapse(): ElapseResult {
    return "ok";
  }
  feedLatency(): FeedLatency | undefined {
    return undefined;
  }
  orderLatency(): OrderLatency | undefined {
    return undefined;
  }
  register(): void {}

  #request(request: Request): ElapseResult {
    this.#check();
    if (this.refusal) throw this.refusal;
    this.requests.push(request);
    this.onRequest(request);
    return "ok";
  }

  #check(): void {
    if (this.closed) throw new BotError("closed", "Cannot use bot: it is closed");
  }
}

/** A batch filled with records, as a poll would leave it. */
export function batchOf(bot: ScriptedBot, capacity = 1024): EventBatch {
  const batch = new EventBatch(capacity);
  bot.poll(batch);
  return batch;
}

/** Longest wait of {@linkcode until}: so that a hopeless one fails instead of hanging. */
const HOPELESS_MS = 60_000;

/** Gives way to the event loop until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > HOPELESS_MS) throw new Error(`Cannot go on: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Lets the event loop turn `turns` times. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

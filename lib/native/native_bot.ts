/**
 * The bot that trades through hftbacktest's own live engine.
 *
 * @module
 */

import type { EventBatch } from "../bot/batch.ts";
import type {
  ConnectionStatus,
  EventWatch,
  EventWatchOptions,
  FeedLatency,
  LiveBot,
  OrderLatency,
  StateValues,
} from "../bot/live_bot.ts";
import type { MarketDepth } from "../bot/market_depth.ts";
import { checkOrderId, checkOrderRequest } from "../bot/order_request.ts";
import { HEADER } from "../bot/record.ts";
import {
  type ElapseResult,
  elapseResultOf,
  type OrderType,
  orderTypeCode,
  type Side,
  type TimeInForce,
  timeInForceCode,
} from "../model/codes.ts";
import { BotError } from "../model/errors.ts";
import type { TradeEvent } from "../model/events.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Order } from "../model/order.ts";
import { withoutLookalikes } from "../redact.ts";
import { BotHandle } from "./bot_handle.ts";
import { NativeDepth } from "./depth_view.ts";
import { watchEvents } from "./event_watch.ts";
import { decodeTrades } from "./event_decode.ts";
import { describeBot, type NativeBotOptions } from "./native_bot_options.ts";
import { OrderDecoder } from "./order_decode.ts";
import {
  CONNECTION_STATUS_SIZE,
  decodeConnectionStatus,
  decodeStateValues,
} from "./struct_decode.ts";
import { readText } from "./text.ts";

/** `usize::MAX`, which stands for all assets. */
const ALL_ASSETS = 2n ** 64n - 1n;
/** Longest wait, ns: 104 days. */
const MAX_WAIT_NS = Number.MAX_SAFE_INTEGER;

/**
 * A live bot on hftbacktest's Rust engine. It talks to connector processes
 * through shared memory, and needs the native library (`native build`) and the
 * permission `--allow-ffi`.
 *
 * Making one proves nothing about its connectors: {@linkcode NativeBot.connection}
 * and the connection events of `poll` tell whether they are there.
 *
 * When the process of a connector is replaced, the bot registers its instruments again. Orders
 * that the new process does not know get status "none", each with an order event: they may have
 * been filled or be gone, and only the position tells.
 *
 * @example
 * ```ts
 * import { EventBatch, NativeBot } from "@hftlive/hftlive";
 *
 * // Prints the market of a connector that was started as "bf", for a minute.
 * function watch(): void {
 *   using bot = new NativeBot({
 *     instruments: [{ connector: "bf", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 }],
 *   });
 *   const batch = new EventBatch();
 *   for (const end = Date.now() + 60_000; Date.now() < end;) {
 *     if (bot.poll(batch) > 0) console.log(bot.depth(0).bestBid, bot.depth(0).bestAsk);
 *   }
 * }
 * ```
 */
export class NativeBot implements LiveBot {
  readonly instruments: readonly Instrument[];

  readonly #handle: BotHandle;
  readonly #depths: readonly NativeDepth[];
  /** Asset numbers as the library takes them, so that no call converts one. */
  readonly #assets: readonly bigint[];
  readonly #orderDecoder = new OrderDecoder();
  readonly #length = new BigUint64Array(1);
  readonly #times = [new BigInt64Array(1), new BigInt64Array(1), new BigInt64Array(1)] as const;
  readonly #status = new DataView(new ArrayBuffer(CONNECTION_STATUS_SIZE));
  #batch: EventBatch | undefined;
  #batchHeader = new Uint32Array(0);

  /**
   * Makes a bot and asks its connectors for orders, position and book of each instrument.
   *
   * @param options What it trades, and how it keeps its books.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {BotError} If the engine refuses, with reason "buildFailed".
   * @throws {NativeLibraryNotFoundError} If the native library is not built.
   * @throws {MissingPermissionError} If `--allow-ffi` is missing.
   */
  constructor(options: NativeBotOptions) {
    const description = describeBot(options);
    this.instruments = Object.freeze(
      options.instruments.map((instrument) => Object.freeze({ ...instrument })),
    );
    this.#assets = this.instruments.map((_, asset) => BigInt(asset));
    const handle = new BotHandle(description.depth, description, options.libraryPath);
    try {
      this.#depths = this.#assets.map((asset) => new NativeDepth(handle, asset));
    } catch (error) {
      handle.close();
      throw error;
    }
    this.#handle = handle;
  }

  get numAssets(): number {
    return this.instruments.length;
  }

  currentTimestamp(): bigint {
    const handle = this.#use("Cannot read the clock");
    return handle.bot.current_timestamp(handle.pointer);
  }

  depth(asset: number): MarketDepth {
    this.#use("Cannot read depth");
    this.#asset(asset);
    return this.#depths[asset]!;
  }

  lastTrades(asset: number): readonly TradeEvent[] {
    const handle = this.#use("Cannot read last trades");
    const trades = handle.bot.last_trades(handle.pointer, this.#asset(asset), this.#length);
    if (trades === null) throw handle.failure(16, "Cannot read last trades");
    return decodeTrades(trades, Number(this.#length[0]), asset);
  }

  clearLastTrades(asset?: number): void {
    const handle = this.#use("Cannot clear last trades");
    handle.bot.clear_last_trades(handle.pointer, this.#assetOrAll(asset));
  }

  position(asset: number): number {
    const handle = this.#use("Cannot read position");
    return handle.bot.position(handle.pointer, this.#asset(asset));
  }

  stateValues(asset: number): StateValues {
    const handle = this.#use("Cannot read state values");
    const values = handle.bot.state_values(handle.pointer, this.#asset(asset));
    if (values === null) throw handle.failure(16, "Cannot read state values");
    return decodeStateValues(values);
  }

  orders(asset: number): ReadonlyMap<bigint, Order> {
    const { functions } = this.#handle;
    const iterator = functions.orders_values(this.#orders(asset));
    const orders = new Map<bigint, Order>();
    for (;;) {
      const pointer = functions.orders_values_next(iterator);
      if (pointer === null) return orders;
      const order = this.#orderDecoder.decode(pointer);
      orders.set(order.orderId, order);
    }
  }

  order(asset: number, orderId: bigint): Order | undefined {
    const orders = this.#orders(asset);
    checkOrderId(orderId);
    const pointer = this.#handle.functions.orders_get(orders, orderId);
    return pointer === null ? undefined : this.#orderDecoder.decode(pointer);
  }

  clearInactiveOrders(asset?: number): void {
    const handle = this.#use("Cannot clear inactive orders");
    handle.bot.clear_inactive_orders(handle.pointer, this.#assetOrAll(asset));
  }

  submitBuyOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait = false,
  ): ElapseResult {
    return this.#submit("buy", asset, orderId, price, qty, timeInForce, orderType, wait);
  }

  submitSellOrder(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait = false,
  ): ElapseResult {
    return this.#submit("sell", asset, orderId, price, qty, timeInForce, orderType, wait);
  }

  cancel(asset: number, orderId: bigint, wait = false): ElapseResult {
    const action = "Cannot cancel order";
    const handle = this.#use(action);
    const number = this.#asset(asset);
    checkOrderId(orderId);
    return this.#result(handle.bot.cancel(handle.pointer, number, orderId, wait), action);
  }

  waitOrderResponse(asset: number, orderId: bigint, timeoutNs: number): ElapseResult {
    const action = "Cannot wait for order response";
    const handle = this.#use(action);
    const number = this.#asset(asset);
    checkOrderId(orderId);
    const timeout = duration("timeoutNs", timeoutNs);
    return this.#result(
      handle.bot.wait_order_response(handle.pointer, number, orderId, timeout),
      action,
    );
  }

  waitNextFeed(includeOrderResponse: boolean, timeoutNs: number): ElapseResult {
    const action = "Cannot wait for next feed";
    const handle = this.#use(action);
    const timeout = duration("timeoutNs", timeoutNs);
    return this.#result(
      handle.bot.wait_next_feed(handle.pointer, includeOrderResponse, timeout),
      action,
    );
  }

  elapse(durationNs: number): ElapseResult {
    const action = "Cannot let time elapse";
    const handle = this.#use(action);
    return this.#result(
      handle.bot.elapse(handle.pointer, duration("durationNs", durationNs)),
      action,
    );
  }

  feedLatency(asset: number): FeedLatency | undefined {
    const handle = this.#use("Cannot read feed latency");
    const [exch, local] = this.#times;
    if (!handle.bot.feed_latency(handle.pointer, this.#asset(asset), exch, local)) {
      return undefined;
    }
    const exchTimestamp = exch[0]!;
    const localTimestamp = local[0]!;
    return { exchTimestamp, localTimestamp, latencyNs: Number(localTimestamp - exchTimestamp) };
  }

  orderLatency(asset: number): OrderLatency | undefined {
    const handle = this.#use("Cannot read order latency");
    const [request, exch, response] = this.#times;
    const number = this.#asset(asset);
    if (!handle.bot.order_latency(handle.pointer, number, request, exch, response)) {
      return undefined;
    }
    const requestTimestamp = request[0]!;
    const exchTimestamp = exch[0]!;
    const responseTimestamp = response[0]!;
    const roundTripNs = Number(responseTimestamp - requestTimestamp);
    return { requestTimestamp, exchTimestamp, responseTimestamp, roundTripNs };
  }

  poll(batch: EventBatch): number {
    const handle = this.#use("Cannot poll");
    const count = handle.functions.hftlive_poll(handle.pointer, batch.bytes, batch.capacity);
    if (count < -1) throw handle.failure(-count, "Cannot poll");
    if (this.#batch !== batch) {
      this.#batch = batch;
      this.#batchHeader = new Uint32Array(batch.bytes.buffer);
    }
    if (this.#batchHeader[HEADER.messages / 4] !== 0) this.#readMessages(batch);
    else if (batch.messages.length !== 0) batch.messages.length = 0;
    return count;
  }

  watchEvents(options: EventWatchOptions): EventWatch {
    return watchEvents(this.#use("Cannot watch for events"), options);
  }

  connection(asset: number): ConnectionStatus {
    const action = "Cannot read connection status";
    const handle = this.#use(action);
    const code = handle.functions.hftlive_connection(
      handle.pointer,
      this.#asset(asset),
      this.#status,
    );
    if (code !== 0n) throw handle.failure(Number(code), action);
    return decodeConnectionStatus(this.#status);
  }

  register(asset?: number): void {
    const action = "Cannot register instrument";
    const handle = this.#use(action);
    const code = handle.functions.hftlive_register(handle.pointer, this.#assetOrAll(asset));
    if (code !== 0n) throw handle.failure(Number(code), action);
  }

  close(): void {
    this.#handle.close();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #submit(
    side: Side,
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
    wait: boolean,
  ): ElapseResult {
    const action = "Cannot submit order";
    const handle = this.#use(action);
    const number = this.#asset(asset);
    checkOrderId(orderId);
    if (typeof price !== "number" || typeof qty !== "number") {
      this.#check(asset, orderId, price, qty, timeInForce, orderType);
    }
    const { bot, pointer } = handle;
    const submit = side === "buy" ? bot.submit_buy_order : bot.submit_sell_order;
    const code = submit(
      pointer,
      number,
      orderId,
      price,
      qty,
      timeInForceCode(timeInForce),
      orderTypeCode(orderType),
      wait,
    );
    const result = elapseResultOf(Number(code));
    if (result !== undefined) return result;
    // The library has checked by the same rules, so that a good order waits for one check only;
    // these name the fields as TypeScript does.
    this.#check(asset, orderId, price, qty, timeInForce, orderType);
    throw handle.failure(Number(code), action);
  }

  #check(
    asset: number,
    orderId: bigint,
    price: number,
    qty: number,
    timeInForce: TimeInForce,
    orderType: OrderType,
  ): void {
    const instrument = this.instruments[asset]!;
    checkOrderRequest(instrument, { orderId, price, qty, timeInForce, orderType });
  }

  /** The handle of an open bot. */
  #use(action: string): BotHandle {
    this.#handle.checkOpen(action);
    return this.#handle;
  }

  /** An asset number as the library takes it. */
  #asset(asset: number): bigint {
    const number = this.#assets[asset];
    if (number === undefined) {
      throw new BotError(
        "instrumentNotFound",
        `Cannot find instrument: asset ${asset}, expected 0 to ${this.#assets.length - 1}`,
      );
    }
    return number;
  }

  #assetOrAll(asset: number | undefined): bigint {
    return asset === undefined ? ALL_ASSETS : this.#asset(asset);
  }

  #orders(asset: number): Deno.PointerObject {
    const handle = this.#use("Cannot read orders");
    const orders = handle.bot.orders(handle.pointer, this.#asset(asset));
    if (orders === null) throw handle.failure(16, "Cannot read orders");
    return orders;
  }

  #result(code: bigint, action: string): ElapseResult {
    const result = elapseResultOf(Number(code));
    if (result === undefined) throw this.#handle.failure(Number(code), action);
    return result;
  }

  #readMessages(batch: EventBatch): void {
    const { functions, pointer } = this.#handle;
    const text = readText((out, capacity) =>
      functions.hftlive_poll_messages(pointer, out, capacity)
    );
    const messages: string[] = text === "" ? [] : JSON.parse(text);
    batch.messages.length = 0;
    // A connector's errors quote URLs, with signatures.
    for (const message of messages) batch.messages.push(withoutLookalikes(message));
  }
}

/** A wait as the library takes it. */
function duration(field: string, ns: number): bigint {
  if (!(typeof ns === "number" && ns >= 0 && ns <= MAX_WAIT_NS)) {
    throw new BotError(
      "invalidArgument",
      `Cannot wait: ${field} = ${String(ns)}, expected nanoseconds from 0 to ${MAX_WAIT_NS}`,
    );
  }
  return BigInt(Math.trunc(ns));
}
